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
MISSING, REST = -1, -2
"""Rows that the result does not have: a period without one, and the sum of the smallest."""


@dataclass(frozen=True)
class Series:
    """Figures under one name. `rows` are the rows of the result where they stand.

    `label` is escaped for Plotly. `rest` marks the sum of all series too small to be shown.
    `told` are the figures that people read, where those that are drawn are shares of a whole.
    """

    label: str
    measure: Column
    rows: list[int]
    figures: list[float | None]
    rest: bool = False
    told: list[float | None] | None = None

    @property
    def read(self) -> list[float | None]:
        """The figures that people read."""
        return self.figures if self.told is None else self.told

    def place(self, row: int, x: Column) -> str:
        """What a point stands over, in full."""
        return x.labels[row] if row >= 0 else ("Other" if row == REST else "")

    def only(self, holds: Callable[[int], bool]) -> "Series":
        """The series without the points that the axis has no place for."""
        return self.picked([i for i, row in enumerate(self.rows) if holds(row)])

    def sorted_by(self, key: Callable[[int], float]) -> "Series":
        """The series with its points in the order of the axis."""
        return self.picked(sorted(range(len(self.rows)), key=lambda i: key(self.rows[i])))

    def with_rest(self, holds: Callable[[int], bool]) -> "Series":
        """The series with the sum of all points that the axis has no place for, as one."""
        kept = self.only(holds)
        beyond = [n for r, n in zip(self.rows, self.figures, strict=True) if n and not holds(r)]
        if not beyond:
            return kept
        return replace(kept, rows=[*kept.rows, REST], figures=[*kept.figures, math.fsum(beyond)])

    def picked(self, at: Sequence[int]) -> "Series":
        """The series with only these of its points, in this order."""
        return replace(
            self,
            rows=[self.rows[i] for i in at],
            figures=[self.figures[i] for i in at],
            told=None if self.told is None else [self.told[i] for i in at],
        )


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


def shares(series: Sequence[Series], x: Column) -> list[Series]:
    """The series as parts of the whole at each place; the figures themselves are still told."""
    totals: dict[str, float] = {}

    def key(row: int) -> str:
        return x.keys[row] if row >= 0 else str(row)

    for one in series:
        for row, figure in zip(one.rows, one.figures, strict=True):
            totals[key(row)] = totals.get(key(row), 0.0) + (figure or 0.0)
    return [
        replace(
            one,
            figures=[
                None if n is None or not totals[key(r)] else n / totals[key(r)]
                for r, n in zip(one.rows, one.figures, strict=True)
            ],
            told=one.figures,
        )
        for one in series
    ]


def sliced(x: Column, y: Column, most: int = MOST_SLICES) -> tuple[list[str], list[float]]:
    """Labels and figures of a pie, the largest first; beyond `most` the rest is one slice."""
    pairs = [(label, n) for label, n in zip(x.labels, y.numbers, strict=True) if n]
    pairs.sort(key=lambda pair: -pair[1])
    if len(pairs) > most:
        rest = pairs[most:]
        pairs = [*pairs[:most], (f"Other ({len(rest)})", math.fsum(n for _, n in rest))]
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
