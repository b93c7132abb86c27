"""Maps of countries: the outlines of the figure's traces, as large as the box lets them be."""

from collections.abc import Sequence
from typing import Any

from core.charts import countries, look
from core.export import fonts
from core.export.drawing import Block, Dot, Drawing, Patch, Words
from core.export.plot import colors, scales
from core.export.plot.frame import TICK, Box

KEY = 40.0
Trace = dict[str, Any]


def draw(drawing: Drawing, traces: Sequence[Trace], layout: dict[str, Any], box: Box) -> None:
    """Land and dots, and at the right what the colours mean."""
    said = scales.said((layout.get("xaxis") or {}).get("title"))
    wide, high = box.width - KEY, box.height - (TICK + 4 if said else 0)
    left, right = _range(layout, "xaxis", (-countries.WIDTH, countries.WIDTH))
    low, up = _range(layout, "yaxis", (countries.BOTTOM, countries.TOP))
    scale = min(wide / (right - left), high / (up - low))
    middle = box.left + wide / 2
    top = box.top + (high - scale * (up - low)) / 2
    window = (left, low, right, up)

    def place(x: float, y: float) -> tuple[float, float]:
        return middle + (x - (left + right) / 2) * scale, top + (up - y) * scale

    for trace in traces:
        paint = (trace.get("marker") or {}).get("color")
        if trace.get("fill") == "toself":
            for ring in _rings(trace):
                points = tuple(place(x, y) for x, y in _inside(ring, window))
                if len(points) < 3:
                    continue
                drawing.add(Patch(points, colors.on_white(trace.get("fillcolor")), 1.0, "#FFFFFF"))
        elif isinstance(paint, str):
            for x, y in zip(trace.get("x") or (), trace.get("y") or (), strict=False):
                at = place(x, y)
                drawing.add(Dot(*at, 2.6, colors.on_white(paint), 1.0, look.LIGHT.surface))
        else:
            _key(drawing, dict(trace.get("marker") or {}), box, high)
    if said:
        drawing.add(Words(middle, box.bottom - 3, fonts.cut(said, TICK, wide), TICK,
                          look.LIGHT.quiet, anchor="middle"))  # fmt: skip


def _range(layout: dict[str, Any], axis: str, whole: tuple[float, float]) -> tuple[float, float]:
    low, high = (layout.get(axis) or {}).get("range") or whole
    return float(low), float(high)


def _inside(
    ring: Sequence[tuple[float, float]], window: tuple[float, float, float, float]
) -> list[tuple[float, float]]:
    """The part of an outline within a window, side after side (Sutherland and Hodgman)."""
    points = list(ring)
    for axis, edge, sign in ((0, window[0], 1), (1, window[1], 1), (0, window[2], -1),
                             (1, window[3], -1)):  # fmt: skip
        kept: list[tuple[float, float]] = []
        for before, now in zip(points[-1:] + points[:-1], points, strict=True):
            was, is_in = (sign * (p[axis] - edge) >= 0 for p in (before, now))
            if was != is_in:
                part = (edge - before[axis]) / (now[axis] - before[axis])
                kept.append((before[0] + part * (now[0] - before[0]),
                             before[1] + part * (now[1] - before[1])))  # fmt: skip
            if is_in:
                kept.append(now)
        points = kept
    return points


def _rings(trace: Trace) -> list[list[tuple[float, float]]]:
    rings: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(trace.get("x") or (), trace.get("y") or (), strict=False):
        if x is None or y is None:
            rings.append([])
        else:
            rings[-1].append((x, y))
    return [ring for ring in rings if len(ring) > 2]


def _key(drawing: Drawing, marker: dict[str, Any], box: Box, high: float) -> None:
    steps = [(float(at), str(color)) for at, color in marker.get("colorscale") or ()]
    low, top = float(marker.get("cmin") or 0), float(marker.get("cmax") or 1)
    left, tall, parts = box.right - KEY + 8, high * 0.6, 24
    bottom = box.top + high * 0.8
    for index in range(parts):
        y = bottom - tall * (index + 1) / parts
        fill = colors.between(steps, (index + 0.5) / parts)
        drawing.add(Block(left, y, 6, tall / parts + 0.3, fill))
    axis, step = dict(marker.get("colorbar") or {}), (top - low) / 5 or 1.0
    for value, y in ((top, bottom - tall + TICK), (low, bottom)):
        said = fonts.cut(scales.written(value, axis, step), TICK, box.right - left - 8)
        drawing.add(Words(left + 9, y, said, TICK, look.LIGHT.quiet))
