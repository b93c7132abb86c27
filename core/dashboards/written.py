"""A dashboard as a file: written as YAML to be kept and compared, and made from one again.

Connections stand in it by their names. Nothing is made unless all of the file is right.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, TypeVar, get_args
from uuid import UUID

import yaml  # type: ignore[import-untyped]

from core import audit, charts, connections
from core.dashboards import boards, fields, filtering, layout, tiles
from core.dashboards.fields import Field
from core.dashboards.tiles import INTERVALS, NewTile
from core.dashboards.views import Filter, FilterKind, Place, Tile
from core.datamind import DataMind
from core.errors import BadInput, DataMindError
from core.security import access
from core.store.tables import Widget
from core.types import Actor, ChartKind, ChartSpec

Made = TypeVar("Made")

FORMAT: Final = 1
_TILE: Final = (
    *("title", "connection", "sql", "dates_held_on", "chart", "text", "refresh_seconds", "place"),
)
_CHART: Final = tuple(ChartSpec.__dataclass_fields__)


@dataclass(frozen=True)
class _Placed:
    """A tile of a file with the place it wants, and where it stands in the file."""

    tile: NewTile
    place: Place
    field: Field


def to_yaml(dm: DataMind, actor: Actor, dashboard_id: UUID) -> str:
    """The dashboard as YAML. Analysts and admins only: it holds SQL. Raises NotFound."""
    access.require(actor, "analyst", "export dashboards as files")
    board = boards.dashboard(dm, actor, dashboard_id)
    names = {c.id: c.name for c in connections.connections(dm, actor)}
    told: dict[str, Any] = {"dashboard": FORMAT, "title": board.title}
    if board.description:
        told["description"] = board.description
    if board.refresh_seconds:
        told["refresh_seconds"] = board.refresh_seconds
    if board.filters:
        told["filters"] = boards.kept_filters(board.filters)
    told["tiles"] = [_told(tile, names) for tile in board.tiles]
    audit.record(dm, actor, "export.dashboard", "dashboard", dashboard_id, format="yaml")
    text: str = yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text


def from_yaml(dm: DataMind, actor: Actor, text: str) -> UUID:
    """Make a dashboard of one's own from YAML; returns its id.

    Raises BadInput that names line and field of the first thing that is wrong, also where the
    guard refuses a query or a connection of that name is not here. NotAllowed for viewers.
    """
    access.require(actor, "analyst", "import dashboards")
    top = fields.read(text)
    known = ("dashboard", "title", "description", "refresh_seconds", "filters", "tiles")
    parts = top.parts(known, required=("dashboard", "title", "tiles"))
    if parts["dashboard"].whole() != FORMAT:
        raise parts["dashboard"].wrong(f"Only format {FORMAT} can be read.")
    places = {c.name.lower(): c.id for c in connections.connections(dm, actor)}
    items = parts["tiles"].items()
    if len(items) > tiles.MOST_TILES:
        raise parts["tiles"].wrong(f"A dashboard holds at most {tiles.MOST_TILES} tiles.")
    placed = [_tile(item, places) for item in items]
    rows = [_checked(dm, actor, one) for one in placed]
    filters = tuple(map(_filter, parts["filters"].items())) if "filters" in parts else ()
    _right(parts.get("filters", top), lambda: filtering.check(filters))
    seconds = _interval(parts.get("refresh_seconds"), boards.REFRESHES, 0)
    description = parts["description"].text() if "description" in parts else ""
    with dm.sessions.write() as db:
        title = parts["title"]
        row = _right(title, lambda: boards.added(db, actor, title.text(), description))
        row.filters, row.refresh_seconds = boards.kept_filters(filters), seconds
        spread = layout.spread([one.place for one in placed])
        for columns, place in zip(rows, spread, strict=True):
            db.add(Widget(dashboard_id=row.id, position=asdict(place), **columns))
        made = row.id
    audit.record(dm, actor, "dashboard.import", "dashboard", made, tiles=len(rows))
    return made


def _told(tile: Tile, names: Mapping[UUID, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"title": tile.title} if tile.title else {}
    if tile.kind == "text":
        told["text"] = tile.text
    else:
        told["connection"] = names.get(tile.connection_id) if tile.connection_id else None
        told |= {"sql": tile.sql}
        if tile.dates_held_on:
            told["dates_held_on"] = tile.dates_held_on.isoformat()
        if tile.chart is not None:
            stored = charts.to_json(tile.chart) or {}
            told["chart"] = {key: value for key, value in stored.items() if value}
        told["refresh_seconds"] = tile.refresh_seconds
    return told | {"place": asdict(tile.place)}


def _tile(item: Field, places: Mapping[str, UUID]) -> _Placed:
    parts = item.parts(_TILE, required=("place",))
    where = parts["place"].parts("xywh", required="xywh")
    place = Place(**{name: part.whole() for name, part in where.items()})
    _right(parts["place"], lambda: layout.check([place]))
    title = parts["title"].text() if "title" in parts else ""
    if "text" in parts:
        if {"sql", "connection", "chart"} & parts.keys():
            raise item.wrong("A tile is a text or a query, not both.")
        return _Placed(NewTile(title, markdown=parts["text"].text()), place, item)
    for name in ("connection", "sql"):
        if name not in parts:
            raise item.wrong(f"The field {name} is missing.")
    named = parts["connection"].text()
    if named.lower() not in places:
        raise parts["connection"].wrong(
            f"There is no connection “{named[:100]}” here.",
            "Add it, or write the name of one that is there.",
        )
    tile = NewTile(
        title,
        places[named.lower()],
        parts["sql"].text(),
        _chart(parts["chart"]) if "chart" in parts else None,
        refresh_seconds=_interval(parts.get("refresh_seconds"), INTERVALS, 300),
        dates_held_on=_day(parts["dates_held_on"]) if "dates_held_on" in parts else None,
    )
    return _Placed(tile, place, parts["sql"])


def _day(field: Field) -> date:
    try:
        return date.fromisoformat(field.text())
    except ValueError as error:
        raise field.wrong("This is no day.", "Write it as 2026-10-31, in quotes.") from error


def _chart(field: Field) -> ChartSpec:
    parts = field.parts(_CHART, required=("kind",))
    parts["kind"].one_of(get_args(ChartKind))
    loaded: dict[str, Any] = {}
    for name, part in parts.items():
        match part.node:
            case yaml.SequenceNode():
                loaded[name] = list(part.texts())
            case _ if name == "top":
                loaded[name] = part.whole()
            case _ if name in ("log", "labels"):
                loaded[name] = part.one_of(("true", "false")) == "true"
            case _:
                loaded[name] = part.text()
    chart = charts.from_json(loaded)
    assert chart is not None
    return chart


def _filter(field: Field) -> Filter:
    names = tuple(Filter.__dataclass_fields__)
    parts = field.parts(names, required=names[:-1])
    kind = parts["kind"].one_of(get_args(FilterKind))
    return Filter(
        name=parts["name"].text(),
        kind=next(one for one in get_args(FilterKind) if one == kind),
        label=parts["label"].text(),
        columns=parts["columns"].texts(),
        default=tuple(v or None for v in parts["default"].texts()) if "default" in parts else (),
    )


def _interval(field: Field | None, known: tuple[int, ...], otherwise: int) -> int:
    if field is None:
        return otherwise
    if field.whole() not in known:
        raise field.wrong(f"It is none of {', '.join(map(str, known))} seconds.")
    return field.whole()


def _checked(dm: DataMind, actor: Actor, placed: _Placed) -> dict[str, Any]:
    _right(placed.field, lambda: tiles.require_text(dm, actor, placed.tile))
    return _right(placed.field, lambda: tiles.checked(dm, actor, placed.tile))


def _right(field: Field, make: Callable[[], Made]) -> Made:
    """What `make` makes; what it refuses is said with line and field."""
    try:
        return make()
    except DataMindError as problem:
        raise BadInput(field.wrong(problem.message).message, problem.hint) from problem


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes SQL and texts in lines, as they are."""


def _lines(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _lines)
