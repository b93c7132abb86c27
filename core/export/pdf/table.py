"""Tables on paper: columns as wide as what they hold, a heading on every page, nothing cut off
in silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import pyarrow as pa

from core import columns, formats
from core.columns import Column
from core.export import fonts
from core.export.pdf.paper import BRAND, INK, QUIET, ZEBRA, Paper, one_line

SIZE = 8.0
LINE = 10.5
PAD = 5.0
MOST_LINES = 3
MOST_ROWS = 10_000
MOST_COLUMNS = 60
WIDEST, NARROWEST, SHRUNK = 260.0, 28.0, 80.0
KEY_WIDEST = 140.0
"""The first column is repeated on the pages of further columns unless it is wider than this."""


@dataclass(frozen=True)
class _Printed:
    """A column as it is printed: heading, texts, and where its figures stand."""

    heading: str
    texts: Sequence[str]
    right: bool
    width: float
    wraps: bool

    def in_width(self, width: float) -> "_Printed":
        return _Printed(
            self.heading, self.texts, self.right, width, self.wraps or width < self.width
        )


def draw(paper: Paper, table: pa.Table, *, most_rows: int = MOST_ROWS) -> None:
    """The rows below what is on the page, on as many further pages as they take.

    What does not fit stands on landscape pages, then wraps, then goes on with further columns
    on later pages. Of more than `most_rows` rows or MOST_COLUMNS columns the first are printed,
    and a sentence says so.
    """
    said = left_out(table.num_rows, table.num_columns, most_rows)
    if said:
        paper.paragraph(said, 9, QUIET)
        paper.y += 4
    if not table.num_columns or not table.num_rows:
        paper.paragraph("There are no rows.", 9, QUIET)
        return
    shown = table.slice(0, most_rows).select(range(min(table.num_columns, MOST_COLUMNS)))
    printed = [_printed(column) for column in columns.read(shown)]
    for number, band in enumerate(_bands(paper, printed)):
        if number:
            paper.turn()
        _rows(paper, band)


def left_out(rows: int, wide: int, most_rows: int = MOST_ROWS) -> str:
    """The sentence about what a table on paper does not show, empty where it shows all."""
    parts = []
    if rows > most_rows:
        parts.append(f"the first {most_rows:,} of {rows:,} rows")
    if wide > MOST_COLUMNS:
        parts.append(f"the first {MOST_COLUMNS} of {wide:,} columns")
    return f"Printed here: {' and '.join(parts)}. Excel and CSV have them all." if parts else ""


def texts(column: Column) -> list[str]:
    """The values of a column as they are printed, each in one line; NULL is a dash."""
    if column.numeric and column.role == "measure":
        return _figures(column)
    if column.numeric:
        return [formats.NOTHING if v is None else str(v) for v in column.values]
    name = column.name
    return [one_line(formats.cell(value, name)) for value in column.values]


def _figures(column: Column) -> list[str]:
    cents = not column.unit and all(
        n is None or n == 0 or 0.01 <= abs(n) < formats.LARGEST_PLAIN for n in column.numbers
    )
    whole = all(n is None or n == int(n) for n in column.numbers)
    if cents and not whole:
        return [
            f"{v:,.2f}" if n is not None and isinstance(v, int | float | Decimal)
            else formats.number(v)
            for v, n in zip(column.values, column.numbers, strict=True)
        ]  # fmt: skip
    return [formats.number(value, column.unit) for value in column.values]


def _printed(column: Column) -> _Printed:
    heading = one_line(column.name) or " "
    found = texts(column)
    longest = sorted(set(found), key=len, reverse=True)
    widths = [fonts.width(text[:400], SIZE) for text in islice(longest, 50)]
    natural = max([fonts.width(heading[:200], SIZE, bold=True), *widths]) + 2 * PAD + 0.5
    width = min(WIDEST, max(NARROWEST, natural))
    return _Printed(heading, found, column.numeric, width, natural > width)


def _bands(paper: Paper, printed: Sequence[_Printed]) -> list[list[_Printed]]:
    """The columns that stand side by side, for one run of pages after the other."""
    total = sum(column.width for column in printed)
    if total <= paper.room:
        return [list(printed)]
    if not paper.landscape:
        paper.turn(landscape=True)
    if total <= paper.room:
        return [list(printed)]
    shrunk = _shrunk(printed, paper.room)
    if sum(column.width for column in shrunk) <= paper.room:
        return [shrunk]
    key = [shrunk[0]] if shrunk[0].width <= KEY_WIDEST else []
    bands: list[list[_Printed]] = [[]]
    for column in shrunk:
        if bands[-1] and sum(c.width for c in bands[-1]) + column.width > paper.room:
            bands.append([*key])
        bands[-1].append(column)
    return bands


def _shrunk(printed: Sequence[_Printed], room: float) -> list[_Printed]:
    """The columns with the widest texts narrowed, no more than it takes."""
    widths = [column.width for column in printed]
    while sum(widths) > room:
        widest = max(
            (i for i, c in enumerate(printed) if not c.right), key=lambda i: widths[i], default=None
        )
        if widest is None or widths[widest] <= SHRUNK:
            break
        widths[widest] = max(SHRUNK, min(widths[widest] * 0.9, widths[widest] - 1))
    return [c.in_width(w) if w < c.width else c for c, w in zip(printed, widths, strict=True)]


def _rows(paper: Paper, band: Sequence[_Printed]) -> None:
    lefts = [paper.left]
    for column in band:
        lefts.append(lefts[-1] + column.width)
    heads = [
        fonts.wrapped(c.heading, SIZE, c.width - 2 * PAD, bold=True, most=MOST_LINES) for c in band
    ]
    paper.need(LINE * (max(map(len, heads)) + 3) + 4 * PAD)
    _head(paper, band, lefts, heads)
    for number in range(len(band[0].texts)):
        cells = [_lines(column, column.texts[number]) for column in band]
        high = max(map(len, cells)) * LINE + PAD
        if paper.y + high > paper.bottom:
            paper.turn()
            _head(paper, band, lefts, heads)
        if number % 2:
            paper.block(paper.left, paper.y, lefts[-1] - paper.left, high, ZEBRA)
        for column, left, lines in zip(band, lefts, cells, strict=False):
            _cell(paper, column, left, lines, paper.y, INK)
        paper.y += high
    paper.rule(paper.left, paper.y, lefts[-1])
    paper.y += PAD


def _head(
    paper: Paper, band: Sequence[_Printed], lefts: Sequence[float], heads: Sequence[list[str]]
) -> None:
    high = max(map(len, heads)) * LINE + 1.6 * PAD
    paper.block(paper.left, paper.y, lefts[-1] - paper.left, high, BRAND)
    for column, left, lines in zip(band, lefts, heads, strict=False):
        _cell(paper, column, left, lines, paper.y + 0.3 * PAD, "#FFFFFF", bold=True)
    paper.y += high


def _lines(column: _Printed, text: str) -> list[str]:
    if not column.wraps:
        return [text]
    return fonts.wrapped(text, SIZE, column.width - 2 * PAD, most=MOST_LINES)


def _cell(
    paper: Paper,
    column: _Printed,
    left: float,
    lines: Sequence[str],
    top: float,
    color: str,
    *,
    bold: bool = False,
) -> None:
    for number, line in enumerate(lines):
        baseline = top + LINE * (number + 1) - 0.5
        if column.right or (not line.isascii() and fonts.from_right(line)):
            right = left + column.width - PAD
            paper.words(right, baseline, line, SIZE, color, bold=bold, anchor="end")
        else:
            paper.words(left + PAD, baseline, line, SIZE, color, bold=bold)
