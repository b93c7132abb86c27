"""Excel workbooks: every sheet that has something in it, by value, never by formula."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.connectors.ingest import header
from core.connectors.ingest.tables import RawTable, UploadLimits
from core.errors import BadUpload

SAMPLE_ROWS = 200
ROWS_AT_ONCE = 5_000
SPACES = " \t\r\n\u00a0\u202f\ufeff"


@dataclass(frozen=True)
class Sheets:
    """The readable sheets of a workbook, and notes on those left out."""

    tables: tuple[RawTable, ...]
    notes: tuple[str, ...]


def load(database: duckdb.DuckDBPyConnection, source: Path, limits: UploadLimits) -> Sheets:
    """Load each visible, filled sheet as a table of text: raw1, raw2, … Raises BadUpload."""
    tables: list[RawTable] = []
    notes: list[str] = []
    try:
        workbook = CalamineWorkbook.from_path(str(source))
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                notes.append(f"The hidden sheet “{meta.name}” was left out.")
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            table = _sheet(database, sheet, f"raw{len(tables) + 1}", meta.name, limits)
            if table is not None:
                tables.append(table)
    except BadUpload:
        raise
    except (CalamineError, OSError, ValueError) as error:
        if "assword" in str(error):
            raise BadUpload(
                "This Excel file is protected by a password.",
                "Open it in Excel, remove the password (File > Info) and upload it again.",
            ) from error
        raise BadUpload(
            "This Excel file is damaged or incomplete.",
            "Open it in Excel, save it again as .xlsx and upload that.",
        ) from error
    if not tables:
        raise BadUpload(
            "The workbook has no visible sheet with data.",
            "Check that it was saved with its data, and that the sheet is not hidden.",
        )
    return Sheets(tuple(tables), tuple(notes))


def _sheet(
    database: duckdb.DuckDBPyConnection, sheet: Any, source: str, label: str, limits: UploadLimits
) -> RawTable | None:
    rows = ([_written(cell) for cell in row] for row in sheet.iter_rows())
    start = list(islice(rows, SAMPLE_ROWS))
    if not any(any(row) for row in start):
        return None
    titles = header.first_row(start)
    table = start[titles:]
    has_header = header.is_header(table)
    width = len(table[0])
    if width > limits.max_columns:
        raise BadUpload(
            f"The sheet “{label}” has {width:,} columns; the limit is {limits.max_columns:,}.",
            "Delete the columns that you do not need.",
        )
    first_row = titles + int(has_header)
    _insert(database, source, width, start[first_row:], rows)
    headers = [" ".join(cell.split()) for cell in table[0]] if has_header else [""] * width
    above = (sheet.start or (0, 0))[0]
    skipped = f"{titles} row{'s' if titles > 1 else ''} above the table"
    return RawTable(
        source=source,
        label=label,
        headers=tuple(headers),
        line=first_row + above + 1,
        notes=(f"{skipped} {'were' if titles > 1 else 'was'} skipped.",) if titles else (),
    )


def _insert(
    database: duckdb.DuckDBPyConnection,
    source: str,
    width: int,
    start: list[list[str]],
    rest: Iterator[list[str]],
) -> None:
    columns = ", ".join(f"c{place} VARCHAR" for place in range(width))
    database.execute(f"CREATE TEMP TABLE {source} ({columns})")
    schema = pa.schema([(f"c{place}", pa.string()) for place in range(width)])
    part = start
    while part:
        batch = pa.table(
            [
                pa.array([v or None for v in values], pa.string())
                for values in zip(*part, strict=True)
            ],
            schema=schema,
        )
        database.register("part", batch)
        database.execute(f"INSERT INTO {source} SELECT * FROM part")  # noqa: S608
        database.unregister("part")
        part = list(islice(rest, ROWS_AT_ONCE))


def _written(cell: Any) -> str:
    """The cell as text that the types are read from: dates as ISO, whole numbers without .0."""
    kind = cell.__class__
    if kind is str:
        text = str(cell).strip(SPACES)
    elif kind is float:
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    elif kind is bool:
        text = "true" if cell else "false"
    elif kind is datetime:
        midnight = cell.time() == time.min
        text = cell.date().isoformat() if midnight else cell.isoformat(" ")
    elif kind is date or kind is time:
        text = cell.isoformat()
    else:
        text = "" if cell is None else str(cell)
    return text
