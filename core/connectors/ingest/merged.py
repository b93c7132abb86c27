"""Merged cells: their text stands for every row that they cover, their number only once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Area = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell, each as (row, column) from 0 in the sheet."""


def spread(
    rows: Iterable[list[Any]], areas: Sequence[Area], first_row: int, first_column: int
) -> Iterator[list[Any]]:
    """The rows with the text of merged cells in each row they cover.

    `first_row` and `first_column` tell where in the sheet the first cell of the first row is.
    A number is not repeated, for it would be added up once for each row.
    """
    begins: dict[int, list[Area]] = {}
    for area in areas:
        if area[1][0] > area[0][0]:
            begins.setdefault(area[0][0], []).append(area)
    held: list[tuple[int, int, Any]] = []
    for number, row in enumerate(rows, start=first_row):
        for until, place, value in held:
            if number <= until and place < len(row) and row[place] in ("", None):
                row[place] = value
        held = [one for one in held if one[0] > number]
        for (_, column), (until, _) in begins.get(number, ()):
            place = column - first_column
            if 0 <= place < len(row) and _is_label(row[place]):
                held.append((until, place, row[place]))
        yield row


def heads_groups(areas: Sequence[Area], row: int) -> bool:
    """Whether cells of that row are merged sideways, as headings of groups of columns are."""
    return any(first[0] == row == last[0] and last[1] > first[1] for first, last in areas)


def across(cells: Sequence[str], areas: Sequence[Area], row: int, first_column: int) -> list[str]:
    """The row with the text of cells merged sideways in each column they cover."""
    spelled = list(cells)
    for (top, left), (_, right) in areas:
        if top == row:
            text = spelled[left - first_column] if 0 <= left - first_column < len(spelled) else ""
            for place in range(left - first_column, min(right - first_column + 1, len(spelled))):
                spelled[place] = text
    return spelled


def _is_label(value: Any) -> bool:
    return value not in ("", None) and not isinstance(value, int | float)
