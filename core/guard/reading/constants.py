"""Constants of a query as Python values: numbers, texts, days, and what depends on today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlglot import exp

from core.guard.reading import calendar, grains
from core.guard.reading.calendar import Length

_NOW: Final = (
    *(exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentDatetime, exp.Localtimestamp),
    *(exp.UtcDate, exp.UtcTimestamp),
)
_NOW_CALLS: Final = frozenset(
    {"now", "curdate", "sysdate", "today", "get_current_timestamp", "transaction_timestamp"}
    | {"statement_timestamp", "clock_timestamp", "current_date", "localtimestamp", "utc_date"}
)
_MOVED: Final = {
    exp.DateAdd: 1,
    exp.DatetimeAdd: 1,
    exp.TimestampAdd: 1,
    exp.TsOrDsAdd: 1,
    exp.DateSub: -1,
    exp.DatetimeSub: -1,
    exp.TimestampSub: -1,
}
_MOVED_CALLS: Final = {"date_add": 1, "adddate": 1, "date_sub": -1, "subdate": -1}
_MOMENTS: Final = (exp.Timestamp, exp.Datetime, exp.TsOrDsToTimestamp, exp.TsOrDsToDatetime)
_DAYS: Final = (exp.Date, exp.TsOrDsToDate)
_TYPES: Final = exp.DataType.Type
_MOMENT_TYPES: Final = frozenset(
    {_TYPES.TIMESTAMP, _TYPES.TIMESTAMPTZ, _TYPES.TIMESTAMPNTZ, _TYPES.TIMESTAMPLTZ}
    | {_TYPES.DATETIME, _TYPES.DATETIME2}
)
_WHOLE_TYPES: Final = frozenset({_TYPES.INT, _TYPES.BIGINT, _TYPES.SMALLINT, _TYPES.UBIGINT})
_TEXT_TYPES: Final = frozenset({_TYPES.TEXT, _TYPES.VARCHAR, _TYPES.CHAR})
_BIG: Final = 10**9


@dataclass(frozen=True)
class Constant:
    """A constant's value. `known` is False where today (or its hour) would have to be known."""

    value: Any = None
    relative: bool = False
    known: bool = True
    parameters: tuple[str, ...] = ()

    def said(self, value: Any) -> "Constant":
        """Another value made of this one; None means that it cannot be told."""
        return replace(self, value=value, known=self.known and value is not None)


