"""Two small databases for the built-in analyst, and a desk over them.

The shop has declared foreign keys and runs on DuckDB and SQLite; the clinic is SQLite alone,
with abbreviated names and no keys declared, so that nothing can lean on the shop.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from core import connectors
from core.analyst.base import Example, ValueHit
from core.analyst.local import LocalAnalyst
from core.connectors.base import Target
from core.demo import shop
from core.errors import QueryFailed
from core.types import DatabaseSchema, Draft, Outcome, QueryResult, Question, Table, Turn, Usage

TODAY = date(2026, 11, 18)

SHOP = """
CREATE TABLE countries (country VARCHAR PRIMARY KEY, region VARCHAR);
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name VARCHAR, email VARCHAR,
    country VARCHAR REFERENCES countries(country), segment VARCHAR, signed_up_on DATE);
CREATE TABLE products (product_id INTEGER PRIMARY KEY, name VARCHAR, category VARCHAR,
    price DECIMAL(8,2), cost DECIMAL(8,2), launched_on DATE);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers(customer_id), ordered_at TIMESTAMP, status VARCHAR,
    channel VARCHAR, total DECIMAL(8,2));
CREATE TABLE order_items (order_item_id INTEGER PRIMARY KEY,
    order_id INTEGER REFERENCES orders(order_id),
    product_id INTEGER REFERENCES products(product_id),
    quantity INTEGER, unit_price DECIMAL(8,2), revenue DECIMAL(8,2));
CREATE TABLE refunds (refund_id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(order_id),
    refunded_on DATE, amount DECIMAL(8,2), reason VARCHAR);
CREATE TABLE marketing_spend (marketing_spend_id INTEGER PRIMARY KEY, spent_on DATE,
    channel VARCHAR, campaign VARCHAR, amount DECIMAL(8,2));
CREATE TABLE website_sessions (session_id INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers(customer_id), started_at TIMESTAMP, device VARCHAR,
    converted BOOLEAN);
CREATE TABLE subscriptions (subscription_id INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers(customer_id), plan VARCHAR,
    monthly_price DECIMAL(8,2), started_on DATE);
CREATE TABLE cancellations (cancellation_id INTEGER PRIMARY KEY,
    subscription_id INTEGER REFERENCES subscriptions(subscription_id), cancelled_on DATE,
    reason VARCHAR);
INSERT INTO countries VALUES ('Germany', 'DACH'), ('Austria', 'DACH'), ('France', 'South');
INSERT INTO customers VALUES
    (1, 'Ada', 'ada@example.com', 'Germany', 'Consumer', '2025-03-01'),
    (2, 'Bo', 'bo@example.com', 'Austria', 'Business', '2026-02-10'),
    (3, 'Cem', 'cem@example.com', 'Germany', 'Consumer', '2026-08-15'),
    (4, 'Dana', 'dana@example.com', 'France', 'Consumer', '2026-10-20');
INSERT INTO products VALUES
    (1, 'Widget', 'Tools', 10, 4, '2020-01-01'), (2, 'Gizmo', 'Gadgets', 20, 12, '2021-01-01'),
    (3, 'Lamp', 'Home', 50, 30, '2022-01-01'), (4, 'Vase', 'Home', 15, 5, '2026-01-01');
INSERT INTO orders VALUES
    (1, 1, '2026-07-05 10:00:00', 'paid', 'Web', 40),
    (2, 1, '2026-08-10 11:00:00', 'paid', 'App', 20),
    (3, 2, '2026-09-30 23:30:00', 'paid', 'Web', 60),
    (4, 3, '2026-10-03 09:00:00', 'cancelled', 'Web', 50),
    (5, 3, '2026-11-05 09:00:00', 'paid', 'App', 30),
    (6, 2, '2025-11-11 09:00:00', 'paid', 'Web', 20);
INSERT INTO order_items VALUES
    (1, 1, 1, 2, 10, 20), (2, 1, 2, 1, 20, 20), (3, 2, 2, 1, 20, 20), (4, 3, 3, 1, 50, 50),
    (5, 3, 1, 1, 10, 10), (6, 4, 3, 1, 50, 50), (7, 5, 1, 3, 10, 30), (8, 6, 2, 1, 20, 20);
INSERT INTO refunds VALUES
    (1, 1, '2026-07-20', 10, 'defective'), (2, 3, '2026-10-02', 60, 'late'),
    (3, 2, '2026-10-05', 5, 'late');
INSERT INTO marketing_spend VALUES
    (1, '2026-10-01', 'Search', 'Brand', 100), (2, '2026-10-15', 'Social', 'Autumn', 50),
    (3, '2026-11-01', 'Search', 'Brand', 80);
INSERT INTO website_sessions VALUES
    (1, 1, '2026-11-16 09:00:00', 'Mobile', FALSE), (2, 1, '2026-11-16 18:00:00', 'Desktop', TRUE),
    (3, 2, '2026-11-16 10:00:00', 'Mobile', FALSE), (4, 3, '2026-11-17 11:00:00', 'Mobile', TRUE);
