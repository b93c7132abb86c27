"""PDF files: an answer on paper, or rows alone."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from core import formats
from core.export import plot
from core.export.pdf import table as tables
from core.export.pdf.paper import BRAND, INK, QUIET, Paper
from core.export.sheet import Sheet
from core.types import QueryResult

__all__ = ["write"]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The date inside a file of rows alone, which has none: equal rows make equal files."""


def write(sheet: Sheet | None, table: pa.Table, path: Path) -> None:
    """A4 or Letter as the sheet says: what was asked and found, the chart, the table.

    Of more than 10,000 rows or 60 columns the first are printed and the file says so. Fonts are
    embedded; text of any script can be copied out.
    """
    if sheet is None:
        paper = Paper("Rows", EPOCH)
        paper.turn()
        tables.draw(paper, table)
        paper.foot("DataMind")
        paper.save(path)
        return
    paper = Paper(sheet.title or "Answer", sheet.made_at, size=sheet.paper)
    paper.turn()
    _words(paper, sheet)
    _chart(paper, sheet, table)
    if sheet.chart is None or sheet.chart.kind != "kpi" or table.num_rows > 1:
        if sheet.truncated:
            said = f"The query had more rows; these are the first {table.num_rows:,}."
            paper.paragraph(said, 9, QUIET)
        tables.draw(paper, table)
    paper.foot(_footer(sheet))
    paper.save(path)


def _words(paper: Paper, sheet: Sheet) -> None:
    paper.block(paper.left, paper.y, 28, 3, BRAND)
    paper.y += 10
    paper.paragraph(sheet.title or "Answer", 18, INK, bold=True, most=4)
    if sheet.question and sheet.question.strip() != sheet.title.strip():
        paper.paragraph(sheet.question, 10, QUIET, most=8)
    paper.y += 6
    if sheet.insight:
        paper.paragraph(sheet.insight, 11.5, INK)
        paper.y += 4
    for name, said in (("How sure", sheet.sure), ("Read as", sheet.reading)):
        if said:
            paper.paragraph(f"{name}: {said}", 9, QUIET, most=8)
    paper.y += 10


def _chart(paper: Paper, sheet: Sheet, table: pa.Table) -> None:
    if sheet.chart is None:
        return
    drawing = plot.drawing(
        sheet.chart,
        QueryResult(table),
        width=paper.room,
        title=False,
        today=sheet.made_at.date(),
    )
    if drawing is None:
        return
    paper.need(drawing.height)
    paper.picture(drawing, paper.left, paper.y)
    paper.y += drawing.height + 16


def _footer(sheet: Sheet) -> str:
    made = f"{formats.day(sheet.made_at)} {sheet.made_at:%H:%M %Z}".strip()
    return " · ".join(part for part in (made, sheet.connection, "DataMind") if part)
