"""A result laid out for looking things up: numbers, names and periods by row, read once."""

import math
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core import columns, formats
from core.columns import Column, Role
from core.formats import Grain, Unit
from core.trust import periods
from core.types import QueryResult, Reading

LONGEST_LABEL = 120

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_MONEY = {
    "revenue", "amount", "price", "sales", "cost", "costs", "profit", "income", "spend", "spent",
    "salary", "fee", "fees", "tax", "discount", "gross", "net", "value", "mrr", "arr", "budget",
    "payment", "payments", "paid", "balance", "turnover", "gmv", "aov", "expenses", "total",
    "worth", "earnings", "loss", "wage", "pay", "eur", "usd", "gbp", "euro", "euros", "dollars",
}  # fmt: skip
_COUNTED = {
    "count", "number", "quantity", "qty", "units", "rows", "days", "hours", "minutes", "orders",
    "customers", "users", "items", "visits", "sessions", "tickets", "seconds", "age", "rank",
}  # fmt: skip
_PERCENT_NAMES = {
    "share", "rate", "ratio", "fraction", "margin", "growth", "change", "discount", "churn",
    "conversion", "retention", "utilization", "percent", "pct", "percentage", "proportion",
}  # fmt: skip
_NEVER_ADDED = frozenset({
    "avg", "min", "max", "median", "stddev", "variance", "count distinct", "mode", "quantile",
    "approx_count_distinct", "rank", "dense_rank", "row_number", "ntile", "percent_rank",
})  # fmt: skip
_CURRENCY_NAMES = {"currency", "ccy", "curr"}


class GridColumn:
    """One column: what it is, and its values as arrays. Distinct texts and times are read once."""

    def __init__(self, index: int, name: str, data: "pa.ChunkedArray[Any]") -> None:
        if pa.types.is_dictionary(data.type) or pa.types.is_string_view(data.type):
            data = pc.cast(data, pa.string())
        self.index, self.name, self.data = index, name, data
        self.rows = len(data)
        self.words = frozenset(columns.words(name))
        self._distinct: Column | None = None
        kind = data.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or _dated(kind):
            array = _encoded(data)
            self._codes = np.asarray(pc.fill_null(array.indices, -1), dtype=np.int64)
            values = pa.chunked_array([array.dictionary])
            if array.null_count and self.rows == array.null_count:
                values = data
            self._distinct = Column(name, values)

    @cached_property
    def column(self) -> Column:
        """What core.columns reads in it; over distinct values where they are texts or times."""
        return self._distinct or Column(self.name, self.data)

    @cached_property
    def role(self) -> Role:
        """Measure, time or category."""
        return self.column.role

    @property
    def measure(self) -> bool:
        """Whether its numbers mean something as figures."""
        return self.role == "measure"

    @property
    def identifier(self) -> bool:
        """Whether its values only tell rows apart."""
        return self.column.identifier

    @property
    def numeric(self) -> bool:
        """Whether its type is a number."""
        return self.column.numeric

    @cached_property
    def unit(self) -> Unit:
        """Percent, fraction or year; "" for anything else."""
        finite = self.numbers[np.isfinite(self.numbers)]
        largest = float(np.max(np.abs(finite))) if finite.size else 0.0
        return Column(self.name, pa.chunked_array([pa.array([largest])])).unit

    @cached_property
    def like_percent(self) -> bool:
        """Whether its name lets its numbers be shares or rates, whatever their scale."""
        return bool(self.unit in ("percent", "fraction") or self.words & _PERCENT_NAMES)

    @cached_property
    def additive(self) -> bool:
        """Whether a sum over its rows means something; percentages and years never add up."""
        return self.measure and self.column.additive and not self.unit

    @cached_property
    def counted(self) -> bool:
        """Whether it counts things, so that no currency can belong to it."""
        if self.words & {"revenue", "amount", "price", "cost", "value", "profit", "spend"}:
            return False
        if self.words & _COUNTED:
            return True
        return bool(pa.types.is_integer(self.data.type) and not self.words & _MONEY)

    @cached_property
    def nulls(self) -> int:
        """Rows without a value; NaN is none."""
        missing = pc.cast(pc.is_null(self.data, nan_is_null=True), pa.int64())
        return int(pc.sum(missing).as_py() or 0)

    @cached_property
    def numbers(self) -> Numbers:
        """Its numbers as floats; NaN where there is none, or none that is finite."""
        if not self.numeric:
            return np.full(self.rows, math.nan)
        data: pa.ChunkedArray[Any] = self.data
        if pa.types.is_decimal(data.type):
            # By way of text: Arrow's own cast is off in the last digit.
            data = pc.cast(data, pa.string())
        cast = pc.cast(data, pa.float64(), safe=False)
        found = np.array(cast.to_numpy(zero_copy_only=False), dtype=np.float64, copy=True)
        found[~np.isfinite(found)] = math.nan
        return found + 0.0

    @cached_property
    def starts(self) -> list[date | None] | None:
        """The day on which each row's period begins, or None when it holds no times."""
        if self.role != "time" or self.column.times is None:
            return None
        days = [t.date() if isinstance(t, datetime) else t for t in self.column.times]
        if self._distinct is None:
            return days
        return [days[code] if code >= 0 else None for code in self._codes]

    @cached_property
    def grain(self) -> Grain:
        """The length of its periods."""
        return self.column.grain

    @cached_property
    def period(self) -> periods.Unit | None:
        """Its grain where it is one of the calendar's; fiscal years begin in the same month."""
        if self.starts is None or self.grain == "time":
            return None
        days = sorted({d for d in self.starts if d is not None})
        months = {d.month for d in days}
        if len(days) > 1 and len(months) == 1 and all(d.day == 1 for d in days):
            return "year"
        return self.grain

    @cached_property
    def texts(self) -> list[str]:
        """Its distinct texts, by code; empty for what is no text."""
        if self._distinct is None or not (
            pa.types.is_string(self.data.type) or pa.types.is_large_string(self.data.type)
        ):
            return []
        return [str(value) for value in self._distinct.data.to_pylist() if value is not None]

    @cached_property
    def different(self) -> int:
        """How many different values it has."""
        if self._distinct is not None:
            return len(set(self._codes[self._codes >= 0].tolist()))
        if pa.types.is_nested(self.data.type) or pa.types.is_null(self.data.type):
            return self.column.distinct
        return int(pc.count_distinct(self.data, mode="only_valid").as_py())

    def rows_of(self, code: int) -> Rows:
        """The rows that hold one of its texts."""
        return np.flatnonzero(self._codes == code)

    def exact(self, row: int) -> Decimal | None:
        """The number of a row to the last digit, or None."""
        value = self.data[row].as_py()
        if value is None or isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
        if isinstance(value, float) and self.data.type == pa.float32():
            value = float(str(np.float32(value)))
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return number if number.is_finite() else None

    def label(self, row: int) -> str:
        """The value of a row as people read it; "" where there is none."""
        if self.starts is not None and self.column.times is not None:
            at = int(self._codes[row]) if self._distinct is not None else row
            moment = self.column.times[at] if at >= 0 else None
            return "" if moment is None else formats.period(moment, self.grain)
        value = columns.plain(self.data.slice(row, 1))[0]
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return ""
        if self.identifier and self.numeric:
            return str(value)
        return formats.cell(value, self.name)

    def said(self, value: float) -> str:
        """A figure of this column as text."""
        return formats.number(value + 0.0, self.unit)


