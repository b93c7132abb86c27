"""A SQLite file, opened read-only for each query (which costs less than a tenth of a ms)."""

import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from core.connectors import failures, sqlite_columns, sqlite_schema
from core.connectors.base import AFRESH, Cancel, FormField, Limits, Reading, Target
from core.errors import CannotConnect
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect

STEP_ROWS = 50
OPCODES_BETWEEN_LOOKS = 20_000

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_FORBIDDEN_FUNCTIONS = frozenset(
    {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_crypt"}
)


class Sqlite:
    """Connector to a SQLite file.

    Three locks on top of each other: the file is opened with mode=ro, the session is
    query_only with an untrusted schema, and an authorizer allows nothing but reading.
    """

    kind: ClassVar[str] = "sqlite"
    label: ClassVar[str] = "SQLite file"
    dialect: ClassVar[str] = "sqlite"
    fields: ClassVar[tuple[FormField, ...]] = (
        FormField("file", "Database file", "file", help="A .sqlite, .sqlite3 or .db file."),
    )

    def __init__(self, target: Target) -> None:
        if len(target.paths) != 1:
            raise failures.no_file("SQLite")
        self._path = target.paths[0]

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run.

        Types of the columns come from the values; sqlite_columns tells the rule.
        """
        started = time.monotonic()
        if cancel.requested:
            raise failures.cancelled()
        ends_at = started + limits.seconds
        session = connect(self._path)
        forget = cancel.on_request(session.interrupt)
        try:
            _lock_down(session, limits)
            session.set_progress_handler(
                lambda: int(cancel.requested or time.monotonic() > ends_at), OPCODES_BETWEEN_LOOKS
            )
            names, rows = _fetch(session, safe, limits, _still_wanted(cancel, ends_at, limits))
        except (sqlite3.Error, sqlite3.Warning, MemoryError) as error:
            if cancel.requested:
                raise failures.cancelled() from error
            if time.monotonic() > ends_at:
                raise failures.timed_out(limits) from error
            raise _explained(error, self._path) from error
        finally:
            forget()
            session.close()
        return QueryResult(
            table=sqlite_columns.table(names, rows[: safe.cap]),
            truncated=len(rows) > safe.cap,
            seconds=time.monotonic() - started,
        )

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Tables, views, keys and samples. Raises CannotConnect."""
        session = connect(self._path)
        try:
            return sqlite_schema.read(session)
        except sqlite3.DatabaseError as error:
            raise failures.not_a_database("SQLite") from error
        finally:
            session.close()

    def check(self) -> int:
        """Count tables and views. Raises CannotConnect."""
        session = connect(self._path)
        try:
            return len(sqlite_schema.names(session))
        except sqlite3.DatabaseError as error:
            raise failures.not_a_database("SQLite") from error
        finally:
            session.close()

    def examine(self) -> tuple[Finding, ...]:
        """A file has no credential: it can only be read. Raises CannotConnect."""
        self.check()
        return (failures.FILE_IS_READ_ONLY,)

    def close(self) -> None:
        """Nothing stays open between queries."""


def connect(path: Path) -> sqlite3.Connection:
    """A read-only handle on the file. Raises CannotConnect when it is missing."""
    if not path.is_file():
        raise failures.no_file("SQLite")
    try:
        session = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=5.0,
        )
    except sqlite3.Error as error:
        raise CannotConnect(
            "The SQLite file could not be opened.", "Check that the server may read it."
        ) from error
    session.text_factory = lambda raw: raw.decode("utf-8", "replace")
    session.execute("PRAGMA query_only = ON")
    session.execute("PRAGMA trusted_schema = OFF")
    return session


def _lock_down(session: sqlite3.Connection, limits: Limits) -> None:
    session.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(1_000_000, limits.max_bytes // 8))
    session.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    session.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000)
    session.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)
    session.set_authorizer(_authorize)


def _authorize(
    action: int, first: str | None, second: str | None, database: str | None, trigger: str | None
) -> int:
    if action not in _ALLOWED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _still_wanted(cancel: Cancel, ends_at: float, limits: Limits) -> Callable[[], None]:
    def check() -> None:
        if cancel.requested:
            raise failures.cancelled()
        if time.monotonic() > ends_at:
            raise failures.timed_out(limits)

    return check


def _fetch(
    session: sqlite3.Connection, safe: SafeSelect, limits: Limits, check: Callable[[], None]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = session.execute(safe.sql, _bindable(safe.params))
    names = [column[0] for column in cursor.description or ()]
    rows: list[tuple[Any, ...]] = []
    used = 0
    while len(rows) <= safe.cap and (step := cursor.fetchmany(STEP_ROWS)):
        rows += step
        used += sum(map(sys.getsizeof, chain.from_iterable(step)))
        if used > limits.max_bytes:
            raise failures.too_large(limits)
        check()
    return names, rows


def _bindable(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _storable(value) for name, value in params.items()}


def _storable(value: Any) -> Any:
    """The value as SQLite stores it: dates as ISO text, decimals as numbers."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _explained(error: BaseException, path: Path) -> Exception:
    text = str(error)
    if "not authorized" in text or "readonly" in text or "prohibited" in text:
        return failures.only_reads()
    if "You can only execute one statement" in text:
        return failures.only_reads()
    if "not a database" in text or "malformed" in text:
        return failures.not_a_database("SQLite")
    return failures.query_failed(error, (path,))
