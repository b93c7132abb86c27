"""Excel workbooks: a Summary sheet with the answer, a Data sheet with real types."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from core import columns
from core.columns import Column
from core.errors import LimitReached
from core.export import cells
from core.export.sheet import Sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
"""Excel's limit of a cell, in UTF-16 units."""
SURELY_SHORT = LONGEST_TEXT // 2
LARGEST_WHOLE = 2**53
MOST_DIGITS = 15
FIRST_DAY = date(1900, 3, 1)
"""Before this Excel counts a day that never was."""

BATCH_ROWS = 10_000
WIDTH_ROWS = 200
NARROWEST, WIDEST = 8, 60
BRAND = "#6366F1"

Cell = tuple[str, Any]
"""How a value is written (number, text, date, boolean, blank) and the value."""


def write(sheet: Sheet | None, table: pa.Table, path: Path) -> None:
    """A workbook in constant memory. Raises LimitReached for more than Excel can hold.

    Without a sheet it has no Summary. Text is always text, never a formula or a link. Whole
    numbers above 2^53 and decimals of more than 15 digits are text, for Excel would round them.
    Moments with a zone are in UTC, and the Summary says so, as it does of texts that were cut.
    """
    from xlsxwriter import Workbook

    if table.num_rows > MOST_ROWS or table.num_columns > MOST_COLUMNS:
        raise LimitReached(
            f"Excel holds {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns; "
            f"this result has {table.num_rows:,} and {table.num_columns:,}.",
            "Export it as CSV, or ask for fewer rows.",
        )
    with Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        if sheet is not None:
            _summary(book, sheet, table)
        _data(book, table)


