"""The windows of time that conditions leave of a column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlglot import exp

from core.guard.reading import calendar, grains, spans
from core.guard.reading.calendar import Length
from core.guard.reading.conditions import Compared, Single
from core.guard.reading.constants import Constant, Constants
from core.guard.reading.lineage import Lineage
from core.guard.reading.origin import Origin
from core.types import Condition, Period

_NEGATED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
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
        found = [spans.of_prefix(value) for value in values if origin.grain in (None, "day")]
    else:
        found = [spans.of(value, origin, lineage) for value in values]
    known = [span for span in found if span is not None]
    if not known or len(known) != len(found):
        return None
    first = known[0]
    if operator in ("=", "like"):
        return _Window(first.begin, first.end) if first.exact else None
    if operator == "between":
        return _Window(first.since, known[1].end) if len(known) == 2 else None
    if operator == "in":
        return _listed(known)
    ends = {
        ">=": (first.since, None),
        ">": (first.end, None),
        "<": (None, first.since),
        "<=": (None, first.end),
    }
    return _Window(*ends[operator]) if operator in ends else None


def _listed(known: list[spans.Span]) -> _Window | None:
    """Listed times are a window where they follow one another without a gap."""
    known.sort(key=lambda span: calendar.comparable(span.begin))
    gapless = all(one.end == other.begin for one, other in pairwise(known))
    exact = all(span.exact for span in known)
    return _Window(known[0].begin, known[-1].end) if gapless and exact else None


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
