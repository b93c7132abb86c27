"""Where tiles stand: room for a new one, and a whole new layout, of which the latest is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import count
from typing import Final
from uuid import UUID

from core.dashboards import rights
from core.dashboards.views import COLUMNS, Place, TileKind, place_of
from core.datamind import DataMind
from core.errors import BadInput
from core.store.tables import Widget
from core.types import Actor

SIZES: Final[Mapping[TileKind, tuple[int, int]]] = {
    "kpi": (3, 2),
    "chart": (6, 6),
    "table": (6, 6),
    "text": (6, 3),
}
LOWEST_ROW: Final = 2_000


def arrange(
    dm: DataMind, actor: Actor, dashboard_id: UUID, wanted: Mapping[UUID, Place], *, version: int
) -> int:
    """Keep a whole new layout, made by somebody who saw `version`; returns the new version.

    Raises BadInput when somebody else has changed the layout since, or for one that is none:
    tiles left out, outside of the twelve columns, on top of each other. NotAllowed for viewers.
    """
    with dm.sessions.write() as db:
        row = rights.to_edit(db, actor, dashboard_id)
        widgets = rights.widgets(db, dashboard_id)
        if row.version != version:
            raise BadInput(
                "Somebody else has arranged this dashboard in the meantime; your change was not "
                "saved.",
                "You see the newest layout now. Make your change again.",
            )
        if wanted.keys() != {widget.id for widget in widgets}:
            raise BadInput("The layout does not name every tile once.", "Reload the page.")
        check(wanted.values())
        for widget in widgets:
            widget.position = asdict(wanted[widget.id])
        row.version += 1
        return row.version


def check(given: Iterable[Place]) -> None:
    """Raise BadInput unless all stand within the columns and none on another."""
    taken: set[tuple[int, int]] = set()
    for place in given:
        within = min(place.x, place.y) >= 0 and place.x + place.w <= COLUMNS
        if not within or min(place.w, place.h) < 1 or place.y + place.h > LOWEST_ROW:
            raise BadInput("A tile stands outside of the twelve columns.", "Move it back.")
        cells = set(_cells(place))
        if cells & taken:
            raise BadInput("Two tiles stand on top of each other.", "Move one of them.")
        taken |= cells


def room(kind: TileKind, others: Iterable[Place], size: tuple[int, int] | None = None) -> Place:
    """The first free place for a new tile, from the top left, in this size or that of its kind."""
    w, h = size or SIZES[kind]
    return _free(Place(0, 0, w, h), {cell for place in others for cell in _cells(place)})


def spread(given: Sequence[Place]) -> list[Place]:
    """The places with no two on top of each other: a later one moves down."""
    taken: set[tuple[int, int]] = set()
    made = []
    for wanted in given:
        place = wanted if not taken.intersection(_cells(wanted)) else _below(wanted, taken)
        taken.update(_cells(place))
        made.append(place)
    return made


def places(widgets: Iterable[Widget]) -> list[Place]:
    """Where widgets stand."""
    return [place_of(widget.position) for widget in widgets]


def _free(size: Place, taken: set[tuple[int, int]]) -> Place:
    for y in count():
        for x in range(COLUMNS - size.w + 1):
            place = replace(size, x=x, y=y)
            if not taken.intersection(_cells(place)):
                return place
    raise AssertionError("there is always room below")


def _below(wanted: Place, taken: set[tuple[int, int]]) -> Place:
    rows = (replace(wanted, y=y) for y in count(wanted.y))
    return next(place for place in rows if not taken.intersection(_cells(place)))


def _cells(place: Place) -> list[tuple[int, int]]:
    return [
        (column, row)
        for column in range(place.x, place.x + place.w)
        for row in range(place.y, place.y + place.h)
    ]
