"""A shop with secrets on every engine: whatever the guard lets through is run on it for real."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import uuid4

import duckdb
import psycopg
import pymysql
from sqlalchemy.engine import make_url

from core.guard import Policy
from tests.servers import PASSWORD, USER, MariaDB

SECRET: Final = "topsecret"
OTHERS: Final = "notforyou"
TABLES: Final = {
    "customers": ("id", "name", "country", "email", "signed_up_on"),
    "orders": ("id", "customer_id", "total", "country", "status", "note"),
    "newsletter": ("id", "email"),
    "whole": ("country", "total", "note"),
}
POLICY: Final = Policy(frozenset(TABLES), TABLES, private=frozenset({"customers.email"}))
RULED: Final = Policy(frozenset(TABLES), TABLES, rows={"orders": "country = 'DE'"})
# A rule that costs an engine more than most conditions of a person's.
SLOW: Final = Policy(
    frozenset(TABLES),
    TABLES,
    rows={"orders": "upper(lower(upper(country))) LIKE 'D%' AND lower(upper(country)) <> 'it'"},
)
SECRETIVE: Final = Policy(
    frozenset(TABLES),
    TABLES,
    private=frozenset({"customers.email"}),
    rows={"orders": "country = 'DE'"},
)
BOTH: Final = Policy(
    frozenset(TABLES),
    TABLES,
    private=frozenset({"customers.email"}),
    rows={"orders": "country = 'DE'", "customers": "email LIKE 'topsecret%' AND country <> 'IT'"},
)
_SCRIPT: Final = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(40), country VARCHAR(40),"
    " email VARCHAR(40), signed_up_on DATE)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total INTEGER,"
    " country VARCHAR(40), status VARCHAR(40), note VARCHAR(40))",
    "CREATE TABLE newsletter (id INTEGER PRIMARY KEY, email VARCHAR(40))",
    "CREATE VIEW whole AS SELECT country, total, note FROM orders",
    f"INSERT INTO customers VALUES (1, 'Ada', 'DE', '{SECRET}1', '2026-01-01'),"
    f" (2, 'Bob', 'FR', '{SECRET}2', '2026-02-01'), (3, 'Eve', 'IT', '{SECRET}3', '2026-03-01')",
    "INSERT INTO orders VALUES (1, 1, 10, 'DE', 'paid', '1'), (2, 1, 20, 'DE', 'open', '2'),"
    f" (3, 2, 30, 'FR', 'paid', '{OTHERS}'), (4, 3, 40, 'IT', 'paid', '{OTHERS}'),"
    f" (5, 2, 50, NULL, 'paid', '{OTHERS}')",
    "INSERT INTO newsletter VALUES (1, 'news@shop')",
)


class Engine(Protocol):
    """One engine with the shop in it. `problems` is what it raises for a query it cannot run."""

    problems: tuple[type[Exception], ...]

    def rows(self, sql: str) -> list[tuple[Any, ...]]: ...


class _Cursor:
    def __init__(self, connection: Any, problem: type[Exception]) -> None:
        self.problems = (problem,)
        self._connection = connection
        for statement in _SCRIPT:
            self.rows(statement)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            cursor.close()


@contextmanager
def on_sqlite() -> Iterator[Engine]:
    connection = sqlite3.connect(":memory:")
    yield _Cursor(connection, sqlite3.Error)
    connection.close()


@contextmanager
def on_duckdb(_: Path | None = None) -> Iterator[Engine]:
    connection = duckdb.connect()
    yield _Cursor(connection, duckdb.Error)
    connection.close()


@contextmanager
def on_postgres(url: str) -> Iterator[Engine]:
    place = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(place, autocommit=True) as connection:
        yield _Cursor(connection, psycopg.Error)


@contextmanager
def on_mariadb(server: MariaDB) -> Iterator[Engine]:
    name = f"policy_{uuid4().hex[:8]}"
    with pymysql.connect(
        host="127.0.0.1", port=server.port, user=USER, password=PASSWORD, autocommit=True
    ) as connection:
        connection.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        connection.select_db(name)
        yield _Cursor(connection, pymysql.MySQLError)
        connection.cursor().execute(f"DROP DATABASE {name}")