def _summary(book: "Workbook", sheet: Sheet, table: pa.Table) -> None:
    page = book.add_worksheet("Summary")
    page.hide_gridlines(2)
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 100)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": BRAND})
    name = book.add_format({"bold": True, "font_color": "#64748B", "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    code = book.add_format({"text_wrap": True, "valign": "top", "font_name": "Consolas"})
    page.write_string(0, 0, _cut(sheet.title or "Answer"), title)
    rows = [
        ("Question", sheet.question, body),
        ("Answer", sheet.insight, body),
        ("How sure", sheet.sure, body),
        ("Read as", sheet.reading, body),
        ("Rows", f"{table.num_rows:,}", body),
        ("Made at", f"{sheet.made_at:%Y-%m-%d %H:%M %Z}".strip(), body),
        ("SQL", sheet.sql, code),
        ("Notes", "\n".join(_notes(table)), body),
    ]
    shown = [row for row in rows if row[1]]
    for line, (label, text, style) in enumerate(shown, start=2):
        page.write_string(line, 0, label, name)
        page.write_string(line, 1, _cut(text), style)


def _notes(table: pa.Table) -> list[str]:
    notes = []
    for column in columns.read(table):
        kind = column.data.type
        if pa.types.is_timestamp(kind) and kind.tz:
            notes.append(f"{column.name}: times are in UTC.")
        if cut := _too_long(column):
            notes.append(
                f"{column.name}: {cut:,} texts were cut to {LONGEST_TEXT:,} characters, "
                "the most that Excel holds."
            )
    return notes


def _too_long(column: Column) -> int:
    if not (pa.types.is_string(column.data.type) or pa.types.is_large_string(column.data.type)):
        return 0
    if (pc.max(pc.binary_length(column.data)).as_py() or 0) <= LONGEST_TEXT:
        return 0
    return sum(1 for v in column.values if v is not None and _units(v) > LONGEST_TEXT)


def _data(book: "Workbook", table: pa.Table) -> None:
    page = book.add_worksheet("Data")
    head = book.add_format(
        {"bold": True, "font_color": "#FFFFFF", "bg_color": BRAND, "bottom": 1, "valign": "vcenter"}
    )
    found = columns.read(table)
    styles = [book.add_format({"num_format": _pattern(c)}) for c in found]
    plain = book.add_format({})
    sample = columns.read(table.slice(0, WIDTH_ROWS))
    for index, column in enumerate(sample):
        page.set_column(index, index, _width(column))
    page.freeze_panes(1, 0)
    for index, column in enumerate(found):
        page.write_string(0, index, _cut(_heading(column)), head)
    if found:
        page.autofilter(0, 0, table.num_rows, len(found) - 1)
    put = [_putter(page, c.data.type, s, plain) for c, s in zip(found, styles, strict=True)]
    for start in range(0, table.num_rows, BATCH_ROWS):
        part = [columns.plain(c) for c in table.slice(start, BATCH_ROWS).columns]
        for line, row in enumerate(zip(*part, strict=True), start=start + 1):
            for index, value in enumerate(row):
                if value is not None:
                    put[index](line, index, value)


Put = Callable[[int, int, Any], Any]
"""Writes a value, which is never None, into a row and a column."""


def _putter(page: "Worksheet", kind: pa.DataType, style: Any, plain: Any) -> Put:
    """How values of a type are written: chosen once for a column, for a million cells."""
    ways: dict[str, Put] = {
        "number": lambda row, column, value: page.write_number(row, column, value, style),
        "date": lambda row, column, value: page.write_datetime(row, column, value, style),
        "boolean": lambda row, column, value: page.write_boolean(row, column, value, plain),
        "text": lambda row, column, value: page.write_string(row, column, value, plain),
        "blank": lambda row, column, value: None,
    }
    convert = _converter(kind)

    def put(row: int, column: int, value: Any) -> None:
        way, written = convert(value)
        ways[way](row, column, written)

    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = ways["text"]
        return lambda row, column, value: text(
            row, column, value if len(value) < SURELY_SHORT else _cut(value)
        )
    return put


def _converter(kind: pa.DataType) -> Callable[[Any], Cell]:
    if pa.types.is_boolean(kind):
        return lambda value: ("boolean", value)
    if pa.types.is_integer(kind):
        return _whole
    if pa.types.is_floating(kind):
        return _float
    if pa.types.is_decimal(kind):
        return _decimal
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _date
    return lambda value: ("text", _cut(cells.text(value)))


def _whole(value: int) -> Cell:
    return ("number", value) if abs(value) <= LARGEST_WHOLE else ("text", str(value))


def _float(value: float) -> Cell:
    if math.isfinite(value):
        return ("number", value + 0.0)
    return ("blank", None) if math.isnan(value) else ("text", cells.number(value))


def _decimal(value: Decimal) -> Cell:
    if not value.is_finite():
        return ("blank", None)
    if len(value.normalize().as_tuple().digits) <= MOST_DIGITS:
        return ("number", float(value))
    return ("text", cells.text(value))


def _date(value: Any) -> Cell:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if not isinstance(value, date):
        return ("text", str(value))
    day = value.date() if isinstance(value, datetime) else value
    return ("date", value) if day >= FIRST_DAY else ("text", cells.text(value))


def _heading(column: Column) -> str:
    kind = column.data.type
    return f"{column.name} (UTC)" if pa.types.is_timestamp(kind) and kind.tz else column.name


def _pattern(column: Column) -> str:
    kind = column.data.type
    if pa.types.is_timestamp(kind):
        return "yyyy-mm-dd hh:mm:ss"
    if pa.types.is_date(kind):
        return "yyyy-mm-dd"
    if not column.numeric:
        return "General"
    if column.role != "measure":
        return "0"
    if column.unit == "fraction":
        return "0.0%"
    whole = pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale <= 0)
    return "#,##0" if whole else "#,##0.00"


def _width(column: Column) -> int:
    """Wide enough for the heading with its filter arrow and for the first rows."""
    longest = max(
        (len(cells.text(v).split("\n")[0]) for v in column.values if v is not None), default=0
    )
    if column.numeric:
        longest += longest // 3
    elif pa.types.is_timestamp(column.data.type):
        longest = 19
    return min(WIDEST, max(NARROWEST, len(_heading(column)) + 4, longest + 2))


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    """The text within Excel's limit, ending in a note where something is missing."""
    if _units(text) <= LONGEST_TEXT:
        return text
    note = f"… (cut from {len(text):,} characters)"
    kept = text[: LONGEST_TEXT - len(note)]
    while _units(kept) + len(note) > LONGEST_TEXT:
        kept = kept[: len(kept) - max(1, (_units(kept) + len(note) - LONGEST_TEXT) // 2)]
    return kept + note
