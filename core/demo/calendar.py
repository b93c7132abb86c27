"""The shop's calendar: how busy each day is, and why.

Everything is a function of the absolute day and stays bounded however late the year, so
that a demo started years from now still makes sense. Days are numbers since 1970-01-01.
"""

from datetime import date
from typing import Final

import numpy as np

from core.demo import dice
from core.demo.dice import Floats, Ints

FOUNDED: Final = date(2021, 1, 1)
GROWTH_A_YEAR: Final = 0.20  # of the logarithm: 22 % more each year
REFER_A_FRIEND_SINCE: Final = date(2025, 9, 1)
SOUTH_DECLINES_FROM: Final = date(2025, 1, 1)

_YEAR: Final = 365.25
_MONTHS: Final = (0.90, 0.91, 0.98, 1.00, 0.99, 0.97, 0.91, 0.74, 0.97, 1.06, 1.30, 1.38)
_WEEK: Final = (1.08, 1.02, 1.00, 1.04, 0.96, 0.80, 1.10)
_WORK_WEEK: Final = (1.35, 1.20, 1.12, 1.10, 1.02, 0.65, 0.56)
_OUTAGES: Final = {0: (5, 14), 1: (6, 3), 2: (9, 16), 3: (2, 11)}
OUTAGE_ENDS_AT: Final = 15 * 3600  # seconds into its second day


def number(day: date) -> int:
    """A day as the days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def days(first: date, last: date) -> Ints:
    """The numbers of all days from first to last."""
    return np.arange(number(first), number(last) + 1, dtype=np.int64)


def year_and_month(day: Ints) -> tuple[Ints, Ints]:
    """Calendar year, and month from 1 to 12."""
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // 12 + 1970, months % 12 + 1


def in_season(day: Ints, first: tuple[int, int], last: tuple[int, int]) -> Ints:
    """1 on days between two (month, day) of the same year, both included, else 0."""
    _, month = year_and_month(day)
    start_of_month = day.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    code = month * 100 + day - start_of_month.astype(np.int64) + 1
    low, high = first[0] * 100 + first[1], last[0] * 100 + last[1]
    return ((code >= low) & (code <= high)).astype(np.int64)


def since(day: Ints, start: date) -> Floats:
    """Years since a day; 0 before it."""
    return np.asarray(np.maximum(day - number(start), 0) / _YEAR)


def outage(day: Ints) -> Ints:
    """1 on the first and 2 on the second day of the year's outage of the website, else 0.

    It lasts from the night of the first day to 15:00 of the second, once a year.
    """
    year, _ = year_and_month(day)
    begins = np.array(
        [number(outage_of(y)) for y in range(int(year.min()), int(year.max()) + 1)], dtype=np.int64
    )
    nth = day - begins[year - year.min()]
    return np.where((nth == 0) | (nth == 1), nth + 1, 0).astype(np.int64)


def outage_of(year: int) -> date:
    """The first day of that year's outage."""
    month, day = _OUTAGES[year % 4]
    return date(year, month, day)


def level(day: Ints) -> Floats:
    """Size of the business, 1 at the start of 2023: 22 % a year until 2029, at most 4.5."""
    years = (day - number(date(2023, 1, 1))) / _YEAR
    late = 1.5 * (1 - np.exp(-np.maximum(years - 6.0, 0.0) / 1.5))
    return np.asarray(np.exp(GROWTH_A_YEAR * (np.minimum(years, 6.0) + late)))


def season(day: Ints) -> Floats:
    """The course of the year: a peak in November and December, a weak August."""
    middle = np.arange(-1, 13) * (_YEAR / 12) + 15
    anchors = np.array([_MONTHS[-1], *_MONTHS, _MONTHS[0]])
    year_start = day.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]")
    curve = np.interp(day - year_start.astype(np.int64), middle, anchors)
    holidays = np.where(in_season(day, (12, 24), (12, 26)) | in_season(day, (1, 1), (1, 1)), 0.5, 1)
    return np.asarray(curve * holidays)


def south(day: Ints) -> Floats:
    """How keen Southern Europe still is: 1 until 2025, then less and less, never under 0.3."""
    return np.maximum(np.exp(-0.55 * since(day, SOUTH_DECLINES_FROM)), 0.3)


def orders(day: Ints) -> Floats:
    """Orders expected on each day."""
    lift = 1 + 0.32 * in_season(day, (3, 25), (4, 14)) + 0.5 * in_season(day, (11, 22), (11, 29))
    return 21.0 * level(day) * season(day) * _week(day, _WEEK) * lift * _closed(day)


def visits(day: Ints) -> Floats:
    """Website sessions expected on each day."""
    lift = 1 + 0.22 * in_season(day, (3, 25), (4, 14)) + 0.3 * in_season(day, (11, 22), (11, 29))
    return 120.0 * level(day) * season(day) * _week(day, _WEEK) * lift * _closed(day)


def signups(day: Ints) -> Floats:
    """New customers expected on each day; “Refer a friend” brought many more."""
    running = day - number(REFER_A_FRIEND_SINCE)
    friends = np.where(running < 0, 0.0, np.where(running < 91, 0.75, 0.35))
    lift = (1 + friends) * (1 + 0.15 * in_season(day, (3, 25), (4, 14)))
    expected: Floats = (
        4.0 * level(day) * np.sqrt(season(day)) * _week(day, _WEEK) * lift * _closed(day)
    )
    return expected


def tickets(day: Ints) -> Floats:
    """Support tickets expected on each day; many more while the website is down."""
    trouble = np.array([1.0, 6.0, 4.5])[outage(day)] * np.where(outage(day - 2) > 0, 1.8, 1.0)
    expected: Floats = 5.0 * level(day) * np.sqrt(season(day)) * _week(day, _WORK_WEEK) * trouble
    return expected


def weekday(day: Ints) -> Ints:
    """0 on Monday to 6 on Sunday."""
    return (day + 3) % 7


def counts(expected: Floats, stream: str, day: Ints) -> Ints:
    """How many really came: the expected number with a day's luck."""
    luck = 0.87 + 0.26 * dice.uniform(stream + "/luck", day)
    return np.floor(expected * luck + dice.uniform(stream + "/rest", day)).astype(np.int64)


def seconds_of_day(stream: str, keys: Ints, day: Ints, *, online: bool = True) -> Ints:
    """A time of day for each row, in seconds: quiet nights, busy evenings, sorted in each day.

    What happens `online` waits until the end of an outage.
    """
    hours = np.array(
        [4, 2, 1, 1, 1, 2, 5, 10, 16, 20, 22, 23, 24, 22, 20, 20, 21, 24, 28, 33, 34, 28, 18, 9]
    )
    share = np.concatenate([[0.0], np.cumsum(hours) / hours.sum()])
    chance = dice.uniform(stream, keys)
    seconds = np.interp(chance, share, np.arange(25) * 3600.0)
    restored = OUTAGE_ENDS_AT + chance * (86400 - OUTAGE_ENDS_AT)
    seconds = np.where(online & (outage(day) == 2), restored, seconds).astype(np.int64)
    return seconds[np.lexsort((seconds, day))]


def _week(day: Ints, pattern: tuple[float, ...]) -> Floats:
    return np.array(pattern)[weekday(day)]


def _closed(day: Ints) -> Floats:
    return np.array([1.0, 0.09, 0.42])[outage(day)]
