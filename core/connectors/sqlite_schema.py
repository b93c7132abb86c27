"""What is in a SQLite file: three catalogue queries, then one bounded scan per table."""

import contextlib
import sqlite3
import time
from collections.abc import Mapping
from typing import Any, Literal

from core.connectors import samples
from core.types import DatabaseSchema, SchemaColumn, Table

STEP_ROWS = 500
COUNT_SECONDS = 5.0
LONGEST_VALUE = 100_000_000

_References = Mapping[tuple[str, str], str]


def names(session: sqlite3.Connection) -> list[tuple[str, Literal["table", "view"]]]:
    """Tables and views with their kind, SQLite's own left out."""
    return session.execute(_TABLES).fetchall()


def read(session: sqlite3.Connection) -> DatabaseSchema:
    """The schema with keys, counts and samples. Raises sqlite3.DatabaseError (damaged file)."""
    session.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    found = names(session)
    columns: dict[str, list[tuple[Any, ...]]] = {name: [] for name, _ in found}
    for row in _columns(session, found):
        columns[row[0]].append(row[1:])
    references = _references(session, found, columns)
    return DatabaseSchema(
        dialect="sqlite",
        tables=tuple(
            _table(session, name, kind, columns[name], references)
            for name, kind in found
            if columns[name]
        ),
    )


def _columns(session: sqlite3.Connection, found: list[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    """The columns of all tables; table by table when one broken view spoils the whole."""
    try:
        return session.execute(_COLUMNS + _IN_ORDER).fetchall()
    except sqlite3.OperationalError:
        rows: list[tuple[Any, ...]] = []
        for name, _ in found:
            with contextlib.suppress(sqlite3.OperationalError):
                rows += session.execute(_COLUMNS + "AND m.name = ?", (name,)).fetchall()
        return rows


def _references(
    session: sqlite3.Connection,
    found: list[tuple[str, Any]],
    columns: Mapping[str, list[tuple[Any, ...]]],
) -> _References:
    """Target "table.column" of each foreign key; without a column it is the primary key."""
    spelled = {name.lower(): name for name, _ in found}
    result: dict[tuple[str, str], str] = {}
    for table, column, target, target_column, place in session.execute(_FOREIGN_KEYS):
        target_name = spelled.get(target.lower(), target)
        keys = sorted((c[4], c[0]) for c in columns.get(target_name, []) if c[4])
        implied = keys[place][1] if place < len(keys) else "rowid"
        result[table, column.lower()] = f"{target_name}.{target_column or implied}"
    return result


def _table(
    session: sqlite3.Connection,
    name: str,
    kind: Literal["table", "view"],
    columns: list[tuple[Any, ...]],
    references: _References,
) -> Table:
    scan = _scan(session, name, len(columns))
    looks = scan.looks() if scan else (samples.ColumnLook(),) * len(columns)
    if scan and scan.rows < samples.rows_to_scan(len(columns)):
        row_count: int | None = scan.rows
    else:
        row_count = _count(session, name) if kind == "table" else None
    return Table(
        name=name,
        kind=kind,
        row_count=row_count,
        columns=tuple(
            SchemaColumn(
                name=column,
                data_type=(data_type or "").upper(),
                nullable=not (required or key),
                primary_key=bool(key),
                references=references.get((name, column.lower())),
                samples=look.samples,
                distinct_count=look.distinct_count,
                null_percentage=look.null_percentage,
            )
            for (column, data_type, required, _, key), look in zip(columns, looks, strict=True)
        ),
    )


def _scan(session: sqlite3.Connection, name: str, width: int) -> samples.Scan | None:
    """One bounded pass over the rows; None for a view that is broken or takes too long."""
    scan = samples.Scan(width)
    _give_up_after(session, samples.SCAN_SECONDS)
    try:
        cursor = session.execute(
            f"SELECT * FROM {quoted(name)} LIMIT {samples.rows_to_scan(width)}"  # noqa: S608
        )
        if len(cursor.description) != width:
            return None
        while rows := cursor.fetchmany(STEP_ROWS):
            scan.add(list(zip(*rows, strict=True)), len(rows))
    except sqlite3.OperationalError:
        return None
    finally:
        session.set_progress_handler(None, 0)
    return scan


def _count(session: sqlite3.Connection, name: str) -> int | None:
    """All rows of a large table; None when counting takes too long."""
    _give_up_after(session, COUNT_SECONDS)
    try:
        row = session.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()  # noqa: S608
    except sqlite3.OperationalError:
        return None
    finally:
        session.set_progress_handler(None, 0)
    return int(row[0])


def _give_up_after(session: sqlite3.Connection, seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    session.set_progress_handler(lambda: int(time.monotonic() > ends_at), 20_000)


def quoted(name: str) -> str:
    """The name as a SQLite identifier."""
    return '"' + name.replace('"', '""') + '"'


_TABLES = """
    SELECT name, type FROM sqlite_master
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY rowid
"""
_COLUMNS = """
    SELECT m.name, c.name, c.type, c."notnull", c.cid, c.pk
    FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
    WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden <> 1
"""
_IN_ORDER = "ORDER BY m.rowid, c.cid"
_FOREIGN_KEYS = """
    SELECT m.name, f."from", f."table", f."to", f.seq
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table'
"""
