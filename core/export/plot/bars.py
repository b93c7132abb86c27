"""Bars: side by side, stacked or over each other, upright or lying."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.charts import look
from core.export import fonts
from core.export.drawing import Anchor, Block, Drawing, Words
from core.export.plot import colors, words
from core.export.plot.frame import TICK, Frame
from core.export.plot.scales import Scale

Trace = dict[str, Any]


@dataclass(frozen=True)
class _Bar:
    """One bar: its middle on the axis of places, its ends on that of figures."""

    middle: float
    start: float
    end: float
    wide: float
    fill: str
    said: str


def ends(traces: Sequence[Trace], layout: dict[str, Any]) -> list[float]:
    """All figures at which a bar begins or ends, for the axis to cover."""
    stacked = _stacks(layout)
    tops: dict[tuple[str, bool], float] = {}
    found: list[float] = []
    for trace in traces:
        along = trace.get("x" if lies(trace) else "y") or ()
        across = trace.get("y" if lies(trace) else "x") or range(len(along))
        for index, value in enumerate(along):
            if value is None:
                continue
            start = float(colors.at(trace.get("base"), index) or 0)
            if stacked:
                key = (str(colors.at(across, index)), value < 0)
                start = tops.get(key, 0.0)
                tops[key] = start + value
            found += [start, start + value]
    return found


def lies(trace: Trace) -> bool:
    """Whether its bars lie."""
    return trace.get("orientation") == "h"


def draw(drawing: Drawing, made: Frame, traces: Sequence[Trace], layout: dict[str, Any]) -> None:
    """The bars of all traces."""
    stacked = _stacks(layout)
    overlaid = layout.get("barmode") == "overlay"
    beside = 1 if stacked or overlaid else len(traces)
    places = made.y if traces and lies(traces[0]) else made.x
    unit = _unit(places, traces)
    room = unit * (1 - float(layout.get("bargap", 0.2)))
    tops: dict[tuple[float, bool], float] = {}
    for number, trace in enumerate(traces):
        shift = 0.0 if beside == 1 else (number - (beside - 1) / 2) * room / beside
        gap = 0.92 if beside > 1 else 1.0
        for bar in _bars(trace, places, shift, room / beside * gap, tops if stacked else None):
            _one(drawing, made, bar, lying=lies(trace), radius=0 if stacked else 2)


def _stacks(layout: dict[str, Any]) -> bool:
    return layout.get("barmode") in ("stack", "relative")


def _unit(places: Scale, traces: Sequence[Trace]) -> float:
    """The room of one place: 1 among categories, else the smallest step between two."""
    if places.kind == "category":
        return 1.0
    found = sorted(
        {
            number
            for trace in traces
            for value in (trace.get("y" if lies(trace) else "x") or ())
            if (number := places.number(value)) is not None
        }
    )
    steps = [b - a for a, b in itertools.pairwise(found)]
    return min(steps, default=abs(places.high - places.low) / 2 or 1.0)


def _bars(
    trace: Trace,
    places: Scale,
    shift: float,
    wide: float,
    tops: dict[tuple[float, bool], float] | None,
) -> list[_Bar]:
    along = trace.get("x" if lies(trace) else "y") or ()
    across = trace.get("y" if lies(trace) else "x") or range(len(along))
    paint = (trace.get("marker") or {}).get("color")
    made = []
    for index, value in enumerate(along):
        middle = places.number(colors.at(across, index))
        if value is None or middle is None:
            continue
        start = float(colors.at(trace.get("base"), index) or 0)
        if tops is not None:
            key = (middle, value < 0)
            start = tops.get(key, 0.0)
            tops[key] = start + value
        given = colors.at(trace.get("width"), index)
        thick = float(given) if given else wide
        fill = colors.on_white(colors.at(paint, index))
        said = "" if trace.get("textposition") == "none" else _said(trace, index, value)
        made.append(_Bar(middle + shift, start, start + float(value), thick, fill, said))
    return made


def _said(trace: Trace, index: int, value: Any) -> str:
    text = trace.get("text")
    if text is None:
        return ""
    return words.plain(colors.at(text, index))


def _one(drawing: Drawing, made: Frame, bar: _Bar, *, lying: bool, radius: float) -> None:
    half = bar.wide / 2
    if lying:
        sides = made.at_y(bar.middle - half), made.at_y(bar.middle + half)
        tips = made.at_x(bar.start), made.at_x(bar.end)
        left, right = min(tips), max(tips)
        top, bottom = min(sides), max(sides)
    else:
        sides = made.at_x(bar.middle - half), made.at_x(bar.middle + half)
        tips = made.at_y(bar.start), made.at_y(bar.end)
        left, right = min(sides), max(sides)
        top, bottom = min(tips), max(tips)
    if right - left < 0.01 or bottom - top < 0.01:
        return
    drawing.add(Block(left, top, right - left, bottom - top, bar.fill, radius))
    if bar.said:
        _label(drawing, made, bar, (left, top, right, bottom), lying)


def _label(
    drawing: Drawing,
    made: Frame,
    bar: _Bar,
    at: tuple[float, float, float, float],
    lying: bool,
) -> None:
    """The figure of a bar: inside it where it fits, else beside its end where there is room."""
    left, top, right, bottom = at
    wide = fonts.width(bar.said, TICK)
    middle = (top + bottom) / 2 + TICK * 0.36
    inside = wide + 6 <= right - left and bottom - top >= TICK + 3
    if inside:
        drawing.add(
            Words((left + right) / 2, middle, bar.said, TICK, colors.reads_on(bar.fill),
                  anchor="middle")
        )  # fmt: skip
    elif lying:
        beyond = bar.end >= bar.start
        anchor: Anchor = "start" if beyond else "end"
        x = right + 3 if beyond else left - 3
        if x + wide <= made.box.right + 40:
            drawing.add(Words(x, middle, bar.said, TICK, look.LIGHT.quiet, anchor=anchor))
    elif wide <= (right - left) * 1.6:
        y = top - 3 if bar.end >= bar.start else bottom + TICK
        x = (left + right) / 2
        drawing.add(Words(x, y, bar.said, TICK, look.LIGHT.quiet, anchor="middle"))
