"""The window of time of a query as a chip."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlglot import exp

from core import formats
from core.chips.opened import Opened, cannot, drop
from core.trust import periods
from core.trust.periods import Calendar
from core.types import Chip, Period

FIRST, LAST = date(1, 1, 2), date(9998, 12, 31)
_TIMES: Final = ("DATE", "TIMESTAMP", "DATETIME")


def offered(opened: Opened) -> Iterator[Chip]:
    """A chip for each column whose window stands in one place only, and in whole days."""
    for period in opened.reading.periods:
        if _nodes(opened, period) is None:
            continue
        since, last = _day(period.since), _last(period.until)
        if (period.since and since is None) or (period.until and last is None):
            continue
        yield Chip("time", label(since, last), period.column, (since, last))


def change(opened: Opened, chip: Chip, values: Sequence[Any]) -> None:
    """Put another window of days; (None, None) takes it away."""
    since, last = values
    found = next(
        ((p, n) for p in opened.reading.periods if p.column == chip.column
         and (n := _nodes(opened, p))), None
    )  # fmt: skip
    if found is None or any(d is not None and not FIRST <= d <= LAST for d in values):
        raise cannot()
    nodes, column = found[1]
    bounds: list[exp.Expr] = []
    if since is not None:
        bounds.append(exp.GTE(this=column.copy(), expression=_literal(opened, since)))
    if last is not None:
        end = last + timedelta(days=1)
        bounds.append(exp.LT(this=column.copy(), expression=_literal(opened, end)))
    for node in nodes if not bounds else nodes[1:]:
        drop(node)
    if bounds:
        nodes[0].replace(exp.and_(*bounds) if len(bounds) > 1 else bounds[0])


def label(since: date | None, last: date | None) -> str:
    """A window of days as people read it: "Jul 1 – Sep 30, 2026"."""
    if since is None and last is None:
        return "all time"
    if since is None or last is None:
        return f"until {formats.day(last)}" if last else f"since {formats.day(since or FIRST)}"
    if since == last:
        return formats.day(since)
    first = formats.day(since)
    return f"{first.rpartition(',')[0] if since.year == last.year else first} – {formats.day(last)}"


def ready(
    today: date, *, week_starts: int = 0, year_starts: int = 1
) -> dict[str, tuple[date, date]]:
    """Periods to choose from by name, with their first and last day."""
    calendar = Calendar(today, week_starts, year_starts)
    found: dict[str, tuple[date, date]] = {}
    for unit in ("month", "quarter", "year"):
        running = periods.around(today, unit, calendar)
        before = periods.around(running.first - timedelta(days=1), unit, calendar)
        found[f"This {unit}"] = (running.first, running.last)
        found[f"Last {unit}"] = (before.first, before.last)
    yesterday = today - timedelta(days=1)
    for days in (7, 30, 90, 365):
        found[f"Last {days} days"] = (today - timedelta(days=days), yesterday)
    return found


def _nodes(opened: Opened, period: Period) -> tuple[list[exp.Expr], exp.Column] | None:
    """The conditions that make up a window, and its column; None where that is not sure."""
    reading = opened.reading
    if not period.restricts or (period.since is None and period.until is None):
        return None
    if sum(p.column == period.column for p in reading.periods) != 1:
        return None
    own = set(period.filters)
    others = (c for i, c in enumerate(reading.filters) if i not in own)
    if any(period.column in other.columns for other in others):
        return None
    nodes = [opened.alone(reading.filters[index]) for index in period.filters]
    columns = [c for n in nodes if n is not None for c in n.find_all(exp.Column)]
    if None in nodes or not columns or any(c != columns[0] for c in columns):
        return None
    return ([n for n in nodes if n], columns[0]) if _holds_times(opened, period.column) else None


def _holds_times(opened: Opened, column: str) -> bool:
    """Whether the column can be held against days as they are written here."""
    held = opened.column(column)
    if held is None:
        return False
    timed = held.data_type.upper().startswith(_TIMES)
    if opened.dialect == "sqlite":
        return all(_is_day(sample) for sample in held.samples) and (timed or bool(held.samples))
    return timed


def _is_day(sample: str) -> bool:
    try:
        date.fromisoformat(sample[:10])
    except ValueError:
        return False
    return True


def _literal(opened: Opened, day: date) -> exp.Expr:
    text = exp.Literal.string(day.isoformat())
    return text if opened.dialect == "sqlite" else exp.cast(text, "date")


def _day(value: date | None) -> date | None:
    """A bound as a day, None for one that is open or in the middle of a day."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else None
    return value


def _last(until: date | None) -> date | None:
    day = _day(until)
    return day - timedelta(days=1) if day is not None and day > FIRST else None
