"""A file connection: uploaded CSV and Excel files, queried as tables side by side."""

from typing import ClassVar

import duckdb

from core.connectors import duckdb_schema, failures
from core.connectors.arrow import unique
from core.connectors.base import AFRESH, Cancel, FormField, Limits, Reading, Target
from core.connectors.duckdb_schema import Place, quoted
from core.connectors.duckdb_session import Session, attach
from core.connectors.ingest.tables import QUARANTINE
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect


class Files:
    """Connector over the DuckDB files that `ingest` made, one for each upload.

    All are attached read-only to one session in memory; each table has a view of its plain
    name there, so that files can be joined. Where two files have a table of the same name,
    the later one gets a number (`orders_2`). Without files it works and has no tables.
    """

    kind: ClassVar[str] = "csv"
    label: ClassVar[str] = "CSV and Excel files"
    dialect: ClassVar[str] = "duckdb"
    fields: ClassVar[tuple[FormField, ...]] = (
        FormField(
            "file",
            "Files",
            "file",
            required=False,
            help="CSV, TSV or Excel files; add more later and join them.",
        ),
    )

    def __init__(self, target: Target) -> None:
        self._paths = target.paths
        self._places: tuple[Place, ...] = ()
        self._session = Session(self._attach, target.paths)

    def _attach(self) -> duckdb.DuckDBPyConnection:
        names = [f"file{number}" for number in range(1, len(self._paths) + 1)]
        handle = attach(dict(zip(names, self._paths, strict=True)))
        found = sorted(
            (p for p in duckdb_schema.places(handle, names) if p.schema != QUARANTINE),
            key=lambda place: names.index(place.database),
        )
        self._places = tuple(
            Place(place.database, place.schema, place.name, shown)
            for place, shown in zip(found, unique(place.shown for place in found), strict=True)
        )
        for place in self._places:
            handle.execute(
                f"CREATE VIEW {quoted(place.shown)} AS SELECT * FROM {place.sql}"  # noqa: S608
            )
        return handle

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run."""
        return self._session.run(safe, limits, cancel)

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """The tables of all files, original headers as descriptions. Raises CannotConnect."""
        with self._session.cursor() as cursor:
            return duckdb_schema.read(cursor, self._places)

    def check(self) -> int:
        """Count the tables. Raises CannotConnect."""
        with self._session.cursor():
            return len(self._places)

    def examine(self) -> tuple[Finding, ...]:
        """A file has no credential: it can only be read. Raises CannotConnect."""
        self.check()
        return (failures.FILE_IS_READ_ONLY,)

    def close(self) -> None:
        """Let go of all files."""
        self._session.close()
