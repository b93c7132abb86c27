"""A query and its result: how sure the answer is, and why."""

import sqlite3
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest

from core import guard, trust
from core.errors import QueryCancelled, QueryFailed
from core.types import DatabaseSchema, Draft, QueryResult, Question, SchemaColumn, Table

TODAY = date(2026, 11, 18)

SCHEMA = DatabaseSchema(
    "sqlite",
    (
        Table("customers", (
            SchemaColumn("id", "INTEGER", primary_key=True),
            SchemaColumn("name", "TEXT"),
            SchemaColumn("country", "TEXT", samples=("Germany", "France")),
        )),
        Table("orders", (
            SchemaColumn("id", "INTEGER", primary_key=True),
            SchemaColumn("customer_id", "INTEGER", references="customers.id"),
            SchemaColumn("ordered_on", "DATE"),
            SchemaColumn("total", "REAL"),
        )),
        Table("items", (
            SchemaColumn("id", "INTEGER", primary_key=True),
            SchemaColumn("order_id", "INTEGER", references="orders.id"),
            SchemaColumn("sku", "TEXT"),
            SchemaColumn("amount", "REAL"),
        )),
        Table("stock", (SchemaColumn("sku", "TEXT"), SchemaColumn("on_hand", "INTEGER"))),
        Table("prices", (SchemaColumn("sku", "TEXT"), SchemaColumn("price", "REAL"))),
    ),
)  # fmt: skip

ROWS = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_on DATE, total REAL);
CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER, sku TEXT, amount REAL);
CREATE TABLE stock (sku TEXT, on_hand INTEGER);
CREATE TABLE prices (sku TEXT, price REAL);
INSERT INTO customers VALUES (1, 'Ada', 'Germany'), (2, 'Bo', 'France'), (3, 'Cem', 'Georgia');
INSERT INTO orders VALUES
    (1, 1, '2026-01-03', 40), (2, 1, '2026-10-09', 2), (3, 2, '2026-11-02', 10);
INSERT INTO items VALUES (1, 1, 'a', 30), (2, 1, 'b', 10), (3, 2, 'a', 2), (4, 3, 'b', 10);
INSERT INTO stock VALUES ('a', 5), ('b', 6);
INSERT INTO prices VALUES ('a', 1), ('a', 2), ('b', 3);
"""


class Shop:
    """The shop's rows, a record of what was asked of them, and how a question is tried."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(ROWS)
        self.asked: list[str] = []
        self.problem: Exception | None = None

    def run(self, sql: str) -> QueryResult:
        self.asked.append(sql)
        if self.problem:
            raise self.problem
        safe = guard.check(sql, "sqlite", guard.Policy.of(SCHEMA))
        cursor = self.database.execute(safe.sql)
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        return QueryResult(pa.table({n: [r[i] for r in rows] for i, n in enumerate(names)}))

    def case(self, sql: str, *assumptions: str, problem: Exception | None = None) -> trust.Case:
        safe = guard.check(sql, "sqlite", guard.Policy.of(SCHEMA))
        reading = guard.reading(safe, SCHEMA, TODAY)
        result = self.run(sql)
        self.asked.clear()
        self.problem = problem
        question = Question("?", SCHEMA, TODAY)
        draft = Draft(sql, "Something", tuple(assumptions))
        return trust.Case(question, draft, result, reading, self.run)


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.database.close()


