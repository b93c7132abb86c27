"""The ground that a text is held against: cells, facts, filters, windows of time, the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from core import columns
from core.trust import periods, tokens
from core.trust.dates import DateToken
from core.trust.grid import Grid, GridColumn, Rows
from core.trust.names import Names
from core.trust.periods import Calendar, Stretch
from core.types import DatabaseSchema, Facts, Reading, Source

_MOST_BEYOND = 5_000
_YEARS_AROUND = 3


@dataclass(frozen=True)
class Placed:
    """A date that has a ground: its source, and the rows of a column that lie in it.

    Without `rows` it speaks of the whole result. `weak`: it only holds the window of the query,
    which is less than it says, unless the sentence also tells the window itself.
    """

    source: Source
    column: GridColumn | None = None
    rows: Rows | None = None
    stretch: Stretch | None = None
    weak: bool = False


class Ground:
    """Everything that a figure of a text may come from."""

    def __init__(
        self,
        grid: Grid,
        facts: Facts,
        *,
        calendar: Calendar | None = None,
        reading: Reading | None = None,
        question: str = "",
        schema: DatabaseSchema | None = None,
    ) -> None:
        self.grid, self.facts, self.calendar = grid, facts, calendar
        self.reading, self.schema = reading, schema
        self.question = question.casefold()

    @cached_property
    def names(self) -> Names:
        """The names of the result, of its filters, and of the data beyond."""
        beyond = [
            sample
            for table in (self.schema.tables if self.schema else ())
            for column in table.columns
            for sample in column.samples
        ]
        return Names(self.grid, self.filter_texts, beyond[:_MOST_BEYOND])

    @cached_property
    def filter_texts(self) -> tuple[str, ...]:
        """Texts that the query compares with."""
        found = self.reading.filters if self.reading else ()
        return tuple(v.strip("%") for f in found for v in f.values if isinstance(v, str))

    @cached_property
    def filter_numbers(self) -> tuple[tuple[Decimal, str], ...]:
        """Numbers that the query compares with, and the condition each stands in."""
        found = self.reading.filters if self.reading else ()
        return tuple(
            (Decimal(repr(v)) if isinstance(v, float) else Decimal(v), f.sql)
            for f in found
            for v in f.values
            if isinstance(v, int | float | Decimal) and not isinstance(v, bool)
        )

    @cached_property
    def windows(self) -> tuple[tuple[date | None, date | None, str], ...]:
        """The first and last day of each window of time, and its column."""
        return tuple(
            (p.since, periods.shifted(p.until, "day", -1) if p.until else None, p.column)
            for p in (self.reading.periods if self.reading else ())
            if p.since or p.until
        )

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that a date without one may be of, the latest first."""
        found = {d.year for time in self.grid.times for d in time.starts or () if d is not None}
        for since, last, _ in self.windows:
            ends = [d.year for d in (since, last) if d is not None]
            found |= set(range(min(ends), min(max(ends), min(ends) + _YEARS_AROUND) + 1)) | {*ends}
        if self.calendar:
            found.add(self.calendar.today.year)
        return tuple(sorted(found, reverse=True))

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The currencies that the result or the columns behind it are said to be in."""
        told = " ".join([*self.grid.result.columns, *self._descriptions()])
        found = {c for s, c in tokens.SYMBOLS.items() if s in told}
        words = {w.upper() for w in columns.words(told)}
        found |= words & set(tokens.CODES)
        found |= {c for w, c in tokens.SPOKEN.items() if w.upper() in words}
        return frozenset(found) | self.grid.currencies

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Words that rows of this result are called by."""
        names = [t.name for t in self.reading.tables] if self.reading else []
        found = {w for name in names for w in columns.words(name)}
        found |= {"row", "rows", "result", "results", "record", "records", "entries", "entry"}
        return frozenset(stem(word) for word in found)

    @cached_property
    def things(self) -> frozenset[str]:
        """Words for what can be counted: the tables of the data, other measures, units."""
        found = {"unit", "piece", "order", "customer", "user", "item", "visit", "session", "ticket"}
        found |= {stem(w) for t in (self.schema.tables if self.schema else ())
                  for w in columns.words(t.name)}  # fmt: skip
        return frozenset(found)

    def date(self, token: DateToken) -> Placed | None:
        """Where a date of a text comes from, or None."""
        for column, first, last in self._time_arrays:
            for stretch in token.stretches:
                rows = self._rows_in(column, first, last, stretch, token.clock)
                if rows.size:
                    source = Source("cell", f"{column.name}", column.name, int(rows[0]))
                    return Placed(source, column, rows, stretch)
        if token.month:
            placed = self._ordinal_month(token.month)
            if placed:
                return placed
        for stretch in token.stretches:
            placed = self._window(stretch)
            if placed:
                return placed
        return None

    def is_now(self, token: DateToken) -> bool:
        """Whether a date is today, or the period that today lies in."""
        if self.calendar is None:
            return False
        today = Stretch(self.calendar.today, self.calendar.today)
        return any(
            s == today or any(s == periods.around(today.first, u, self.calendar)
                              for u in periods.UNITS)
            or s.first == periods.around(today.first, "week", self.calendar).first
            for s in token.stretches
        )  # fmt: skip

    def covers(self, column: GridColumn, stretch: Stretch, rows: Rows) -> bool:
        """Whether rows tell all of a stretch: each of its periods, and nothing running."""
        unit, starts = column.period, column.starts
        if unit is None or starts is None or not rows.size:
            return False
        if self.calendar and stretch.last >= self.calendar.today:
            return False
        days = sorted({d for row in rows.tolist() if (d := starts[row]) is not None})
        whole = [periods.beginning(d, unit) for d in days]
        told = whole[0].first <= stretch.first and whole[-1].last >= stretch.last
        gaps = any((b.first - a.last).days > 1 for a, b in pairwise(whole))
        return told and not gaps

    def _rows_in(
        self,
        column: GridColumn,
        first: npt.NDArray[np.int64],
        last: npt.NDArray[np.int64],
        stretch: Stretch,
        clock: str,
    ) -> Rows:
        low, high = stretch.first.toordinal(), stretch.last.toordinal()
        rows = np.flatnonzero((first >= low) & (last <= high) & (first > 0))
        if not rows.size and low == high:
            rows = np.flatnonzero((first == low) | (last == low))
        if clock:
            kept = [row for row in rows.tolist() if clock in column.label(row)]
            rows = np.array(kept, dtype=np.int64)
        return rows

    def _window(self, stretch: Stretch) -> Placed | None:
        for since, last, column in self.windows:
            source = Source("filter", f"window of time on {column}", column)
            today = self.calendar.today if self.calendar else None
            if last is None and since == stretch.first and (
                today is None or stretch.first <= today <= stretch.last or stretch.days == 1
            ):  # fmt: skip
                return Placed(source, stretch=stretch)
            whole = Stretch(since or date.min, last or date.max)
            if stretch == whole:
                return Placed(source, stretch=stretch)
            if stretch.days == 1 and stretch.first in (since, last):
                return Placed(source, stretch=stretch)
            if since and last and stretch.holds(whole):
                to_date = (
                    since == stretch.first
                    and today is not None
                    and last >= periods.shifted(today, "day", -1)
                )
                return Placed(source, stretch=stretch, weak=not to_date)
            if whole.holds(stretch) and (stretch.first == since or stretch.last == last):
                return Placed(source, stretch=stretch, weak=True)
        return None

    def _ordinal_month(self, month: int) -> Placed | None:
        for column in self.grid.columns:
            if column.column.ordinal and "month" in column.words:
                rows = np.flatnonzero(column.numbers == month)
                if rows.size:
                    return Placed(
                        Source("cell", column.name, column.name, int(rows[0])), column, rows
                    )
        return None

    @cached_property
    def _time_arrays(
        self,
    ) -> tuple[tuple[GridColumn, npt.NDArray[np.int64], npt.NDArray[np.int64]], ...]:
        found = []
        for column in self.grid.times:
            starts: Sequence[date | None] = column.starts or ()
            unit = column.period
            ends = {
                d: periods.beginning(d, unit).last.toordinal() if unit else d.toordinal()
                for d in set(starts)
                if d is not None
            }
            first = np.array([d.toordinal() if d else 0 for d in starts], dtype=np.int64)
            last = np.array([ends[d] if d else 0 for d in starts], dtype=np.int64)
            found.append((column, first, last))
        return tuple(found)

    def _descriptions(self) -> list[str]:
        if self.schema is None or self.reading is None:
            return []
        read = {name.lower() for output in self.reading.outputs for name in output.columns}
        return [
            " ".join(filter(None, (column.name, column.description, column.business_term)))
            for table in self.schema.tables
            for column in table.columns
            if f"{table.name}.{column.name}".lower() in read
        ]


def stem(word: str) -> str:
    """A word without its plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
