"""A result over time: its periods in order, which of them are whole, and what may be compared."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.trust import periods
from core.trust.grid import Grid, GridColumn
from core.trust.periods import Calendar, Stretch
from core.types import Reading

MOST_PERIODS = 4_000


@dataclass(frozen=True)
class Series:
    """The periods of a result. `rows` are the rows of each; `partial` the starts of those that
    are not whole: still running, or cut by the query's window."""

    time: GridColumn
    unit: periods.Unit
    rows: dict[date, tuple[int, ...]]
    running: frozenset[date]
    partial: frozenset[date]
    single: bool

    @property
    def starts(self) -> tuple[date, ...]:
        """The first days of its periods, in order."""
        return tuple(self.rows)

    @property
    def whole(self) -> tuple[date, ...]:
        """The starts of the periods that are over and complete."""
        return tuple(s for s in self.rows if s not in self.partial)

    @property
    def missing(self) -> tuple[date, ...]:
        """Periods between the first and the last that the result has no row for."""
        found: list[date] = []
        for before, after in zip(self.starts, self.starts[1:], strict=False):
            at = periods.shifted(before, self.unit, 1)
            while at < after and len(found) < MOST_PERIODS:
                found.append(at)
                at = periods.shifted(at, self.unit, 1)
        return tuple(found)

    def name(self, start: date) -> str:
        """A period as it is written."""
        return periods.named(start, self.unit)

    def value(self, measure: GridColumn, start: date, *, additive: bool) -> float | None:
        """The figure of a period; None where a row of it has none, or rows do not add up."""
        rows = self.rows.get(start)
        if not rows or (len(rows) > 1 and not additive):
            return None
        numbers = measure.numbers[list(rows)]
        if np.isnan(numbers).all():
            return None
        with np.errstate(over="ignore"):
            total = float(np.nansum(numbers))
        return total + 0.0 if np.isfinite(total) else None


def of(grid: Grid, calendar: Calendar | None, reading: Reading | None) -> Series | None:
    """The result as a series, or None when it is a list of rows or was cut.

    Several rows of one period count only as the parts of one split ("by month and region").
    """
    time = next((c for c in grid.times if c.period), None)
    if time is None or time.period is None or time.starts is None or grid.result.truncated:
        return None
    found: dict[date, list[int]] = {}
    for row, start in enumerate(time.starts):
        if start is not None:
            found.setdefault(start, []).append(row)
    single = all(len(rows) == 1 for rows in found.values())
    if not found or len(found) > MOST_PERIODS or not (single or _split(grid, time, reading)):
        return None
    unit = time.period
    if any(unit not in ("day", "week") and start.day != 1 for start in found):
        return None
    rows = {start: tuple(found[start]) for start in sorted(found)}
    running = frozenset(
        s for s in rows if calendar and periods.beginning(s, unit).last >= calendar.today
    )
    cut = frozenset(s for s in rows if _cut(periods.beginning(s, unit), time, reading))
    return Series(time, unit, rows, running, running | cut, single)


def _split(grid: Grid, time: GridColumn, reading: Reading | None) -> bool:
    """Whether each row is one part of one period, and no part was left out by a limit."""
    limited = reading is not None and reading.limit is not None and grid.rows >= reading.limit
    parts = [c for c in grid.columns if not c.measure and c is not time]
    if limited or len(parts) != 1 or not parts[0].texts or parts[0].identifier:
        return False
    rolled_up = reading is not None and any(g.sets for g in reading.grouping)
    starts, part = time.starts or [], parts[0]
    pairs = {(starts[row], part.label(row)) for row in range(grid.rows)}
    return len(pairs) == grid.rows and not part.nulls and not rolled_up


def _cut(stretch: Stretch, time: GridColumn, reading: Reading | None) -> bool:
    """Whether the query's window of time leaves days of the period out."""
    for window in _windows(time, reading):
        since, until = window
        if since is not None and stretch.first < since <= stretch.last:
            return True
        if until is not None and stretch.first < until <= stretch.last:
            return True
    return False


def _windows(time: GridColumn, reading: Reading | None) -> list[tuple[date | None, date | None]]:
    if reading is None:
        return []
    out = reading.outputs[time.index] if time.index < len(reading.outputs) else None
    return [
        (p.since, p.until)
        for p in reading.periods
        if p.restricts and (out is None or not out.columns or p.column in out.columns)
    ]