GRADES = [
    # --- everything was checked
    ("SELECT SUM(total) AS revenue FROM orders", "checked", "columns of the data: orders"),
    ("SELECT SUM(o.total) AS revenue FROM orders o JOIN customers c ON c.id = o.customer_id "
     "WHERE c.country = 'Germany'", "checked", "Country “Germany” exists"),
    ("SELECT SUM(o.total) AS revenue FROM orders o JOIN customers c ON c.id = o.customer_id "
     "WHERE c.country = 'Georgia'", "single", "no values"),
    ("SELECT COUNT(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id "
     "WHERE c.country = 'Georgia'", "checked", "Country “Georgia” exists"),
    ("SELECT SUM(total) AS revenue FROM orders WHERE ordered_on >= '2026-10-01' "
     "AND ordered_on < '2026-11-01'", "checked", "Jan 3, 2026 to Nov 2, 2026"),
    ("SELECT SUM(i.amount) AS amount FROM items i JOIN orders o ON o.id = i.order_id "
     "JOIN customers c ON c.id = o.customer_id", "checked", "No join repeats"),
    # --- something speaks against it
    ("SELECT COUNT(*) AS n FROM customers WHERE country = 'Germny'", "guess",
     "There is no country “Germny” in the data; near is Germany"),
    ("SELECT COUNT(*) AS n FROM orders WHERE ordered_on < '2019-01-01'", "guess", "outside"),
    ("SELECT SUM(o.total) AS revenue FROM orders o JOIN items i ON i.order_id = o.id", "guess",
     "Joining items repeats rows of orders, so revenue counts"),
    ("SELECT COUNT(*) AS n FROM orders, customers", "guess", "joined without a key"),
    ("SELECT SUM(s.on_hand) AS units FROM stock s JOIN prices p ON p.sku = s.sku", "guess",
     "Joining prices repeats rows of stock"),
    # --- not everything could be checked
    ("SELECT SUM(i.amount) AS amount FROM items i JOIN stock s ON s.sku = i.sku", "single",
     "not declared as a key"),
    ("SELECT SUM(total) AS revenue FROM orders WHERE ordered_on >= '2025-01-01' "
     "AND ordered_on < '2026-11-01'", "single", "only a part of the dates"),
    ("SELECT 1 AS n", "single", "reads no table"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "level", "reason"), GRADES, ids=[s[:60] for s, _, _ in GRADES])
def test_a_grade_and_its_reason(shop: Shop, sql: str, level: str, reason: str) -> None:
    found = shop.case(sql).grade()
    told = [r.text for r in found.reasons]
    assert found.level == level, told
    assert any(reason in text for text in told), told


def test_a_corrected_word_is_never_quite_sure(shop: Shop) -> None:
    sql = "SELECT SUM(total) AS revenue FROM orders"
    assert shop.case(sql, "I read “revenu” as “revenue”.").grade().level == "single"
    assert shop.case(sql, "Revenue is orders.total.").grade().level == "checked"
    assert shop.case(sql).grade(score=0.2).level == "guess"


def test_a_verified_answer_is_verified_without_a_look_at_the_data(shop: Shop) -> None:
    case = shop.case("SELECT COUNT(*) AS n FROM customers WHERE country = 'Georgia'")
    found = case.grade(verified="Customers by country")
    assert (found.level, found.reasons[0].text) == (
        "verified", "It matches the verified answer “Customers by country”.",
    )  # fmt: skip
    assert shop.asked == []


def test_a_look_that_fails_is_not_held_against_the_answer(shop: Shop) -> None:
    sql = "SELECT COUNT(*) AS n FROM customers WHERE country = 'Georgia'"
    found = shop.case(sql, problem=QueryFailed("Out of order.")).grade()
    assert found.level == "single"
    assert any("could not be looked up" in r.text for r in found.reasons)


def test_stop_reaches_through(shop: Shop) -> None:
    sql = "SELECT COUNT(*) AS n FROM customers WHERE country = 'Georgia'"
    with pytest.raises(QueryCancelled):
        shop.case(sql, problem=QueryCancelled("Stopped.")).grade()


def test_few_looks_are_taken(shop: Shop) -> None:
    many = ", ".join(f"'v{n}'" for n in range(19))
    shop.case(f"SELECT COUNT(*) AS n FROM customers WHERE country IN ({many})").grade()
    assert len(shop.asked) <= trust.MOST_PROBES


EMPTY = [
    ("SELECT SUM(o.total) AS revenue FROM orders o JOIN customers c ON c.id = o.customer_id "
     "WHERE c.country = 'Germny'",
     "There is no value. I looked for: something. "
     "There is no country “Germny” in the data; there is “Germany”."),
    ("SELECT name FROM customers WHERE country = 'Frence'",
     "Nothing was found. I looked for: something. "
     "There is no country “Frence” in the data; there is “France”."),
    ("SELECT id FROM orders WHERE ordered_on >= '2031-01-01'",
     "Nothing was found. I looked for: something. "
     "The data has ordered on from Jan 3, 2026 to Nov 2, 2026."),
    ("SELECT id FROM orders WHERE total > 1000", "Nothing was found. I looked for: something."),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "text"), EMPTY)
def test_a_result_with_nothing_tells_what_is_near(shop: Shop, sql: str, text: str) -> None:
    assert shop.case(sql).says_nothing() == text


def test_a_result_with_something_does_not(shop: Shop) -> None:
    assert shop.case("SELECT SUM(total) AS revenue FROM orders").says_nothing() == ""
