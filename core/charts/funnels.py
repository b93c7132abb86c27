"""Funnels: how many are left at each step."""

import itertools

from core.charts import axes
from core.charts.sketch import Drawn, Sketch, safe

ROW_HEIGHT = 44


def funnel(sketch: Sketch) -> Drawn:
    """Bars around a middle line, each with its figure and its share of the first."""
    measure, x = sketch.y[0], sketch.x
    rows = zip(x.labels, measure.numbers, strict=True)
    steps = [(label, n) for label, n in rows if n is not None]
    if sketch.spec.sort != "given":
        steps.sort(key=lambda step: -step[1])
    figures = [n for _, n in steps]
    whole = figures[0] or 1.0
    meaning = sketch.meaning(measure)
    shares = [f"{n / whole:.0%}" for n in figures]
    steps_on = ["", *(f" · {now / before:.0%} of the step before" if before else ""
                      for before, now in itertools.pairwise(figures))]  # fmt: skip
    trace = {
        "type": "bar",
        "orientation": "h",
        "name": axes.short(axes.heading(measure)),
        "y": list(range(len(steps))),
        "x": figures,
        "base": [-n / 2 for n in figures],
        "marker": {"color": sketch.paints[0], "line": {"width": 0}, "cornerradius": 4},
        "text": [f"{meaning.written(n)} · {share}"
                 for n, share in zip(figures, shares, strict=True)],
        "textposition": "auto",
        "textangle": 0,
        "cliponaxis": False,
        "customdata": [
            [safe(label), meaning.written(n), f"{share} of the first{on}"]
            for (label, n), share, on in zip(steps, shares, steps_on, strict=True)
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} · %{customdata[2]}"
        "<extra></extra>",
    }  # fmt: skip
    half = max(figures) / 2 or 1.0
    hidden = {"showgrid": False, "zeroline": False, "showticklabels": False,
              "range": [-half * 1.25, half * 1.25]}  # fmt: skip
    return [trace], {
        "xaxis": hidden,
        "yaxis": axes.category_axis([label for label, _ in steps], lying=True),
        "showlegend": False,
        "bargap": 0.12,
        "height": max(220, 90 + ROW_HEIGHT * len(steps)),
    }
