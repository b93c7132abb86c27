"""Lines, areas and points."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from core.charts import look
from core.export import fonts
from core.export.drawing import Dot, Drawing, Patch, Point, Stroke, Words
from core.export.plot import colors, words
from core.export.plot.frame import TICK, Frame

Trace = dict[str, Any]


def stacked(traces: Sequence[Trace]) -> list[list[float]]:
    """The upper edge of each trace that stands on the others, in their order."""
    tops: dict[str, float] = {}
    made = []
    for trace in traces:
        edge = []
        for place, value in zip(trace.get("x") or (), trace.get("y") or (), strict=False):
            tops[str(place)] = tops.get(str(place), 0.0) + (value or 0.0)
            edge.append(tops[str(place)])
        made.append(edge)
    return made


def draw(drawing: Drawing, made: Frame, traces: Sequence[Trace]) -> None:
    """All traces: fills first, then lines, then points."""
    piled = [trace for trace in traces if trace.get("stackgroup")]
    _pile(drawing, made, piled)
    for trace in traces:
        if trace.get("stackgroup"):
            continue
        for run in _runs(made, trace):
            if trace.get("fill") in ("tozeroy", "tonexty") and len(run) > 1:
                base = made.at_y(min(max(0.0, min(made.y.low, made.y.high)), made.y.high))
                _fill(drawing, trace, [*run, (run[-1][0], base), (run[0][0], base)])
    for trace in traces:
        if not trace.get("stackgroup"):
            _one(drawing, made, trace)


def _one(drawing: Drawing, made: Frame, trace: Trace) -> None:
    mode = str(trace.get("mode") or "lines")
    if "lines" in mode:
        line = trace.get("line") or {}
        paint = colors.on_white(line.get("color") or (trace.get("marker") or {}).get("color"))
        for run in _runs(made, trace):
            if len(run) > 1:
                dash = 4.0 if line.get("dash") not in (None, "solid") else 0.0
                wide = float(line.get("width") or 2) * 0.75
                drawing.add(Stroke(tuple(run), paint, wide, dash))
    if "markers" in mode:
        _points(drawing, made, trace, alone="lines" not in mode)
    if "text" in mode:
        _figures(drawing, made, trace)


def _points(drawing: Drawing, made: Frame, trace: Trace, *, alone: bool) -> None:
    marker = trace.get("marker") or {}
    opacity = float(marker.get("opacity") or 1)
    edge = look.LIGHT.surface if alone else ""
    for index, (place, value) in enumerate(
        zip(trace.get("x") or (), trace.get("y") or (), strict=False)
    ):
        x, y = made.across(place), made.up(value)
        if x is None or y is None:
            continue
        fill, seen = colors.of(colors.at(marker.get("color"), index))
        size = float(colors.at(marker.get("size"), index) or 6) * 0.75
        drawing.add(Dot(x, y, size / 2, fill, opacity * seen, edge))


def _figures(drawing: Drawing, made: Frame, trace: Trace) -> None:
    """The figure of each point above it, where it does not lie over the one before."""
    free = -math.inf
    for index, (place, value) in enumerate(
        zip(trace.get("x") or (), trace.get("y") or (), strict=False)
    ):
        x, y = made.across(place), made.up(value)
        said = words.plain(colors.at(trace.get("text"), index))
        if x is None or y is None or not said:
            continue
        wide = fonts.width(said, TICK)
        if x - wide / 2 > free:
            drawing.add(Words(x, y - 5, said, TICK, look.LIGHT.quiet, anchor="middle"))
            free = x + wide / 2 + 3


def _runs(made: Frame, trace: Trace) -> Iterator[list[Point]]:
    """The stretches of a line without a gap."""
    run: list[Point] = []
    for place, value in zip(trace.get("x") or (), trace.get("y") or (), strict=False):
        x, y = made.across(place), made.up(value)
        if x is None or y is None:
            if run and not trace.get("connectgaps"):
                yield run
                run = []
            continue
        run.append((x, y))
    if run:
        yield run


def _fill(drawing: Drawing, trace: Trace, outline: Sequence[Point]) -> None:
    fill, opacity = colors.of(trace.get("fillcolor") or (trace.get("line") or {}).get("color"))
    drawing.add(Patch(tuple(outline), fill, opacity if opacity < 1 else 0.3))


def _pile(drawing: Drawing, made: Frame, traces: Sequence[Trace]) -> None:
    floor: dict[str, float] = {}
    for trace, edge in zip(traces, stacked(traces), strict=True):
        places = list(trace.get("x") or ())
        above = [(x, made.at_y(n)) for p, n in zip(places, edge, strict=False)
                 if (x := made.across(p)) is not None]  # fmt: skip
        below = [(x, made.at_y(floor.get(str(p), 0.0))) for p in places
                 if (x := made.across(p)) is not None]  # fmt: skip
        if len(above) > 1:
            _fill(drawing, trace, [*above, *reversed(below)])
            paint = colors.on_white((trace.get("line") or {}).get("color"))
            drawing.add(Stroke(tuple(above), paint, 1.2))
        floor |= {str(p): n for p, n in zip(places, edge, strict=False)}
