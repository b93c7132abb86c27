"""Bars: upright or lying, side by side, stacked, or as shares of a whole."""

from collections.abc import Sequence
from typing import Any

from core.charts import axes
from core.charts.places import Places
from core.charts.series import Series, lone, shares, split
from core.charts.sketch import Drawn, Sketch

ROW_HEIGHT = 30
SLIM_ROW_HEIGHT = 24


def upright(sketch: Sketch) -> Drawn:
    """Upright bars, along time or side by side."""
    return _over_time(sketch) if sketch.x.role == "time" else _over_categories(sketch, lying=False)


def lying(sketch: Sketch) -> Drawn:
    """Lying bars, whose labels have room."""
    return _over_categories(sketch, lying=True)


def _over_time(sketch: Sketch) -> Drawn:
    series = _series(sketch)
    mode = _mode(series, sketch)
    series = shares(series, sketch.x) if sketch.spec.stack == "share" else series
    places = Places.of_times(sketch.x, sketch.spec.gaps)
    traces = []
    for one, paint in sketch.painted(series):
        if sketch.spec.gaps == "zero":
            at, drawn = places.along(one.sorted_by(places.sort_key))
        else:
            at, drawn = [places.at(row) for row in one.rows], one
        traces.append(_bar(sketch, drawn, at, paint, lies=False))
    layout = {
        "xaxis": places.axis(),
        "yaxis": _figures(sketch, series),
        "barmode": mode,
        "bargap": 0.3,
    }
    return traces, layout


def _over_categories(sketch: Sketch, *, lying: bool) -> Drawn:
    spec, series = sketch.spec, _series(sketch)
    mode = _mode(series, sketch)
    places = Places.of_categories(
        sketch.x, series, lying=lying, sort=spec.sort, top=spec.top, log=spec.log
    )
    kept = [one.with_rest(places.holds) if places.rest else one.only(places.holds)
            for one in series]  # fmt: skip
    kept = shares(kept, sketch.x) if spec.stack == "share" else kept
    traces = []
    for one, paint in sketch.painted(kept):
        trace = _bar(sketch, one, [places.at(r) for r in one.rows], paint, lies=lying)
        if places.rest and len(kept) == 1:
            paints = [paint if row >= 0 else sketch.look.rest for row in one.rows]
            trace["marker"] = trace["marker"] | {"color": paints}
        traces.append(trace)
    values = _figures(sketch, kept)
    if places.cut:
        said = [values["title"]["text"]] if "title" in values else []
        values["title"] = {"text": " · ".join([*said, places.cut])}
    gap = 0.5 if len(places.shown) <= 4 else 0.28
    layout: dict[str, Any] = {"barmode": mode, "bargap": gap}
    if not lying:
        return traces, layout | {"xaxis": places.axis(), "yaxis": values}
    thick = 1 if mode in ("stack", "relative") else max(1, len(series) * 0.6)
    layout |= {"yaxis": places.axis(), "xaxis": values}
    row = ROW_HEIGHT if len(places.shown) <= 12 else SLIM_ROW_HEIGHT
    layout["height"] = max(220, round(110 + row * thick * len(places.shown)))
    return traces, layout


def _series(sketch: Sketch) -> list[Series]:
    return split(sketch.x, sketch.y, sketch.color) if sketch.color else lone(sketch.y)


def _figures(sketch: Sketch, series: Sequence[Series]) -> dict[str, Any]:
    shown = [n for one in series for n in one.figures]
    measure = sketch.y[0]
    if sketch.spec.stack == "share":
        title = {"text": f"Share of {axes.short(axes.heading(measure)).lower()}"}
        named = {"title": title} if len(sketch.y) == 1 else {}
        return {"showgrid": True, "zeroline": False, "nticks": 7, "tickformat": ".0%",
                "range": [0, 1], **named}  # fmt: skip
    return axes.figures(shown, sketch.meaning(measure), len(sketch.y) == 1, log=sketch.spec.log)


def _bar(sketch: Sketch, one: Series, at: list[Any], paint: str, *, lies: bool) -> dict[str, Any]:
    across, along = ("y", "x") if lies else ("x", "y")
    trace = {
        "type": "bar",
        "orientation": "h" if lies else "v",
        "name": one.label,
        across: at,
        along: one.figures,
        "marker": {"color": paint, "line": {"width": 0}, "cornerradius": 3},
        **sketch.hover(one),
    }
    said = sketch.written_out(one)
    if said is not None:
        trace |= {"text": said, "textposition": "auto", "cliponaxis": False, "textangle": 0}
    return trace


def _mode(series: Sequence[Series], sketch: Sketch) -> str:
    negative = any(n is not None and n < 0 for s in series for n in s.figures)
    match sketch.spec.stack:
        case "stacked" | "share":
            return "relative" if negative else "stack"
        case "grouped":
            return "group"
    stacks = sketch.color is not None and series[0].measure.additive and not negative
    return "stack" if stacks and len(series) > 3 and not sketch.spec.log else "group"
