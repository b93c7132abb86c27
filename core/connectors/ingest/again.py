"""A file that comes again: what is different about it, and its rows added to those before."""

import shutil
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from core.connectors.duckdb_schema import quoted
from core.connectors.ingest import choices
from core.connectors.ingest.tables import QUARANTINE, LoadedTable

Known = Mapping[str, Mapping[str, str]]
"""The tables of an earlier upload: type by column by table."""

_WIDER = {("BIGINT", "DOUBLE"), ("DATE", "TIMESTAMP")}


@dataclass(frozen=True)
class TableChange:
    """What is different about a table: columns by name; `changed` has the types before and now.

    `is_new` tells that the earlier upload had no such table, `is_gone` that the file has none.
    """

    table: str
    rows: int = 0
    new: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()
    is_new: bool = False
    is_gone: bool = False


def known(path: Path) -> Known:
    """The tables in an upload's DuckDB file."""
    with closing(duckdb.connect(":memory:")) as database:
        _attach(database, path, "old", read_only=True)
        return _tables(database, "old")


def only_name(before: Known) -> str:
    """The name of the only table there was, which a file of one table takes over; else nothing."""
    return next(iter(before)) if len(before) == 1 else ""


def compare(before: Known, found: Iterable[LoadedTable]) -> tuple[TableChange, ...]:
    """What is different in a file, table by table, the gone ones last."""
    tables = tuple(found)
    gone = [name for name in before if name not in {table.name for table in tables}]
    return (
        *(_change(table, before.get(table.name)) for table in tables),
        *(TableChange(name, missing=tuple(before[name]), is_gone=True) for name in gone),
    )


def _change(table: LoadedTable, before: Mapping[str, str] | None) -> TableChange:
    now = {column.name: column.type for column in table.columns}
    if before is None:
        return TableChange(table.name, table.row_count, new=tuple(now), is_new=True)
    return TableChange(
        table.name,
        table.row_count,
        new=tuple(name for name in now if name not in before),
        missing=tuple(name for name in before if name not in now),
        changed=tuple(
            (name, before[name], kind)
            for name, kind in now.items()
            if name in before and before[name] != kind
        ),
    )


def types_to_keep(before: Known, found: Iterable[LoadedTable]) -> dict[str, dict[str, str]]:
    """Choices for the columns that must be read as they were, so that their rows fit together.

    Whole numbers may become numbers with a fraction, and days moments; anything else stays what
    it was, and what does not fit goes to the quarantine.
    """
    return {
        change.table: {
            name: choices.of_type(old)
            for name, old, new in change.changed
            if (old, new) not in _WIDER
        }
        for change in compare(before, found)
        if change.changed
    }


def add(onto: Path, made: Path, tables: Iterable[LoadedTable]) -> tuple[LoadedTable, ...]:
    """Put the rows of `onto` before those of `made`, in `made`; returns all its tables.

    Columns that one side lacks are empty there. `onto` is only read.
    """
    grown = made.with_name("grown.duckdb")
    shutil.copyfile(onto, grown)
    with closing(duckdb.connect(":memory:")) as database:
        _attach(database, grown, "grown")
        _attach(database, made, "made", read_only=True)
        before = _tables(database, "grown")
        arrived = tuple(tables)
        for change in compare(before, arrived):
            if change.is_gone:
                continue
            _add_table(database, change)
        _add_bad_cells(database)
        counts = {name: _count(database, name) for name in _tables(database, "grown")}
        after = _tables(database, "grown")
        database.execute("DETACH made")
        database.execute("DETACH grown")
    grown.replace(made)
    return (
        *(_with_all(table, after[table.name], counts[table.name]) for table in arrived),
        *(
            LoadedTable(name, name, (), counts[name])
            for name in before
            if name not in {table.name for table in arrived}
        ),
    )


def _add_table(database: duckdb.DuckDBPyConnection, change: TableChange) -> None:
    name = quoted(change.table)
    if change.is_new:
        database.execute(f"CREATE TABLE grown.main.{name} AS FROM made.main.{name}")
        return
    types = _tables(database, "made")[change.table]
    for column in change.new:
        database.execute(
            f"ALTER TABLE grown.main.{name} ADD COLUMN {quoted(column)} {types[column]}"
        )
    for column, old, new in change.changed:
        if (old, new) in _WIDER:
            database.execute(
                f"ALTER TABLE grown.main.{name} ALTER COLUMN {quoted(column)} TYPE {new}"
            )
    database.execute(f"INSERT INTO grown.main.{name} BY NAME FROM made.main.{name}")


def _add_bad_cells(database: duckdb.DuckDBPyConnection) -> None:
    schemas = database.execute(
        "SELECT database_name FROM duckdb_tables() WHERE schema_name = $schema",
        {"schema": QUARANTINE},
    ).fetchall()
    if ("made",) not in schemas:
        return
    if ("grown",) in schemas:
        database.execute(f"INSERT INTO grown.{QUARANTINE}.cells FROM made.{QUARANTINE}.cells")
        return
    database.execute(f"CREATE SCHEMA grown.{QUARANTINE}")
    database.execute(f"CREATE TABLE grown.{QUARANTINE}.cells AS FROM made.{QUARANTINE}.cells")


def _with_all(table: LoadedTable, columns: Mapping[str, str], rows: int) -> LoadedTable:
    kept = tuple(
        replace(column, type=columns[column.name])
        for column in table.columns
        if column.name in columns
    )
    return replace(table, columns=kept, row_count=rows)


def _tables(database: duckdb.DuckDBPyConnection, name: str) -> dict[str, dict[str, str]]:
    rows = database.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = $name AND schema_name = 'main' ORDER BY table_oid, column_index",
        {"name": name},
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _count(database: duckdb.DuckDBPyConnection, table: str) -> int:
    row = database.execute(f"SELECT count(*) FROM grown.main.{quoted(table)}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _attach(
    database: duckdb.DuckDBPyConnection, path: Path, name: str, read_only: bool = False
) -> None:
    place = str(path).replace("'", "''")
    database.execute(f"ATTACH '{place}' AS {name}{' (READ_ONLY)' if read_only else ''}")
