"""Rings: the parts of one whole."""

from core.charts import axes
from core.charts.series import MOST_SLICES, sliced
from core.charts.sketch import Drawn, Sketch, apart, faded, safe


def ring(sketch: Sketch) -> Drawn:
    """A ring with at most twelve slices and the rest as one, the largest first."""
    measure, style = sketch.y[0], sketch.look
    most = min(sketch.spec.top or MOST_SLICES, MOST_SLICES)
    labels, figures = sliced(sketch.x, measure, most)
    paints = [*sketch.paints, *(faded(c, 0.55) for c in style.series)][: len(labels)]
    if len(labels) > most:
        paints[-1] = style.rest
    written = sketch.meaning(measure).written
    trace = {
        "type": "pie",
        "labels": apart([axes.short(label) for label in labels]),
        "values": figures,
        "customdata": [
            [safe(label), written(figure)] for label, figure in zip(labels, figures, strict=True)
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} · %{percent}<extra></extra>",
        "texttemplate": "%{percent:.0%}",
        "textposition": "inside",
        "insidetextorientation": "horizontal",
        "textfont": {"color": style.surface, "size": 12},
        "hole": 0.58,
        "sort": False,
        "direction": "clockwise",
        "marker": {"colors": paints, "line": {"color": style.surface, "width": 2}},
    }
    legend = {"orientation": "v", "x": 1, "xanchor": "left", "y": 0.5, "yanchor": "middle"}
    return [trace], {"showlegend": True, "legend": legend}
