"""Charts: which picture a result deserves, and the picture.

A `ChartSpec` is data. `recommend` makes one by rules, `fit` corrects one that does not suit
the data, `figure` draws it with Plotly, `kpi` reads a single figure out of a result.
"""

from core.charts.figures import figure
from core.charts.kpis import Kpi, kpi
from core.charts.rules import fit, recommend

__all__ = ["Kpi", "figure", "fit", "kpi", "recommend"]