INSERT INTO subscriptions VALUES
    (1, 1, 'Basic', 10, '2025-04-01'), (2, 2, 'Plus', 20, '2026-03-01'),
    (3, 3, 'Plus', 20, '2026-09-01');
INSERT INTO cancellations VALUES (1, 1, '2026-10-15', 'price');
"""

CLINIC = """
CREATE TABLE doctors (doctor_id INTEGER PRIMARY KEY, full_nm TEXT, specialty TEXT, salary INTEGER);
CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, full_nm TEXT, birth_dt TEXT, gender TEXT,
    city TEXT);
CREATE TABLE appointments (appt_id INTEGER PRIMARY KEY, doctor_id INTEGER, patient_id INTEGER,
    appt_dt TEXT, sts TEXT, fee_amt REAL);
INSERT INTO doctors VALUES (1, 'Dr Frost', 'Cardiology', 9000),
    (2, 'Dr Gale', 'Dermatology', 7000),
    (3, 'Dr Hart', 'Cardiology', 8000);
INSERT INTO patients VALUES (1, 'Iris', '1980-05-05', 'F', 'Bonn'),
    (2, 'Jon', '1995-01-01', 'M', 'Ulm'), (3, 'Kim', '2001-12-24', 'F', 'Ulm');
INSERT INTO appointments VALUES (1, 1, 1, '2026-09-01', 'kept', 100),
    (2, 1, 2, '2026-10-10', 'kept', 150),
    (3, 2, 2, '2026-10-20', 'missed', 80), (4, 1, 1, '2026-11-02', 'kept', 120);
"""


@dataclass
class Place:
    """A database with its schema as the connector reads it, and a desk over it."""

    schema: DatabaseSchema
    database: "duckdb.DuckDBPyConnection | sqlite3.Connection"

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        return self.schema.tables[:limit]

    def verified(self, words: str, limit: int = 3) -> tuple[Example, ...]:
        return ()

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        return tuple(hit for text in texts for hit in self._equal(text)[:limit])

    def _equal(self, text: str) -> list[ValueHit]:
        found = []
        for table in self.schema.tables:
            for column in table.columns:
                if "CHAR" in column.data_type.upper() or column.data_type.upper() == "TEXT":
                    rows = self.database.execute(
                        f'SELECT DISTINCT "{column.name}" FROM "{table.name}" '
                        f'WHERE lower("{column.name}") = ?',
                        (text.lower(),),
                    ).fetchall()
                    found += [ValueHit(table.name, column.name, row[0]) for row in rows]
        return found

    def try_sql(self, sql: str) -> QueryResult:
        raise QueryFailed("No probes in these tests.")

    def emit(self, step: str) -> None: ...

    def stream(self, text: str) -> None: ...

    def spend(self, usage: Usage) -> None: ...

    def cancelled(self) -> bool:
        return False

    def ask(self, *questions: str, today: date = TODAY) -> Outcome:
        """The outcome of the last question, the others being the turns before it."""
        analyst, turns = LocalAnalyst(), ()
        outcome: Outcome | None = None
        for text in questions:
            outcome = analyst.draft(Question(text, self.schema, today, turns), self)
            if isinstance(outcome, Draft):
                turns = (*turns, Turn(text, sql=outcome.sql, plan=outcome.plan))
        assert outcome is not None
        return outcome

    def rows(self, draft: Draft) -> list[list[Any]]:
        """What the draft's SQL really gives, as plain values."""
        return plain(self.database.execute(draft.sql).fetchall())


def plain(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows as JSON would hold them, the same on every engine."""
    return [[_plain(value) for value in row] for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return round(float(value), 2)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return value


def duckdb_shop(folder: Path) -> Place:
    """The shop on DuckDB."""
    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as writer:
        writer.execute(SHOP)
    connector = connectors.open("duckdb", Target("shop", "1", paths=(path,)))
    schema = connector.read_schema()
    connector.close()
    reader = duckdb.connect()
    reader.execute(SHOP)
    return Place(schema, reader)


def sqlite_place(folder: Path, name: str, script: str) -> Place:
    """A script on SQLite."""
    path = folder / f"{name}.sqlite"
    database = sqlite3.connect(path)
    database.executescript(script)
    database.commit()
    schema = connectors.open("sqlite", Target(name, "1", paths=(path,))).read_schema()
    return Place(schema, database)


def demo_shop(folder: Path) -> Place:
    """The demo's own data, from October 2025 to yesterday."""
    path = folder / "demo.duckdb"
    shop.build(path, yesterday=date(2026, 11, 17), start=date(2025, 10, 1))
    connector = connectors.open("duckdb", Target("demo", "1", paths=(path,)))
    schema = connector.read_schema()
    connector.close()
    copy = folder / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    return Place(schema, duckdb.connect(str(copy), read_only=True))
