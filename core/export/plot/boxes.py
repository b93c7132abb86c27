"""Boxes with whiskers, from their quartiles."""

from typing import Any

from core.export.drawing import Block, Drawing, Stroke
from core.export.plot import colors
from core.export.plot.frame import Frame

WIDEST = 46.0


def ends(trace: dict[str, Any]) -> list[float]:
    """The figures that the axis has to cover."""
    return [*(trace.get("lowerfence") or ()), *(trace.get("upperfence") or ())]


def draw(drawing: Drawing, made: Frame, trace: dict[str, Any]) -> None:
    """All boxes of a trace."""
    paint = colors.on_white((trace.get("line") or {}).get("color"))
    fill = colors.on_white(trace.get("fillcolor"))
    names = list(trace.get("x") or ())
    wide = min(WIDEST, made.box.width / max(1, len(names)) * 0.6)
    keys = ("lowerfence", "q1", "median", "q3", "upperfence")
    for name, *figures in zip(names, *(trace.get(key) or () for key in keys), strict=False):
        x = made.across(name)
        places = [made.up(figure) for figure in figures]
        if x is None or None in places:
            continue
        low, first, middle, third, high = (float(y or 0) for y in places)
        left, right = x - wide / 2, x + wide / 2
        drawing.add(Stroke(((x, low), (x, high)), paint))
        drawing.add(Block(left, third, wide, max(first - third, 0.5), fill))
        outline = ((left, third), (right, third), (right, first), (left, first), (left, third))
        drawing.add(Stroke(outline, paint), Stroke(((left, middle), (right, middle)), paint, 1.6))
        for y in (low, high):
            drawing.add(Stroke(((x - wide / 4, y), (x + wide / 4, y)), paint))
