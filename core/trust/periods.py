"""The calendar of an organization: whole and running periods, and the ones they compare with."""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core import formats

Unit = Literal["day", "week", "month", "quarter", "year"]
UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_FIRST, _LAST = date(1, 1, 2), date(9998, 12, 31)


@dataclass(frozen=True)
class Calendar:
    """Today in the person's time zone, and how the organization counts.

    `week_starts` is 0 for Monday to 6 for Sunday; `year_starts` is the month (1 to 12) in which
    its fiscal year begins.
    """

    today: date
    week_starts: int = 0
    year_starts: int = 1


@dataclass(frozen=True)
class Stretch:
    """Days from `first` to `last`, both counted."""

    first: date
    last: date

    def holds(self, other: "Stretch") -> bool:
        """Whether the other lies wholly within."""
        return self.first <= other.first and other.last <= self.last

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def shifted(day: date, unit: Unit, by: int) -> date:
    """The day so many units later; the last of a month that is too short. Stays in the calendar."""
    try:
        if unit in _MONTHS:
            year, month = divmod(day.year * 12 + day.month - 1 + by * _MONTHS[unit], 12)
            last = months.monthrange(year, month + 1)[1]
            return date(year, month + 1, min(day.day, last))
        return day + timedelta(days=by * (7 if unit == "week" else 1))
    except (ValueError, OverflowError):
        return _FIRST if by < 0 else _LAST


def around(day: date, unit: Unit, calendar: Calendar | None = None) -> Stretch:
    """The whole unit that a day lies in, as the organization counts weeks and years."""
    week_starts = calendar.week_starts if calendar else 0
    year_starts = calendar.year_starts if calendar else 1
    if unit == "day":
        return Stretch(day, day)
    if unit == "week":
        back = (day.weekday() - week_starts) % 7
        first = day - timedelta(days=min(back, (day - date.min).days))
        return beginning(first, "week")
    size = _MONTHS[unit]
    offset = (day.month - year_starts) % size if unit != "month" else 0
    return beginning(shifted(day.replace(day=1), "month", -offset), unit)


def beginning(first: date, unit: Unit) -> Stretch:
    """The unit that begins on a day."""
    after = shifted(first, unit, 1)
    return Stretch(first, after - timedelta(days=1) if after > first else first)


def year_before(first: date, unit: Unit) -> date:
    """Where the same period of the year before begins; of a week, 52 weeks earlier."""
    return shifted(first, "week", -52) if unit == "week" else shifted(first, "year", -1)


def named(first: date, unit: Unit) -> str:
    """The period that begins on a day, as it is written: "Q3 2026"."""
    if unit == "year" and first.month != 1:
        return f"the year from {formats.MONTHS[first.month - 1]} {first.year}"
    if unit == "quarter" and first.month % 3 != 1:
        return f"the quarter from {formats.MONTHS[first.month - 1]} {first.year}"
    return formats.period(first, unit)
