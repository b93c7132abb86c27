"""A desk for the tests of the analysts, over a real SQLite file in memory, and a small shop."""

import sqlite3
from collections.abc import Callable
from datetime import date

import pyarrow as pa

from core.analyst.base import Example, ValueHit
from core.errors import QueryFailed
from core.types import (
    DatabaseSchema,
    Draft,
    ModelCall,
    QueryResult,
    Question,
    SchemaColumn,
    Table,
    Turn,
    Usage,
)

TODAY = date(2026, 11, 18)

SHOP = DatabaseSchema(
    "sqlite",
    (
        Table(
            "orders",
            (
                SchemaColumn("id", "INTEGER", nullable=False, primary_key=True),
                SchemaColumn("customer_id", "INTEGER", references="customers.id"),
                SchemaColumn("ordered_on", "DATE", samples=("2026-10-03", "2026-11-02")),
                SchemaColumn("amount", "REAL", description="Paid, in euros, with tax"),
            ),
            row_count=4,
        ),
        Table(
            "customers",
            (
                SchemaColumn("id", "INTEGER", nullable=False, primary_key=True),
                SchemaColumn("name", "TEXT", nullable=False, samples=("Ada", "Bo")),
                SchemaColumn(
                    "cntry", "TEXT", business_term="Country", samples=("DE", "AT"), distinct_count=2
                ),
            ),
            row_count=2,
            description="People who bought at least once",
        ),
    ),
)

ROWS = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cntry TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_on DATE, amount REAL);
INSERT INTO customers VALUES (1, 'Ada', 'DE'), (2, 'Bo', 'AT');
INSERT INTO orders VALUES
    (1, 1, '2026-10-03', 40), (2, 1, '2026-10-09', 2.5), (3, 2, '2026-11-02', 10),
    (4, 2, '2026-11-05', 5);
"""


def ask(text: str, *history: Turn, schema: DatabaseSchema = SHOP) -> Question:
    """A question on the shop's data, asked on a Wednesday in November."""
    return Question(text, schema, TODAY, history)


class ShopDesk:
    """Everything an analyst may use, and a record of what it used."""

    def __init__(self, schema: DatabaseSchema = SHOP) -> None:
        self.schema = schema
        self.steps: list[str] = []
        self.streamed: list[str] = []
        self.spent: list[Usage] = []
        self.tried: list[str] = []
        self.stopped = False
        self.shows_values = True
        self.calls: list[ModelCall] = []
        self.doubted: list[str] = []
        self.suspicions: dict[str, tuple[str, ...]] = {}
        self.examples: tuple[Example, ...] = ()
        self.on_stream: Callable[[], None] = lambda: None

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        wanted = [word.strip("?").lower() for word in words.split()]
        fitting = [t for t in self.schema.tables if any(word in t.name for word in wanted)]
        return tuple(fitting[:limit])

    def verified(self, words: str, limit: int = 3) -> tuple[Example, ...]:
        return self.examples[:limit]

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        hits = [
            ValueHit(table.name, column.name, sample)
            for table in self.schema.tables
            for column in table.columns
            for sample in column.samples
            if any(text.lower() in sample.lower() for text in texts)
        ]
        return tuple(hits[:limit])

    def try_sql(self, sql: str) -> QueryResult:
        self.tried.append(sql)
        shop = sqlite3.connect(":memory:")
        try:
            shop.executescript(ROWS)
            cursor = shop.execute(sql)
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        except sqlite3.Error as error:
            raise QueryFailed(f"The database said: {error}.") from error
        finally:
            shop.close()
        return QueryResult(pa.table({n: [row[i] for row in rows] for i, n in enumerate(names)}))

    def emit(self, step: str) -> None:
        self.steps.append(step)

    def stream(self, text: str) -> None:
        self.streamed.append(text)
        self.on_stream()

    def spend(self, call: ModelCall) -> None:
        self.spent.append(call.usage)
        self.calls.append(call)

    def doubts(self, question: Question, draft: Draft, result: QueryResult) -> tuple[str, ...]:
        self.doubted.append(draft.sql)
        return self.suspicions.get(draft.sql, ())

    def agree(self, one: QueryResult, other: QueryResult) -> bool:
        return one.table.to_pylist() == other.table.to_pylist()

    def cancelled(self) -> bool:
        return self.stopped
