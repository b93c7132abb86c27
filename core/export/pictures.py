"""Pictures of charts for mails, files and slides, made without a browser."""

from datetime import date

from core.errors import BadInput
from core.export import plot, svg
from core.types import ChartSpec, QueryResult

PIXELS = 2.0
"""Pixels of a PNG for each point asked for, so that it is sharp on today's screens."""
MOST_POINTS = 4_000


def picture(
    spec: ChartSpec,
    result: QueryResult,
    *,
    width: int = 800,
    height: int | None = None,
    fmt: str = "png",
    today: date | None = None,
) -> bytes | None:
    """The chart as the screen shows it, in light colours on white; None where a table says it.

    `width` and `height` are points; a PNG has two pixels for each. `fmt` is png or svg,
    `today` as for core.charts.kpi. Raises BadInput for another one or a size that no page has.
    """
    if fmt not in ("png", "svg"):
        raise BadInput(f"There is no picture as “{fmt}”.", "Choose png or svg.")
    if not 50 <= width <= MOST_POINTS or not (height is None or 50 <= height <= MOST_POINTS):
        raise BadInput(
            f"A picture of {width:,} by {height or 0:,} points cannot be drawn.",
            f"Choose sizes from 50 to {MOST_POINTS:,}.",
        )
    drawing = plot.drawing(
        spec, result, width=float(width), height=height and float(height), today=today
    )
    if drawing is None:
        return None
    return svg.text(drawing).encode() if fmt == "svg" else svg.png(drawing, scale=PIXELS)
