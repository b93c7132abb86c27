"""Where the table begins: lines above it, and whether its first row is a header."""

import re
from collections.abc import Sequence

LONGEST_HEADER = 200
_NUMBER = re.compile(r"[-+(]?[€$£¥]?\s*\d[\d.,' \u00a0\u202f]*\s*[%€$£¥)]?")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?")
_YEAR = re.compile(r"(19|20)\d\d")

Row = Sequence[str]


def first_row(rows: Sequence[Row]) -> int:
    """The index of the first row that belongs to the table; titles above it are skipped.

    A title has far fewer filled cells than the rows of the table.
    """
    widths = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = sorted(width for width in widths if width)
    if not usual:
        return 0
    wanted = usual[len(usual) // 2]
    if wanted < 2:
        return next(i for i, width in enumerate(widths) if width)
    enough = max(2, round(wanted * 0.6))
    return next(i for i, width in enumerate(widths) if width >= enough)


def is_header(rows: Sequence[Row]) -> bool:
    """Whether the first of these rows names the columns.

    It does when some cell is text above numbers or dates; when it holds years above other
    numbers; or, in a table of text, when its cells are all different and short, and none of
    them comes again below.
    """
    if not rows:
        return False
    head = [cell.strip() for cell in rows[0]]
    below = [
        [row[place].strip() for row in rows[1:] if place < len(row) and row[place].strip()]
        for place in range(len(head))
    ]
    kinds = [_kind(cell) for cell in head]
    if any(
        kind == "text" and _usual_kind(cells) in ("number", "date")
        for kind, cells in zip(kinds, below, strict=True)
    ):
        return True
    repeated = any(cell and cell in cells for cell, cells in zip(head, below, strict=True))
    if "number" in kinds or "date" in kinds:
        return not repeated and _are_years(head, kinds)
    filled = [cell for cell in head if cell]
    short = all(len(cell) <= LONGEST_HEADER for cell in filled)
    return bool(filled) and short and not repeated


def _are_years(head: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether the numbers among the cells are different years: 2022, 2023, 2024."""
    numbers = [cell for cell, kind in zip(head, kinds, strict=True) if kind == "number"]
    years = [cell for cell in numbers if _YEAR.fullmatch(cell)]
    return len(years) >= 2 and len(set(years)) == len(numbers)


def _kind(cell: str) -> str:
    text = cell.strip()
    if not text:
        return "empty"
    if _NUMBER.fullmatch(text):
        return "number"
    return "date" if _DATE.fullmatch(text) else "text"


def _usual_kind(cells: Sequence[str]) -> str:
    kinds = [_kind(cell) for cell in cells]
    return max(sorted(set(kinds)), key=kinds.count) if kinds else "empty"
