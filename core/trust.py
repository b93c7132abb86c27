"""What is true of a result, computed from all its rows: the ground that insights stand on.

Proof of numbers and the grade of an answer belong here too; for now there are the facts.
"""

import math
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core import columns, formats
from core.columns import Column
from core.types import ColumnFacts, Facts, QueryResult

SAMPLE_ROWS = 20
LONGEST_LABEL = 120


def facts(result: QueryResult) -> Facts:
    """Figures over each column of the rows at hand, and the first 20 rows as plain values.

    NaN counts as missing, like NULL. A measure's total is None where summing means nothing
    (averages, rates), where it is infinite, or where there is nothing to sum. Minimum and
    maximum are over finite numbers; `…_at` names the row by its categories and times. A time
    column has its first and last period in `minimum_at` and `maximum_at`. Of a truncated
    result this describes the rows at hand, not the whole: `truncated` says so.
    """
    found = columns.read(result.table)
    return Facts(
        row_count=result.row_count,
        truncated=result.truncated,
        columns=tuple(_column(column, found) for column in found),
        sample=_sample(result.table),
    )


def _column(column: Column, row: tuple[Column, ...]) -> ColumnFacts:
    role = column.role
    if role == "measure":
        return _measure(column, row)
    if role == "time":
        return _time(column)
    return ColumnFacts(column.name, role, nulls=_missing(column.data))


def _measure(column: Column, row: tuple[Column, ...]) -> ColumnFacts:
    data, nulls = column.data, _missing(column.data)
    finite = data
    if pa.types.is_floating(data.type):
        data = pc.cast(data, pa.float64())
        finite = pc.if_else(pc.is_finite(data), data, None)
    lowest, highest = pc.min(finite), pc.max(finite)
    if not lowest.is_valid:
        return ColumnFacts(column.name, "measure", nulls)
    infinite = len(data) - nulls - (len(finite) - finite.null_count)
    return ColumnFacts(
        column.name,
        "measure",
        nulls,
        total=None if infinite or not column.additive else _total(data),
        minimum=float(lowest.as_py()) + 0.0,
        maximum=float(highest.as_py()) + 0.0,
        minimum_at=_label(row, pc.index(finite, lowest).as_py()),
        maximum_at=_label(row, pc.index(finite, highest).as_py()),
    )


def _time(column: Column) -> ColumnFacts:
    times = [t for t in column.times or () if t is not None]
    nulls = len(column.data) - len(times)
    if not times:
        return ColumnFacts(column.name, "time", nulls)
    return ColumnFacts(
        column.name,
        "time",
        nulls,
        minimum_at=formats.period(min(times), column.grain),
        maximum_at=formats.period(max(times), column.grain),
    )


def _missing(data: "pa.ChunkedArray[Any]") -> int:
    missing = pc.cast(pc.is_null(data, nan_is_null=True), pa.int64())
    return int(pc.sum(missing).as_py() or 0)


def _total(data: "pa.ChunkedArray[Any]") -> float | None:
    """The sum, exact for whole and decimal numbers; None when it is too large to say."""
    kind = data.type
    if pa.types.is_integer(kind):
        data = pc.cast(data, pa.decimal256(40, 0))
    elif pa.types.is_decimal(kind):
        data = pc.cast(data, pa.decimal256(76, kind.scale))
    else:
        data = pc.if_else(pc.is_nan(data), None, data)
    total = float(pc.sum(data).as_py())
    return total + 0.0 if math.isfinite(total) else None


def _label(row: tuple[Column, ...], index: int) -> str | None:
    """The row as people would name it: its categories and times, else its identifier."""
    names = [
        c
        for c in row
        if c.role != "measure" and not c.identifier and not pa.types.is_boolean(c.data.type)
    ]
    shown = [c.labels[index] for c in names if c.values[index] is not None][:3]
    if not names:
        shown = [f"{c.name} {c.labels[index]}" for c in row if c.identifier][:1]
    return formats.shortened(", ".join(shown), LONGEST_LABEL) if shown else None


def _sample(table: pa.Table) -> tuple[tuple[Any, ...], ...]:
    head = columns.read(table.slice(0, SAMPLE_ROWS))
    return tuple(zip(*(column.values for column in head), strict=True)) if head else ()
