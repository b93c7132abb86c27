"""When a report is sent: cron, or simple words, on the clock of a person."""

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from core.errors import BadInput

_DAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_TIME: Final = r"(?:\s+at\s+(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>am|pm)?)?"
_WORDS: Final = re.compile(
    rf"^(?:every|each|on)?\s*(?P<what>hour|day|weekday|weekdays|month|quarter|"
    rf"(?:{'|'.join(_DAYS)})s?|first of the month|first of month){_TIME}$",
    re.IGNORECASE,
)
HINT: Final = (
    "Write it as “every weekday at 8:00”, “every Monday at 9”, “first of the month at 7:30”, "
    "or as cron: 0 8 * * 1-5."
)


def cron(text: str) -> str:
    """A schedule as cron. Raises BadInput for what is none, or would never come."""
    found = _WORDS.match(" ".join(text.split()))
    expression = _from_words(found) if found else text.strip()
    try:
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, ValueError) as error:
        raise BadInput(f"“{text.strip()[:60]}” is no schedule that ever comes.", HINT) from error
    return expression


def after(schedule: str, now: datetime, time_zone: str, count: int = 1) -> tuple[datetime, ...]:
    """The next times after a moment, in UTC. A time that a clock change skips comes right after
    it; one that comes twice is sent once."""
    local = now.astimezone(ZoneInfo(time_zone))
    times = (at.astimezone(UTC) for at in CronSim(cron(schedule), local))
    return tuple(islice(times, count))


def _from_words(found: re.Match[str]) -> str:
    what = found["what"].lower()
    if what == "hour":
        return "0 * * * *"
    hour = int(found["hour"] or 8)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    time = f"{int(found['minute'] or 0)} {hour}"
    days = {"day": "* * *", "weekday": "* * 1-5", "weekdays": "* * 1-5", "quarter": "1 1,4,7,10 *"}
    if what in days:
        return f"{time} {days[what]}"
    if "month" in what:
        return f"{time} 1 * *"
    return f"{time} * * {_DAYS.index(what.removesuffix('s') if what.endswith('days') else what)}"
