"""Excel workbooks: a Summary sheet with the answer, a Data sheet with real types."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from core import columns
from core.charts import amounts
from core.columns import Column
from core.errors import LimitReached
from core.export import cells, excel_chart, excel_rows
from core.export.sheet import Sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The date inside a file of rows alone: equal rows make equal files."""
WIDTH_ROWS = 200
NARROWEST, WIDEST = 8, 60
BRAND = "#6366F1"


def write(sheet: Sheet | None, table: pa.Table, path: Path) -> None:
    """A workbook in constant memory. Raises LimitReached for more than Excel can hold.

    Without a sheet it has no Summary. Text is always text, never a formula or a link. Numbers
    of more than 15 digits are text, for Excel would round them.
    Moments with a zone are in UTC, and the Summary says so, as it does of texts that were cut.
    """
    from xlsxwriter import Workbook

    if table.num_rows > MOST_ROWS or table.num_columns > MOST_COLUMNS:
        raise LimitReached(
            f"Excel holds {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns; "
            f"this result has {table.num_rows:,} and {table.num_columns:,}.",
            "Export it as CSV, or ask for fewer rows.",
        )
    pattern = path.with_name(f"{path.name}.pattern")
    try:
        with Workbook(pattern, {"constant_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"created": sheet.made_at if sheet else EPOCH, "comments": ""})
            if sheet is not None:
                _summary(book, sheet, table)
            _data(book, table)
        number = 1 if sheet is None else 2
        excel_rows.fill(pattern, path, f"xl/worksheets/sheet{number}.xml", table)
    finally:
        pattern.unlink(missing_ok=True)


def _summary(book: "Workbook", sheet: Sheet, table: pa.Table) -> None:
    page = book.add_worksheet("Summary")
    page.hide_gridlines(2)
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 100)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": BRAND})
    name = book.add_format({"bold": True, "font_color": "#64748B", "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    code = book.add_format({"text_wrap": True, "valign": "top", "font_name": "Consolas"})
    page.write_string(0, 0, excel_rows.cut(sheet.title or "Answer"), title)
    rows = [
        ("Question", sheet.question, body),
        ("Answer", sheet.insight, body),
        ("How sure", sheet.sure, body),
        ("Read as", sheet.reading, body),
        ("Rows", f"{table.num_rows:,}" + (" and more" if sheet.truncated else ""), body),
        ("Connection", sheet.connection, body),
        ("Made at", f"{sheet.made_at:%Y-%m-%d %H:%M %Z}".strip(), body),
        ("SQL", sheet.sql, code),
        ("Notes", "\n".join(_notes(table)), body),
    ]
    shown = [row for row in rows if row[1]]
    for line, (label, text, style) in enumerate(shown, start=2):
        page.write_string(line, 0, label, name)
        page.write_string(line, 1, excel_rows.cut(text), style)
    excel_chart.insert(book, page, len(shown) + 3, sheet.chart, table)


def _notes(table: pa.Table) -> list[str]:
    notes = []
    for column in columns.read(table):
        kind = column.data.type
        if pa.types.is_timestamp(kind) and kind.tz:
            notes.append(f"{column.name}: times are in UTC.")
        if cut := _too_long(column):
            notes.append(
                f"{column.name}: {cut:,} texts were cut to {excel_rows.LONGEST_TEXT:,} characters, "
                "the most that Excel holds."
            )
    return notes


def _too_long(column: Column) -> int:
    if not (pa.types.is_string(column.data.type) or pa.types.is_large_string(column.data.type)):
        return 0
    if (pc.max(pc.binary_length(column.data)).as_py() or 0) <= excel_rows.LONGEST_TEXT:
        return 0
    return sum(
        1 for v in column.values if v is not None and excel_rows.units(v) > excel_rows.LONGEST_TEXT
    )


def _data(book: "Workbook", table: pa.Table) -> None:
    page = book.add_worksheet("Data")
    head = book.add_format(
        {"bold": True, "font_color": "#FFFFFF", "bg_color": BRAND, "bottom": 1, "valign": "vcenter"}
    )
    found = columns.read(table)
    styles = [book.add_format({"num_format": _pattern(c)}) for c in found]
    sample = columns.read(table.slice(0, WIDTH_ROWS))
    for index, column in enumerate(sample):
        page.set_column(index, index, _width(column))
    page.freeze_panes(1, 0)
    for index, column in enumerate(found):
        page.write_string(0, index, excel_rows.cut(_heading(column)), head)
    if found:
        page.autofilter(0, 0, table.num_rows, len(found) - 1)
    if table.num_rows:
        for index, style in enumerate(styles):
            page.write_blank(1, index, None, style)


def _heading(column: Column) -> str:
    kind = column.data.type
    return f"{column.name} (UTC)" if pa.types.is_timestamp(kind) and kind.tz else column.name


def _pattern(column: Column) -> str:  # noqa: PLR0911 - one line per kind of value
    kind = column.data.type
    if pa.types.is_timestamp(kind):
        return "yyyy-mm-dd hh:mm:ss"
    if pa.types.is_date(kind):
        return "yyyy-mm-dd"
    if pa.types.is_time(kind):
        return "hh:mm:ss"
    if not column.numeric:
        return "General"
    if column.role != "measure":
        return "0"
    if column.unit == "fraction":
        return "0.0%"
    sign = amounts.of(column).sign
    whole = pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale <= 0)
    money = f'"{sign}"' if sign else ""
    return f"{money}#,##0" if whole else f"{money}#,##0.00"


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