class Grid:
    """A whole result, laid out."""

    def __init__(self, result: QueryResult, reading: Reading | None = None) -> None:
        self.result = result
        self.rows = result.row_count
        self._not_added = _not_added(reading) if reading else frozenset()
        names = result.table.column_names
        self.columns = tuple(
            GridColumn(i, name, result.table.column(i)) for i, name in enumerate(names)
        )

    @cached_property
    def measures(self) -> tuple[GridColumn, ...]:
        """The columns with figures."""
        return tuple(c for c in self.columns if c.measure)

    @cached_property
    def times(self) -> tuple[GridColumn, ...]:
        """The columns with times."""
        return tuple(c for c in self.columns if c.role == "time")

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The currencies that a column of the result names, in capitals."""
        found = [c for c in self.columns if c.texts and c.words & _CURRENCY_NAMES]
        return frozenset(t.strip().upper() for c in found for t in c.texts)

    def additive(self, column: GridColumn) -> bool:
        """Whether the column adds up over these rows.

        Amounts of several currencies do not, nor do averages, extremes and different values,
        whatever they are called.
        """
        if column.index in self._not_added:
            return False
        return column.additive and self.comparable(column)

    def comparable(self, column: GridColumn) -> bool:
        """Whether its rows may be held against each other: not amounts of several currencies."""
        return column.counted or bool(column.unit) or len(self.currencies) < 2

    @cached_property
    def main(self) -> GridColumn | None:
        """The measure that the result is about: the first that is no change, share or past."""
        aside = {"change", "share", "growth", "before", "previous", "percent", "pct"}
        own = [m for m in self.measures if not m.words & aside]
        return next(iter(own or self.measures), None)

    def label(self, row: int) -> str | None:
        """A row as people would name it: its categories and times, else its identifier."""
        names = [
            c
            for c in self.columns
            if not c.measure and not c.identifier and not pa.types.is_boolean(c.data.type)
        ]
        shown = [text for c in names if (text := c.label(row))][:3]
        if not names:
            shown = [f"{c.name} {c.label(row)}" for c in self.columns if c.identifier][:1]
        return formats.shortened(", ".join(shown), LONGEST_LABEL) if shown else None


def _not_added(reading: Reading) -> frozenset[int]:
    """Positions of the outputs that a query computes in a way that does not add up."""
    return frozenset(
        index
        for index, output in enumerate(reading.outputs)
        if _NEVER_ADDED.intersection(output.functions)
        or any(
            f.startswith("count distinct") or f.startswith("percentile") for f in output.functions
        )
        or (output.kind == "expression" and output.functions and "/" in output.sql)
    )


def _dated(kind: "pa.DataType") -> bool:
    return pa.types.is_date(kind) or pa.types.is_timestamp(kind)


def _encoded(data: "pa.ChunkedArray[Any]") -> Any:
    whole = pa.concat_arrays(data.chunks) if data.num_chunks else pa.array([], data.type)
    return pc.dictionary_encode(whole)
