"""Reading chips: what can be changed of a query, each change proven on its tree and by engines."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest

from core import chips, guard
from core.errors import BadInput, DataMindError
from core.types import Chip, DatabaseSchema, SchemaColumn, Table
from tests.core import reading_engines
from tests.core.reading_engines import Ask
from tests.core.test_reading import ALLOWED, DIALECTS, engine

TODAY = date(2025, 3, 15)
Y24 = (date(2024, 1, 1), date(2024, 12, 31))
ALL_TIME = (None, None)


def of(sql: str, dialect: str = "postgres") -> tuple[Chip, ...]:
    return chips.chips(sql, reading_engines.schema(dialect), TODAY)


def labels(sql: str, dialect: str = "postgres") -> list[str]:
    return [chip.label for chip in of(sql, dialect)]


def edited(sql: str, key: str, values: tuple[Any, ...], dialect: str = "postgres") -> str:
    made = chips.edited(sql, reading_engines.schema(dialect), TODAY, key, values)
    return " ".join(made.split()).replace("( ", "(").replace(" )", ")")


WINDOW = "ordered_at >= '2025-01-01' AND ordered_at < '2025-04-01'"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT status, SUM(total) AS revenue FROM orders GROUP BY status ORDER BY 2 DESC LIMIT 5",
         ["sum of total", "by status", "top 5"]),
        ("SELECT status, COUNT(*) FROM orders GROUP BY 1", ["number of orders", "by status"]),
        (f"SELECT AVG(total) FROM orders WHERE {WINDOW}",
         ["average total", "Jan 1 – Mar 31, 2025"]),
        ("SELECT id FROM orders WHERE status = 'paid' LIMIT 3", ["status: paid", "first 3 rows"]),
        ("SELECT id FROM orders WHERE status IN ('a', 'b', 'c', 'd')", ["status: a, b, c +1"]),
        ("SELECT id FROM orders WHERE NOT status IN ('a', 'b')", ["status: not a, b"]),
        ("SELECT id FROM orders WHERE status <> 'a' AND customer_id = 7",
         ["status: not a", "customer id: 7"]),
        ("SELECT id FROM orders WHERE NOT (status = 'a')", ["status: not a"]),
        ("SELECT id FROM orders WHERE (status = 'a') AND (total > 3)", ["status: a"]),
        ("SELECT id FROM orders WHERE ordered_at >= '1969-12-01'", ["since Dec 1, 1969"]),
        ("WITH p AS (SELECT * FROM orders WHERE status = 'paid') SELECT COUNT(*) FROM p",
         ["status: paid"]),
        ("SELECT c.country, SUM(o.total) FROM orders o JOIN customers c ON o.customer_id = c.id "
         "WHERE c.country = 'DE' GROUP BY c.country",
         ["sum of total", "by country", "country: DE"]),
    ],
)  # fmt: skip
def test_what_can_be_changed(dialect: str, sql: str, found: list[str]) -> None:
    assert labels(sql, dialect) == found


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "sql",
    [
        # Not all rows meet it, or it says more than one thing.
        "SELECT id FROM orders WHERE status = 'a' OR total > 3",
        "SELECT id FROM orders WHERE NOT (status = 'a' OR customer_id = 3)",
        "SELECT id FROM orders WHERE status = 'a' AND status = 'b'",
        "SELECT id FROM orders WHERE LOWER(status) = 'a'",
        "SELECT id FROM orders WHERE status = CONCAT('a', 'b')",
        "SELECT o.id FROM orders o LEFT JOIN customers c "
        "ON o.customer_id = c.id AND c.country = 'DE'",
        "SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers "
        "WHERE country = 'DE')",
        "SELECT id FROM orders WHERE status = 'a' UNION SELECT id FROM staff",
        "SELECT o.id FROM orders o LEFT JOIN (SELECT id FROM customers WHERE country = 'DE') c "
        "ON o.customer_id = c.id",
        # Two windows on one column, or one that is a part of a condition.
        "WITH a AS (SELECT id FROM orders WHERE ordered_at >= '2025-01-01'), "
        "b AS (SELECT id FROM orders WHERE ordered_at >= '2024-01-01') "
        "SELECT a.id FROM a JOIN b ON a.id = b.id",
        "SELECT id FROM orders WHERE ordered_at >= '2025-01-01' OR total > 3",
        # Figures that depend on one another.
        "SELECT SUM(total) / COUNT(*) FROM orders",
        "SELECT SUM(total), AVG(total) FROM orders",
        "SELECT SUM(CASE WHEN status = 'paid' THEN total END) FROM orders",
        "SELECT COUNT(DISTINCT customer_id) FROM orders",
        "SELECT id, SUM(total) OVER (ORDER BY id) FROM orders",
        "SELECT COUNT(*) FROM orders, staff",
        # Nothing assumed, or nothing read.
        "SELECT id FROM orders",
        "SELECT 1",
        "VALUES (1)",
        "this is not SQL",
        "DELETE FROM orders",
    ],
)
def test_what_cannot_be_changed_with_certainty_has_no_chip(dialect: str, sql: str) -> None:
    assert of(sql, dialect) == ()


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT status, SUM(total) FROM orders GROUP BY status HAVING SUM(total) > 5", "measure"),
        ("SELECT status, name, COUNT(*) FROM orders JOIN staff ON orders.id = staff.id "
         "GROUP BY status, name", "group"),
        ("SELECT status, CONCAT(status, 'x'), COUNT(*) FROM orders GROUP BY 1, 2", "group"),
        ("SELECT status, COUNT(*) FROM orders GROUP BY status HAVING status <> 'x'", "group"),
        ("SELECT id, COUNT(*) FROM orders GROUP BY id", "group"),
        ("SELECT x.status, COUNT(*) FROM (SELECT * FROM orders) x GROUP BY x.status", "group"),
        ("SELECT id FROM orders ORDER BY id LIMIT 5 OFFSET 3", "limit"),
        ("SELECT id FROM (SELECT id FROM orders LIMIT 5) x", "limit"),
        ("SELECT kind FROM events WHERE seen_at >= '2025-01-01 10:30:00'", "time"),
        ("SELECT id FROM orders WHERE status >= '2025-01-01'", "time"),
    ],
)  # fmt: skip
def test_this_kind_has_no_chip(sql: str, kind: str) -> None:
    assert kind not in {chip.kind for chip in of(sql, "duckdb")}


TOP = """SELECT c.country AS country, SUM(o.total) AS revenue FROM orders o
JOIN customers c ON o.customer_id = c.id WHERE o.status = 'paid' AND
o.ordered_at >= '2025-01-01' AND o.ordered_at < '2025-04-01'
GROUP BY c.country ORDER BY revenue DESC LIMIT 10"""


@pytest.mark.parametrize(
    ("key", "values", "says"),
    [
        ("limit:", (3,), "LIMIT 3"),
        ("limit:", (), "ORDER BY revenue DESC"),
        ("filter:orders.status", ("open",), "WHERE o.status = 'open' AND o.ordered_at >="),
        ("filter:orders.status", ("open", "it's"), "o.status IN ('open', 'it''s') AND"),
        ("filter:orders.status", (), "WHERE o.ordered_at >= '2025-01-01' AND o.ordered_at <"),
        ("time:orders.ordered_at", Y24,
         "o.status = 'paid' AND o.ordered_at >= CAST('2024-01-01' AS DATE) AND "
         "o.ordered_at < CAST('2025-01-01' AS DATE) GROUP BY"),
        ("time:orders.ordered_at", ALL_TIME, "WHERE o.status = 'paid' GROUP BY"),
        ("time:orders.ordered_at", (None, date(2024, 2, 29)),
         "o.ordered_at < CAST('2024-03-01' AS DATE) GROUP BY"),
        ("group:customers.country", ("orders.status",),
         "SELECT o.status AS status, SUM(o.total) AS revenue"),
        ("group:customers.country", ("orders.status",), "GROUP BY o.status ORDER BY"),
        ("measure:orders", ("avg orders.total",),
         "AVG(o.total) AS average_total FROM orders AS o"),
        ("measure:orders", ("avg orders.total",), "ORDER BY average_total DESC"),
        ("limit:", (10,), "LIMIT 10"),
    ],
)  # fmt: skip
def test_changes(key: str, values: tuple[Any, ...], says: str) -> None:
    made = edited(TOP, key, values)
    assert says in made
    guard.check(made, "postgres")


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("limit:", (0,)),
        ("limit:", (-1,)),
        ("limit:", (10_001,)),
        ("limit:", (True,)),
        ("limit:", ("5; DROP TABLE x",)),
        ("filter:orders.status", (None,)),
        ("filter:orders.status", (True,)),
        ("filter:orders.status", (b"x",)),
        ("filter:orders.status", tuple(f"v{n}" for n in range(201))),
        ("filter:orders.status", ("a\0b",)),
        ("filter:orders.total", (3,)),
        ("group:customers.country", ("orders.total",)),
        ("group:customers.country", ("staff.name",)),
        ("group:customers.country", ()),
        ("measure:orders", ("sum customers.id",)),
        ("measure:orders", ("drop orders",)),
        ("time:orders.ordered_at", (date(1, 1, 1), None)),
        ("time:orders.ordered_at", (date(9999, 12, 31), None)),
        ("grain:orders.ordered_at", ("month",)),
        ("nothing:at.all", ()),
    ],
)
def test_what_is_no_change_of_a_chip_is_refused_in_words(key: str, values: tuple[Any, ...]) -> None:
    with pytest.raises(DataMindError):
        edited(TOP, key, values)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text",
    ["O'Neil", "'; DROP TABLE orders; --", "back\\slash", 'double"quote', "%_", "naïve 漢字 🙂",
     "-- comment", "/* x */", "a``b", "{{ x }}", ":name", "$1", "\\' OR 1=1 -- ", "a\u202eb",
     "x" * 2_000],
)  # fmt: skip
def test_values_are_values_whatever_they_hold(dialect: str, text: str) -> None:
    sql = "SELECT id FROM orders WHERE status = 'paid'"
    try:
        made = edited(sql, "filter:orders.status", (text, "b"), dialect)
    except DataMindError:
        return  # refused by the guard: never another query than the one that was meant
    [chip] = of(made, dialect)
    assert chip.values == (text, "b")


MONTHS = {
    "postgres": "CAST(DATE_TRUNC('month', o.ordered_at) AS DATE)",
    "duckdb": "DATE_TRUNC('month', o.ordered_at)",
    "sqlite": "STRFTIME('%Y-%m', o.ordered_at)",
    "mysql": "DATE_FORMAT(o.ordered_at, '%Y-%m')",
    "mariadb": "CAST(DATE_FORMAT(o.ordered_at, '%Y-%m-01') AS DATE)",
}


def by_month(dialect: str) -> str:
    month = MONTHS[dialect]
    return f"SELECT {month} AS month, COUNT(*) AS n FROM orders o GROUP BY {month} ORDER BY {month}"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_length_of_periods(dialect: str) -> None:
    sql = by_month(dialect)
    [chip] = [c for c in of(sql, dialect) if c.kind == "grain"]
    assert (chip.label, chip.values) == ("by month", ("month",))
    units = [key for key, _ in chip.options]
    assert {"day", "month", "year"} <= set(units)
    for unit in units:
        made = edited(sql, chip.key, (unit,), dialect)
        [again] = [c for c in of(made, dialect) if c.kind == "grain"]
        assert again.values == (unit,)
        assert f"as {unit}" in made.lower().replace('"', "").replace("`", "")


@pytest.fixture(scope="module", params=("sqlite", "duckdb", "postgres", "mariadb"))
def engines(request: pytest.FixtureRequest) -> Iterator[tuple[str, Ask]]:
    dialect = str(request.param)
    with ExitStack() as opened:
        made = engine(dialect, request, reading_engines.statements, opened)
        yield dialect, opened.enter_context(made)


BY_KIND = "SELECT kind, COUNT(*) AS n FROM events WHERE day >= '2025-01-01' AND day < '2025-02-01' "


@pytest.mark.parametrize(
    ("sql", "key", "values", "by_hand"),
    [
        (BY_KIND + "GROUP BY kind ORDER BY kind", "time:events.day",
         (date(2024, 2, 1), date(2024, 2, 29)),
         "SELECT kind, COUNT(*) FROM events WHERE day >= '2024-02-01' AND day < '2024-03-01' "
         "GROUP BY kind ORDER BY kind"),
        (BY_KIND + "AND kind = 'sale' GROUP BY kind", "filter:events.kind", ("view", "none"),
         BY_KIND + "AND kind = 'view' GROUP BY kind"),
        (BY_KIND + "AND kind = 'sale' GROUP BY kind ORDER BY kind", "filter:events.kind", (),
         BY_KIND + "GROUP BY kind ORDER BY kind"),
        (BY_KIND + "AND NOT kind IN ('sale') GROUP BY kind", "without:events.kind", ("view",),
         BY_KIND + "AND kind = 'sale' GROUP BY kind"),
        ("SELECT id FROM events ORDER BY id LIMIT 5", "limit:", (2,),
         "SELECT id FROM events ORDER BY id LIMIT 2"),
        ("SELECT o.status AS status, SUM(o.total) AS revenue FROM orders o JOIN customers c "
         "ON o.customer_id = c.id GROUP BY o.status, o.id ORDER BY revenue", "group:orders.status",
         ("customers.country",),
         "SELECT c.country, SUM(o.total) FROM orders o JOIN customers c ON o.customer_id = c.id "
         "GROUP BY c.country ORDER BY 2"),
        # The column of the groups is what the tables are joined by, too.
        ("SELECT b.name AS name, SUM(a.id) AS n FROM staff a JOIN products b ON a.name <> b.name "
         "AND b.category = a.name OR a.id = b.id GROUP BY b.name ORDER BY b.name",
         "group:products.name", ("products.category",),
         "SELECT b.category, SUM(a.id) FROM staff a JOIN products b ON a.name <> b.name "
         "AND b.category = a.name OR a.id = b.id GROUP BY b.category ORDER BY b.category"),
        ("SELECT status, COUNT(*) AS n FROM orders GROUP BY status ORDER BY status",
         "measure:orders", ("avg orders.total",),
         "SELECT status, AVG(total) FROM orders GROUP BY status ORDER BY status"),
        ("SELECT status, SUM(total) AS revenue FROM orders GROUP BY status ORDER BY status",
         "measure:orders", ("count orders",),
         "SELECT status, COUNT(*) FROM orders GROUP BY status ORDER BY status"),
    ],
)  # fmt: skip
def test_engines_give_what_was_meant(
    engines: tuple[str, Ask], sql: str, key: str, values: tuple[Any, ...], by_hand: str
) -> None:
    dialect, ask = engines
    made = chips.edited(sql, reading_engines.schema(dialect), TODAY, key, values)
    rows = [tuple(map(str, row)) for row in ask(made).rows]
    assert rows == [tuple(map(str, row)) for row in ask(by_hand).rows]
    assert rows


def test_engines_know_every_length_of_period(engines: tuple[str, Ask]) -> None:
    dialect, ask = engines
    sql = by_month(dialect)
    [chip] = [c for c in of(sql, dialect) if c.kind == "grain"]
    for unit, _ in chip.options:
        made = chips.edited(sql, reading_engines.schema(dialect), TODAY, chip.key, (unit,))
        rows = ask(made).rows
        assert len(rows) == {"year": 1, "quarter": 1}.get(unit, 2)
        assert sum(int(row[1]) for row in rows) == 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_allowed_query_has_chips_that_work_or_none(dialect: str) -> None:
    schema = reading_engines.schema(dialect)
    made = refused = 0
    for sql in [sql for sql, its in ALLOWED if its == dialect]:
        for chip in chips.chips(sql, schema, TODAY):
            other: tuple[Any, ...] = {
                "limit": (7,),
                "time": Y24,
                "filter": ("x",),
                "without": ("x",),
            }.get(chip.kind) or (chip.options[-1][0],)
            try:
                guard.check(chips.edited(sql, schema, TODAY, chip.key, other), dialect)
                made += 1
            except BadInput:
                refused += 1
    assert made > 20
    assert refused <= made // 10


def test_a_query_reads_in_one_line() -> None:
    schema = reading_engines.schema("postgres")
    assert chips.in_words(TOP, schema, TODAY) == (
        "Sum of total by country, orders.status is “paid”, Jan 1 – Mar 31, 2025, top 10"
    )
    assert chips.in_words("SELECT name, boss_id FROM staff", schema, TODAY) == "Name, boss id"


def test_ready_periods_end_where_the_calendar_says() -> None:
    ready = chips.times.ready(date(2026, 11, 23))
    assert ready["Last quarter"] == (date(2026, 7, 1), date(2026, 9, 30))
    assert ready["This month"] == (date(2026, 11, 1), date(2026, 11, 30))
    assert ready["Last 30 days"] == (date(2026, 10, 24), date(2026, 11, 22))
    assert chips.times.ready(date(2026, 1, 1))["Last year"] == (
        date(2025, 1, 1),
        date(2025, 12, 31),
    )


NUMBERED = Table(
    "2024 sales",
    (
        SchemaColumn("1st", "VARCHAR", samples=("a",)),
        SchemaColumn("<b>x</b>", "VARCHAR"),
        SchemaColumn("select", "DOUBLE"),
    ),
)


@pytest.mark.parametrize("engine_name", ["duckdb", "sqlite", "postgres"])
def test_names_that_need_quotes(engine_name: str) -> None:
    schema = DatabaseSchema(engine_name, (NUMBERED,))
    sql = """SELECT "1st", SUM("select") AS n FROM "2024 sales" GROUP BY "1st" """
    group = chips.edited(sql, schema, TODAY, "group:2024 sales.1st", ("2024 sales.<b>x</b>",))
    assert '"<b>x</b>"' in group
    measure = chips.edited(sql, schema, TODAY, "measure:2024 sales", ("avg 2024 sales.select",))
    assert 'AVG("2024 sales"."select")' in measure
