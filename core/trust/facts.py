"""What is true of a result, computed over all its rows: the ground that insights stand on."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core import columns, formats
from core.trust import figures, series
from core.trust.grid import Grid, GridColumn
from core.trust.periods import Calendar
from core.trust.series import Series
from core.trust.whole import Whole
from core.types import ColumnFacts, Fact, Facts, QueryResult, Reading, Sought

SAMPLE_ROWS = 20


def facts(
    result: QueryResult,
    *,
    calendar: Calendar | None = None,
    reading: Reading | None = None,
    whole: Whole | None = None,
    sought: tuple[Sought, ...] = (),
    grid: Grid | None = None,
) -> Facts:
    """Figures over each column, single facts, and the first 20 rows as plain values.

    NaN counts as missing, like NULL. A measure's total is None where summing means nothing
    (averages, rates, several currencies), where it is infinite, or where there is nothing to
    sum. Minimum and maximum are over finite numbers; `…_at` names the row by its categories and
    times. A time column has its first and last period in `minimum_at` and `maximum_at`.
    With `calendar` running periods are marked and never compared; the lowest, average and median
    of a series are then those of its whole periods. Of a cut result the columns tell the whole
    when `whole` was asked for, else nothing: single facts are then marked `partial`.
    """
    grid = grid or Grid(result, reading)
    over_time = series.of(grid, calendar, reading)
    told = tuple(_column(c, grid, over_time, whole) for c in grid.columns)
    empty = _is_empty(grid)
    return Facts(
        row_count=result.row_count,
        truncated=result.truncated,
        columns=told,
        sample=_sample(result.table),
        figures=() if empty else figures.of(grid, told, over_time, whole),
        main=grid.main.name if grid.main else "",
        whole_rows=whole.rows if whole else None if result.truncated else result.row_count,
        empty=empty,
        sought=sought,
    )


def figure(facts: Facts, name: str) -> Fact | None:
    """The single fact of that name, or None."""
    return next((f for f in facts.figures if f.name == name), None)


def _is_empty(grid: Grid) -> bool:
    """No rows, or no value in any figure of them."""
    if not grid.rows or not grid.columns:
        return True
    telling = grid.measures or grid.columns
    return all(column.nulls == grid.rows for column in telling)


def _column(
    column: GridColumn, grid: Grid, over_time: Series | None, whole: Whole | None
) -> ColumnFacts:
    if column.role == "measure":
        return _measure(column, grid, over_time, whole)
    if column.role == "time":
        return _time(column)
    return ColumnFacts(column.name, column.role, nulls=column.nulls)


def _measure(
    column: GridColumn, grid: Grid, over_time: Series | None, whole: Whole | None
) -> ColumnFacts:
    if grid.result.truncated:
        return _of_the_whole(column, grid, whole)
    numbers = column.numbers
    if np.isnan(numbers).all() or (grid.rows > 1 and not grid.comparable(column)):
        return ColumnFacts(column.name, "measure", column.nulls)
    lowest, highest = figures.lowest(column, grid, over_time), int(np.nanargmax(numbers))
    finite = numbers[~np.isnan(numbers)]
    infinite = len(numbers) - len(finite) - column.nulls
    adds_up = grid.additive(column) and not infinite
    typical = finite
    if over_time and over_time.single and adds_up and over_time.partial:
        rows = [row for start in over_time.whole for row in over_time.rows[start]]
        over = numbers[rows]
        typical = over[~np.isnan(over)] if not np.isnan(over).all() else finite
    with np.errstate(over="ignore"):
        mean = float(np.mean(typical))
    return ColumnFacts(
        column.name,
        "measure",
        column.nulls,
        total=_total(column.data) if adds_up else None,
        minimum=float(numbers[lowest]),
        maximum=float(numbers[highest]),
        minimum_at=grid.label(lowest),
        maximum_at=grid.label(highest),
        mean=mean + 0.0 if math.isfinite(mean) else None,
        median=_median(typical),
    )


def _of_the_whole(column: GridColumn, grid: Grid, whole: Whole | None) -> ColumnFacts:
    """What the aggregate query told; extremes only where their rows are at hand to be named."""
    known = whole.columns.get(column.name) if whole else None
    if known is None:
        return ColumnFacts(column.name, "measure", column.nulls)
    lowest, highest = (_row(column, v) for v in (known.minimum, known.maximum))
    at_hand = lowest is not None and highest is not None
    return ColumnFacts(
        column.name,
        "measure",
        known.nulls,
        total=known.total if grid.additive(column) else None,
        minimum=known.minimum if at_hand else None,
        maximum=known.maximum if at_hand else None,
        minimum_at=grid.label(lowest) if lowest is not None and at_hand else None,
        maximum_at=grid.label(highest) if highest is not None and at_hand else None,
        mean=known.mean,
    )


def _row(column: GridColumn, value: float | None) -> int | None:
    if value is None:
        return None
    rows = np.flatnonzero(column.numbers == value)
    return int(rows[0]) if rows.size else None


def _median(finite: "np.typing.NDArray[np.float64]") -> float | None:
    with np.errstate(over="ignore", invalid="ignore"):
        middle = float(np.median(finite))
    return middle + 0.0 if math.isfinite(middle) else None


def _time(column: GridColumn) -> ColumnFacts:
    times = [t for t in column.column.times or () if t is not None]
    if not times:
        return ColumnFacts(column.name, "time", column.nulls)
    return ColumnFacts(
        column.name,
        "time",
        column.nulls,
        minimum_at=formats.period(min(times), column.grain),
        maximum_at=formats.period(max(times), column.grain),
    )


def _total(data: "pa.ChunkedArray[Any]") -> float | None:
    """The sum, exact for whole and decimal numbers; None when it is too large to say."""
    kind = data.type
    if pa.types.is_integer(kind):
        data = pc.cast(data, pa.decimal256(40, 0))
    elif pa.types.is_decimal(kind):
        data = pc.cast(data, pa.decimal256(76, kind.scale))
    else:
        data = pc.cast(data, pa.float64())
        data = pc.if_else(pc.is_nan(data), None, data)
    total = float(pc.sum(data).as_py())
    return total + 0.0 if math.isfinite(total) else None


def _sample(table: pa.Table) -> tuple[tuple[Any, ...], ...]:
    head = columns.read(table.slice(0, SAMPLE_ROWS))
    return tuple(zip(*(column.values for column in head), strict=True)) if head else ()
