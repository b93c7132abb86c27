"""One DuckDB database file, opened read-only and locked."""

from typing import ClassVar

from core.connectors import duckdb_schema, failures
from core.connectors.base import AFRESH, Cancel, FormField, Limits, Reading, Target
from core.connectors.duckdb_session import Session, attach
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect

_NAME = "data"


class DuckdbFile:
    """Connector to a DuckDB file. The handle stays open: opening costs more than a query."""

    kind: ClassVar[str] = "duckdb"
    label: ClassVar[str] = "DuckDB file"
    dialect: ClassVar[str] = "duckdb"
    fields: ClassVar[tuple[FormField, ...]] = (
        FormField("file", "Database file", "file", help="A .duckdb or .db file."),
    )

    def __init__(self, target: Target) -> None:
        if len(target.paths) != 1:
            raise failures.no_file("DuckDB")
        files = {_NAME: target.paths[0]}
        self._session = Session(lambda: attach(files), target.paths, default=_NAME)

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run."""
        return self._session.run(safe, limits, cancel)

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Tables, views, keys, comments and samples of the file. Raises CannotConnect."""
        with self._session.cursor() as cursor:
            return duckdb_schema.read(cursor, duckdb_schema.places(cursor, [_NAME]))

    def check(self) -> int:
        """Count tables and views. Raises CannotConnect."""
        with self._session.cursor() as cursor:
            return len(duckdb_schema.places(cursor, [_NAME]))

    def examine(self) -> tuple[Finding, ...]:
        """A file has no credential: it can only be read. Raises CannotConnect."""
        self.check()
        return (failures.FILE_IS_READ_ONLY,)

    def close(self) -> None:
        """Let go of the file."""
        self._session.close()
