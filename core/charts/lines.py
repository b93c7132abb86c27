"""Lines and areas: along time, numbers, or categories that have an order of their own."""

from typing import Any

from core.charts import axes
from core.charts.places import Places
from core.charts.series import Series, lone, shares, split
from core.charts.sketch import Drawn, Sketch, faded

MARKED_POINTS = 60
MOST_POINTS = 2_000
"""Points of a line; of more the lowest and the highest of each stretch are drawn."""


def lines(sketch: Sketch) -> Drawn:
    """Lines, broken where periods are missing, with a dotted bridge over what is missing."""
    return _drawn(sketch, filled=False)


def areas(sketch: Sketch) -> Drawn:
    """Filled lines, on top of each other where colours split them."""
    return _drawn(sketch, filled=True)


def _drawn(sketch: Sketch, *, filled: bool) -> Drawn:
    spec, x = sketch.spec, sketch.x
    series = split(x, sketch.y, sketch.color) if sketch.color else lone(sketch.y)
    shared = filled and spec.stack == "share"
    series = shares(series, x) if shared else series
    by_time = x.times is not None and x.role == "time"
    places = Places.of_times(x, spec.gaps) if by_time else Places.in_order(x)
    unified = by_time and x.grain not in ("quarter", "time") and len(series) > 1
    stacked = filled and len(series) > 1
    traces = []
    for one, paint in sketch.painted(series):
        at, ordered = places.along(one.sorted_by(places.sort_key))
        at, ordered = _thinned(at, ordered)
        parts = _runs(at, ordered) if filled and not stacked else [(at, ordered)]
        for part_at, part in parts:
            trace = _line(sketch, part, part_at, paint, alone=len(series) == 1, unified=unified)
            trace["mode"] = "lines+markers" if len(at) <= MARKED_POINTS else "lines"
            if filled:
                trace |= {"fill": "tozeroy", "fillcolor": faded(paint)}
            if stacked:
                trace |= {"stackgroup": "all", "fill": "tonexty", "fillcolor": faded(paint, 0.4)}
            traces.append(_labelled(sketch, trace, part))
        bridge = [] if stacked else _bridge(at, ordered)
        if bridge:
            traces.append(_dotted(bridge, one, paint))
    values = axes.figures(
        [n for s in series for n in s.figures],
        sketch.meaning(sketch.y[0]),
        len(sketch.y) == 1,
        from_zero=filled,
        log=spec.log,
    )
    if shared:
        values |= {"tickformat": ".0%", "range": [0, 1], "tickprefix": ""}
    layout = {"xaxis": places.axis(), "yaxis": values, "showlegend": len(series) > 1}
    return traces, layout | ({"hovermode": "x unified"} if unified else {})


def _line(
    sketch: Sketch, part: Series, at: list[Any], paint: str, *, alone: bool, unified: bool
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": part.label,
        "x": at,
        "y": part.figures,
        "connectgaps": False,
        "line": {"color": paint, "width": 2.5 if alone else 2},
        "marker": {"color": paint, "size": 6},
        **sketch.hover(part, placed=not unified),
    }


def _labelled(sketch: Sketch, trace: dict[str, Any], part: Series) -> dict[str, Any]:
    said = sketch.written_out(part)
    if said is None:
        return trace
    mode = f"{trace['mode']}+text"
    return trace | {"text": said, "mode": mode, "textposition": "top center", "cliponaxis": False}


def _runs(at: list[Any], one: Series) -> list[tuple[list[Any], Series]]:
    """The stretches of a series without a gap: Plotly would fill an area across one."""
    runs: list[list[int]] = [[]]
    for index, figure in enumerate(one.figures):
        if figure is None:
            runs.append([])
        else:
            runs[-1].append(index)
    return [([at[i] for i in run], one.picked(run)) for run in runs if run]


def _bridge(at: list[Any], one: Series) -> list[tuple[Any, float | None]]:
    """The last point before each gap and the first after it, with a break between bridges."""
    found: list[tuple[Any, float | None]] = []
    before: int | None = None
    for index, figure in enumerate(one.figures):
        if figure is None:
            continue
        if before is not None and index - before > 1:
            found += [(at[before], one.figures[before]), (at[index], figure), (at[index], None)]
        before = index
    return found


def _dotted(bridge: list[tuple[Any, float | None]], one: Series, paint: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": one.label,
        "x": [at for at, _ in bridge],
        "y": [figure for _, figure in bridge],
        "line": {"color": faded(paint, 0.6), "width": 1.5, "dash": "dot"},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _thinned(at: list[Any], one: Series) -> tuple[list[Any], Series]:
    """At most 2,000 points: the lowest and highest of each stretch, so that no peak is lost."""
    count = len(at)
    if count <= MOST_POINTS:
        return at, one
    kept: set[int] = {0, count - 1}
    stretches = MOST_POINTS // 2 - 1
    for number in range(stretches):
        stretch = range(number * count // stretches, (number + 1) * count // stretches)
        found = [i for i in stretch if one.figures[i] is not None]
        if len(found) < len(stretch):
            kept.add(next(i for i in stretch if one.figures[i] is None))
        if found:
            kept |= {min(found, key=_by(one)), max(found, key=_by(one))}
    picked = sorted(kept)
    return [at[i] for i in picked], one.picked(picked)


def _by(one: Series) -> Any:
    return lambda index: one.figures[index] or 0.0
