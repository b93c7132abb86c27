"""Filters of a dashboard: which columns they could restrict, what they say, and the answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from core import audit, chips, query, schema
from core.dashboards import boards, periods, restricting, rights
from core.dashboards.restricting import Restriction
from core.dashboards.views import Board, Filter, FilterKind, Tile, Value
from core.datamind import DataMind
from core.errors import BadInput, DataMindError
from core.types import Actor, DatabaseSchema, Query, SchemaColumn

MOST_FILTERS: Final = 12
MOST_VALUES: Final = 200
LOOK_UP_SECONDS: Final = 3.0
CLICKED: Final = "clicked"

Given = Mapping[str, tuple[Value, ...]]
"""Answers by the name of their filter."""


@dataclass(frozen=True)
class Candidate:
    """A column that a filter could restrict: "table.column", and how many tiles read it."""

    column: str
    kind: FilterKind
    tiles: int


def keep(dm: DataMind, actor: Actor, dashboard_id: UUID, filters: Sequence[Filter]) -> None:
    """Give a dashboard these filters. Raises BadInput, NotFound, NotAllowed for viewers."""
    check(filters)
    with dm.sessions.write() as db:
        row = rights.to_edit(db, actor, dashboard_id)
        row.filters = boards.kept_filters(filters)
    audit.record(dm, actor, "dashboard.filter", "dashboard", dashboard_id, filters=len(filters))


def candidates(dm: DataMind, actor: Actor, dashboard_id: UUID) -> tuple[Candidate, ...]:
    """The columns that filters could restrict, those that most tiles read first."""
    counted: Counter[str] = Counter()
    kinds: dict[str, FilterKind] = {}
    known: dict[UUID, DatabaseSchema] = {}
    for tile in boards.dashboard(dm, actor, dashboard_id).tiles:
        for name, column in _columns(dm, actor, tile, known):
            counted[name] += 1
            kinds[name] = kind_of(column)
    found = sorted(counted, key=lambda name: (-counted[name], name))
    return tuple(Candidate(name, kinds[name], counted[name]) for name in found)


def values(dm: DataMind, actor: Actor, dashboard_id: UUID, column: str) -> tuple[str, ...]:
    """Up to 200 values of a "table.column" that a tile of the dashboard reads, as text.

    Empty where the data does not tell within three seconds, or no tile reads it.
    """
    known: dict[UUID, DatabaseSchema] = {}
    for tile in boards.dashboard(dm, actor, dashboard_id).tiles:
        if tile.connection_id is None or column not in dict(_columns(dm, actor, tile, known)):
            continue
        held = known[tile.connection_id]
        asked = Query(
            tile.connection_id, chips.filters.values_sql(column, held.guarded_as), purpose="probe"
        )
        try:
            found = query.run(dm, actor, asked, known=held, seconds=LOOK_UP_SECONDS)
        except DataMindError:
            return ()
        return tuple(str(v) for v in found.table.column(0).to_pylist()[:MOST_VALUES])
    return ()


def restrictions(
    board: Board, given: Given, clicked: Sequence[Restriction], today: date
) -> tuple[Restriction, ...]:
    """What filters and clicks ask of the tiles: answers given, else the defaults."""
    asked = []
    for one in board.filters:
        answer = given.get(one.name, one.default)
        if one.kind == "date":
            answer = periods.days(answer, today)
        if any(value not in (None, "") for value in answer):
            asked.append(Restriction(one.name, one.kind, one.columns, answer))
    return (*asked, *clicked)


def kind_of(column: SchemaColumn) -> FilterKind:
    """How a column is best asked for: by days, from a list, by what it contains, by size."""
    kind = column.data_type.upper()
    if kind.startswith(("DATE", "TIMESTAMP")):
        return "date"
    numeric = any(word in kind for word in ("INT", "DEC", "NUM", "FLOAT", "DOUBLE", "REAL"))
    if numeric and not (column.primary_key or column.references):
        return "number"
    many = column.distinct_count is not None and column.distinct_count > MOST_VALUES
    return "text" if many and not numeric else "list"


def _columns(
    dm: DataMind, actor: Actor, tile: Tile, known: dict[UUID, DatabaseSchema]
) -> list[tuple[str, SchemaColumn]]:
    """The columns of the tables that a tile reads; none where its data cannot be reached."""
    if tile.connection_id is None:
        return []
    try:
        if tile.connection_id not in known:
            known[tile.connection_id] = schema.read(dm, actor, tile.connection_id)
    except DataMindError:
        return []
    held = known[tile.connection_id]
    tables = [held.table(name) for name in restricting.reads(tile.sql, held)]
    return [(f"{t.name}.{c.name}", c) for t in tables if t for c in t.columns]


def check(filters: Sequence[Filter]) -> None:
    """Raise BadInput for filters that a dashboard cannot have."""
    if len(filters) > MOST_FILTERS:
        raise BadInput(f"A dashboard has at most {MOST_FILTERS} filters.", "Remove one first.")
    names = [one.name for one in filters]
    if len(names) != len(set(names)) or not all(n.isidentifier() and len(n) <= 60 for n in names):
        raise BadInput("Two filters cannot be told apart.", "Give each its own label.")
    for one in filters:
        if not 1 <= len(one.label.strip()) <= 100:
            raise BadInput("A filter needs a label of 1 to 100 characters.", "Give it one.")
        tables = [column.rpartition(".")[0] for column in one.columns]
        if not tables or not all(tables) or len(tables) != len(set(tables)):
            raise BadInput(
                f"The filter “{one.label}” needs one column of each table it restricts.",
                "Choose its columns again.",
            )
