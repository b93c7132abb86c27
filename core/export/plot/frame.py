"""The frame of a chart: where its axes lie, their ticks, lines and titles."""

import itertools
from dataclasses import dataclass
from typing import Any

from core.charts import look
from core.export import fonts
from core.export.drawing import Drawing, Stroke, Words
from core.export.plot.scales import Scale

STYLE = look.LIGHT
TICK = 9.0
LINE = 11.5
LONGEST_SIDE = 0.36
"""The part of the width that labels at the side may take."""


@dataclass(frozen=True)
class Box:
    """A part of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Frame:
    """A plotting area with its two scales."""

    box: Box
    x: Scale
    y: Scale

    def across(self, value: Any) -> float | None:
        """Where a value of x stands, from the left of the picture."""
        number = self.x.number(value)
        return None if number is None else self.at_x(number)

    def up(self, value: Any) -> float | None:
        """Where a value of y stands, from the top of the picture."""
        number = self.y.number(value)
        return None if number is None else self.at_y(number)

    def at_x(self, number: float) -> float:
        """The place of a number on the axis of x."""
        return self.box.left + self.x.part(number) * self.box.width

    def at_y(self, number: float) -> float:
        """The place of a number on the axis of y."""
        return self.box.bottom - self.y.part(number) * self.box.height


def frame(drawing: Drawing, x: Scale, y: Scale, box: Box) -> Frame:
    """Draw both axes into a part of the picture; what they leave free is the plotting area."""
    most = box.width * LONGEST_SIDE
    side = {text: fonts.cut(text, TICK, most) for _, text in y.ticks}
    wide = max((fonts.width(text, TICK) for text in side.values()), default=0.0)
    left = box.left + wide + 8 + (LINE + 4 if y.title else 0)
    right = box.right - 8
    last = x.ticks[-1] if x.ticks else None
    if last and x.kind != "category" and x.part(last[0]) > 0.9:
        right -= min(fonts.width(last[1], TICK) / 2, 40) * (x.part(last[0]) - 0.9) * 10
    below = _below(x, right - left)
    bottom = box.bottom - below.height - (LINE + 5 if x.title else 0)
    made = Frame(Box(left, box.top, right, bottom), x, y)
    _grid(drawing, made)
    _side(drawing, made, side)
    below.draw(drawing, made)
    _titles(drawing, made, box)
    return made


@dataclass(frozen=True)
class _Below:
    """The labels under a chart: in lines, or slanted where they are too long for that."""

    lines: tuple[tuple[float, tuple[str, ...]], ...]
    slanted: bool
    height: float

    def draw(self, drawing: Drawing, made: Frame) -> None:
        for at, lines in self.lines:
            x, y = made.at_x(at), made.box.bottom + 4
            if self.slanted:
                drawing.add(
                    Words(x + 3, y + TICK * 0.8, lines[0], TICK, STYLE.quiet, False, "end", 35)
                )
                continue
            for number, line in enumerate(lines, start=1):
                at_y = y + LINE * number - 2
                drawing.add(Words(x, at_y, line, TICK, STYLE.quiet, anchor="middle"))


def _below(x: Scale, wide: float) -> _Below:
    if not x.ticks:
        return _Below((), False, 6)
    places = sorted(x.part(at) * wide for at, _ in x.ticks)
    gaps = [b - a for a, b in itertools.pairwise(places)]
    slot = max(14.0, min(gaps, default=wide) - 6)
    if x.kind != "category" and not _named(x):
        widest = max(fonts.width(text, TICK) for _, text in x.ticks)
        skip = max(1, -(-int(widest) // int(slot)))
        kept = x.ticks[::skip]
        return _Below(tuple((at, (text,)) for at, text in kept), False, LINE + 6)
    wrapped = [
        (at, tuple(fonts.wrapped(text, TICK, slot, most=3)) or ("",)) for at, text in x.ticks
    ]
    words = max((fonts.width(w, TICK) for _, text in x.ticks for w in text.split(" ")), default=0.0)
    if words <= slot and all(not lines[-1].endswith(fonts.ELLIPSIS) for _, lines in wrapped):
        most = max(len(lines) for _, lines in wrapped)
        return _Below(tuple(wrapped), False, LINE * most + 6)
    skip = max(1, -(-14 // int(slot + 6)))
    cut = tuple((at, (fonts.cut(text, TICK, 110),)) for at, text in x.ticks[::skip])
    longest = max(fonts.width(lines[0], TICK) for _, lines in cut)
    return _Below(cut, True, longest * 0.6 + 16)


def _named(x: Scale) -> bool:
    return any(not text[:1].isdigit() for _, text in x.ticks) and x.kind == "linear" and not x.grid


def _grid(drawing: Drawing, made: Frame) -> None:
    box = made.box
    if made.y.grid:
        for at, _ in made.y.ticks:
            y = made.at_y(at)
            drawing.add(Stroke(((box.left, y), (box.right, y)), STYLE.grid, 0.6))
    if made.x.grid:
        for at, _ in made.x.ticks:
            x = made.at_x(at)
            drawing.add(Stroke(((x, box.top), (x, box.bottom)), STYLE.grid, 0.6))
    if made.y.zero and 0 <= made.y.part(0.0) <= 1 and made.y.kind == "linear":
        y = made.at_y(0.0)
        drawing.add(Stroke(((box.left, y), (box.right, y)), STYLE.line, 1))
    if made.x.zero and 0 <= made.x.part(0.0) <= 1 and made.x.kind == "linear":
        x = made.at_x(0.0)
        drawing.add(Stroke(((x, box.top), (x, box.bottom)), STYLE.line, 1))
    if made.x.line:
        drawing.add(Stroke(((box.left, box.bottom), (box.right, box.bottom)), STYLE.line, 0.8))


def _side(drawing: Drawing, made: Frame, side: dict[str, str]) -> None:
    room = made.box.height / max(1, len(made.y.ticks))
    skip = max(1, -(-int(TICK + 1) // max(1, int(room)))) if room < TICK + 1 else 1
    for at, text in made.y.ticks[::skip]:
        y = made.at_y(at) + TICK * 0.36
        drawing.add(Words(made.box.left - 6, y, side[text], TICK, STYLE.quiet, anchor="end"))


def _titles(drawing: Drawing, made: Frame, box: Box) -> None:
    if made.y.title:
        text = fonts.cut(made.y.title, TICK, made.box.height)
        middle = (made.box.top + made.box.bottom) / 2
        drawing.add(
            Words(box.left + TICK, middle, text, TICK, STYLE.quiet, anchor="middle", angle=90)
        )
    if made.x.title:
        text = fonts.cut(made.x.title, TICK, made.box.width)
        middle = (made.box.left + made.box.right) / 2
        drawing.add(Words(middle, box.bottom - 3, text, TICK, STYLE.quiet, anchor="middle"))
