"""Filters restrict the tiles that have the column, as parameters, on every engine's SQL."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from core import guard
from core.dashboards import boards, filtering, periods, restricting, running, tiles
from core.dashboards.restricting import Restriction
from core.dashboards.tiles import NewTile
from core.dashboards.views import Filter, Value
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.types import DatabaseSchema, SchemaColumn, Table
from tests import factories
from tests.factories import TODAY, Organization

ENGINES = [("duckdb", ""), ("postgres", ""), ("mysql", ""), ("mysql", "mariadb"), ("sqlite", "")]
ORDERS = Table(
    "orders",
    (
        *(SchemaColumn("id", "INTEGER"), SchemaColumn("customer_id", "INTEGER")),
        *(SchemaColumn("ordered_at", "TIMESTAMP"), SchemaColumn("total", "DECIMAL(12,2)")),
    ),
)
CUSTOMERS = Table(
    "customers",
    (
        *(SchemaColumn("id", "INTEGER"), SchemaColumn("country", "VARCHAR")),
        *(SchemaColumn("order", "VARCHAR"), SchemaColumn("since", "VARCHAR")),
    ),
)
COUNTRY = Restriction("country", "list", ("customers.country",), ("Germany", "O'Hara"))
PERIOD = Restriction("period", "date", ("orders.ordered_at",), ("2026-01-01", "2026-03-31"))
SIZE = Restriction("size", "number", ("orders.total",), ("10", None))
WORDS = Restriction("words", "text", ("customers.order",), ("50%_a!",))

JOINED = "SELECT count(*) AS n FROM orders AS o LEFT JOIN customers c ON c.id = o.customer_id"
CASES = {
    JOINED: ("country", "period", "size", "words"),
    "SELECT count(*) AS n FROM orders": ("period", "size"),
    "SELECT count(*) AS n FROM orders WHERE total > 5 OR total < 1": ("period", "size"),
    "WITH paid AS (SELECT * FROM orders) SELECT count(*) AS n FROM paid": ("period", "size"),
    "SELECT 1 AS n FROM orders WHERE customer_id IN (SELECT id FROM customers)": (
        *("country", "period", "size", "words"),
    ),
    "SELECT id FROM orders UNION ALL SELECT id FROM customers ORDER BY 1 LIMIT 5": (
        *("country", "period", "size", "words"),
    ),
    "SELECT n FROM (SELECT count(*) AS n FROM customers) AS t": ("country", "words"),
    "WITH customers AS (SELECT 1 AS country) SELECT country FROM customers": (),
    "SELECT 1 AS n": (),
}


def of(dialect: str, engine: str) -> DatabaseSchema:
    return DatabaseSchema(dialect, (ORDERS, CUSTOMERS), engine=engine)


@pytest.mark.parametrize(("dialect", "engine"), ENGINES)
@pytest.mark.parametrize("sql", CASES)
def test_a_restriction_is_bound_where_its_column_is_read(
    sql: str, dialect: str, engine: str
) -> None:
    schema = of(dialect, engine)
    found = restricting.restricted(sql, schema, (COUNTRY, PERIOD, SIZE, WORDS))
    assert sorted(found.heeded) == sorted(CASES[sql])
    safe = guard.check(found.sql, schema.guarded_as, guard.Policy.of(schema), params=found.params)
    assert safe.params == found.params
    assert "O'Hara" not in safe.sql
    if "country" in found.heeded:
        assert {"Germany", "O'Hara"} <= set(map(str, safe.params.values()))
    if "period" in found.heeded:
        assert {date(2026, 1, 1), date(2026, 4, 1)} <= {
            v for v in safe.params.values() if isinstance(v, date)
        }
    if "words" in found.heeded:
        assert "%50!%!_a!!%" in safe.params.values()


def test_a_condition_joins_others_as_a_whole() -> None:
    sql = "SELECT id FROM orders WHERE total > 5 OR total < 1"
    text = restricting.restricted(sql, of("duckdb", ""), (SIZE,)).sql
    assert " ".join(text.split()).endswith(
        "( total > 5 OR total < 1 ) AND orders.total >= :dm_value_0"
    )


@pytest.mark.parametrize(
    ("values", "bound"),
    [
        (("2026-01-01", None), [date(2026, 1, 1)]),
        ((None, "2026-01-31"), [date(2026, 2, 1)]),
        (("yesterday-ish", ""), []),
        ((), []),
    ],
)
def test_open_and_unreadable_days(values: tuple[Value, ...], bound: list[date]) -> None:
    asked = Restriction("p", "date", ("orders.ordered_at",), values)
    found = restricting.restricted("SELECT id FROM orders", of("duckdb", ""), (asked,))
    assert list(found.params.values()) == bound
    assert found.heeded == (("p",) if bound else ())


def test_days_kept_as_text_are_compared_as_text() -> None:
    asked = Restriction("p", "date", ("customers.since",), ("2026-01-01", "2026-01-31"))
    found = restricting.restricted("SELECT id FROM customers", of("sqlite", ""), (asked,))
    assert list(found.params.values()) == ["2026-01-01", "2026-02-01"]


def test_sql_that_looks_like_ours_is_left_alone() -> None:
    sql = "SELECT id AS dm_value_0 FROM orders"
    assert restricting.restricted(sql, of("duckdb", ""), (SIZE,)).heeded == ()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("last_7_days", "2026-10-08", "2026-10-14"),
        ("this_month", "2026-10-01", "2026-10-31"),
        ("last_month", "2026-09-01", "2026-09-30"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_named_period_is_that_of_the_day(name: str, first: str, last: str) -> None:
    assert periods.days((name,), TODAY) == (first, last)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
@pytest.mark.parametrize("name", periods.NAMES)
def test_every_period_has_its_days_on_every_day(name: str, today: date) -> None:
    first, last = periods.days((name,), today)
    assert first is not None
    assert last is not None
    assert first <= last


# --- on a dashboard ----------------------------------------------------------------------

REGION = Filter("region", "list", "Region", ("sales.region",))
SOLD = Filter("sold", "date", "Sold", ("sales.sold_on",), ("last_quarter",))


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


@pytest.fixture
def board(dm: DataMind, acme: Organization) -> UUID:
    return boards.create(dm, acme.analyst, "Morning")


@pytest.fixture
def total(dm: DataMind, acme: Organization, board: UUID, sales: UUID) -> UUID:
    sql = "SELECT sum(amount) AS total FROM sales"
    return tiles.add(dm, acme.analyst, board, NewTile("Total", sales, sql))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 1150.0),
        ({"sold": ()}, 1300.0),
        ({"region": ("North",), "sold": ()}, 529.75),
        ({"region": ("North", "South"), "sold": ("2026-10-01", "2026-10-02")}, 150.0),
        ({"region": ("' OR 1=1 --",), "sold": ()}, None),
        ({"nothing": ("x",), "sold": ("", "")}, 1300.0),
    ],
)
def test_answers_restrict_a_tile(
    dm: DataMind,
    acme: Organization,
    board: UUID,
    total: UUID,
    given: filtering.Given,
    expected: float | None,
) -> None:
    filtering.keep(dm, acme.analyst, board, (REGION, SOLD))
    opened = boards.dashboard(dm, acme.analyst, board)
    asked = filtering.restrictions(opened, given, (), TODAY)
    shown = running.run(dm, acme.analyst, total, asked=asked)
    found = shown.result.table.column(0).to_pylist()[0]
    assert (None if found is None else float(found)) == expected


def test_what_fails_under_a_filter_is_not_kept_as_the_tiles_fault(
    dm: DataMind, acme: Organization, board: UUID, total: UUID
) -> None:
    running.run(dm, acme.analyst, total)
    before = boards.dashboard(dm, acme.analyst, board)
    asked = (Restriction("r", "list", ("sales.region",), ("North",)),)
    running.run(dm, acme.analyst, total, asked=asked)
    assert boards.dashboard(dm, acme.analyst, board) == before


def test_columns_to_choose_from_are_those_that_tiles_read(
    dm: DataMind, acme: Organization, board: UUID, total: UUID
) -> None:
    found = {c.column: (c.kind, c.tiles) for c in filtering.candidates(dm, acme.analyst, board)}
    assert found == {
        "sales.amount": ("number", 1), "sales.order_id": ("number", 1),
        "sales.product": ("list", 1), "sales.region": ("list", 1), "sales.sold_on": ("date", 1),
    }  # fmt: skip


def test_values_are_offered_of_columns_that_tiles_read_only(
    dm: DataMind, acme: Organization, board: UUID, total: UUID
) -> None:
    assert filtering.values(dm, acme.analyst, board, "sales.region") == ("North", "South")
    assert filtering.values(dm, acme.analyst, board, "people.salary") == ()


@pytest.mark.parametrize(
    "filters",
    [
        [REGION, REGION],
        [Filter("x y", "list", "X", ("sales.region",))],
        [Filter("x", "list", " ", ("sales.region",))],
        [Filter("x", "list", "X", ())],
        [Filter("x", "list", "X", ("region",))],
        [Filter("x", "list", "X", ("sales.region", "sales.product"))],
        [Filter(f"x{n}", "list", "X", ("sales.region",)) for n in range(13)],
    ],
)
def test_filters_that_cannot_be_are_refused(
    dm: DataMind, acme: Organization, board: UUID, filters: list[Filter]
) -> None:
    with pytest.raises(BadInput):
        filtering.keep(dm, acme.analyst, board, filters)


def test_a_viewer_does_not_change_filters(dm: DataMind, acme: Organization, board: UUID) -> None:
    boards.share(dm, acme.analyst, board, True)
    with pytest.raises(NotAllowed):
        filtering.keep(dm, acme.viewer, board, (REGION,))
