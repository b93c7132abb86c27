"""Engines opened with every right and no lock but the guard, which tell when anything changed.

Each holds the same two tables, things that do harm when called, and `state()`: a logical
fingerprint of data, catalogue and settings, piece by piece, so that a failure names its piece.
"""

import sqlite3
from pathlib import Path
from typing import Any, Protocol

import duckdb

SECONDS = 1.5
TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(40), country VARCHAR(40))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total DECIMAL(10, 2), "
    "status VARCHAR(40))",
    "CREATE TABLE marks (id INTEGER)",
    "INSERT INTO customers VALUES (1, 'Ada', 'DE'), (2, NULL, 'FR'), (3, 'Bea', 'DE')",
    "INSERT INTO orders VALUES (1, 1, 10.5, 'paid'), (2, 1, 3, 'open'), (3, 3, 7.25, 'paid')",
)
State = dict[str, Any]


class Unguarded(Protocol):
    """An engine without locks. `ask` runs one text as it is; what it raises is `problems`.

    A `deep` state also holds what takes too long to be asked for after every query.
    """

    problems: tuple[type[Exception], ...]

    def ask(self, sql: str) -> None: ...

    def state(self, *, deep: bool = False) -> State: ...

    def close(self) -> None: ...


class OnSqlite:
    """SQLite, read-write, with functions of its owner's that do harm."""

    problems = (sqlite3.Error,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.called = 0
        self.connection = sqlite3.connect(folder / "shop.sqlite", isolation_level=None)
        for statement in TABLES:
            self.connection.execute(statement)
        for name, arguments in (("wipe", 0), ("writefile", 2), ("eval", 1), ("load_extension", 1)):
            self.connection.create_function(name, arguments, self._harm)

    def _harm(self, *_: object) -> int:
        self.called += 1
        return 1

    def ask(self, sql: str) -> None:
        steps = iter(range(2000))
        self.connection.set_progress_handler(lambda: next(steps, None) is None, 1000)
        self.connection.execute(sql).fetchall()

    def state(self, *, deep: bool = False) -> State:
        ask = self.connection.execute
        settings = ("user_version", "query_only", "foreign_keys", "journal_mode", "cache_size")
        return {
            "files": sorted(path.name for path in self.folder.iterdir()),
            "catalogue": ask("SELECT * FROM sqlite_schema").fetchall(),
            "for a while": ask("SELECT * FROM sqlite_temp_schema").fetchall(),
            "rows": [ask(f"SELECT * FROM {t}").fetchall() for t in _names(ask)],
            "written": self.connection.total_changes,
            "settings": [ask(f"PRAGMA {name}").fetchall() for name in settings],
            "attached": ask("PRAGMA database_list").fetchall(),
            "in a transaction": self.connection.in_transaction,
            "called": self.called,
        }

    def close(self) -> None:
        self.connection.close()


class OnDuckdb:
    """DuckDB, read-write, free to reach files, with a function of its owner's that does harm."""

    problems = (duckdb.Error,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.called = 0
        self.connection = duckdb.connect(folder / "shop.duckdb")
        for statement in TABLES:
            self.connection.execute(statement)
        self.connection.execute("CREATE SEQUENCE order_no")
        self.connection.execute("CREATE MACRO next_one() AS nextval('order_no')")
        self.connection.create_function("wipe", self._harm, [], "INTEGER", side_effects=True)

    def _harm(self) -> int:
        self.called += 1
        return 1

    def ask(self, sql: str) -> None:
        self.connection.execute(sql).fetchall()

    def state(self, *, deep: bool = False) -> State:
        def ask(sql: str) -> list[Any]:
            return self.connection.execute(sql).fetchall()

        return {
            "files": sorted(path.name for path in self.folder.iterdir()),
            "catalogue": ask("SELECT table_name, sql FROM duckdb_tables()"),
            "views": ask("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal"),
            "sequences": ask("SELECT sequence_name, last_value FROM duckdb_sequences()"),
            "functions": deep
            and ask("SELECT function_name FROM duckdb_functions() WHERE NOT internal"),
            "rows": [
                ask(f"SELECT * FROM {t} ORDER BY ALL") for t in ("customers", "orders", "marks")
            ],
            "settings": deep and ask("SELECT name, value FROM duckdb_settings()"),
            "variables": ask("SELECT * FROM duckdb_variables()"),
            "attached": ask("SELECT database_name FROM duckdb_databases()"),
            "called": self.called,
        }

    def close(self) -> None:
        self.connection.close()


def _names(ask: Any) -> list[str]:
    return [f'"{name}"' for (name,) in ask("SELECT name FROM sqlite_schema WHERE type = 'table'")]
