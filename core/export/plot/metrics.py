"""A single figure on paper: its name, itself, its change, and its past as a small line."""

from core.charts import look
from core.charts.kpis import Kpi
from core.export import fonts
from core.export.drawing import Drawing, Patch, Point, Stroke, Words
from core.export.plot import colors

NAME, DELTA = 10.0, 11.0
LARGEST, SMALLEST = 30.0, 14.0
RISING, FALLING = "#0B7A5B", "#B42318"


def draw(told: Kpi, width: float, height: float) -> Drawing:
    """The figure in the upper left; the line below it, where there is room and a past."""
    made = Drawing(width, height)
    trend = [n for n in told.trend if n is not None]
    lined = len(trend) > 2 and height >= 84
    top = 4.0 if lined else max(4.0, height / 2 - 38)
    made.add(Words(4, top + NAME, fonts.cut(told.label, NAME, width - 8), NAME, look.LIGHT.quiet))
    size = LARGEST
    while size > SMALLEST and fonts.width(told.value_text, size, bold=True) > width - 8:
        size -= 2
    at = top + NAME + 6 + size
    value = fonts.cut(told.value_text, size, width - 8, bold=True)
    made.add(Words(4, at, value, size, look.LIGHT.text, bold=True))
    if told.delta_text:
        at = _change(made, told, 4 + fonts.width(value, size, bold=True) + 10, at)
    if lined and height - at > 24:
        _line(made, trend, at + 12, height - 4)
    return made


def _change(made: Drawing, told: Kpi, beside: float, at: float) -> float:
    """The change beside the figure, or below it where there is no room."""
    delta = told.delta_text or ""
    color = FALLING if delta.startswith("-") else RISING
    said = f" {told.against}" if told.against else ""
    wide = fonts.width(delta, DELTA, bold=True)
    x = beside
    if beside + wide + fonts.width(said, 9) > made.width:
        x, at = 4.0, at + DELTA + 6
    made.add(Words(x, at, delta, DELTA, color, bold=True))
    if said:
        room = made.width - x - wide - 4
        made.add(Words(x + wide + 3, at, fonts.cut(said.strip(), 9, room), 9, look.LIGHT.quiet))
    return at


def _line(made: Drawing, trend: list[float], top: float, bottom: float) -> None:
    low, high = min(trend), max(trend)
    span = (high - low) or 1.0
    step = (made.width - 8) / (len(trend) - 1)
    points: list[Point] = [
        (4 + i * step, bottom - 2 - (n - low) / span * (bottom - top - 4))
        for i, n in enumerate(trend)
    ]
    paint = look.LIGHT.series[0]
    made.add(Patch((*points, (points[-1][0], bottom), (4.0, bottom)), paint, 0.12))
    made.add(Stroke(tuple(points), colors.on_white(paint), 1.4))
