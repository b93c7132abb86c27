"""Heatmaps: coloured cells, their figures where there is room, and what the colours mean."""

from typing import Any

from core.charts import look
from core.export import fonts
from core.export.drawing import Block, Drawing, Words
from core.export.plot import colors, scales, words
from core.export.plot.frame import TICK, Box, Frame, frame

GAP = 1.2
KEY = 34.0


def draw(drawing: Drawing, trace: dict[str, Any], layout: dict[str, Any], box: Box) -> None:
    """The cells of a heatmap; a pair without a figure stays white."""
    xs, ys, grid = trace.get("x") or (), trace.get("y") or (), trace.get("z") or ()
    x = scales.scale(dict(layout.get("xaxis") or {}), list(xs), most_ticks=16)
    y = scales.scale(dict(layout.get("yaxis") or {}), list(ys), most_ticks=40)
    made = frame(drawing, x, y, Box(box.left, box.top, box.right - KEY, box.bottom))
    low, high = float(trace.get("zmin") or 0), float(trace.get("zmax") or 1)
    steps = [(float(at), str(color)) for at, color in trace.get("colorscale") or ()]
    texts = trace.get("text")
    for row, at_y in enumerate(ys):
        for column, at_x in enumerate(xs):
            value = grid[row][column]
            if value is None:
                continue
            part = (value - low) / (high - low) if high > low else 1.0
            fill = colors.between(steps, part)
            said = words.plain(texts[row][column]) if texts is not None else ""
            _cell(drawing, made, (float(at_x), float(at_y)), fill, said)
    _key(drawing, trace, steps, (low, high), made, box)


def _cell(drawing: Drawing, made: Frame, at: tuple[float, float], fill: str, said: str) -> None:
    left, right = made.at_x(at[0] - 0.5), made.at_x(at[0] + 0.5)
    ends = made.at_y(at[1] - 0.5), made.at_y(at[1] + 0.5)
    top, bottom = min(ends), max(ends)
    drawing.add(Block(left + GAP / 2, top + GAP / 2, right - left - GAP, bottom - top - GAP, fill))
    if said and fonts.width(said, TICK) + 4 <= right - left and bottom - top >= TICK + 2:
        y = (top + bottom) / 2 + TICK * 0.36
        paint = colors.reads_on(fill)
        drawing.add(Words((left + right) / 2, y, said, TICK, paint, anchor="middle"))


def _key(
    drawing: Drawing,
    trace: dict[str, Any],
    steps: list[tuple[float, str]],
    ends: tuple[float, float],
    made: Frame,
    box: Box,
) -> None:
    """A column of colours at the right with the lowest and the highest figure."""
    left, high = made.box.right + 8, made.box.height
    parts = 24
    for index in range(parts):
        y = made.box.bottom - high * (index + 1) / parts
        fill = colors.between(steps, (index + 0.5) / parts)
        drawing.add(Block(left, y, 6, high / parts + 0.3, fill))
    axis = dict(trace.get("colorbar") or {})
    step = (ends[1] - ends[0]) / 5 or 1.0
    for value, y in ((ends[1], made.box.top + TICK), (ends[0], made.box.bottom)):
        said = fonts.cut(scales.written(value, axis, step), TICK, box.right - left - 9)
        drawing.add(Words(left + 9, y, said, TICK, look.LIGHT.quiet))
