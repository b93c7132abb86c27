"""Excel workbooks: every sheet that has something in it, by value, never by formula."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from core.connectors.ingest import filetype, header, merged, parts
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
        odd = parts.oddities(source)
        workbook = CalamineWorkbook.from_path(str(source))
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                notes.append(f"The hidden sheet “{meta.name}” was left out.")
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            name = f"raw{len(tables) + 1}"
            table = _sheet(database, sheet, name, meta.name, odd.get(meta.name), limits)
            if table is None:
                notes.append(f"The empty sheet “{meta.name}” was left out.")
            else:
                tables.append(table)
    except BadUpload:
        raise
    except PasswordError as error:
        raise BadUpload(
            "This Excel file is protected by a password.",
            "Open it in Excel, remove the password (File > Info) and upload it again.",
        ) from error
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise filetype.damaged() from error
    except BaseException as error:
        # What the reader of sheets panics over arrives outside the family of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise filetype.damaged() from error
    if not tables:
        raise BadUpload(
            "The workbook has no visible sheet with data.",
            "Check that it was saved with its data, and that the sheet is not hidden.",
        )
    return Sheets(tuple(tables), tuple(notes))


def _sheet(
    database: duckdb.DuckDBPyConnection,
    sheet: Any,
    source: str,
    label: str,
    odd: parts.Oddities | None,
    limits: UploadLimits,
) -> RawTable | None:
    odd = odd or parts.Oddities()
    above, left = sheet.start or (0, 0)
    areas = sheet.merged_cell_ranges or []
    if sheet.width > limits.max_columns:
        raise BadUpload(
            f"The sheet “{label}” has {sheet.width:,} columns; the limit is "
            f"{limits.max_columns:,}.",
            "Delete the columns that you do not need.",
        )
    rows = _with_errors(sheet.iter_rows(), odd, above, left)
    start = list(islice(rows, SAMPLE_ROWS))
    written = [[_written(cell) for cell in row] for row in start]
    if not any(any(row) for row in written):
        return None
    titles = header.first_row(written)
    table = written[titles:]
    width = len(table[0])
    grouped = len(table) > 2 and merged.heads_groups(areas, above + titles)
    has_header = grouped or header.is_header(table)
    first_row = titles + int(has_header) + int(grouped)
    data = merged.spread(chain(start[first_row:], rows), areas, above + first_row, left)
    _insert(database, source, width, data)
    headings = table[0]
    if grouped:
        over = merged.across(table[0], areas, above + titles, left)
        headings = [f"{top} {under}" for top, under in zip(over, table[1], strict=True)]
    headers = [" ".join(cell.split()) for cell in headings] if has_header else [""] * width
    return RawTable(
        source=source,
        label=label,
        headers=tuple(headers),
        line=first_row + above + 1,
        notes=tuple(_notes(titles, areas, odd, above + first_row)),
    )


def _with_errors(
    rows: Iterator[list[Any]], odd: parts.Oddities, above: int, left: int
) -> Iterator[list[Any]]:
    """The rows with errors such as #DIV/0! as text: they are bad cells, not empty ones."""
    if not odd.errors:
        return rows
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), value in odd.errors.items():
        by_row.setdefault(row - above, []).append((column - left, value))

    def patched() -> Iterator[list[Any]]:
        for number, row in enumerate(rows):
            for place, value in by_row.get(number, ()):
                if 0 <= place < len(row):
                    row[place] = value
            yield row

    return patched()


def _notes(
    titles: int, areas: Sequence[merged.Area], odd: parts.Oddities, first_row: int
) -> Iterator[str]:
    if titles:
        were = "were" if titles > 1 else "was"
        yield f"{titles} row{'s' if titles > 1 else ''} above the table {were} skipped."
    tall = sum(last[0] > first[0] >= first_row for first, last in areas)
    if tall:
        cells = "1 merged cell" if tall == 1 else f"{tall:,} merged cells"
        yield f"The text of {cells} stands in each row covered, a number only in the first."
    if odd.never_worked_out:
        count = odd.never_worked_out
        formulas = "1 formula has" if count == 1 else f"{count:,} formulas have"
        yield (
            f"{formulas} no value in the file and came empty: open and save it in Excel, "
            "then upload it again."
        )


def _insert(
    database: duckdb.DuckDBPyConnection, source: str, width: int, rows: Iterator[list[Any]]
) -> None:
    columns = ", ".join(f"c{place} VARCHAR" for place in range(width))
    database.execute(f"CREATE TEMP TABLE {source} ({columns})")
    schema = pa.schema([(f"c{place}", pa.string()) for place in range(width)])
    while part := list(islice(rows, ROWS_AT_ONCE)):
        batch = pa.table(
            [pa.array(_texts(values), pa.string()) for values in zip(*part, strict=True)],
            schema=schema,
        )
        database.register("part", batch)
        database.execute(f"INSERT INTO {source} SELECT * FROM part")  # noqa: S608
        database.unregister("part")


def _texts(cells: Sequence[Any]) -> list[str | None]:
    """A column of cells as text; None where there is nothing. Most columns hold one kind."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return [cell.strip(SPACES) or None for cell in cells]
    if kinds == {float}:
        return [
            str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
            for cell in cells
        ]
    return [_written(cell) or None for cell in cells]


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
