"""Pies and rings."""

import math
from typing import Any

from core.charts import look
from core.export import fonts
from core.export.drawing import Block, Drawing, Patch, Point, Words
from core.export.plot import colors, words
from core.export.plot.frame import TICK, Box

SMALLEST_SAID = 0.05
ROOMY = 300.0
"""Below this width the ring leaves more room to the names."""


def draw(drawing: Drawing, trace: dict[str, Any], box: Box) -> None:
    """A ring with the share of each slice on it, and the names beside it."""
    labels = [words.plain(label) for label in trace.get("labels") or ()]
    values = [max(0.0, float(value or 0)) for value in trace.get("values") or ()]
    total = math.fsum(values)
    if not total:
        return
    paints = (trace.get("marker") or {}).get("colors") or look.LIGHT.series
    roomy = box.width >= ROOMY
    radius = min(box.height / 2 - 4, box.width * (0.25 if roomy else 0.19))
    shift = box.width * (0.08 if roomy else 0.01)
    middle = (box.left + radius + shift, (box.top + box.bottom) / 2)
    hole = radius * float(trace.get("hole") or 0)
    at = 0.0
    for index, value in enumerate(values):
        share = value / total
        fill = colors.on_white(colors.at(paints, index) or look.LIGHT.rest)
        drawing.add(Patch(_slice(middle, radius, hole, at, at + share), fill, 1.0, "#FFFFFF"))
        if share >= SMALLEST_SAID:
            x, y = _turned(middle, (radius + hole) / 2 if hole else radius * 0.65, at + share / 2)
            said, color = f"{share:.0%}", colors.reads_on(fill)
            drawing.add(Words(x, y + TICK * 0.36, said, TICK, color, anchor="middle"))
        at += share
    _names(drawing, labels, paints, middle[0] + radius + (24 if roomy else 12), box)


def _names(drawing: Drawing, labels: list[str], paints: Any, left: float, box: Box) -> None:
    step = min(16.0, box.height / max(1, len(labels)))
    top = (box.top + box.bottom) / 2 - step * len(labels) / 2
    for index, label in enumerate(labels):
        y = top + step * (index + 0.5)
        fill = colors.on_white(colors.at(paints, index) or look.LIGHT.rest)
        drawing.add(Block(left, y - 4, 8, 8, fill, 2))
        said = fonts.cut(label, TICK, box.right - left - 14)
        drawing.add(Words(left + 14, y + TICK * 0.36, said, TICK, look.LIGHT.text))


def _slice(
    middle: Point, radius: float, hole: float, start: float, end: float
) -> tuple[Point, ...]:
    steps = max(2, math.ceil((end - start) * 120))
    parts = [start + (end - start) * i / steps for i in range(steps + 1)]
    outer = [_turned(middle, radius, part) for part in parts]
    inner = [_turned(middle, hole, part) for part in reversed(parts)] if hole else [middle]
    return (*outer, *inner)


def _turned(middle: Point, radius: float, part: float) -> Point:
    angle = part * 2 * math.pi
    return middle[0] + radius * math.sin(angle), middle[1] - radius * math.cos(angle)
