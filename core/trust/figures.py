"""Single facts over a result: totals, extremes, ranks, shares, changes, outliers, gaps."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from core import formats
from core.trust import periods
from core.trust.grid import Grid, GridColumn, Numbers
from core.trust.series import Series
from core.trust.whole import Whole
from core.types import ColumnFacts, Fact

MOST_MEASURES = 8
RANKED = 5
MOST_OUTLIERS = 3
# A value stands out when it is this many robust deviations from the middle, and far from it.
LEAST_DEVIATIONS = 5.0
LEAST_EFFECT = 0.5
LEAST_ROWS_FOR_OUTLIERS = 8
MOST_SHARE_OF_OUTLIERS = 0.05
_DEVIATION = 1.4826


def of(
    grid: Grid, told: tuple[ColumnFacts, ...], over_time: Series | None, whole: Whole | None
) -> tuple[Fact, ...]:
    """All facts of a result, the most telling first."""
    found: list[Fact] = [_rows(grid, whole)]
    for measure in sorted(grid.measures, key=lambda m: m is not grid.main)[:MOST_MEASURES]:
        found += _of_measure(measure, grid, told[measure.index], whole)
        if over_time:
            found += _changes(measure, grid, over_time)
    if grid.main and grid.comparable(grid.main):
        found += _ranks(grid.main, grid, told[grid.main.index], over_time)
        found += _outliers(grid.main, grid, over_time)
    for column in grid.columns:
        found += _of_any(column, grid)
    return tuple(found + list(_periods(over_time)) if over_time else found)


def lowest(column: GridColumn, grid: Grid, over_time: Series | None) -> int:
    """The row of the smallest number; a period that is not over only when there is no other."""
    numbers = column.numbers
    if over_time and over_time.single and grid.additive(column) and over_time.partial:
        numbers = numbers.copy()
        numbers[[row for s in over_time.partial for row in over_time.rows[s]]] = np.nan
        if np.isnan(numbers).all():
            numbers = column.numbers
    return int(np.nanargmin(numbers))


def total(column: GridColumn, grid: Grid) -> float | None:
    """The sum over all rows as a float, or None where there is none."""
    if not grid.additive(column) or grid.result.truncated:
        return None
    with np.errstate(over="ignore"):
        summed = float(np.nansum(column.numbers))
    return summed if np.isfinite(summed) else None


def _rows(grid: Grid, whole: Whole | None) -> Fact:
    if not grid.result.truncated:
        return Fact("rows", "rows", f"{grid.rows:,}", float(grid.rows))
    if whole:
        return Fact("rows", "rows", f"{whole.rows:,}", float(whole.rows))
    return Fact("rows", "rows at hand", f"more than {grid.rows:,}", float(grid.rows), partial=True)


def _of_measure(
    column: GridColumn, grid: Grid, told: ColumnFacts, whole: Whole | None
) -> Iterator[Fact]:
    name = column.name
    known = whole.columns.get(name) if whole else None
    if grid.result.truncated and known is None:
        yield from _at_hand(column, grid, f" of the first {grid.rows:,} rows")
        return
    if grid.rows < 2:
        return
    most, least = (known.maximum, known.minimum) if known else (told.maximum, told.minimum)
    if told.total is not None:
        yield Fact("total", f"total of {name}", column.said(told.total), told.total, name)
    if most is not None and least is not None:
        high, low = _row(column, most), _row(column, least)
        yield Fact("maximum", f"highest {name}", column.said(most), most, name, high,
                   told.maximum_at or "")  # fmt: skip
        yield Fact("minimum", f"lowest {name}", column.said(least), least, name, low,
                   told.minimum_at or "")  # fmt: skip
    if told.mean is not None:
        yield Fact("mean", f"average {name} of a row", column.said(told.mean), told.mean, name)
    if told.median is not None:
        yield Fact("median", f"median {name} of a row", column.said(told.median), told.median, name)


def _at_hand(column: GridColumn, grid: Grid, of_some: str) -> Iterator[Fact]:
    numbers = column.numbers[~np.isnan(column.numbers)]
    if not numbers.size:
        return
    with np.errstate(over="ignore"):
        summed = float(np.sum(numbers))
    if grid.additive(column) and np.isfinite(summed):
        yield Fact("total", f"total of {column.name}{of_some}", column.said(summed), summed,
                   column.name, partial=True)  # fmt: skip
    high, low = float(np.max(numbers)), float(np.min(numbers))
    yield Fact("maximum", f"highest {column.name}{of_some}", column.said(high), high,
               column.name, _row(column, high), partial=True)  # fmt: skip
    yield Fact("minimum", f"lowest {column.name}{of_some}", column.said(low), low,
               column.name, _row(column, low), partial=True)  # fmt: skip


def _row(column: GridColumn, value: float) -> int | None:
    rows = np.flatnonzero(column.numbers == value)
    return int(rows[0]) if rows.size else None


def _of_any(column: GridColumn, grid: Grid) -> Iterator[Fact]:
    if column.nulls and not grid.result.truncated:
        share = column.nulls / grid.rows
        yield Fact("nulls", f"rows without {column.name}", f"{column.nulls:,}",
                   float(column.nulls), column.name)  # fmt: skip
        yield Fact("nulls", f"share of rows without {column.name}",
                   formats.number(share, "fraction"), share, column.name)  # fmt: skip
    if not column.measure and not grid.result.truncated:
        yield Fact("different", f"different {column.name}", f"{column.different:,}",
                   float(column.different), column.name)  # fmt: skip


def _ranks(
    column: GridColumn, grid: Grid, told: ColumnFacts, over_time: Series | None
) -> Iterator[Fact]:
    """The five highest and lowest rows by the main measure, with their shares of the total."""
    if grid.rows < 2 or grid.result.truncated:
        return
    left_out = {r for s in over_time.partial for r in over_time.rows[s]} if over_time else set()
    rows = np.flatnonzero(~np.isnan(column.numbers))
    falling = rows[np.argsort(-column.numbers[rows], kind="stable")]
    rising = rows[np.argsort(column.numbers[rows], kind="stable")]
    whole = told.total if told.minimum is not None and told.minimum >= 0 else None
    for rank, row in enumerate(falling[:RANKED].tolist(), 1):
        value, at = float(column.numbers[row]), grid.label(row) or ""
        yield Fact("top", f"number {rank} by {column.name}", column.said(value), value,
                   column.name, row, at, partial=row in left_out)  # fmt: skip
        if whole:
            share = value / whole
            yield Fact("share", f"share of {column.name}", formats.number(share, "fraction"),
                       share, column.name, row, at)  # fmt: skip
    lowest_rows = [row for row in rising.tolist() if row not in left_out][:RANKED]
    for rank, row in enumerate(lowest_rows, 1):
        value, at = float(column.numbers[row]), grid.label(row) or ""
        yield Fact("bottom", f"number {rank} from below by {column.name}", column.said(value),
                   value, column.name, row, at)  # fmt: skip


def _outliers(column: GridColumn, grid: Grid, over_time: Series | None) -> Iterator[Fact]:
    """Rows far from the middle by robust measures; none where many are: that is the shape."""
    numbers = column.numbers.copy()
    if over_time:
        numbers[[r for s in over_time.partial for r in over_time.rows[s]]] = np.nan
    rows = outlying(numbers)
    if grid.result.truncated:
        return
    for row in rows:
        value = float(numbers[row])
        yield Fact("outlier", f"unusual {column.name}", column.said(value), value, column.name,
                   row, grid.label(row) or "")  # fmt: skip


def outlying(numbers: Numbers) -> list[int]:
    """The rows of at most three numbers that stand out, the farthest first."""
    finite = numbers[~np.isnan(numbers)]
    if finite.size < LEAST_ROWS_FOR_OUTLIERS:
        return []
    with np.errstate(over="ignore", invalid="ignore"):
        middle = np.median(finite)
        spread = _DEVIATION * np.median(np.abs(finite - middle))
        away = np.abs(numbers - middle)
        if not np.isfinite(spread) or spread <= 0:
            return []
        found = np.flatnonzero(
            (away > LEAST_DEVIATIONS * spread) & (away >= LEAST_EFFECT * np.abs(middle))
        )
    if found.size > max(1, MOST_SHARE_OF_OUTLIERS * finite.size):
        return []
    return [int(r) for r in found[np.argsort(-away[found], kind="stable")][:MOST_OUTLIERS]]


def _changes(column: GridColumn, grid: Grid, over_time: Series) -> Iterator[Fact]:
    """The last whole period against the one before, and against the same of last year."""
    if not over_time.whole:
        return
    last, unit = over_time.whole[-1], over_time.unit
    before, year_before = periods.shifted(last, unit, -1), periods.year_before(last, unit)
    for start in dict.fromkeys((before, year_before)):
        if start in over_time.rows and start not in over_time.partial:
            yield from _change(column, over_time, last, start, adds_up=grid.additive(column))


def _change(
    column: GridColumn, over_time: Series, last: date, before: date, *, adds_up: bool
) -> Iterator[Fact]:
    now = over_time.value(column, last, additive=adds_up)
    then = over_time.value(column, before, additive=adds_up)
    if now is None or then is None:
        return
    at, against = over_time.name(last), over_time.name(before)
    between = f"{column.name}, {at} against {against}"
    row = over_time.rows[last][0] if over_time.single else None
    difference = now - then
    if not np.isfinite(difference):
        return
    if column.unit in ("percent", "fraction"):
        points = difference * (100 if column.unit == "fraction" else 1)
        yield Fact("points", f"points of {between}", f"{formats.number(points)} pp", points,
                   column.name, row, at, against)  # fmt: skip
        return
    ratio = formats.change(now, then)
    if ratio is not None:
        yield Fact("change", f"change of {between}", ratio, difference / abs(then),
                   column.name, row, at, against)  # fmt: skip
    yield Fact("difference", f"difference of {between}", column.said(difference), difference,
               column.name, row, at, against)  # fmt: skip


def _periods(over_time: Series) -> Iterator[Fact]:
    starts = over_time.starts
    name = over_time.time.name
    yield Fact("first", f"first {name}", over_time.name(starts[0]), column=name,
               row=over_time.rows[starts[0]][0], at=over_time.name(starts[0]))  # fmt: skip
    yield Fact("last", f"last {name}", over_time.name(starts[-1]), column=name,
               row=over_time.rows[starts[-1]][0], at=over_time.name(starts[-1]))  # fmt: skip
    for start in sorted(over_time.partial):
        why = "is not over yet" if start in over_time.running else "is not whole in this query"
        yield Fact("running", f"{over_time.name(start)} {why}", over_time.name(start),
                   column=name, row=over_time.rows[start][0], at=over_time.name(start),
                   partial=True)  # fmt: skip
    missing = over_time.missing
    if missing:
        yield Fact("gap", f"{over_time.unit}s without a row", f"{len(missing):,}",
                   float(len(missing)), name, at=over_time.name(missing[0]))  # fmt: skip
