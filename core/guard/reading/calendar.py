"""Days, moments and lengths of time: the arithmetic that engines do with them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

_LENGTH: Final = re.compile(r"([+-]?\d+)\s*([a-zA-Z]+)")
_MONTHS: Final = {"month": 1, "mon": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_SECONDS: Final = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 7 * 86_400,
}
_WRITTEN: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"(?:Z|\+00(?::?00)?)?$"
)


@dataclass(frozen=True)
class Length:
    """A length of time: whole months, and seconds beside them."""

    months: int = 0
    seconds: int = 0

    def times(self, factor: int) -> "Length":
        """So many of it."""
        return Length(self.months * factor, self.seconds * factor)


def length(number: int, unit: str) -> Length | None:
    """So many units, None for a unit that is not known."""
    name = unit.lower().rstrip("s")
    if name in _MONTHS:
        return Length(months=number * _MONTHS[name])
    if name in _SECONDS:
        return Length(seconds=number * _SECONDS[name])
    return None


def written_length(text: str) -> Length | None:
    """A length as a text says it: "1 year 2 months", "-30 days"."""
    found = _LENGTH.findall(text)
    if not found or _LENGTH.sub("", text).strip():
        return None
    parts = [length(int(number), unit) for number, unit in found]
    if any(part is None for part in parts):
        return None
    return Length(
        sum(part.months for part in parts if part), sum(part.seconds for part in parts if part)
    )


def moment(value: object) -> date | None:
    """The day or moment that a value is or that its text says, None for anything else."""
    if isinstance(value, date):
        return value
    match = _WRITTEN.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        if match[4] is None:
            return date(year, month, day)
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as written
    except ValueError:
        return None


def moved(start: date, by: Length, *, spills: bool = False) -> date | None:
    """The moment later (or earlier) by a length; a month's last day stays one.

    With `spills` as SQLite has it: 31 January plus a month is 3 March. None where there is no
    such day, or where a day without its hour is moved by hours.
    """
    total = start.year * 12 + start.month - 1 + by.months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9998:
        return None
    last = monthrange(year, month + 1)[1]
    there = start.replace(year=year, month=month + 1, day=min(start.day, last))
    seconds = by.seconds + (max(0, start.day - last) * 86_400 if spills else 0)
    if seconds % 86_400 and not isinstance(start, datetime):
        return None
    try:
        return there + timedelta(seconds=seconds)
    except OverflowError:
        return None


def begin(at: date, unit: str) -> date:
    """The first day of the unit that the moment is in; weeks begin on Monday."""
    day = at.date() if isinstance(at, datetime) else at
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if unit == "year":
        return day.replace(month=1, day=1)
    if unit in ("hour", "minute", "second") and isinstance(at, datetime):
        kept = {"hour": at.replace(minute=0, second=0), "minute": at.replace(second=0)}
        return kept.get(unit, at).replace(microsecond=0)
    return day


def next_one(at: date, unit: str) -> date | None:
    """The beginning of the unit after the one that begins there."""
    step = length(1, unit)
    return moved(at, step) if step else None


def comparable(at: date) -> datetime:
    """A day as its first moment, so that days and moments compare."""
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())


def plain(at: date) -> date:
    """A day where the moment is its first one."""
    if isinstance(at, datetime) and at.time() == time():
        return at.date()
    return at
