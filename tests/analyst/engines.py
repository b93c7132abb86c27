"""Small databases of our own, the same on all four engines, and the analyst's desk over them.

Everything goes the road of the chat: the schema as the connector reads it, values looked up by
the product's own desk, and each query through the guard to a real engine.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from core import connectors, guard
from core.analyst.local import LocalAnalyst
from core.connectors.base import Cancel, Connector, Limits, Target
from core.desk import QuestionDesk
from core.guard import Policy
from core.types import DatabaseSchema, Draft, Outcome, QueryResult, Question, Turn, Usage
from tests.servers import PASSWORD, USER, MariaDB, Postgres

ENGINES = ("duckdb", "sqlite", "postgresql", "mysql")
SCHEMAS = Path(__file__).parent / "schemas"
TODAY = date(2026, 11, 18)


class Database(QuestionDesk):
    """A database behind a connector, with the desk of the chat at which questions are drafted."""

    def __init__(self, connector: Connector | None, schema: DatabaseSchema | None = None) -> None:
        self.connector = connector
        self.schema = schema or connector.read_schema()
        self.policy = Policy.of(self.schema)

    def ask(self, *questions: str, today: date = TODAY) -> Outcome:
        """The outcome of the last question; the others are the turns before it."""
        analyst = LocalAnalyst()
        turns: tuple[Turn, ...] = ()
        for text in questions[:-1]:
            before = analyst.draft(Question(text, self.schema, today, turns), self)
            assert isinstance(before, Draft), f"{text}: {before}"
            turns = (*turns, Turn(text, sql=before.sql, plan=before.plan))
        return analyst.draft(Question(questions[-1], self.schema, today, turns), self)

    def try_sql(self, sql: str) -> QueryResult:
        safe = guard.check(sql, self.schema.guarded_as, self.policy)
        return self.connector.run(safe, Limits(), Cancel())

    def rows(self, sql: str) -> list[list[Any]]:
        """What a query really gives, as plain values."""
        columns = [column.to_pylist() for column in self.try_sql(sql).table.columns]
        return [[plain(value) for value in row] for row in zip(*columns, strict=True)]

    def emit(self, step: str) -> None: ...

    def stream(self, text: str) -> None: ...

    def spend(self, usage: Usage) -> None: ...

    def cancelled(self) -> bool:
        return False


def load(engine: str, script: str, folder: Path, server: Callable[[str], Any]) -> Connector:
    """A new database with what the script makes; `server` gives a running server by name."""
    statements = [part.strip() for part in script.split(";\n") if part.strip()]
    if engine == "duckdb":
        path = folder / f"{uuid4().hex}.duckdb"
        with duckdb.connect(str(path)) as made:
            made.execute(script)
        return connectors.open("duckdb", Target(path.stem, "1", paths=(path,)))
    if engine == "sqlite":
        path = folder / f"{uuid4().hex}.sqlite"
        database = sqlite3.connect(path)
        database.executescript(script)
        database.close()
        return connectors.open("sqlite", Target(path.stem, "1", paths=(path,)))
    name = f"questions_{uuid4().hex}"
    running: Postgres | MariaDB = server("postgres" if engine == "postgresql" else "mariadb")
    if isinstance(running, Postgres):
        with running.connect() as made:
            made.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        with running.connect(name) as made:
            for statement in statements:
                made.execute(statement)  # type: ignore[arg-type]
    else:
        with running.connect() as made, made.cursor() as cursor:
            cursor.execute("SET SESSION sql_mode = 'ANSI_QUOTES'")
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
            cursor.execute(f"USE {name}")
            for statement in statements:
                cursor.execute(statement.replace("TIMESTAMP", "DATETIME"))
    return connectors.open(
        engine,
        Target(name, "1", (), "127.0.0.1", running.port, name, USER, PASSWORD),
    )


def plain(value: Any) -> Any:
    """A value as the tables of questions write it, whatever type the engine gave it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float | Decimal):
        return float(value)
    if isinstance(value, datetime) and value.time().isoformat() != "00:00:00":
        return value.isoformat(sep=" ")
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return value


def shows(rows: Sequence[Sequence[Any]], wanted: Sequence[Sequence[Any]], ordered: bool) -> bool:
    """Whether the rows are the wanted ones; columns may stand beside those that were asked for."""
    if len(rows) != len(wanted):
        return False
    if not rows:
        return True
    width, asked = len(rows[0]), len(wanted[0])
    return any(
        _same([[row[i] for i in chosen] for row in rows], wanted, ordered)
        for chosen in permutations(range(width), asked)
    )


def _same(rows: list[list[Any]], wanted: Sequence[Sequence[Any]], ordered: bool) -> bool:
    left = list(rows)
    for number, row in enumerate(wanted):
        at = number if ordered else next((i for i, r in enumerate(left) if _equal(r, row)), -1)
        if at < 0 or not _equal(left[at], row):
            return False
        if not ordered:
            del left[at]
    return True


def _equal(row: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return all(_alike(*pair) for pair in zip(row, wanted, strict=True))


def _alike(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool | int | float):
        try:
            return abs(float(value) - wanted) <= 0.006 * max(1.0, abs(wanted) / 100)
        except (TypeError, ValueError):
            return False
    if isinstance(value, str) and isinstance(wanted, str) and wanted[:4].isdigit():
        return _period(value) == _period(wanted)
    return bool(value == wanted)


def _period(text: str) -> str:
    """Engines write a month as 2026-09 or as its first day, a quarter as 2026-Q3 or so too."""
    if text[5:6] == "Q":
        return f"{text[:4]}-{int(text[6]) * 3 - 2:02}-01"
    return f"{text}-01" if len(text) == 7 else text
