"""A checked query in plain words: its clauses one by one, its conditions, its windows of time.

Where words could be wrong the SQL itself stands; nothing is guessed.
"""

from datetime import date, datetime, timedelta

from sqlglot import exp

from core import formats
from core.guard import lists, parsing, text
from core.guard.reading import asked, reading
from core.guard.reading.walk import Walk
from core.guard.telling.clauses import Clauses
from core.guard.telling.phrases import Phrases
from core.types import DatabaseSchema, Period, Reading, SafeSelect, Told


def told(safe: SafeSelect, schema: DatabaseSchema | None = None, today: date | None = None) -> Told:
    """The query in words. `today` gives relative windows their dates.

    Never raises for a query that the guard let through.
    """
    read = reading(safe, schema, today)
    root = parsing.parse(text.split(safe.sql, safe.dialect), safe.sql, safe.dialect)
    walk = Walk(asked(root, safe.cap), lists.PARSED_AS[safe.dialect], safe.sql)
    phrases = Phrases(root, walk, read)
    return Told(
        reading=read,
        clauses=Clauses(walk, phrases, read, safe.cap).told(),
        conditions=tuple(_conditions(walk, phrases, read)),
        windows=tuple(window(period) for period in read.periods),
    )


def _conditions(walk: Walk, phrases: Phrases, read: Reading) -> list[str]:
    """What rows and groups must meet, but for the windows of time."""
    dated = {id(read.filters[index]) for period in read.periods for index in period.filters}
    found: list[str] = []
    for kind in (exp.Where, exp.Having):
        for node in walk.all(kind):
            if isinstance(node.parent, exp.Filter):
                continue
            found += [
                said
                for said, one in phrases.alone(node.this)
                if one is None or not (one.links or id(one) in dated)
            ]
    return list(dict.fromkeys(found))


def window(period: Period) -> str:
    """A window of time with its first and its last day: "orders.day: Jul 1 – Sep 30, 2026"."""
    since, until = period.since, period.until
    name = formats.shortened(period.column, 80)
    if since is None and until is None:
        return f"{name}: depends on the day it is asked"
    last = _last(until) if until is not None else ""
    first = _moment(since) if since is not None else ""
    days = _days(since, until)
    if first and last:
        return f"{name}: {first} – {last}{days}" if first != last else f"{name}: {first}"
    return f"{name}: from {first} on" if first else f"{name}: until {last}"


def _last(until: date) -> str:
    if isinstance(until, datetime) and until.time() != datetime.min.time():
        return f"before {_moment(until)}"
    day = until.date() if isinstance(until, datetime) else until
    return formats.day(day - timedelta(days=1)) if day > date.min else formats.day(day)


def _moment(value: date) -> str:
    if isinstance(value, datetime) and value.time() != datetime.min.time():
        return formats.period(value, "time")
    return formats.day(value)


def _days(since: date | None, until: date | None) -> str:
    if since is None or until is None or isinstance(since, datetime) or isinstance(until, datetime):
        return ""
    count = (until - since).days
    return f" ({count:,} days)" if count > 1 else ""
