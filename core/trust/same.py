"""Whether two results say the same, whatever their columns are called and in which order."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any, Final

from core.types import QueryResult

MOST_COLUMNS_TURNED: Final = 6
TOLERANCE: Final = 1e-6
"""Two numbers are the same when they differ by no more than this part of the larger one."""


def same_result(one: QueryResult, other: QueryResult, *, ordered: bool) -> bool:
    """Numbers count within the tolerance, names of columns and their order do not count, the order
    of rows only where it was asked for."""
    if one.row_count != other.row_count or len(one.columns) != len(other.columns):
        return False
    left, right = _rows(one), _rows(other)
    width = len(one.columns)
    turned = permutations(range(width)) if width <= MOST_COLUMNS_TURNED else [tuple(range(width))]
    return any(
        _alike(left, [tuple(row[i] for i in way) for row in right], ordered) for way in turned
    )


def _rows(result: QueryResult) -> list[tuple[Any, ...]]:
    columns = [[_plain(value) for value in c.to_pylist()] for c in result.table.columns]
    return list(zip(*columns, strict=True))


def _plain(value: Any) -> Any:
    """Numbers as floats, times and days as text, so that engines' types do not matter."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return value.isoformat() if isinstance(value, date) else value


def _alike(left: Sequence[Any], right: Sequence[Any], ordered: bool) -> bool:
    if not ordered:
        left, right = sorted(left, key=_rank), sorted(right, key=_rank)
    return all(
        all(_equal(a, b) for a, b in zip(one, other, strict=True))
        for one, other in zip(left, right, strict=True)
    )


def _rank(row: tuple[Any, ...]) -> str:
    """Rows that are the same within the tolerance stand at the same place."""
    return repr(tuple(f"{v:.6g}" if isinstance(v, float) else str(v) for v in row))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        close = math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-9)
        return close or (math.isnan(one) and math.isnan(other))
    return bool(one == other)
