"""A look at the values of one table, from one bounded scan of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.types import SchemaColumn

SCAN_ROWS = 50_000
SCAN_CELLS = 2_000_000
SCAN_SECONDS = 10.0
SAMPLES = 10
LONGEST_SAMPLE = 100


def rows_to_scan(width: int) -> int:
    """How many rows of a table with that many columns are looked at."""
    return max(1_000, min(SCAN_ROWS, SCAN_CELLS // max(width, 1)))


@dataclass(frozen=True)
class ColumnLook:
    """What the scanned rows say of one column.

    Counts hold for the scanned rows (at most SCAN_ROWS), which is the whole of most tables.
    `distinct_count` is None for values that cannot be compared as text (binary, nested).
    """

    samples: tuple[str, ...] = ()
    distinct_count: int | None = None
    null_percentage: float | None = None


def known(column: SchemaColumn) -> ColumnLook:
    """The look that a column had when its schema was last read."""
    return ColumnLook(column.samples, column.distinct_count, column.null_percentage)


class Scan:
    """Collects the looks of all columns while rows pass by; no value is kept in full."""

    def __init__(self, width: int) -> None:
        self.rows = 0
        self._counts: list[Counter[Any]] = [Counter() for _ in range(width)]
        self._nulls = [0] * width
        self._opaque = [False] * width

    def add(self, columns: Sequence[Iterable[Any]], rows: int) -> None:
        """Take in some rows, given column by column."""
        self.rows += rows
        for index, values in enumerate(columns):
            self._add_column(index, values)

    def _add_column(self, index: int, values: Iterable[Any]) -> None:
        if self._opaque[index]:
            return
        counts = self._counts[index]
        try:
            counts.update(v[:LONGEST_SAMPLE] if isinstance(v, str | bytes) else v for v in values)
        except TypeError:
            self._opaque[index] = True
            return
        self._nulls[index] += counts.pop(None, 0)

    def looks(self) -> tuple[ColumnLook, ...]:
        """The result for each column, samples most frequent first (then first seen)."""
        return tuple(self._look(index) for index in range(len(self._counts)))

    def _look(self, index: int) -> ColumnLook:
        if self.rows == 0:
            return ColumnLook()
        if self._opaque[index]:
            return ColumnLook()
        counts = self._counts[index]
        nulls = round(100 * self._nulls[index] / self.rows, 2)
        if any(isinstance(value, bytes) for value in counts):
            return ColumnLook(null_percentage=nulls)
        best = counts.most_common(SAMPLES)
        return ColumnLook(
            samples=tuple(as_text(value) for value, _ in best),
            distinct_count=len(counts),
            null_percentage=nulls,
        )


def as_text(value: Any) -> str:
    """A value as it reads in SQL: true / false, ISO dates, numbers without padding."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.1f}"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)[:LONGEST_SAMPLE]
