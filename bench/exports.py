"""Files of results: a PDF of 10,000 rows, a workbook of 100,000, a chart as a picture.

Ours is what the product's Export menu calls. Theirs are fpdf2's own `table()`, openpyxl's normal
mode and xlsxwriter cell by cell. fpdf2's side has 1,000 rows and counts ten times: at 10,000 it
takes half a minute, and it grows a little faster than the rows, so this favours it.

Targets: PDF 8 times faster, xlsx twice as fast in constant memory, a picture within 250 ms.
"""

import random
import tempfile
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from bench.timing import compare, peak_memory
from core.export import excel, pdf, pictures
from core.types import ChartSpec, QueryResult

PDF_ROWS, PDF_SAMPLE = 10_000, 1_000
EXCEL_ROWS = 100_000


def orders(rows: int) -> pa.Table:
    """Orders with texts, dates, moments, money, numbers, flags and gaps, from a fixed seed."""
    dice = random.Random(7)
    begin = datetime(2024, 1, 1)  # noqa: DTZ001
    cities = ("Berlin", "Paris", "Oslo", "Kraków")
    return pa.table(
        {
            "id": list(range(rows)),
            "customer": [f"Customer {dice.randint(1, 50_000)}" for _ in range(rows)],
            "city": [dice.choice(cities) for _ in range(rows)],
            "day": [date(2024, 1, 1) + timedelta(dice.randint(0, 700)) for _ in range(rows)],
            "at": [begin + timedelta(seconds=dice.randint(0, 7_000_000)) for _ in range(rows)],
            "amount": pa.array(
                [Decimal(dice.randint(1, 10**7)) / 100 for _ in range(rows)], pa.decimal128(12, 2)
            ),
            "quantity": [dice.randint(1, 50) for _ in range(rows)],
            "weight": [dice.random() for _ in range(rows)],
            "paid": [dice.random() > 0.5 for _ in range(rows)],
            "note": [f"Note {dice.randint(1, 10**9)}" if dice.random() > 0.2 else None
                     for _ in range(rows)],
        }
    )  # fmt: skip


def our_pdf(table: pa.Table, folder: Path) -> None:
    """The product's PDF."""
    pdf.write(None, table, folder / "ours.pdf")


def fpdf_table(table: pa.Table, folder: Path) -> None:
    """fpdf2's table(), with one of its built-in fonts."""
    from fpdf import FPDF

    paper = FPDF(orientation="landscape")
    paper.add_page()
    paper.set_font("Helvetica", size=7)
    with paper.table() as drawn:
        drawn.row(table.column_names)
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            drawn.row(["" if v is None else str(v).replace("ó", "o") for v in row])
    paper.output(str(folder / "theirs.pdf"))


def our_workbook(table: pa.Table, folder: Path) -> None:
    """The product's workbook."""
    excel.write(None, table, folder / "ours.xlsx")


def openpyxl_normal(table: pa.Table, folder: Path) -> None:
    """openpyxl, as most people write workbooks."""
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    page.append(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        page.append(row)
    book.save(folder / "theirs.xlsx")


def xlsxwriter_cells(table: pa.Table, folder: Path) -> None:
    """xlsxwriter's constant memory, with a format for days and one for moments."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(folder / "cells.xlsx", options) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, table.column_names)
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                page.write(number, index, value, day if isinstance(value, date) else None)


def nothing(table: pa.Table, folder: Path) -> None:
    """What a fresh process holds with the table alone."""


def picture() -> None:
    """A chart of a hundred points as a PNG."""
    made = pa.table({"day": [date(2026, 1, 1) + timedelta(i) for i in range(100)],
                     "revenue": [float(i % 17) for i in range(100)]})  # fmt: skip
    pictures.picture(ChartSpec("line", "day", ("revenue",), title="Revenue"), QueryResult(made))


def main(folder: Path) -> None:
    """All three."""
    began = time.perf_counter()
    picture()
    first = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(5):
        picture()
    print(f"a picture: {200 * (time.perf_counter() - began):.0f} ms, the first {first:.2f} s")
    few, table = orders(PDF_SAMPLE), orders(PDF_ROWS)
    scale = PDF_ROWS / PDF_SAMPLE
    timed = compare(
        (f"PDF of {PDF_ROWS:,} rows, ours", lambda: our_pdf(table, folder)),
        (f"{PDF_SAMPLE:,} rows of fpdf2's table()", lambda: fpdf_table(few, folder)),
        runs=3,
    )
    print(f"{timed}\nfor as many rows: {scale * timed.ratio:.1f} x")
    table = orders(EXCEL_ROWS)
    mine = (f"xlsx of {EXCEL_ROWS:,} x 10, ours", lambda: our_workbook(table, folder))
    print(compare(mine, ("openpyxl", lambda: openpyxl_normal(table, folder)), runs=3))
    print(compare(mine, ("xlsxwriter", lambda: xlsxwriter_cells(table, folder)), runs=3))
    for work in (nothing, our_workbook, openpyxl_normal, xlsxwriter_cells):
        print(f"peak of {work.__name__}: {peak_memory(work, table, folder):.0f} MiB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
