"""What is in DuckDB files: three catalogue queries, then one bounded scan per table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from core.connectors import samples
from core.connectors.base import Cancel
from core.connectors.deadline import Deadline
from core.types import DatabaseSchema, SchemaColumn, Table


@dataclass(frozen=True)
class Place:
    """A table or view of an attached file. `shown` is the name under which queries know it."""

    database: str
    schema: str
    name: str
    shown: str

    @property
    def sql(self) -> str:
        """The quoted, full name."""
        return ".".join(quoted(part) for part in (self.database, self.schema, self.name))


@dataclass
class _Keys:
    primary: set[tuple[str, str, str, str]] = field(default_factory=set)
    references: dict[tuple[str, str, str, str], str] = field(default_factory=dict)


def quoted(name: str) -> str:
    """The name as a DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def places(cursor: duckdb.DuckDBPyConnection, databases: Iterable[str]) -> tuple[Place, ...]:
    """Tables and views of these databases; outside of `main` their shown name has the schema."""
    rows = cursor.execute(
        """
        SELECT database_name, schema_name, table_name FROM duckdb_tables()
        WHERE NOT internal AND list_contains($databases, database_name)
        UNION ALL
        SELECT database_name, schema_name, view_name FROM duckdb_views()
        WHERE NOT internal AND list_contains($databases, database_name)
        ORDER BY ALL
        """,
        {"databases": list(databases)},
    ).fetchall()
    return tuple(
        Place(database, schema, name, name if schema == "main" else f"{schema}.{name}")
        for database, schema, name in rows
    )


def read(
    cursor: duckdb.DuckDBPyConnection, found: Iterable[Place], dialect: str = "duckdb"
) -> DatabaseSchema:
    """The schema of these tables and views, with keys, comments, counts and samples."""
    wanted = {(place.database, place.schema, place.name): place for place in found}
    facts = {row[:3]: row[3:] for row in cursor.execute(_TABLES).fetchall() if row[:3] in wanted}
    columns: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {key: [] for key in wanted}
    for row in cursor.execute(_COLUMNS).fetchall():
        if row[:3] in columns:
            columns[row[:3]].append(row[3:])
    keys = _keys(cursor, {key: place.shown for key, place in wanted.items()})
    return DatabaseSchema(
        dialect=dialect,
        tables=tuple(
            _table(cursor, place, facts[key], columns[key], keys)
            for key, place in wanted.items()
            if key in facts
        ),
    )


def _table(
    cursor: duckdb.DuckDBPyConnection,
    place: Place,
    facts: tuple[Any, ...],
    columns: list[tuple[Any, ...]],
    keys: _Keys,
) -> Table:
    kind: Literal["table", "view"] = "view" if facts[0] == "view" else "table"
    scanned, looks = _scan(cursor, place, len(columns))
    row_count = facts[2] if kind == "table" else None
    if scanned is not None and scanned < samples.rows_to_scan(len(columns)):
        row_count = scanned
    path = (place.database, place.schema, place.name)
    return Table(
        name=place.shown,
        kind=kind,
        row_count=row_count,
        description=facts[1],
        columns=tuple(
            SchemaColumn(
                name=name,
                data_type=data_type,
                nullable=bool(nullable) and (*path, name) not in keys.primary,
                primary_key=(*path, name) in keys.primary,
                references=keys.references.get((*path, name)),
                samples=look.samples,
                distinct_count=look.distinct_count,
                null_percentage=look.null_percentage,
                description=comment,
            )
            for (name, data_type, nullable, comment), look in zip(columns, looks, strict=True)
        ),
    )


def _scan(
    cursor: duckdb.DuckDBPyConnection, place: Place, width: int
) -> tuple[int | None, tuple[samples.ColumnLook, ...]]:
    """Rows looked at and the look of each column; (None, empty looks) for a broken or slow view."""
    empty = (samples.ColumnLook(),) * width
    rows = samples.rows_to_scan(width)
    try:
        with Deadline(samples.SCAN_SECONDS, Cancel(), cursor.interrupt):
            table = cursor.sql(
                f"SELECT * FROM {place.sql} LIMIT {rows}"  # noqa: S608
            ).to_arrow_table()
    except (duckdb.Error, OSError):
        return None, empty
    if table.num_columns != width:
        return None, empty
    return table.num_rows, tuple(_look(column) for column in table.columns)


def _look(column: "pa.ChunkedArray[Any]") -> samples.ColumnLook:
    """The look of one column, counted by Arrow; nested and binary columns get no samples."""
    rows = len(column)
    if rows == 0:
        return samples.ColumnLook()
    nulls = round(100 * column.null_count / rows, 2)
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if not _comparable(column.type):
        return samples.ColumnLook(null_percentage=nulls)
    counts = pc.value_counts(column.drop_null())
    order = sorted(enumerate(counts.field(1).to_pylist()), key=lambda pair: -(pair[1] or 0))
    best = [counts.field(0)[place].as_py() for place, _ in order[: samples.SAMPLES]]
    return samples.ColumnLook(
        samples=tuple(map(samples.as_text, best)),
        distinct_count=len(counts),
        null_percentage=nulls,
    )


def _comparable(kind: pa.DataType) -> bool:
    return not (
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_interval(kind)
        or pa.types.is_null(kind)
        or isinstance(kind, pa.BaseExtensionType)
    )


def _keys(cursor: duckdb.DuckDBPyConnection, shown: Mapping[tuple[str, str, str], str]) -> _Keys:
    keys = _Keys()
    for row in cursor.execute(_CONSTRAINTS).fetchall():
        path, (kind, columns, target, target_columns) = row[:3], row[3:]
        if path not in shown:
            continue
        if kind == "PRIMARY KEY":
            keys.primary.update((*path, column) for column in columns)
        elif kind == "FOREIGN KEY" and target:
            name = shown.get((*path[:2], target), target)
            for column, target_column in zip(columns, target_columns, strict=False):
                keys.references[*path, column] = f"{name}.{target_column}"
    return keys


_TABLES = """
    SELECT database_name, schema_name, table_name, 'table', comment, estimated_size
    FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT database_name, schema_name, view_name, 'view', comment, NULL
    FROM duckdb_views() WHERE NOT internal
"""
_COLUMNS = """
    SELECT database_name, schema_name, table_name, column_name, data_type, is_nullable, comment
    FROM duckdb_columns() WHERE NOT internal
    ORDER BY database_name, schema_name, table_name, column_index
"""
_CONSTRAINTS = """
    SELECT database_name, schema_name, table_name, constraint_type, constraint_column_names,
           referenced_table, referenced_column_names
    FROM duckdb_constraints() WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')
"""
