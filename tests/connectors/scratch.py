"""Scratch databases with the same logical content, one maker per kind of connector.

A new connector adds one function here and one row to MAKERS.
"""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from core import connectors
from core.connectors.base import Cancel, Connector, Limits, Target
from core.types import Mark, QueryResult, SafeSelect
from tests.servers import PASSWORD, USER, MariaDB, Postgres

CUSTOMERS = [
    (1, "Müller & Söhne", "Wien", "2024-01-05"),
    (2, "O'Brien", "Dublin", "2024-02-29"),
    (3, "東京商事", None, "2024-03-01"),
]
ORDERS = [(10, 1, 12.5, 3, "paid"), (11, 1, None, 1, "paid"), (12, 2, 7.25, 2, "open")]


Fixtures = Callable[[str], Any]


def no_fixtures(_: str) -> Any:
    """For files, which need no server."""


@dataclass(frozen=True)
class Scratch:
    """A kind's target and what only this kind knows: its heavy query, and what it must refuse."""

    kind: str
    target: Target
    heavy: str
    placeholder: str
    refused: tuple[str, ...]
    keys: bool = True
    on_a_server: bool = False
    comments: bool = True
    content: Callable[[], object] = lambda: None

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
    """Run SQL as if the guard had let it through; names are quoted as the dialect does."""
    if connector.dialect == "mysql":
        sql = sql.replace('"', "`")
    marks = tuple(
        Mark(found[1], *found.span())
        for found in re.finditer(r"[:$](\w+)", sql)
        if found[1] in params
    )
    safe = SafeSelect(sql=sql, dialect=connector.dialect, cap=cap, params=params, marks=marks)
    return connector.run(safe, Limits(seconds, max_bytes), cancel or Cancel())


def sqlite_file(folder: Path, _: Fixtures = no_fixtures) -> Scratch:
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
        comments=False,
        content=path.read_bytes,
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


def duckdb_file(folder: Path, _: Fixtures = no_fixtures) -> Scratch:
    path = folder / "shop.duckdb"
    _fill(path, keys=True)
    return Scratch(
        kind="duckdb",
        target=Target("scratch", "1", paths=(path,)),
        heavy=_HEAVY_IN_DUCKDB,
        placeholder="$",
        refused=_REFUSED_BY_DUCKDB,
        content=path.read_bytes,
    )


def uploads(folder: Path, _: Fixtures = no_fixtures) -> Scratch:
    path = folder / "upload.duckdb"
    _fill(path, keys=False)
    return Scratch(
        kind="csv",
        target=Target("scratch", "1", paths=(path,)),
        heavy=_HEAVY_IN_DUCKDB,
        placeholder="$",
        refused=_REFUSED_BY_DUCKDB,
        content=path.read_bytes,
        keys=False,
    )


def postgresql(_: Path, fixtures: Fixtures) -> Scratch:
    """A database of its own, asked as a superuser: what holds then, holds for everybody."""
    server: Postgres = fixtures("postgres")
    name = f"scratch_{uuid4().hex}"
    with server.connect() as made:
        made.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    with server.connect(name) as made:
        made.execute(
            """
            CREATE TABLE customers (
                id integer PRIMARY KEY, name text NOT NULL, city text, "seit wann ?" date);
            CREATE TABLE orders (
                id integer PRIMARY KEY, customer_id integer REFERENCES customers(id),
                amount double precision, quantity integer, state text);
            CREATE TABLE "größe" ("wert €" integer);
            CREATE VIEW paid AS SELECT * FROM orders WHERE state = 'paid';
            INSERT INTO "größe" VALUES (1);
            COMMENT ON TABLE orders IS 'What was sold';
            COMMENT ON COLUMN orders.amount IS 'Amount in €';
            """
        )
        with made.cursor() as cursor:
            cursor.executemany("INSERT INTO customers VALUES (%s, %s, %s, %s)", CUSTOMERS)
            cursor.executemany("INSERT INTO orders VALUES (%s, %s, %s, %s, %s)", ORDERS)

    def content() -> object:
        with server.connect(name) as looking:
            tables = looking.execute("SELECT relname, relkind FROM pg_class ORDER BY 1, 2")
            return (
                tables.fetchall(),
                looking.execute("SELECT * FROM customers ORDER BY id").fetchall(),
                looking.execute("SELECT * FROM orders ORDER BY id").fetchall(),
                looking.execute("SHOW work_mem").fetchall(),
            )

    return Scratch(
        kind="postgresql",
        target=Target(
            *("scratch", "1"),
            **{"host": "127.0.0.1", "port": server.port, "database": name},
            **{"username": USER, "password": PASSWORD},
        ),
        heavy="SELECT count(*) FROM generate_series(1, 10000000) a, generate_series(1, 1000) b",
        placeholder=":",
        refused=(
            "INSERT INTO customers VALUES (9, 'x', 'y', '2024-01-01')",
            "DELETE FROM orders",
            "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
            "CREATE TABLE t (i int)",
            "CREATE TEMP TABLE t (i int)",
            "SELECT 1 AS one INTO t",
            "SELECT id FROM orders FOR UPDATE",
            "COPY orders TO '/tmp/orders.csv'",
            "COPY (SELECT 1) TO PROGRAM 'cat > /tmp/orders.csv'",
            "SET work_mem = '1GB'",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "DO 'BEGIN DELETE FROM orders; END'",
            "VACUUM",
            "SELECT nextval('orders_id_seq')",
            "SELECT set_config('transaction_read_only', 'off', false)",
            "COMMIT",
            "LISTEN somebody",
            "SELECT 1; DELETE FROM orders",
        ),
        on_a_server=True,
        content=content,
    )


