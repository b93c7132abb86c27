"""From a file to a DuckDB file of typed tables."""

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb

from core.connectors.ingest import columns, filetype, names, text
from core.connectors.ingest.tables import LoadedTable, RawTable, UploadLimits
from core.errors import BadUpload


def load(
    source: Path, upload_name: str, destination: Path, *, limits: UploadLimits | None = None
) -> tuple[LoadedTable, ...]:
    """Read a CSV, TSV or Excel file into a new DuckDB file at `destination`.

    The file appears there complete or not at all, and an existing one is never written over
    (an open handle may read it). `upload_name` is the file's name as the person knows it: its
    ending decides the reader, its stem names the table; a workbook's tables are named for
    their sheets. Raises BadUpload, with what to do in its hint.
    """
    if destination.exists():
        raise BadUpload("This upload exists already.", "Upload the file under a new name.")
    limits = limits or UploadLimits()
    kind = filetype.check(source, upload_name, limits)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix="upload-") as folder:
        work = Path(folder)
        made = work / "tables.duckdb"
        try:
            tables = _load(source, upload_name, kind, made, work, limits)
        except duckdb.OutOfMemoryException as error:
            raise BadUpload(
                "The file needs more memory than the server grants an upload.",
                "Leave out columns or older rows, or split the file.",
            ) from error
        except duckdb.Error as error:
            raise BadUpload(
                "The file could not be read as a table.",
                "Open it in a spreadsheet, check its rows, and export it again as CSV (UTF-8).",
            ) from error
        made.rename(destination)
    return tables


def _load(
    source: Path,
    upload_name: str,
    kind: filetype.FileType,
    made: Path,
    work: Path,
    limits: UploadLimits,
) -> tuple[LoadedTable, ...]:
    stem = Path(upload_name).stem
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "temp_directory": str(work / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with closing(duckdb.connect(":memory:", config=config)) as database:
        database.execute("SET GLOBAL TimeZone = 'UTC'")
        database.execute(f"ATTACH '{str(made).replace(chr(39), chr(39) * 2)}' AS made")
        if kind == "workbook":
            tables, notes = _workbook(database, source, stem, limits)
        else:
            tables, notes = (text.load(database, source, stem, work, limits),), ()
        safe = names.all_safe((table.label for table in tables), "table")
        loaded = tuple(
            columns.write(database, table, name, "made")
            for table, name in zip(tables, safe, strict=True)
        )
        database.execute("DETACH made")
    return _with_notes(loaded, notes)


def _workbook(
    database: duckdb.DuckDBPyConnection, source: Path, stem: str, limits: UploadLimits
) -> tuple[tuple[RawTable, ...], tuple[str, ...]]:
    from core.connectors.ingest import sheets

    found = sheets.load(database, source, limits)
    return found.tables, found.notes


def _with_notes(tables: tuple[LoadedTable, ...], notes: tuple[str, ...]) -> tuple[LoadedTable, ...]:
    """The notes that concern the whole workbook are told with its first table."""
    if not notes:
        return tables
    first = replace(tables[0], notes=(*notes, *tables[0].notes))
    return (first, *tables[1:])
