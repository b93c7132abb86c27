"""Dates in a query that move along: "last month" is another month at the next check.

An answer's SQL names its period by dates. An alert keeps the day on which they held; on another
day each date is moved by as many years, quarters, months, weeks or days as its period is counted
in: what was the first of last month is the first of last month again.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

_QUOTED: Final = re.compile(
    r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/)", re.DOTALL
)
_DATE: Final = re.compile(r"^'(\d{4}-\d\d-\d\d)((?:[T ]00:00(?::00(?:\.0+)?)?)?)'$")
_TODAY: Final = re.compile(r"\b(?:current_date(?:\(\))?|curdate\(\)|today\(\))", re.IGNORECASE)
_NOW: Final = re.compile(
    r"\b(?:current_timestamp(?:\(\d?\))?|localtimestamp(?:\(\d?\))?|now\(\)|sysdate\(\))",
    re.IGNORECASE,
)


def dates(sql: str) -> tuple[date, ...]:
    """The dates that a query names, in its order; a date with a time of day is none of them."""
    return tuple(found for part in _QUOTED.split(sql) if (found := _date(part)))


def says_today(sql: str) -> bool:
    """Whether a query asks the database what day it is."""
    return any(
        part == "'now'" if _QUOTED.fullmatch(part) else _TODAY.search(part) or _NOW.search(part)
        for part in _QUOTED.split(sql)
    )


def moved(sql: str, held_on: date, day: date) -> str:
    """The query as it would have been written on another day."""
    named = dates(sql)
    if not named or held_on == day:
        return sql
    move = _mover(named, held_on, day)
    return "".join(_put(part, move) for part in _QUOTED.split(sql))


def on(sql: str, day: date) -> str:
    """The query with a day in place of what asks the database for today or now."""
    return "".join(
        (f"'{day} 23:59:59'" if part == "'now'" else part)
        if _QUOTED.fullmatch(part)
        else _NOW.sub(f"TIMESTAMP '{day} 23:59:59'", _TODAY.sub(f"DATE '{day}'", part))
        for part in _QUOTED.split(sql)
    )


def _date(part: str) -> date | None:
    found = _DATE.match(part)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _put(part: str, move: Callable[[date], date]) -> str:
    found = _date(part)
    return part if found is None else part.replace(found.isoformat(), move(found).isoformat())


def _mover(named: Sequence[date], held_on: date, day: date) -> Callable[[date], date]:
    """How the dates of one query move: each by the unit that all of them begin with.

    A date of just around the day itself (until today, since yesterday) moves by days whatever
    the others do.
    """
    near = {held_on + timedelta(days=n) for n in (-1, 0, 1)}
    far = [d for d in named if d not in near] or list(named)
    only_near = all(d in near for d in named)
    unit = "day" if only_near else _unit(far, held_on)

    def move(at: date) -> date:
        if at in near and unit != "day" and not _begins(at, unit):
            return at + (day - held_on)
        return _UNITS[unit](at, held_on, day)

    return move


def _unit(named: Sequence[date], held_on: date) -> str:
    span = (max(named) - min(named)).days
    if all(_begins(d, "year") for d in named):
        return "year"
    if all(_begins(d, "quarter") for d in named) and 85 <= span <= 95:
        return "quarter"
    if all(_begins(d, "month") for d in named):
        return "month"
    weeks = all(d.weekday() == 0 for d in named) or all(d.weekday() == 6 for d in named)
    return "week" if weeks and span % 7 == 0 else "day"


def _begins(at: date, unit: str) -> bool:
    months = {"year": (1,), "quarter": (1, 4, 7, 10), "month": range(1, 13)}.get(unit)
    return at.weekday() == 0 if months is None else at.day == 1 and at.month in months


def _start(at: date, unit: str) -> date:
    return at.replace(day=1, month=at.month - (at.month - 1) % 3 if unit == "quarter" else at.month)


def _add_months(at: date, months: int) -> date:
    total = at.year * 12 + at.month - 1 + months
    return at.replace(year=total // 12, month=total % 12 + 1)


def _by_years(at: date, held_on: date, day: date) -> date:
    return at.replace(year=at.year + day.year - held_on.year)


def _by_quarters(at: date, held_on: date, day: date) -> date:
    then, now = _start(held_on, "quarter"), _start(day, "quarter")
    return _add_months(at, (now.year - then.year) * 12 + now.month - then.month)


def _by_months(at: date, held_on: date, day: date) -> date:
    return _add_months(at, (day.year - held_on.year) * 12 + day.month - held_on.month)


def _by_weeks(at: date, held_on: date, day: date) -> date:
    first = at.weekday()
    then = held_on - timedelta(days=(held_on.weekday() - first) % 7)
    now = day - timedelta(days=(day.weekday() - first) % 7)
    return at + (now - then)


def _by_days(at: date, held_on: date, day: date) -> date:
    return at + (day - held_on)


_UNITS: Final[dict[str, Callable[[date, date, date], date]]] = {
    "year": _by_years,
    "quarter": _by_quarters,
    "month": _by_months,
    "week": _by_weeks,
    "day": _by_days,
}
