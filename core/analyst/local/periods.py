"""Calendar arithmetic: the periods that people speak of, as first and last days."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from core.analyst.local.plan import Grain

MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both counted; None is open. `unit` when it is one whole unit."""

    start: date | None
    end: date | None
    phrase: str = ""
    unit: Grain | None = None


def whole(unit: Grain, day: date) -> tuple[date, date]:
    """First and last day of the unit that the day lies in. Weeks begin on Monday."""
    if unit == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if unit in ("month", "quarter", "year"):
        size = {"month": 1, "quarter": 3, "year": 12}[unit]
        month = (day.month - 1) // size * size + 1
        first = day.replace(month=month, day=1)
        return first, add_months(first, size) - timedelta(days=1)
    return day, day


def shift(unit: Grain, day: date, by: int) -> date:
    """The day so many units later (or, negative, earlier)."""
    if unit == "week":
        return day + timedelta(weeks=by)
    if unit in ("month", "quarter", "year"):
        return add_months(day, by * {"month": 1, "quarter": 3, "year": 12}[unit])
    return day + timedelta(days=by)


def add_months(day: date, months: int) -> date:
    """The same day months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def unit_around(unit: Grain, today: date, by: int, phrase: str) -> Period:
    """The whole unit `by` units from today's: -1 is the last one, 0 the running one."""
    start, end = whole(unit, shift(unit, whole(unit, today)[0], by))
    return Period(start, end, phrase, unit)


def previous(period: Period) -> Period:
    """The period of the same length just before."""
    if period.start is None or period.end is None:
        return period
    if period.unit and whole(period.unit, period.start) == (period.start, period.end):
        start, end = whole(period.unit, shift(period.unit, period.start, -1))
        return Period(start, end, f"the {period.unit} before", period.unit)
    days = (period.end - period.start).days + 1
    return Period(
        period.start - timedelta(days=days), period.start - timedelta(days=1), "the period before"
    )


def beside(period: Period, other: Period, today: date) -> tuple[Period, Period]:
    """Two periods to compare: a running one is cut at today, the other to as many days."""
    if not (period.start and period.end and period.end >= today and other.start):
        return period, other
    days = (today - period.start).days
    until = min(other.end or today, other.start + timedelta(days=days))
    if other.start.year < period.start.year and (period.unit == "year" or days > 200):
        until = add_months(today, -12)
    cut = Period(period.start, today, f"{period.phrase} so far".strip())
    return cut, Period(other.start, until, other.phrase)


def year_earlier(period: Period) -> Period:
    """The same days a year before."""
    start = add_months(period.start, -12) if period.start else None
    end = add_months(period.end, -12) if period.end else None
    if period.unit == "month" and start:
        end = whole("month", start)[1]
    return Period(start, end, "a year earlier", period.unit)


def in_words(start: date | None, end: date | None) -> str:
    """Days as a person writes them: Jul 1 – Sep 30, 2026."""
    if start and end:
        if start == end:
            return day_in_words(start)
        if start.year == end.year:
            return f"{start:%b} {start.day} – {day_in_words(end)}"
        return f"{day_in_words(start)} – {day_in_words(end)}"
    if start:
        return f"since {day_in_words(start)}"
    return f"until {day_in_words(end)}" if end else ""


def day_in_words(day: date) -> str:
    """One day: Jul 1, 2026."""
    return f"{day:%b} {day.day}, {day.year}"
