"""Named periods of a date filter, so that a link to "last month" stays last month."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from core.dashboards.views import Value

Days = tuple[date, date]


def _last_days(days: int) -> Callable[[date], Days]:
    """So many whole days before today."""
    return lambda today: (today - timedelta(days=days), today - timedelta(days=1))


def _months(today: date, back: int, length: int) -> Days:
    """Calendar months in blocks of `length` (1, 3, 12), so many blocks before the running one."""
    block = (today.year * 12 + today.month - 1) // length - back
    return _month(block * length), _month((block + 1) * length) - timedelta(days=1)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


_PERIODS: Final[dict[str, Callable[[date], Days]]] = {
    "last_7_days": _last_days(7),
    "last_30_days": _last_days(30),
    "last_90_days": _last_days(90),
    "last_365_days": _last_days(365),
    "this_month": lambda today: _months(today, 0, 1),
    "last_month": lambda today: _months(today, 1, 1),
    "this_quarter": lambda today: _months(today, 0, 3),
    "last_quarter": lambda today: _months(today, 1, 3),
    "this_year": lambda today: _months(today, 0, 12),
    "last_year": lambda today: _months(today, 1, 12),
}
NAMES: Final = tuple(_PERIODS)


def days(values: tuple[Value, ...], today: date) -> tuple[Value, ...]:
    """The first and the last day of a date filter's answer, as text: of a named period on this
    day, or as they were given."""
    if len(values) == 1 and values[0] in _PERIODS:
        first, last = _PERIODS[values[0]](today)
        return first.isoformat(), last.isoformat()
    return values
