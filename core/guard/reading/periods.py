"""The windows of time that conditions leave of a column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from sqlglot import exp

from core.guard.reading import calendar, grains
from core.guard.reading.calendar import Length
from core.guard.reading.conditions import Compared, Single
from core.guard.reading.constants import Constant, Constants
from core.guard.reading.lineage import Lineage
from core.guard.reading.origin import Origin
from core.types import Condition, Period

_NEGATED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})$")
_YEAR: Final = re.compile(r"(\d{4})$")
_PREFIX: Final = re.compile(r"(\d{4}(?:-\d{2}){0,2})(?:[- ]?%)$")
_LENGTHS: Final = {4: "year", 7: "month", 10: "day"}
_PARTS: Final = {"month of year": "month", "quarter of year": "quarter", "day of month": "day"}
# By operator: what is added to the number of days for the first day, and for the end.
_AGES: Final[dict[str, tuple[int | None, int | None]]] = {
    "=": (0, -1),
    "between": (0, -1),
    "<=": (0, None),
    "<": (-1, None),
    ">=": (None, -1),
    ">": (None, 0),
}


@dataclass(frozen=True)
class Tested:
    """A single condition in all its forms: as told, what it compares, its constants."""

    single: Single
    compared: Compared
    constants: Sequence[Constant]
    told: Condition


@dataclass(frozen=True)
class _Window:
    """What one condition leaves. `part` and `numbers` are for months of a year and the like."""

    since: date | None = None
    until: date | None = None
    relative: bool = False
    part: str = ""
    numbers: tuple[int, int] = (0, 0)


@dataclass
class _Windows:
    """The windows of one column in one group of conditions."""

    column: str
    told: Condition
    found: list[tuple[int, _Window]] = field(default_factory=list)


def of(tested: Sequence[Tested], lineage: Lineage, values: Constants) -> tuple[Period, ...]:
    """One period for each column and each query (or join, or filter) that limits it."""
    groups: dict[tuple[str, int], _Windows] = {}
    for index, test in enumerate(tested):
        if not test.single.anded:
            continue
        for column, window in _windows(test, lineage, values):
            group = groups.setdefault((column, test.single.group), _Windows(column, test.told))
            group.found.append((index, window))
    periods = (_period(group) for group in groups.values())
    return tuple(period for period in periods if period is not None)


def _period(group: _Windows) -> Period | None:
    whole = [window for _, window in group.found if not window.part]
    since = max((w.since for w in whole if w.since), key=calendar.comparable, default=None)
    until = min((w.until for w in whole if w.until), key=calendar.comparable, default=None)
    used = [(i, w) for i, w in group.found if not w.part]
    for unit in ("quarter", "month", "day"):
        for index, window in group.found:
            narrower = _narrowed(since, until, window, unit)
            if narrower is not None:
                since, until = narrower
                used.append((index, window))
    if not used:
        return None
    return Period(
        column=group.column,
        since=since and calendar.plain(since),
        until=until and calendar.plain(until),
        relative=any(window.relative for _, window in used),
        restricts=group.told.restricts,
        filters=tuple(sorted(index for index, _ in used)),
        path=group.told.path,
    )


def _narrowed(
    since: date | None, until: date | None, window: _Window, unit: str
) -> tuple[date, date] | None:
    """A year and the months in it, a month and the days in it: the part of the window."""
    if window.part != unit or since is None or until is None:
        return None
    around = "month" if unit == "day" else "year"
    if calendar.begin(since, around) != since or calendar.next_one(since, around) != until:
        return None
    low, high = window.numbers
    step = calendar.length(1, unit)
    if step is None or not 1 <= low <= high:
        return None
    first, last = (
        calendar.moved(since, step.times(low - 1)),
        calendar.moved(since, step.times(high)),
    )
    return (first, last) if first and last and last <= until else None


def _windows(test: Tested, lineage: Lineage, values: Constants) -> Iterator[tuple[str, _Window]]:
    told, subject = test.told, test.compared.subject
    if subject is None or told.functions or told.subquery is not None or not test.constants:
        return
    ago = _days_ago(subject)
    if ago is not None:
        yield from _by_age(ago, test, lineage, values)
        return
    origin = lineage.of(subject)
    if origin.unresolved or len(origin.columns) != 1:
        return
    column = origin.columns[0]
    operator = _operator(test)
    relative = any(constant.relative for constant in test.constants)
    if not operator or not origin.direct or (origin.kind != "column" and not origin.grain):
        return
    if origin.width and any(isinstance(constant.value, int) for constant in test.constants):
        return
    if not all(constant.known for constant in test.constants):
        if relative and operator in ("=", "<", "<=", ">", ">=", "between"):
            yield column, _Window(relative=True)
        return
    given = [constant.value for constant in test.constants]
    if grains.is_part(origin.grain):
        window = _part(str(origin.grain), operator, given)
    else:
        window = _window(origin, operator, given, lineage)
    if window is not None:
        yield column, replace(window, relative=relative)


def _operator(test: Tested) -> str:
    operator = test.told.operator
    if not test.told.negated:
        return operator
    return _NEGATED.get(operator, "")


def _part(grain: str, operator: str, values: Sequence[Any]) -> _Window | None:
    unit = _PARTS.get(grain)
    try:
        numbers = sorted(int(value) for value in values)
    except (TypeError, ValueError):
        return None
    if unit is None or not numbers:
        return None
    ends = {
        "=": (numbers[0], numbers[-1]),
        "between": (numbers[0], numbers[-1]),
        "<=": (1, numbers[0]),
        "<": (1, numbers[0] - 1),
    }
    gapless = numbers == list(range(numbers[0], numbers[-1] + 1))
    if operator == "in" and gapless:
        return _Window(part=unit, numbers=(numbers[0], numbers[-1]))
    return _Window(part=unit, numbers=ends[operator]) if operator in ends else None


def _window(
    origin: Origin, operator: str, values: Sequence[Any], lineage: Lineage
) -> _Window | None:
    if operator == "like":
        spans = [_prefix(value) for value in values if origin.grain in (None, "day")]
    else:
        spans = [_span(value, origin, lineage) for value in values]
    known = [span for span in spans if span is not None]
    if not known or len(known) != len(spans):
        return None
    begin, end, exact = known[0]
    if operator in ("=", "like"):
        return _Window(begin, end) if exact else None
    if operator == "between":
        return _Window(_from(known[0]), known[1][1]) if len(known) == 2 else None
    if operator == "in":
        known.sort(key=lambda span: calendar.comparable(span[0]))
        gapless = all(a[1] == b[0] for a, b in pairwise(known))
        return _Window(known[0][0], known[-1][1]) if gapless and all(s[2] for s in known) else None
    ends = {
        ">=": (_from(known[0]), None),
        ">": (end, None),
        "<": (None, begin if exact else end),
        "<=": (None, end),
    }
    return _Window(*ends[operator]) if operator in ends else None


def _from(span: tuple[date, date, bool]) -> date:
    return span[0] if span[2] else span[1]


def _span(value: Any, origin: Origin, lineage: Lineage) -> tuple[date, date, bool] | None:
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
    return (begin, end, exact and not longer) if end is not None else None


def _moment_span(at: date, column: str, lineage: Lineage) -> tuple[date, date, bool] | None:
    """A day is a whole day, where the column is not known to be finer; a moment is a second."""
    names = lineage.names
    moments = isinstance(at, datetime) or names.holds_moments(column)
    start = calendar.comparable(at) if moments else at
    if moments and not isinstance(at, datetime) and names.dialect == "sqlite":
        return start, start, True  # As texts, every moment of a day stands after the day.
    end = calendar.moved(start, Length(seconds=1 if moments else 86_400))
    return (start, end, True) if end is not None else None


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


def _prefix(value: Any) -> tuple[date, date, bool] | None:
    """'2025-03%' stands for a month."""
    match = _PREFIX.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    begin = calendar.moment((match[1] + "-01-01")[:10])
    end = calendar.next_one(begin, _LENGTHS[len(match[1])]) if begin else None
    return (begin, end, True) if begin and end else None


def _days_ago(subject: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """(now, column) of `DATEDIFF(now, column)`, `CURRENT_DATE - column`, in whole days."""
    while isinstance(subject, exp.Paren):
        subject = subject.this
    if isinstance(subject, exp.DateDiff | exp.TimestampDiff | exp.TsOrDsDiff):
        unit = subject.args.get("unit")
        whole_days = unit is None or unit.name.lower() == "day"
        return (subject.this, subject.expression) if whole_days else None
    if not isinstance(subject, exp.Sub):
        return None
    sides = [_inside_julian(side) for side in (subject.this, subject.expression)]
    return (sides[0], sides[1])


def _inside_julian(node: exp.Expr) -> exp.Expr:
    julian = isinstance(node, exp.Anonymous) and str(node.this).lower() == "julianday"
    if not julian or len(node.expressions) != 1:
        return node
    inner = node.expressions[0]
    now = isinstance(inner, exp.Literal) and inner.name == "now"
    return exp.CurrentDate() if now else inner


def _by_age(
    ago: tuple[exp.Expr, exp.Expr], test: Tested, lineage: Lineage, values: Constants
) -> Iterator[tuple[str, _Window]]:
    """`now - column <= 30` leaves the last 30 days."""
    now, then = values.of(ago[0]), lineage.of(ago[1])
    numbers = [constant.value for constant in test.constants]
    if now is None or then.kind != "column" or then.unresolved or len(then.columns) != 1:
        return
    today = calendar.moment(now.value)
    operator = _operator(test)
    if not all(isinstance(number, int) for number in numbers) or operator not in _AGES:
        return
    if today is None:
        yield then.columns[0], _Window(relative=True)
        return
    first, last = _AGES[operator]
    days = calendar.begin(today, "day")
    since = None if first is None else _earlier(days, numbers[-1] + first)
    until = None if last is None else _earlier(days, numbers[0] + last)
    yield then.columns[0], _Window(since, until, relative=now.relative)


def _earlier(day: date, days: int) -> date | None:
    return calendar.moved(day, Length(seconds=-86_400 * days))