class Constants:
    """Works constants out for one query: its dialect, its parameters, and today if given."""

    def __init__(self, dialect: str, params: Mapping[str, Any], today: date | None) -> None:
        self._dialect = dialect
        self._params = params
        self._today = today

    def of(self, node: exp.Expr) -> Constant | None:
        """The constant that an expression is, None where it is none that can be worked out."""
        try:
            return self._of(node)
        except (RecursionError, ArithmeticError, ValueError, TypeError, IndexError):
            return None

    def _of(self, node: exp.Expr) -> Constant | None:  # noqa: PLR0911 - one per kind of node
        if isinstance(node, exp.Literal):
            return Constant(node.name if node.is_string else _number(node.name))
        if isinstance(node, exp.Null | exp.Boolean):
            return Constant(None if isinstance(node, exp.Null) else bool(node.this))
        if isinstance(node, exp.Placeholder):
            name = str(node.this)
            known = name in self._params
            return Constant(self._params.get(name), known=known, parameters=(name,))
        if isinstance(node, _NOW):
            return Constant(self._today, relative=True, known=self._today is not None)
        if isinstance(node, exp.Anonymous):
            return self._call(str(node.this).lower(), node.expressions)
        for kinds, work in self._WORK:
            if isinstance(node, kinds):
                return work(self, node)
        return None

    def _same(self, node: exp.Expr) -> Constant | None:
        return self._of(node.this)

    def _negative(self, node: exp.Expr) -> Constant | None:
        inner = self._of(node.this)
        if inner is None or not inner.known:
            return inner
        return inner.said(
            inner.value.times(-1) if isinstance(inner.value, Length) else -inner.value
        )

    def _cast(self, node: exp.Expr) -> Constant | None:  # noqa: PLR0911 - one per type
        inner, kind = self._of(node.this), node.args["to"].this
        if inner is None or not inner.known or inner.value is None:
            return inner
        if self._dialect == "sqlite" and (kind == _TYPES.DATE or kind in _MOMENT_TYPES):
            return None  # SQLite has no such types: its cast makes a number of the first digits.
        if kind == _TYPES.DATE:
            return inner.said(_day(inner.value))
        if kind in _MOMENT_TYPES:
            return inner.said(calendar.moment(inner.value))
        if kind in _WHOLE_TYPES:
            return inner.said(int(inner.value))
        if kind == _TYPES.INTERVAL:
            return inner.said(calendar.written_length(str(inner.value)))
        if kind in _TEXT_TYPES:
            return inner.said(str(inner.value))
        return inner

    def _a_day(self, node: exp.Expr) -> Constant | None:
        if node.args.get("expressions") or not isinstance(node.this, exp.Expr):
            return None
        return self._sqlite_time([node.this], days=True)

    def _a_moment(self, node: exp.Expr) -> Constant | None:
        given = [node.this] if isinstance(node.this, exp.Expr) else []
        return self._sqlite_time(given, days=False) if given else None

    def _interval(self, node: exp.Expr) -> Constant | None:
        inner = self._of(node.this) if node.this is not None else None
        unit = node.args.get("unit")
        if inner is None or not inner.known:
            return inner
        if unit is None:
            return inner.said(calendar.written_length(str(inner.value)))
        return inner.said(calendar.length(int(str(inner.value)), unit.name))

    def _sum(self, node: exp.Expr) -> Constant | None:
        return self._both(node, -1 if isinstance(node, exp.Sub) else 1)

    def _both(self, node: exp.Expr, sign: int) -> Constant | None:
        left, right = self._of(node.this), self._of(node.expression)
        if left is None or right is None:
            return None
        both = _joined(left, right)
        if not both.known:
            return both
        a, b = left.value, right.value
        if isinstance(a, Length) and sign > 0 and not isinstance(b, Length):
            a, b = b, a
        if isinstance(b, Length):
            return both.said(self._moved(a, b.times(sign)))
        if isinstance(a, date) and isinstance(b, int) and not isinstance(b, bool):
            return both.said(self._moved(a, Length(seconds=b * 86_400 * sign)))
        if not _are_numbers(a, b):
            return None
        return both.said(a + b * sign)

    def _product(self, node: exp.Expr) -> Constant | None:
        left, right = self._of(node.this), self._of(node.expression)
        if left is None or right is None:
            return None
        both, a, b = _joined(left, right), left.value, right.value
        if not both.known:
            return both
        if isinstance(a, Length) or isinstance(b, Length):
            span, factor = (a, b) if isinstance(a, Length) else (b, a)
            return both.said(span.times(factor)) if isinstance(factor, int) else None
        small = _are_numbers(a, b) and abs(a) < _BIG and abs(b) < _BIG
        return both.said(a * b) if small else None

    def _shifted(self, node: exp.Expr) -> Constant | None:
        sign = next(s for kind, s in _MOVED.items() if isinstance(node, kind))
        unit = node.args.get("unit")
        return self._move(node.this, node.expression, sign, unit.name if unit else "day")

    def _move(self, start: exp.Expr, by: exp.Expr, sign: int, unit: str) -> Constant | None:
        left, right = self._of(start), self._of(by)
        if left is None or right is None:
            return None
        both, span = _joined(left, right), right.value
        if not both.known:
            return both
        if not isinstance(span, Length):
            span = calendar.length(int(str(span)), unit)
        return both.said(self._moved(left.value, span.times(sign)) if span else None)

    def _cut(self, node: exp.Expr) -> Constant | None:
        unit, inner = grains.unit_of(node), self._of(grains.inside(node))
        if inner is None or not inner.known or unit is None:
            return inner if unit else None
        at = calendar.moment(inner.value)
        if at is None:
            return None
        if isinstance(node, exp.LastDay):
            after = calendar.next_one(calendar.begin(at, "month"), "month")
            return inner.said(calendar.moved(after, Length(seconds=-86_400)) if after else None)
        if not isinstance(node, exp.Extract | exp.Year | exp.Month | exp.Quarter | exp.Day):
            return inner.said(calendar.begin(at, unit))
        parts = {"year": at.year, "month of year": at.month, "day of month": at.day}
        parts["quarter of year"] = (at.month + 2) // 3
        return inner.said(parts.get(unit))

    def _formatted(self, node: exp.Expr) -> Constant | None:
        inner, form = self._of(node.this), node.args["format"].name
        if inner is None or not inner.known:
            return inner
        at = calendar.moment(inner.value)
        return inner.said(at.strftime(form) if at is not None else None)

    def _parsed(self, node: exp.Expr) -> Constant | None:
        inner, form = self._of(node.this), node.args["format"].name
        if inner is None or not inner.known:
            return inner
        at = datetime.strptime(str(inner.value), form)  # noqa: DTZ007 - as written
        return inner.said(at.date() if isinstance(node, exp.StrToDate) else at)

    def _call(self, name: str, given: list[exp.Expr]) -> Constant | None:
        if name in _NOW_CALLS and not given:
            return Constant(self._today, relative=True, known=self._today is not None)
        if name in _MOVED_CALLS and len(given) == 2:
            return self._move(given[0], given[1], _MOVED_CALLS[name], "day")
        if name in ("date", "datetime", "timestamp") and given:
            return self._sqlite_time(given, days=name == "date")
        if name == "strftime" and len(given) > 1 and self._dialect == "sqlite":
            at = self._sqlite_time(given[1:], days=False)
            return at.said(at.value.strftime(given[0].name)) if at and at.known else at
        return self._made_of(given) if name == "make_date" and len(given) == 3 else None

    def _made(self, node: exp.Expr) -> Constant | None:
        return self._made_of([node.args[key] for key in ("year", "month", "day")])

    def _made_of(self, given: list[exp.Expr]) -> Constant | None:
        parts = [self._of(part) for part in given]
        if any(part is None or not part.known for part in parts):
            return None
        year, month, day = (int(part.value) for part in parts if part)
        relative = any(part.relative for part in parts if part)
        return Constant(date(year, month, day), relative=relative)

    def _sqlite_time(self, given: list[exp.Expr], *, days: bool) -> Constant | None:
        """A day or a moment, moved by SQLite's modifiers ('now', 'start of month', '-1 day')."""
        first = given[0]
        told = self._of(first)
        if self._dialect == "sqlite" and isinstance(first, exp.Literal) and first.name == "now":
            told = Constant(self._today, relative=True, known=self._today is not None)
        if told is None or not told.known:
            return told
        at = calendar.moment(told.value)
        for modifier in given[1:]:
            word = modifier.name.lower().strip() if isinstance(modifier, exp.Literal) else ""
            if at is None or not word:
                return None
            if word.startswith("start of "):
                at = calendar.begin(at, word.removeprefix("start of "))
            elif word not in ("localtime", "utc", "auto"):
                span = calendar.written_length(word)
                at = calendar.moved(at, span, spills=True) if span else None
        return told.said(_day(at) if days and at is not None else at)

    def _moved(self, start: Any, by: Length) -> Any:
        at = calendar.moment(start)
        if at is None:
            return None
        return calendar.moved(at, by)

    _WORK: Final[tuple[tuple[Any, Callable[["Constants", exp.Expr], Constant | None]], ...]] = (
        (exp.Paren, _same),
        (exp.Neg, _negative),
        ((exp.Cast, exp.TryCast), _cast),
        (_DAYS, _a_day),
        (_MOMENTS, _a_moment),
        (exp.Interval, _interval),
        ((exp.Add, exp.Sub), _sum),
        (exp.Mul, _product),
        (tuple(_MOVED), _shifted),
        ((exp.TimestampTrunc, exp.DateTrunc, exp.DatetimeTrunc, exp.LastDay), _cut),
        ((exp.Extract, exp.Year, exp.Month, exp.Quarter, exp.Day), _cut),
        (exp.TimeToStr, _formatted),
        ((exp.StrToDate, exp.StrToTime), _parsed),
        (exp.DateFromParts, _made),
    )


def _joined(left: Constant, right: Constant) -> Constant:
    return Constant(
        relative=left.relative or right.relative,
        known=left.known and right.known,
        parameters=(*left.parameters, *right.parameters),
    )


def _number(text: str) -> int | Decimal | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _are_numbers(*values: object) -> bool:
    return all(isinstance(v, int | Decimal) and not isinstance(v, bool) for v in values)


def _day(value: object) -> date | None:
    at = calendar.moment(value)
    return at.date() if isinstance(at, datetime) else at
