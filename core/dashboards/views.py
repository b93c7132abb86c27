"""What a dashboard is to those who look at it: frozen views, and how rows become them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

from core import charts, moving
from core.store.tables import Dashboard, User, Widget
from core.types import Actor, ChartSpec, Json, QueryResult

TileKind = Literal["chart", "table", "kpi", "text"]
FilterKind = Literal["date", "list", "text", "number"]
Value = str | None

COLUMNS: Final = 12
KINDS: Final[tuple[TileKind, ...]] = get_args(TileKind)


@dataclass(frozen=True)
class Place:
    """Where a tile stands: `x` and `w` in columns of twelve, `y` and `h` in rows."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Filter:
    """A question that the reader may answer, and the columns that the answer restricts.

    `columns` are "table.column"; tiles that read one of them heed it. `default` is the answer
    when nobody gave one: of a date (first, last) or the name of a period, of a number (least,
    most), of a text what it contains, of a list its values.
    """

    name: str
    kind: FilterKind
    label: str
    columns: tuple[str, ...]
    default: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Tile:
    """A widget as it is kept. `text` is the Markdown of a text tile, which has no query."""

    id: UUID
    kind: TileKind
    title: str
    place: Place
    connection_id: UUID | None = None
    sql: str = ""
    chart: ChartSpec | None = None
    text: str = ""
    refresh_seconds: int = 300
    last_refreshed_at: datetime | None = None
    last_error: str = ""
    dates_held_on: date | None = None

    def sql_on(self, day: date) -> str:
        """Its query as it is asked on a day: its dates moved along, where they do."""
        return moving.moved(self.sql, self.dates_held_on, day) if self.dates_held_on else self.sql


@dataclass(frozen=True)
class Entry:
    """A dashboard in the list. `owner` is empty when that person has left.

    `refreshed_at` is when the oldest of its figures was looked up; None where none was yet.
    """

    id: UUID
    title: str
    description: str
    owner: str
    is_mine: bool
    is_shared: bool
    tiles: int
    updated_at: datetime
    refreshed_at: datetime | None


@dataclass(frozen=True)
class Board:
    """A dashboard, opened, with its tiles from the top left to the bottom right.

    `may_edit` and `may_delete` say what the actor may do with it.
    """

    id: UUID
    title: str
    description: str
    owner: str
    is_shared: bool
    version: int
    tiles: tuple[Tile, ...]
    filters: tuple[Filter, ...] = ()
    refresh_seconds: int = 0
    may_edit: bool = False
    may_delete: bool = False

    def tile(self, tile_id: UUID) -> Tile | None:
        """The tile of that id."""
        return next((tile for tile in self.tiles if tile.id == tile_id), None)


@dataclass(frozen=True)
class Shown:
    """What a tile shows: its result, the chart that fits it, and when it was looked up.

    `heeded` are the names of the filters that restrict it, `digest` tells its query with what
    they asked for from every other.
    """

    result: QueryResult
    chart: ChartSpec
    at: datetime
    heeded: tuple[str, ...] = ()
    digest: str = ""


def tile_of(row: Widget) -> Tile:
    """A widget's row as a tile; a place that cannot be is made one."""
    is_text = row.widget_type == "text"
    return Tile(
        id=row.id,
        kind=_kind(row.widget_type),
        title=row.title,
        place=place_of(row.position),
        connection_id=row.connection_id,
        sql=row.query_sql or "",
        chart=None if is_text else charts.from_json(row.chart_config),
        text=str(row.chart_config.get("markdown", "")) if is_text else "",
        refresh_seconds=row.refresh_interval_seconds,
        last_refreshed_at=row.last_refreshed_at,
        last_error=row.last_error or "",
        dates_held_on=row.dates_held_on,
    )


def place_of(position: Json) -> Place:
    """A stored position, with what is missing or impossible made possible."""
    w = min(max(_whole(position.get("w"), 6), 1), COLUMNS)
    x = min(max(_whole(position.get("x"), 0), 0), COLUMNS - w)
    return Place(x, max(_whole(position.get("y"), 0), 0), w, max(_whole(position.get("h"), 4), 1))


def filters_of(row: Dashboard) -> tuple[Filter, ...]:
    """The filters that are stored with a dashboard."""
    return tuple(
        Filter(
            name=kept["name"],
            kind=kept["kind"],
            label=kept["label"],
            columns=tuple(kept["columns"]),
            default=tuple(kept.get("default", ())),
        )
        for kept in row.filters
    )


def is_mine(actor: Actor, row: Dashboard) -> bool:
    """Whether the actor made it."""
    return row.created_by_id == actor.user_id


def name_of(user: User | None) -> str:
    """How a person is called; empty for one who has left."""
    return user.full_name if user else ""


def _kind(word: str) -> TileKind:
    return next(kind for kind in KINDS if kind == word)


def _whole(value: Any, otherwise: int) -> int:
    return value if type(value) is int else otherwise
