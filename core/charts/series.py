"""The series of a chart: one for each measure, or one for each value of the colour column."""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core import formats
from core.columns import Column

MOST_BARS = 25
MOST_SERIES = 8
MOST_SLICES = 12
LONGEST_NAME = 40


@dataclass(frozen=True)
class Series:
    """Figures under one name. `rows` are the rows of the result where they stand.

    `label` is escaped for Plotly. `rest` marks the sum of all series too small to be shown.
    A row of -1 stands for a period that the data does not have.
    """

    label: str
    measure: Column
    rows: list[int]
    figures: list[float | None]
    rest: bool = False

    def place(self, row: int, x: Column) -> str:
        """What a point stands over, in full."""
        return x.labels[row] if row >= 0 else ""

    def only(self, holds: Callable[[int], bool]) -> "Series":
        """The series without the points that the axis has no place for."""
        kept = [(r, n) for r, n in zip(self.rows, self.figures, strict=True) if holds(r)]
        return replace(self, rows=[r for r, _ in kept], figures=[n for _, n in kept])

    def sorted_by(self, key: Callable[[int], float]) -> "Series":
        """The series with its points in the order of the axis."""
        pairs = sorted(zip(self.rows, self.figures, strict=True), key=lambda pair: key(pair[0]))
        return replace(self, rows=[r for r, _ in pairs], figures=[n for _, n in pairs])


def lone(y: Sequence[Column]) -> list[Series]:
    """One series for each measure, over all rows."""
    rows = list(range(len(y[0].numbers)))
    return [Series(_name(formats.heading(c.name)), c, rows, c.numbers) for c in y]


def split(x: Column, y: Sequence[Column], color: Column, *, summing: bool = True) -> list[Series]:
    """One series for each value of the colour column, the largest first.

    Beyond eight the others are summed up (points of a scatter are only greyed).
    """
    measure = y[0]
    groups: dict[str, list[int]] = {}
    for row, key in enumerate(color.keys):
        groups.setdefault(key, []).append(row)
    ranked = sorted(groups.values(), key=lambda rows: -_size(measure, rows))
    kept = ranked if len(ranked) <= MOST_SERIES else ranked[: MOST_SERIES - 1]
    others = ranked[len(kept) :]
    order = color.order
    if order is not None and not color.identifier:
        kept.sort(key=lambda rows: order[rows[0]])
    made = [
        Series(_name(color.labels[rows[0]]), measure, rows, [measure.numbers[r] for r in rows])
        for rows in kept
    ]
    if others:
        name = f"Other ({len(others)})"
        rows = [row for group in others for row in group]
        figures = [measure.numbers[r] for r in rows]
        if summing:
            rows, figures = _summed(x, rows, figures)
        made.append(Series(name, measure, rows, figures, rest=True))
    return made


def sliced(x: Column, y: Column) -> tuple[list[str], list[float]]:
    """Labels and figures of a pie, the largest first; beyond twelve the rest is one slice."""
    pairs = [(label, n) for label, n in zip(x.labels, y.numbers, strict=True) if n]
    pairs.sort(key=lambda pair: -pair[1])
    if len(pairs) > MOST_SLICES:
        rest = pairs[MOST_SLICES:]
        pairs = [*pairs[:MOST_SLICES], (f"Other ({len(rest)})", math.fsum(n for _, n in rest))]
    return [label for label, _ in pairs], [n for _, n in pairs]


def _summed(
    x: Column, rows: Sequence[int], figures: Sequence[float | None]
) -> tuple[list[int], list[float | None]]:
    sums: dict[str, float | None] = {}
    first: dict[str, int] = {}
    for row, figure in zip(rows, figures, strict=True):
        key = x.keys[row]
        first.setdefault(key, row)
        before = sums.get(key)
        sums[key] = before if figure is None else (before or 0.0) + figure
    return list(first.values()), [sums[key] for key in first]


def _size(measure: Column, rows: Sequence[int]) -> float:
    return sum(abs(measure.numbers[r] or 0.0) for r in rows)


def _name(label: str) -> str:
    return html.escape(formats.shortened(label, LONGEST_NAME), quote=False)
