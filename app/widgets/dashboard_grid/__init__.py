"""Arranging a dashboard: tiles on twelve columns, moved and sized by mouse, touch or keyboard.

The browser holds the places while a person works on them; Python hears of a layout when a move
is over. What is under way, or has not been saved yet, is never overwritten by a rerun.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app import state

COLUMNS: Final = 12
LOWEST_ROW: Final = 2_000
"""No tile reaches below this row: far beyond any dashboard, near enough for a page."""
ROW_HEIGHT: Final = 60
"""Pixels: the same as where the dashboard is viewed."""
SMALLEST: Final[Mapping[str, tuple[int, int]]] = {
    "kpi": (2, 2),
    "chart": (3, 4),
    "table": (3, 4),
    "text": (2, 1),
}
LIBRARY: Final = "/app/static/gridstack/gridstack-14.1.0.js"
WORDS: Final = {
    "help": "Drag a tile by its top, size it at its corner. By keyboard: Tab to a tile, arrows "
    "move it, Shift and arrows size it, Enter keeps the move, Escape takes it back.",
    "narrow": "Arranging needs a wider screen. On this one the tiles stand below each other.",
    "tidy": "Close gaps",
    "tidied": "The gaps are closed.",
    "tidy_already": "There are no gaps.",
}

_HERE = Path(__file__).parent
_STYLES = (_HERE.parents[1] / "static/gridstack/gridstack.css", _HERE / "editor.css")

_GRID = st.components.v2.component(
    "datamind_dashboard_grid",
    css="\n".join(path.read_text("utf-8") for path in _STYLES),
    js=(_HERE / "editor.js").read_text("utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Place:
    """Where a tile stands: `x` and `w` in columns of twelve, `y` and `h` in rows."""

    id: str
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class GridTile:
    """A tile to be arranged: what it is called, of which kind it is, and where it stands."""

    id: str
    title: str
    kind: str
    x: int
    y: int
    w: int
    h: int

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.id, self.x, self.y, self.w, self.h)

    @property
    def smallest(self) -> tuple[int, int]:
        """Columns and rows below which it cannot be made; a tile that is smaller stays as it is."""
        width, height = SMALLEST.get(self.kind, SMALLEST["chart"])
        return min(width, self.w), min(height, self.h)


def edit(tiles: Sequence[GridTile], *, key: str) -> tuple[Place, ...] | None:
    """Draw the tiles to be arranged; returns the whole new layout, in the order of `tiles`, once
    a person has changed it, and again until the tiles come with other places: then it is saved,
    or was refused. Call it before acting on a button beside it, whose click ends a move.
    """
    memory = f"arranging-{key}"
    change, before = _recalled(memory)
    now = tuple(tile.place for tile in tiles)
    if before is not None and before != now:
        before = None
        state.remember(memory, (change, None))
    answer = _GRID(
        data={
            "library": LIBRARY,
            "row_height": ROW_HEIGHT,
            "words": WORDS,
            "settled": change if before is None else None,
            "tiles": [_drawn(tile) for tile in tiles],
        },
        key=key,
        on_layout_change=lambda: None,
    ).get("layout")
    wanted = layout(answer, tiles)
    if wanted is None:
        return None
    if answer["change"] != change:
        before = None if wanted == now else now
        state.remember(memory, (answer["change"], before))
    return wanted if before is not None else None


def refuse(*, key: str) -> None:
    """Show the places that are kept, from the next run on, in the place of the last change."""
    memory = f"arranging-{key}"
    state.remember(memory, (_recalled(memory)[0], None))


def layout(told: object, tiles: Sequence[GridTile]) -> tuple[Place, ...] | None:
    """The layout that a browser told of exactly these tiles; None for what is no layout of them:
    another set of tiles, no whole numbers, outside of the columns, too small, or overlapping."""
    if not isinstance(told, Mapping) or not isinstance(told.get("change"), str):
        return None
    found = {place.id: place for place in map(_place, _listed(told.get("places"))) if place}
    if len(_listed(told.get("places"))) != len(tiles) or found.keys() != {t.id for t in tiles}:
        return None
    places = tuple(found[tile.id] for tile in tiles)
    fitting = all(_fits(place, tile.smallest) for place, tile in zip(places, tiles, strict=True))
    return places if fitting and not overlapping(places) else None


def overlapping(places: Sequence[Place]) -> bool:
    """Whether two tiles want the same cell."""
    cells = [
        (column, row)
        for place in places
        for column in range(place.x, place.x + place.w)
        for row in range(place.y, place.y + place.h)
    ]
    return len(cells) != len(set(cells))


def _fits(place: Place, smallest: tuple[int, int]) -> bool:
    return (
        min(place.x, place.y) >= 0
        and place.x + place.w <= COLUMNS
        and place.w >= smallest[0]
        and place.h >= smallest[1]
        and place.y + place.h <= LOWEST_ROW
    )


def _place(told: object) -> Place | None:
    if not isinstance(told, Mapping) or not isinstance(told.get("id"), str):
        return None
    numbers = [told.get(name) for name in ("x", "y", "w", "h")]
    if not all(type(number) is int for number in numbers):
        return None
    return Place(told["id"], *numbers)


def _listed(told: object) -> list[object]:
    return told if isinstance(told, list) else []


def _drawn(tile: GridTile) -> dict[str, Any]:
    width, height = tile.smallest
    return {**asdict(tile), "min_w": width, "min_h": height}


def _recalled(memory: str) -> tuple[str | None, tuple[Place, ...] | None]:
    """The last change heard of, and the places it changed for as long as they are not others."""
    found = state.recall(memory)
    return found if isinstance(found, tuple) else (None, None)
