"""A locked, read-only DuckDB session: how every query on a DuckDB file runs.

Shared by the connector of one DuckDB file and by file connections, which see the files of
several uploads side by side.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from core.connectors import arrow, failures
from core.connectors.base import Cancel, Limits
from core.connectors.deadline import Deadline
from core.errors import CannotConnect, DataMindError
from core.types import QueryResult, SafeSelect

BATCH_ROWS = 2048
MEMORY_LIMIT = "1GB"
THREADS = 2

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_persistent_secrets": "false",
    # Otherwise a query could read the Python variables of this process by name.
    "python_enable_replacements": "false",
    "memory_limit": MEMORY_LIMIT,
    "threads": str(THREADS),
    "max_temp_directory_size": "4GB",
}

# Values of these types have no place in a table on a screen: they come as DuckDB's own text.
_SHOWN_AS_TEXT = ("INTERVAL", "BIGNUM", "VARINT", "VARIANT", "BIT", "UNION", "MAP", "TIME_NS")
_ZONED = "TIMESTAMP WITH TIME ZONE"


class Session:
    """One open DuckDB handle; each query gets a cursor of its own, so threads may share it.

    `connect` opens the handle on first use; `default` is the attached database whose tables
    queries name without it. Only single SELECT statements run; the handle
    is locked, so that nothing outside the attached files can be read or written.
    """

    def __init__(
        self,
        connect: Callable[[], duckdb.DuckDBPyConnection],
        paths: tuple[Path, ...],
        default: str = "memory",
    ) -> None:
        self.paths = paths
        self._default = default
        self._connect = connect
        self._lock = threading.Lock()
        self._handle: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own over the shared handle. Raises CannotConnect."""
        with self._lock:
            if self._handle is None:
                self._handle = self._open()
            cursor = self._handle.cursor()
        cursor.execute(f"USE {self._default}")
        return cursor

    def _open(self) -> duckdb.DuckDBPyConnection:
        if any(not path.is_file() for path in self.paths):
            raise failures.no_file("DuckDB")
        try:
            handle = self._connect()
            handle.execute("SET GLOBAL TimeZone = 'UTC'")
            handle.execute("SET enable_external_access = false")
            handle.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            if "set lock on file" in str(error):
                raise CannotConnect(
                    "The DuckDB file is open for writing in another program.",
                    "Close it there, then try again.",
                ) from error
            raise failures.not_a_database("DuckDB") from error
        return handle

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run for the errors."""
        started = time.monotonic()
        if cancel.requested:
            raise failures.cancelled()
        cursor = self.cursor()
        deadline = Deadline(limits.seconds, cancel, cursor.interrupt)
        try:
            with deadline:
                names, columns, rows = self._read(cursor, safe, limits)
        except DataMindError:
            raise
        # An interrupt while rows are streamed arrives as Arrow's own OSError.
        except (duckdb.Error, pa.ArrowException, OSError, MemoryError) as error:
            if deadline.ended_by == "time":
                raise failures.timed_out(limits) from error
            if deadline.ended_by == "stop":
                raise failures.cancelled() from error
            raise failures.query_failed(error, self.paths) from error
        finally:
            with contextlib.suppress(duckdb.Error):
                cursor.close()
        table = arrow.table(names, columns)
        return QueryResult(
            table=table.slice(0, safe.cap),
            truncated=rows > safe.cap,
            seconds=time.monotonic() - started,
        )

    def _read(
        self, cursor: duckdb.DuckDBPyConnection, safe: SafeSelect, limits: Limits
    ) -> "tuple[list[str], list[pa.ChunkedArray[Any]], int]":
        statements = cursor.extract_statements(safe.sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise failures.only_reads()
        params = {name: safe.params[name] for name in statements[0].named_parameters}
        if params:
            names, schema, batches = _bound(cursor, safe.sql, params)
        else:
            names, schema, batches = _plain(cursor, safe.sql)
        kept, rows, used = [], 0, 0
        for batch in batches:
            kept.append(batch)
            rows += batch.num_rows
            used += arrow.size(batch)
            if used > limits.max_bytes:
                raise failures.too_large(limits)
            if rows > safe.cap:
                break
        return names, pa.Table.from_batches(kept, schema=schema).columns, rows

    def close(self) -> None:
        """Let go of the handle."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None


def attach(paths: Mapping[str, Path]) -> duckdb.DuckDBPyConnection:
    """A handle of its own with these files attached read-only, each under its name.

    Not `duckdb.connect(path)`: DuckDB would share one instance among all handles on a path,
    so a file that was replaced would go on showing the old data while one of them is open.
    """
    handle = duckdb.connect(":memory:", config=SETTINGS)
    spill = f"{next(iter(paths.values()))}.tmp" if paths else ""
    handle.execute(f"SET temp_directory = {_text(spill)}")
    for name, path in paths.items():
        handle.execute(f"ATTACH {_text(str(path))} AS {name} (READ_ONLY)")
    return handle


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _plain(cursor: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], pa.Schema, Any]:
    relation = cursor.sql(sql)
    names = list(relation.columns)
    wrapped = _readable(sql, [str(kind) for kind in relation.types])
    if wrapped != sql:
        relation = cursor.sql(wrapped)
    reader = relation.to_arrow_reader(BATCH_ROWS)
    return names, reader.schema, reader


def _bound(
    cursor: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, Any]
) -> tuple[list[str], pa.Schema, Any]:
    """Rows of a query with parameters.

    DuckDB streams Arrow only without parameters (with them it first holds the whole result),
    so the rows are fetched in small steps and put into columns of the types it names.
    """
    cursor.execute(sql, dict(params))
    described = cursor.description or []
    names = [str(column[0]) for column in described]
    kinds = [str(column[1]) for column in described]
    wrapped = _readable(sql, kinds, bound=True)
    if wrapped != sql:
        cursor.abort()
        cursor.execute(wrapped, dict(params))
    schema = _schema_of(cursor, kinds)

    def batches() -> Any:
        while rows := cursor.fetchmany(BATCH_ROWS // 8):
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return names, schema, batches()


def _readable(sql: str, kinds: list[str], bound: bool = False) -> str:
    """The query, wrapped so that columns of odd types come as text; itself when none is odd.

    DuckDB keeps the inner order. With parameters zoned timestamps come bare (in UTC) and
    UUIDs as text, because their Python forms need a package or cannot become Arrow.
    """
    parts = [f"#{place}{_cast(kind, bound)}" for place, kind in enumerate(kinds, start=1)]
    if not any("::" in part for part in parts):
        return sql
    return f"SELECT {', '.join(parts)} FROM ({sql.rstrip().rstrip(';')}\n)"  # noqa: S608


def _cast(kind: str, bound: bool) -> str:
    if any(word in kind for word in _SHOWN_AS_TEXT):
        return "::VARCHAR"
    if bound and kind == _ZONED:
        return "::TIMESTAMP"
    if bound and (_ZONED in kind or "UUID" in kind or kind.startswith("ENUM")):
        return "::VARCHAR"
    return ""


def _schema_of(cursor: duckdb.DuckDBPyConnection, kinds: list[str]) -> pa.Schema:
    shown = ["VARCHAR" if _cast(kind, True) == "::VARCHAR" else kind for kind in kinds]
    nulls = ", ".join(
        f"NULL::{'VARCHAR' if 'NULL' in kind else kind} AS c{place}"
        for place, kind in enumerate(shown)
    )
    schema: pa.Schema = cursor.cursor().sql(f"SELECT {nulls}").to_arrow_reader(1).schema
    return schema
