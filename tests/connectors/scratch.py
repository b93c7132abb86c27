"""Scratch databases with the same logical content, one maker per kind of connector.

A new connector adds one function here and one row to MAKERS.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core import connectors
from core.connectors.base import Cancel, Connector, Limits, Target
from core.types import QueryResult, SafeSelect

CUSTOMERS = [
    (1, "Müller & Söhne", "Wien", "2024-01-05"),
    (2, "O'Brien", "Dublin", "2024-02-29"),
    (3, "東京商事", None, "2024-03-01"),
]
ORDERS = [(10, 1, 12.5, 3, "paid"), (11, 1, None, 1, "paid"), (12, 2, 7.25, 2, "open")]


@dataclass(frozen=True)
class Scratch:
    """A kind's target and what only this kind knows: its heavy query, and what it must refuse."""

    kind: str
    target: Target
    heavy: str
    placeholder: str
    refused: tuple[str, ...]
    keys: bool = True

    def open(self) -> Connector:
        return connectors.open(self.kind, self.target)

    def broken(self, path: Path) -> Connector:
        return connectors.open(self.kind, Target("broken", "1", paths=(path,)))


def run(
    connector: Connector,
    sql: str,
    *,
    cap: int = 100,
    seconds: float = 10,
    max_bytes: int = 50_000_000,
    cancel: Cancel | None = None,
    **params: object,
) -> QueryResult:
    """Run SQL as if the guard had let it through."""
    safe = SafeSelect(sql=sql, dialect=connector.dialect, cap=cap, params=params)
    return connector.run(safe, Limits(seconds, max_bytes), cancel or Cancel())


def sqlite_file(folder: Path) -> Scratch:
    path = folder / "shop.sqlite"
    made = sqlite3.connect(path)
    made.executescript(
        """
        CREATE TABLE customers (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT, "seit wann ?" DATE);
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
            amount REAL, quantity INTEGER, state TEXT);
        CREATE TABLE "größe" ("wert €" INTEGER);
        CREATE VIEW paid AS SELECT * FROM orders WHERE state = 'paid';
        INSERT INTO "größe" VALUES (1);
        """
    )
    made.executemany("INSERT INTO customers VALUES (?, ?, ?, ?)", CUSTOMERS)
    made.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", ORDERS)
    made.commit()
    made.close()
    return Scratch(
        kind="sqlite",
        target=Target("scratch", "1", paths=(path,)),
        heavy="WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n",
        placeholder=":",
        refused=(
            "INSERT INTO customers VALUES (9, 'x', 'y', '2024-01-01')",
            "DELETE FROM orders",
            "ATTACH DATABASE '/tmp/other.sqlite' AS other",
            "PRAGMA query_only = OFF",
            "PRAGMA database_list",
            "SELECT * FROM pragma_database_list",
            "VACUUM INTO '/tmp/copy.sqlite'",
            "CREATE TEMP TABLE t (i)",
            "SELECT load_extension('x')",
            "SELECT 1; DELETE FROM orders",
        ),
    )


_REFUSED_BY_DUCKDB = (
    "INSERT INTO customers VALUES (9, 'x', 'y', '2024-01-01')",
    "DELETE FROM orders",
    "ATTACH '/tmp/other.duckdb'",
    "COPY orders TO '/tmp/orders.csv'",
    "EXPORT DATABASE '/tmp/export'",
    "PRAGMA database_list",
    "SET memory_limit = '10GB'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE TEMP TABLE t (i INT)",
    "CREATE TABLE t AS SELECT 1",
    "DETACH file1",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT 1; DELETE FROM orders",
)
_HEAVY_IN_DUCKDB = (
    "SELECT count(*) FROM range(10000000) a, range(100000) b WHERE a.range * b.range % 7 = 3"
)


def _fill(path: Path, keys: bool) -> None:
    made = duckdb.connect(str(path))
    primary = "PRIMARY KEY" if keys else ""
    foreign = "REFERENCES customers(id)" if keys else ""
    made.execute(
        f"""
        CREATE TABLE customers (
            id INTEGER {primary}, name VARCHAR NOT NULL, city VARCHAR, "seit wann ?" DATE);
        CREATE TABLE orders (
            id INTEGER {primary}, customer_id INTEGER {foreign},
            amount DOUBLE, quantity INTEGER, state VARCHAR);
        CREATE TABLE "größe" ("wert €" INTEGER);
        CREATE VIEW paid AS SELECT * FROM orders WHERE state = 'paid';
        INSERT INTO "größe" VALUES (1);
        COMMENT ON TABLE orders IS 'What was sold';
        COMMENT ON COLUMN orders.amount IS 'Amount in €';
        """
    )
    made.executemany("INSERT INTO customers VALUES (?, ?, ?, ?)", CUSTOMERS)
    made.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", ORDERS)
    made.close()


def duckdb_file(folder: Path) -> Scratch:
    path = folder / "shop.duckdb"
    _fill(path, keys=True)
    return Scratch(
        kind="duckdb",
        target=Target("scratch", "1", paths=(path,)),
        heavy=_HEAVY_IN_DUCKDB,
        placeholder="$",
        refused=_REFUSED_BY_DUCKDB,
    )


def uploads(folder: Path) -> Scratch:
    path = folder / "upload.duckdb"
    _fill(path, keys=False)
    return Scratch(
        kind="csv",
        target=Target("scratch", "1", paths=(path,)),
        heavy=_HEAVY_IN_DUCKDB,
        placeholder="$",
        refused=_REFUSED_BY_DUCKDB,
        keys=False,
    )


MAKERS: dict[str, Callable[[Path], Scratch]] = {
    "sqlite": sqlite_file,
    "duckdb": duckdb_file,
    "files": uploads,
}
