"""A whole dashboard as a file: its tiles where they stand, on pages that lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.types import ChartSpec, QueryResult

COLUMNS = 12


@dataclass(frozen=True)
class Panel:
    """A tile on paper. `x`, `y`, `w`, `h` are those of the screen: columns of twelve, and rows.

    `result` is drawn as its chart says, or as a table; `text` is Markdown of a tile without a
    result; `problem` says why there are no figures.
    """

    title: str
    x: int
    y: int
    w: int
    h: int
    chart: ChartSpec | None = None
    result: QueryResult | None = None
    text: str = ""
    problem: str = ""


@dataclass(frozen=True)
class BoardSheet:
    """A dashboard on paper. `said` are lines below its title: description, filters, freshness."""

    title: str
    made_at: datetime
    panels: tuple[Panel, ...]
    said: tuple[str, ...] = ()
    paper: str = "a4"


def pages(panels: Sequence[Panel], rows: int, first_rows: int) -> list[list[Panel]]:
    """The tiles of each page, their `y` from its top.

    A page ends above the first tile that it would cut; one that is higher than a page is made as
    high as it. `first_rows` have room on the first page, `rows` on the others.
    """
    left = sorted((p for p in panels), key=lambda p: (p.y, p.x))
    made: list[list[Panel]] = []
    while left:
        room = rows if made else first_rows
        start = left[0].y
        fits = [_cut(panel, start, room) for panel in left]
        crossing = [p.y for p in fits if p.y + p.h > start + room]
        end = min(crossing, default=start + room)
        page = [p for p in fits if p.y < end]
        made.append([_moved(panel, start) for panel in page])
        left = left[len(page) :]
    return made


def _cut(panel: Panel, start: int, room: int) -> Panel:
    """A tile at the top of a page that is higher than it, made as high."""
    if panel.y == start and panel.h > room:
        return Panel(**{**vars(panel), "h": room})
    return panel


def _moved(panel: Panel, start: int) -> Panel:
    return Panel(**{**vars(panel), "y": panel.y - start})
