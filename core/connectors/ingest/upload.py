"""From a file to a DuckDB file of typed tables."""

import errno
import os
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from core.connectors.ingest import again, columns, filetype, names, quick, text
from core.connectors.ingest.progress import Progress
from core.connectors.ingest.tables import LoadedTable, Plan, UploadLimits
from core.errors import BadUpload, DiskFull, room_needed

NO_ROOM: Final = os.strerror(errno.ENOSPC)


def load(
    source: Path,
    upload_name: str,
    destination: Path,
    *,
    limits: UploadLimits | None = None,
    plan: Plan | None = None,
) -> tuple[LoadedTable, ...]:
    """Read a CSV, TSV or Excel file into a new DuckDB file at `destination`.

    The file appears there complete or not at all, and an existing one is never written over
    (an open handle may read it). `upload_name` is the file's name as the person knows it: its
    ending decides the reader, its stem names the table; a workbook's tables are named for
    their sheets. `plan` has what the person decided otherwise. Raises BadUpload, with what to
    do in its hint.
    """
    if destination.exists():
        raise BadUpload("This upload exists already.", "Upload the file under a new name.")
    limits, plan = limits or UploadLimits(), plan or Plan()
    kind = filetype.check(source, upload_name, limits)
    parent = destination.parent
    with room_needed(), tempfile.TemporaryDirectory(dir=parent, prefix="upload-") as folder:
        work = Work(Path(folder), source, upload_name, kind, limits, Progress(destination))
        try:
            tables = work.onto(plan.onto, plan) if plan.onto else work.load(plan)
        except duckdb.OutOfMemoryException as error:
            raise BadUpload(
                "The file needs more memory than the server grants an upload.",
                "Leave out columns or older rows, or split the file.",
            ) from error
        except duckdb.Error as error:
            if NO_ROOM in str(error):
                raise DiskFull from error
            raise BadUpload(
                "The file could not be read as a table.",
                "Open it in a spreadsheet, check its rows, and export it again as CSV (UTF-8).",
            ) from error
        finally:
            work.progress.over()
        work.made.rename(destination)
    return tables


class Work:
    """One upload being read, in a folder of its own; the tables come to be at `made`."""

    def __init__(
        self,
        folder: Path,
        source: Path,
        upload_name: str,
        kind: filetype.FileType,
        limits: UploadLimits,
        progress: Progress,
    ) -> None:
        self.made = folder / "tables.duckdb"
        self.progress = progress
        self._folder = folder
        self._source = source
        self._label = Path(upload_name).stem
        self._kind = kind
        self._limits = limits

    def onto(self, earlier: Path, plan: Plan) -> tuple[LoadedTable, ...]:
        """The rows added to the tables of an earlier upload, which keep their types."""
        before = again.known(earlier)
        plan = replace(plan, name=plan.name or again.only_name(before))
        tables = self.load(plan)
        kept = again.types_to_keep(before, tables)
        if any(kept.values()):
            self.made.unlink()
            tables = self.load(replace(plan, types={**plan.types, **kept}))
        self.progress.step("Adding the rows")
        return again.add(earlier, self.made, tables)

    def load(self, plan: Plan) -> tuple[LoadedTable, ...]:
        """The tables of the file."""
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self._limits.memory,
            "threads": self._limits.threads,
            "temp_directory": str(self._folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with closing(duckdb.connect(":memory:", config=config)) as database:
            database.execute("SET GLOBAL TimeZone = 'UTC'")
            place = str(self.made).replace("'", "''")
            database.execute(f"ATTACH '{place}' AS made")
            read = self._text if self._kind == "text" else self._workbook
            tables = read(database, plan)
            database.execute("DETACH made")
        return tables

    def _text(self, database: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[LoadedTable, ...]:
        self.progress.step("Looking at the file")
        file = text.prepare(self._source, self._folder, self._limits)
        name = plan.name or names.all_safe([self._label], "table")[0]
        wished = plan.types.get(name, {})
        self.progress.step("Reading the rows")
        quickly = None if wished else quick.write(database, file, self._label, name, "made")
        if quickly:
            return (quickly,)
        raw = text.load(database, file, self._label, self._folder, self._limits)
        self.progress.step("Finding types on all values, and writing the table")
        return (columns.write(database, raw, name, "made", wished),)

    def _workbook(self, database: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[LoadedTable, ...]:
        from core.connectors.ingest import sheets

        self.progress.step("Reading the sheets")
        found = sheets.load(database, self._source, self._limits)
        safe = names.all_safe((table.label for table in found.tables), "table")
        if plan.name and len(safe) == 1:
            safe = [plan.name]
        loaded = []
        for table, name in zip(found.tables, safe, strict=True):
            self.progress.step(f"Finding types and writing “{table.label}”")
            wished = plan.types.get(name, {})
            loaded.append(columns.write(database, table, name, "made", wished))
        first = replace(loaded[0], notes=(*found.notes, *loaded[0].notes))
        return (first, *loaded[1:])
