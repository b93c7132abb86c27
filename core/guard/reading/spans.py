"""The days and moments that a constant stands for beside a column of time: a day, a month."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.guard.reading import calendar
from core.guard.reading.calendar import Length
from core.guard.reading.lineage import Lineage
from core.guard.reading.origin import Origin

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})$")
_YEAR: Final = re.compile(r"(\d{4})$")
_PREFIX: Final = re.compile(r"(\d{4}(?:-\d{2}){0,2})(?:[- ]?%)$")
_LENGTHS: Final = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True)
class Span:
    """The times that one constant stands for: from, until, and whether any are equal to it."""

    begin: date
    end: date
    exact: bool = True

    @property
    def since(self) -> date:
        """The first time that is not before the constant."""
        return self.begin if self.exact else self.end


def of(value: Any, origin: Origin, lineage: Lineage) -> Span | None:
    """The values that an equal one stands for: from, until, and whether there are such."""
    grain = origin.grain
    at = calendar.moment(value) or _unit_begin(value, grain)
    if at is None:
        return None
    if grain is None:
        return _moment_span(at, origin.columns[0], lineage)
    begin = calendar.begin(at, grain)
    end = calendar.next_one(begin, grain)
    exact = calendar.comparable(begin) == calendar.comparable(at)
    # As texts, '2025-03' stands before '2025-03-01' and is not the same.
    longer = bool(origin.width) and isinstance(value, str) and len(value) > origin.width
    return Span(begin, end, exact and not longer) if end is not None else None


def _moment_span(at: date, column: str, lineage: Lineage) -> Span | None:
    """A day is a whole day, where the column is not known to be finer; a moment is a second."""
    names = lineage.names
    moments = isinstance(at, datetime) or names.holds_moments(column)
    start = calendar.comparable(at) if moments else at
    if moments and not isinstance(at, datetime) and names.dialect == "sqlite":
        return Span(start, start)  # As texts, every moment of a day stands after the day.
    end = calendar.moved(start, Length(seconds=1 if moments else 86_400))
    return Span(start, end) if end is not None else None


def _unit_begin(value: Any, grain: str | None) -> date | None:
    """2025 as a year, "2025-03" as a month."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    year, month = _YEAR.match(text), _MONTH.match(text)
    try:
        if grain == "year" and year:
            return date(int(text), 1, 1)
        if grain == "month" and month:
            return date(int(month[1]), int(month[2]), 1)
        if grain == "month" and re.match(r"\d{6}$", text):
            return date(int(text[:4]), int(text[4:]), 1)
    except ValueError:
        return None
    return None


def of_prefix(value: Any) -> Span | None:
    """'2025-03%' stands for a month."""
    match = _PREFIX.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    begin = calendar.moment((match[1] + "-01-01")[:10])
    end = calendar.next_one(begin, _LENGTHS[len(match[1])]) if begin else None
    return Span(begin, end) if begin and end else None
