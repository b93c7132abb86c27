"""Points: one measure over another, or single happenings over time."""

from core.charts import axes
from core.charts.places import Places
from core.charts.series import Series, lone, split
from core.charts.sketch import Drawn, Sketch

MANY_POINTS = 2_000
MOST_POINTS = 20_000
"""Points that are drawn; of more an even sample, and the axis says so."""


def points(sketch: Sketch) -> Drawn:
    """A scatter; many points are drawn by the graphics card."""
    x, y, spec = sketch.x, sketch.y, sketch.spec
    series = split(x, y, sketch.color, summing=False) if sketch.color else lone(y)
    times = x.times if x.role == "time" else None
    count = sum(len(s.rows) for s in series)
    series = [_sampled(one, count) for one in series]
    many = count > MANY_POINTS
    traces = [
        {
            "type": "scattergl" if many else "scatter",
            "mode": "markers",
            "name": one.label,
            "x": [axes.moment(times[r]) if times else x.numbers[r] for r in one.rows],
            "y": one.figures,
            "marker": {
                "color": paint,
                "size": 6 if many else 9,
                "opacity": 0.55 if many else 0.8,
                "line": {"width": 1, "color": sketch.look.surface},
            },
            **sketch.hover(one),
        }
        for one, paint in sketch.painted(series)
    ]
    across = (
        Places.of_times(x).axis()
        if times
        else axes.figures(x.numbers, sketch.meaning(x), True, grid=False)
    )
    shown = [n for s in series for n in s.figures]
    values = axes.figures(shown, sketch.meaning(y[0]), True, from_zero=False, log=spec.log)
    if count > MOST_POINTS:
        drawn = sum(len(s.rows) for s in series)
        values["title"] = {"text": f"{values['title']['text']} · {drawn:,} of {count:,} points"}
    return traces, {"xaxis": across, "yaxis": values} | ({"dragmode": "zoom"} if many else {})


def _sampled(one: Series, count: int) -> Series:
    if count <= MOST_POINTS:
        return one
    step = count / MOST_POINTS
    kept = max(1, int(len(one.rows) / step))
    return one.picked([int(i * len(one.rows) / kept) for i in range(kept)])
