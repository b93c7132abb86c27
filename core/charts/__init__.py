"""Charts: which picture a result deserves, and the picture.

A `ChartSpec` is data. `recommend` makes one by rules, `fit` corrects one that does not suit
the data, `figure` draws it with Plotly, `kpi` reads a single figure out of a result, `alt` tells
in words what is seen. `kinds` lists what a result can be drawn as; `to_json` and `from_json` are
how a spec is stored.
"""

from core.charts.alts import alt
from core.charts.figures import figure
from core.charts.kpis import Kpi, kpi
from core.charts.rules import fit, kinds, recommend, turned
from core.charts.stored import from_json, to_json

__all__ = [
    "Kpi",
    "alt",
    "figure",
    "fit",
    "from_json",
    "kinds",
    "kpi",
    "recommend",
    "to_json",
    "turned",
]
