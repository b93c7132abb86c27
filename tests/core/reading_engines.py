"""The tables of the reading's cases, and the engines that prove them."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import duckdb
import psycopg
import pymysql
from sqlalchemy.engine import make_url

from core.types import DatabaseSchema, SchemaColumn, Table

FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2028, 12, 31)
SCRIPT = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(40), country VARCHAR(40),
email VARCHAR(40), signed_up_on DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, status VARCHAR(20),
total DECIMAL(12, 2), ordered_at {moment});
CREATE TABLE lines_of_orders (order_id INTEGER, product_id INTEGER, quantity INTEGER,
price DECIMAL(12, 2), PRIMARY KEY (order_id, product_id));
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR(40), category VARCHAR(40),
{q}list price{q} DECIMAL(12, 2));
CREATE TABLE staff (id INTEGER PRIMARY KEY, name VARCHAR(40), boss_id INTEGER);
CREATE TABLE events (id INTEGER PRIMARY KEY, day DATE, seen_at {moment}, kind VARCHAR(20));
INSERT INTO customers VALUES (1, 'Ann', 'DE', 'a@x', '2024-02-01'),
(2, 'Bo', 'SE', 'b@x', '2024-03-01');
INSERT INTO orders VALUES (1, 1, 'paid', 10.50, '2025-01-31 10:00:00'),
(2, 2, 'open', 20, '2025-03-01 00:00:00');
INSERT INTO lines_of_orders VALUES (1, 1, 2, 5.25), (2, 1, 1, 20);
INSERT INTO products VALUES (1, 'Cup', 'kitchen', 6.00), (2, 'Pen', 'office', 1.00);
INSERT INTO staff VALUES (1, 'Eve', NULL), (2, 'Max', 1)
"""

SCHEMA = {
    "customers": "id! name country email signed_up_on:DATE",
    "orders": "id! customer_id>customers.id status total:DECIMAL ordered_at:TIMESTAMP",
    "lines_of_orders": "order_id!>orders.id product_id!>products.id quantity:INTEGER price:DECIMAL",
    "products": "id! name category list_price:DECIMAL",
    "staff": "id! name boss_id>staff.id",
    "events": "id! day:DATE seen_at:TIMESTAMP kind",
}


class Answered(NamedTuple):
    """An engine's answer: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


Ask = Callable[[str], Answered]
Prepared = Callable[[str, date], Sequence[str]]


def schema(dialect: str) -> DatabaseSchema:
    """What DataMind would know of these tables."""
    parsed_as = "mysql" if dialect == "mariadb" else dialect
    tables = [Table(name, tuple(map(_column, told.split()))) for name, told in SCHEMA.items()]
    return DatabaseSchema(parsed_as, tuple(tables), engine=dialect)


def _column(told: str) -> SchemaColumn:
    name, _, kind = told.partition(":")
    name, _, references = name.partition(">")
    key = name.endswith("!")
    name = name.rstrip("!").replace("list_price", "list price")
    return SchemaColumn(name, kind or "VARCHAR", primary_key=key, references=references or None)


def schema_of(statements: Sequence[str]) -> DatabaseSchema:
    """The schema that CREATE TABLE statements make, as SQLite tells it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        names = [r[0] for r in connection.execute("SELECT name FROM sqlite_schema WHERE sql > ''")]
        found = [(name, connection.execute(f"PRAGMA table_info({name})")) for name in names]
        return DatabaseSchema(
            "sqlite",
            tuple(
                Table(name, tuple(SchemaColumn(r[1], r[2], primary_key=r[5] > 0) for r in rows))
                for name, rows in found
            ),
        )


def statements(dialect: str, around: date) -> list[str]:
    """The tables and their rows: one event for each of many days, at different hours."""
    mysql = dialect in ("mysql", "mariadb")
    moment = "DATETIME" if mysql or dialect == "sqlite" else "TIMESTAMP"
    made = [s.format(moment=moment, q="`" if mysql else '"') for s in SCRIPT.split(";")]
    days = {FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)}
    days |= {around + timedelta(days=n) for n in range(-800, 400)}
    rows = [
        f"({n}, '{day}', '{day} {n % 24:02}:00:00', '{'view' if n % 2 else 'sale'}')"
        for n, day in enumerate(sorted(days))
    ]
    return [*made, "INSERT INTO events VALUES " + ", ".join(rows)]


@contextmanager
def sqlite(prepared: Prepared) -> Iterator[Ask]:
    """A scratch SQLite database with these tables."""
    with closing(sqlite3.connect(":memory:")) as connection:

        def ask(sql: str) -> Answered:
            cursor = connection.execute(sql)
            return Answered(_names(cursor.description), cursor.fetchall())

        yield _filled(ask, prepared("sqlite", today(ask)))


@contextmanager
def duck(prepared: Prepared) -> Iterator[Ask]:
    """A scratch DuckDB database with these tables."""
    with duckdb.connect() as connection:

        def ask(sql: str) -> Answered:
            cursor = connection.execute(sql)
            return Answered(_names(cursor.description), cursor.fetchall())

        yield _filled(ask, prepared("duckdb", today(ask)))


@contextmanager
def postgres(url: str, prepared: Prepared) -> Iterator[Ask]:
    """A fresh PostgreSQL database at the URL, with these tables."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:

        def ask(sql: str) -> Answered:
            cursor = connection.execute(sql.encode())
            rows = cursor.fetchall() if cursor.description else []
            return Answered(_names(cursor.description), rows)

        yield _filled(ask, prepared("postgres", today(ask)))


@contextmanager
def mariadb(url: str, prepared: Prepared) -> Iterator[Ask]:
    """A database of its own on a MariaDB server, with these tables."""
    place, database = make_url(url), f"reading_{uuid4().hex}"
    connection = pymysql.connect(
        host=place.host or "127.0.0.1",
        port=place.port or 3306,
        user=place.username,
        password=place.password or "",
        autocommit=True,
    )
    with connection, connection.cursor() as cursor:

        def ask(sql: str) -> Answered:
            cursor.execute(sql)
            return Answered(_names(cursor.description), cursor.fetchall())

        ask(f"CREATE DATABASE {database}")
        ask(f"USE {database}")
        try:
            yield _filled(ask, prepared("mariadb", today(ask)))
        finally:
            ask(f"DROP DATABASE {database}")


def today(ask: Ask) -> date:
    """The day that the engine itself believes it is."""
    found = ask("SELECT CURRENT_DATE").rows[0][0]
    return found if isinstance(found, date) else date.fromisoformat(str(found))


def _filled(ask: Ask, prepared: Sequence[str]) -> Ask:
    for statement in prepared:
        ask(statement)
    return ask


def _names(description: Any) -> tuple[str, ...]:
    return tuple(str(column[0]) for column in description or ())
