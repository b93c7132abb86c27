"""A click on a point: which rows it stands for, and the rows behind a tile."""

from pathlib import Path
from uuid import UUID

import pytest

from core.dashboards import boards, clicking, drilling, running, tiles
from core.dashboards.restricting import Restriction
from core.dashboards.tiles import NewTile
from core.datamind import DataMind
from core.errors import BadInput
from core.types import ChartSpec, DatabaseSchema, SchemaColumn, Table
from tests import factories
from tests.factories import Organization

REGION = Restriction("sales.region", "list", ("sales.region",), ("North",))
MONTHS = (
    "SELECT date_trunc('month', sold_on) AS month, region, sum(amount) AS revenue FROM sales "
    "GROUP BY 1, 2"
)


def days(first: str, last: str) -> Restriction:
    return Restriction("sales.sold_on", "date", ("sales.sold_on",), (first, last))


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


@pytest.mark.parametrize(
    ("sql", "chart", "place", "series", "asked"),
    [
        (
            "SELECT region AS where_sold, sum(amount) AS revenue FROM sales GROUP BY 1",
            ChartSpec("bar", "where_sold", ("revenue",)),
            *("North", "", (REGION,)),
        ),
        (
            MONTHS,
            ChartSpec("line", "month", ("revenue",), "region"),
            *("Aug 2026", "North", (days("2026-08-01", "2026-08-31"), REGION)),
        ),
        (
            "SELECT sold_on, sum(amount) AS revenue FROM sales GROUP BY 1",
            ChartSpec("line", "sold_on", ("revenue",)),
            *("Sep 11, 2026", "", (days("2026-09-11", "2026-09-11"),)),
        ),
        (
            "SELECT upper(region) AS region, sum(amount) AS revenue FROM sales GROUP BY 1",
            ChartSpec("bar", "region", ("revenue",)),
            *("NORTH", "", ()),
        ),
        (MONTHS, ChartSpec("line", "month", ("revenue",), "region"), "Other", "", ()),
    ],
)
def test_a_point_stands_for_rows(
    dm: DataMind,
    acme: Organization,
    sales: UUID,
    sql: str,
    chart: ChartSpec,
    place: str,
    series: str,
    asked: tuple[Restriction, ...],
) -> None:
    board = boards.create(dm, acme.analyst, "Morning")
    tile = tiles.add(dm, acme.analyst, board, NewTile("Tile", sales, sql, chart))
    shown = running.run(dm, acme.analyst, tile)
    assert clicking.clicked(dm, acme.analyst, tile, shown, place, series) == asked


def test_the_rows_behind_a_tile_heed_what_was_clicked(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    board = boards.create(dm, acme.analyst, "Morning")
    tile = tiles.add(dm, acme.analyst, board, NewTile("Tile", sales, MONTHS))
    found = drilling.rows(dm, acme.analyst, tile, (REGION, days("2026-08-01", "2026-09-30")))
    assert found.columns == ("order_id", "sold_on", "region", "product", "amount")
    assert sorted(found.table.column("order_id").to_pylist()) == [3, 5]


SCHEMA = DatabaseSchema(
    "duckdb",
    (
        Table("orders", (SchemaColumn("id", "INTEGER"), SchemaColumn("customer_id", "INTEGER"))),
        Table("customers", (SchemaColumn("id", "INTEGER"), SchemaColumn("name", "VARCHAR"))),
    ),
)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (
            "SELECT DISTINCT c.name, count(*) AS n FROM orders AS o JOIN customers AS c "
            "ON c.id = o.customer_id WHERE c.name > 'a' GROUP BY 1 HAVING count(*) > 1 "
            "ORDER BY 2 DESC LIMIT 3 OFFSET 1",
            "SELECT o.id, o.customer_id, c.name FROM orders AS o JOIN customers AS c "
            "ON c.id = o.customer_id WHERE c.name > 'a' LIMIT 1000",
        ),
        ("SELECT id FROM orders UNION ALL SELECT id FROM customers", None),
        ("WITH t AS (SELECT * FROM orders) SELECT count(*) FROM t", None),
        ("SELECT count(*) FROM (SELECT * FROM orders) AS t", None),
        ("WITH orders AS (SELECT 1 AS id) SELECT id FROM orders", None),
        ("SELECT 1", None),
    ],
)
def test_rows_are_told_only_with_certainty(sql: str, rows: str | None) -> None:
    if rows is None:
        with pytest.raises(BadInput):
            drilling.unsummed(sql, SCHEMA)
    else:
        assert " ".join(drilling.unsummed(sql, SCHEMA).split()) == rows
