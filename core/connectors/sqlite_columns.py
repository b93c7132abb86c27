"""Columns of a SQLite result: their types come from the values, by a rule without guesses.

SQLite types values, not columns, and a result has no declared types. So, over all non-NULL
values of a column:

- whole numbers only: int64; numbers: float64; bytes only: binary;
- text only, and every value a real day written YYYY-MM-DD: date. Every value a day and a
  time of day (a T or a space between; seconds and fractions may be missing): timestamp. This
  is the form in which SQLite's own date functions read and write;
- other text, or a mixture (numbers in some rows, text in others): text, each value as it is
  stored, bytes as hexadecimal;
- nothing but NULL, or no rows: text.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from core.connectors import arrow

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_EXACT_IN_FLOAT = 2**53


def table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """The rows as an Arrow table."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return arrow.table(names, [column(values) for values in columns])


def column(values: Sequence[Any]) -> "pa.Array[Any]":
    """One column, typed by the rule above."""
    kinds = {value.__class__ for value in values} - {None.__class__}
    if kinds == {int}:
        return pa.array(values, pa.int64())
    if kinds == {float}:
        return pa.array(values, pa.float64(), from_pandas=False)
    if kinds == {int, float} and _all_exact(values):
        return pa.array([v if v is None else float(v) for v in values], pa.float64())
    if kinds == {bytes}:
        return pa.array(values, pa.binary())
    if kinds == {str}:
        return _text(values)
    return pa.array([v if v is None else _written(v) for v in values], pa.string())


def _all_exact(values: Sequence[Any]) -> bool:
    return all(abs(v) <= _EXACT_IN_FLOAT for v in values if v.__class__ is int)


def _text(values: Sequence[str | None]) -> "pa.Array[Any]":
    first = next(value for value in values if value is not None)
    if _DAY.fullmatch(first):
        days = _all_read(values, _DAY, date.fromisoformat)
        if days is not None:
            return pa.array(days, pa.date32())
    elif _MOMENT.fullmatch(first):
        moments = _all_read(values, _MOMENT, datetime.fromisoformat)
        if moments is not None:
            return pa.array(moments, pa.timestamp("us"))
    return pa.array(values, pa.string())


def _all_read(values: Sequence[str | None], shape: re.Pattern[str], read: Any) -> list[Any] | None:
    result: list[Any] = []
    for value in values:
        if value is None:
            result.append(None)
        elif not shape.fullmatch(value):
            return None
        else:
            try:
                result.append(read(value))
            except ValueError:
                return None
    return result


def _written(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