def mysql(_: Path, fixtures: Fixtures) -> Scratch:
    """A database of its own, asked as an account that may do everything."""
    server: MariaDB = fixtures("mariadb")
    name = f"scratch_{uuid4().hex}"
    with server.connect() as made, made.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        cursor.execute(f"USE {name}")
        for statement in _MYSQL_TABLES:
            cursor.execute(statement)
        cursor.executemany("INSERT INTO customers VALUES (%s, %s, %s, %s)", CUSTOMERS)
        cursor.executemany("INSERT INTO orders VALUES (%s, %s, %s, %s, %s)", ORDERS)

    def content() -> object:
        found = []
        with server.connect() as looking, looking.cursor() as cursor:
            cursor.execute(f"USE {name}")
            for sql in (
                "SHOW FULL TABLES",
                "SELECT * FROM customers ORDER BY id",
                "SELECT * FROM orders ORDER BY id",
                "SELECT @@GLOBAL.sort_buffer_size, @@GLOBAL.event_scheduler",
            ):
                cursor.execute(sql)
                found.append(cursor.fetchall())
        return found

    return Scratch(
        kind="mysql",
        target=Target(
            *("scratch", "1"),
            **{"host": "127.0.0.1", "port": server.port, "database": name},
            **{"username": USER, "password": PASSWORD},
        ),
        heavy="SELECT count(*) FROM seq_1_to_10000000 a, seq_1_to_10000 b "
        "WHERE a.seq * b.seq % 7 = 3",
        placeholder=":",
        refused=(
            "INSERT INTO customers VALUES (9, 'x', 'y', '2024-01-01')",
            "DELETE FROM orders",
            "CREATE TABLE t (i int)",
            "DROP TABLE orders",
            "SET GLOBAL sort_buffer_size = 12345678",
            "CREATE USER thief",
            "CALL nothing()",
            "SELECT 1 INTO @one",
            "SELECT id FROM orders INTO OUTFILE '/tmp/orders.csv'",
            "LOAD DATA INFILE '/etc/passwd' INTO TABLE customers",
            "COMMIT",
            "SELECT 1; DELETE FROM orders",
        ),
        on_a_server=True,
        content=content,
    )


_MYSQL_TABLES = (
    "CREATE TABLE customers (id integer PRIMARY KEY, name varchar(100) NOT NULL, "
    "city varchar(100), `seit wann ?` date)",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, "
    "amount double COMMENT 'Amount in €', quantity integer, state varchar(20), "
    "FOREIGN KEY (customer_id) REFERENCES customers(id)) COMMENT 'What was sold'",
    "CREATE TABLE `größe` (`wert €` integer)",
    "CREATE VIEW paid AS SELECT * FROM orders WHERE state = 'paid'",
    "INSERT INTO `größe` VALUES (1)",
)


MAKERS: dict[str, Callable[[Path, Fixtures], Scratch]] = {
    "sqlite": sqlite_file,
    "duckdb": duckdb_file,
    "files": uploads,
    "postgresql": postgresql,
    "mysql": mysql,
}
