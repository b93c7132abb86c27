"""The unit of time that an expression cuts its values to: a month, a year, a month of year."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlglot import exp

if TYPE_CHECKING:
    from core.guard.reading.lineage import Lineage

UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
_PARTS: Final = {
    "second": "second of minute",
    "minute": "minute of hour",
    "hour": "hour of day",
    "day": "day of month",
    "dayofmonth": "day of month",
    "dow": "day of week",
    "isodow": "day of week",
    "dayofweek": "day of week",
    "weekday": "day of week",
    "doy": "day of year",
    "dayofyear": "day of year",
    "week": "week of year",
    "weekofyear": "week of year",
    "month": "month of year",
    "quarter": "quarter of year",
    "year": "year",
    "isoyear": "year",
    "year_month": "month",
    "yearweek": "week",
    "yearmonth": "month",
}
_FORMATS: Final = (
    ("second", "Sf", "second of minute"),
    ("minute", "M", "minute of hour"),
    ("hour", "HI", "hour of day"),
    ("day", "dej", "day of month"),
    ("day", "aAuw", "day of week"),
    ("week", "WUV", "week of year"),
    ("month", "mbB", "month of year"),
    ("quarter", "q", "quarter of year"),
)
# What moves a time: SQLite's modifiers, but for those of the clock and of where a unit begins.
_MOVING: Final = re.compile(r"[+-]\d|weekday")
_CODE: Final = re.compile(r"%-?(\w)")
_TRUNCATED: Final = (exp.TimestampTrunc, exp.DateTrunc, exp.DatetimeTrunc, exp.TimeTrunc)
_TO_DAY: Final = (exp.Date, exp.TsOrDsToDate, exp.StrToDate)
_THROUGH: Final = (
    *(exp.Alias, exp.Paren, exp.AtTimeZone, exp.TsOrDsToTimestamp, exp.Timestamp, exp.Datetime),
    *(exp.TsOrDsToDatetime, exp.ConvertTimezone),
)
_PART_CLASSES: Final = (
    *(exp.Year, exp.Quarter, exp.Month, exp.Week, exp.WeekOfYear, exp.Day, exp.DayOfMonth),
    *(exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.Hour, exp.Minute, exp.Second),
)
_PART_NAMES: Final[dict[type[exp.Expr], str]] = {exp.DayOfWeekIso: "isodow"}
_TEXTS: Final = exp.DataType.TEXT_TYPES
_BY_LENGTH: Final = {"4": "year", "7": "month", "10": "day"}
_STARTS: Final = (exp.Substring, exp.Left)
_UNIT_FIRST: Final = frozenset({"date_part", "datepart", "date_trunc", "strftime"})
_PART_CALLS: Final = frozenset(
    {"date_part", "datepart", "yearweek", "quarter", "weekday", "weekofyear", "dayofweek"}
    | {"dayofyear", "dayofmonth", "isoyear", "isodow", "hour", "minute", "second", "week"}
)


@dataclass(frozen=True)
class Cut:
    """What an expression makes of a column of time.

    `width` is the length of the text it writes, 0 where it writes none. `direct` says that it
    only cuts: nothing is moved before, so that a bound on the value is one on the column.
    """

    grain: str | None = None
    width: int = 0
    direct: bool = False


def of(node: exp.Expr, lineage: "Lineage") -> Cut:
    """What an expression cuts its column of time to."""
    coarsest: str | None = None
    width, a_number = 0, False
    while True:
        if isinstance(node, exp.Column):
            origin = lineage.of(node)
            return Cut(coarser(coarsest, origin.grain), width or origin.width, origin.direct)
        unit = unit_of(node)
        if lineage.names.dialect == "sqlite" and unit and isinstance(node, exp.Cast):
            return Cut()  # There a cast to DATE makes a number of the year.
        a_number = a_number or (isinstance(node, exp.Cast) and node.to.this not in _TEXTS)
        width = width or (0 if a_number else _width(node))
        if unit is not None and unit not in UNITS:
            direct = isinstance(_unwrapped(inside(node)), exp.Column)
            return Cut(unit, width, direct) if coarsest is None else Cut()
        if unit is not None:
            coarsest = coarser(coarsest, unit)
        elif isinstance(node, _STARTS):
            grain = coarser(coarsest, _started(node, lineage))
            return Cut(grain, width, isinstance(node.this, exp.Column))
        elif not isinstance(node, (*_THROUGH, exp.Cast, exp.TryCast)):
            whole = coarsest if _has_column(node) else None
            return Cut(whole or _together(node, lineage), width)
        if _moves(node):
            return Cut(coarsest, width)
        node = inside(node)


def inside(node: exp.Expr) -> exp.Expr:
    """What the expression takes its time from."""
    inner: object = node.this
    if isinstance(node, exp.Extract):
        inner = node.expression
    elif isinstance(node, exp.Anonymous):
        inner = node.expressions[1 if str(node.this).lower() in _UNIT_FIRST else 0]
    elif isinstance(node, exp.DateBin):
        inner = node.expression
    return inner if isinstance(inner, exp.Expr) else exp.Null()


def unit_of(node: exp.Expr) -> str | None:  # noqa: PLR0911 - one line per form of words
    """The unit that this very node cuts to: one of UNITS, or a part ("month of year")."""
    if isinstance(node, exp.Cast | exp.TryCast):
        return "day" if node.to.this == exp.DataType.Type.DATE else None
    if isinstance(node, _TO_DAY):
        return "day" if not node.expressions else None
    if isinstance(node, _TRUNCATED):
        unit = node.args.get("unit")
        named = unit.name.lower() if isinstance(unit, exp.Expr) else ""
        named = named.split("(")[0]
        return named if named in UNITS else None
    if isinstance(node, exp.LastDay):
        return "month"
    if isinstance(node, exp.DateBin):
        return _of_interval(node.this)
    if isinstance(node, exp.DateSub):
        by = node.expression
        return "week" if isinstance(by, exp.Anonymous) and by.name.lower() == "weekday" else None
    if isinstance(node, exp.Extract):
        return _PARTS.get(node.name.lower())
    if isinstance(node, _PART_CLASSES):
        return _PARTS.get(_PART_NAMES.get(type(node), type(node).__name__.lower()))
    if isinstance(node, exp.TimeToStr):
        return of_format(node.args["format"].name) if node.args.get("format") else None
    if isinstance(node, exp.Anonymous):
        return _of_call(node)
    return None


def of_format(text: str) -> str | None:
    """The grain of times written in such a format ("%Y-%m" is months)."""
    codes = set(_CODE.findall(text))
    with_year = bool(codes & {"Y", "y", "G", "C", "F", "x", "c", "D"})
    if codes & {"F", "x", "D"}:
        return "day"
    if "Q" in text.replace("%Q", "Q") and with_year and not codes & set("mbBdHMS"):
        return "quarter"
    for unit, letters, part in _FORMATS:
        if codes & set(letters):
            return unit if with_year else (part if len(codes) == 1 else None)
    return "year" if with_year else None


def coarser(one: str | None, other: str | None) -> str | None:
    """The coarser of two grains."""
    if one is None or other is None:
        return one or other
    if one not in UNITS or other not in UNITS:
        return one if one == other else None
    return max(one, other, key=UNITS.index)


def is_part(grain: str | None) -> bool:
    """Whether values of that grain come round again each year, week or day."""
    return grain is not None and grain not in UNITS


def _of_call(node: exp.Anonymous) -> str | None:
    name, given = str(node.this).lower(), node.expressions
    if name in ("date_part", "datepart") and len(given) == 2:
        return _PARTS.get(given[0].name.lower())
    if name in _PART_CALLS and given:
        return _PARTS.get(name)
    if name == "date" and given:
        return _of_modifiers([modifier.name.lower() for modifier in given[1:]])
    if name == "strftime" and len(given) > 1:
        return of_format(given[0].name)
    if name == "date_trunc" and len(given) == 2:
        return given[0].name.lower() if given[0].name.lower() in UNITS else None
    return None


def _of_modifiers(words: list[str]) -> str | None:
    """DATE(day, 'start of month') is a month, DATE(day, 'weekday 0', '-6 days') a week."""
    starts = [word.removeprefix("start of ") for word in words if word.startswith("start of ")]
    if starts or not _MOVING.search(" ".join(words)):
        return starts[0] if starts and starts[0] in UNITS else "day"
    return "week" if any(word.startswith("weekday") for word in words) else None


def _of_interval(node: exp.Expr) -> str | None:
    one = isinstance(node, exp.Interval) and node.this is not None and node.this.name == "1"
    unit = node.args.get("unit")
    named = unit.name.lower().rstrip("s") if one and unit is not None else ""
    return named if named in UNITS else None


def _moves(node: exp.Expr) -> bool:
    """Whether the node also moves its time, or gives another moment than the unit's first."""
    if isinstance(node, exp.LastDay | exp.DateSub | exp.DateBin):
        return True
    given = node.expressions[1:] if isinstance(node, exp.Anonymous) else []
    return any(isinstance(g, exp.Literal) and _MOVING.search(g.name) for g in given)


def _width(node: exp.Expr) -> int:
    """The length of the text that a format or the first letters give."""
    if isinstance(node, exp.Anonymous) and str(node.this).lower() == "strftime":
        form: exp.Expr | None = node.expressions[0]
    else:
        form = node.args.get("format") if isinstance(node, exp.TimeToStr) else None
    if isinstance(form, exp.Literal):
        return len(date(2025, 1, 1).strftime(form.name))
    length = by_length(node)
    return next((int(n) for n, unit in _BY_LENGTH.items() if unit == length), 0)


def _together(node: exp.Expr, lineage: "Lineage") -> str | None:
    """A year and a part of it written side by side: CONCAT(YEAR(day), '-', MONTH(day))."""
    if not isinstance(node, exp.Concat | exp.DPipe):
        return None
    parts = list(node.flatten()) if isinstance(node, exp.DPipe) else node.expressions
    units = {of(part, lineage).grain for part in parts} - {None}
    rest = units - {"year"}
    part = next(iter(rest)) if len(rest) == 1 and "year" in units else None
    return part.removesuffix(" of year") if part and part.endswith(" of year") else None


def _unwrapped(node: exp.Expr) -> exp.Expr:
    while isinstance(node, (*_THROUGH, *_TO_DAY)):
        node = inside(node)
    return node


def _started(node: exp.Expr, lineage: "Lineage") -> str | None:
    """SUBSTR(day, 1, 7) is a month, where the column is known to hold times."""
    grain = by_length(node)
    if grain is None or not isinstance(node.this, exp.Column):
        return None
    origin = lineage.of(node.this)
    if len(origin.columns) != 1 or origin.unresolved:
        return None
    return grain if origin.grain or lineage.names.holds_times(origin.columns[0]) else None


def by_length(node: exp.Expr) -> str | None:
    """The grain that the first 4, 7 or 10 characters of a time have."""
    if isinstance(node, exp.Left):
        return _BY_LENGTH.get(node.expression.name)
    if isinstance(node, exp.Substring):
        start, length = node.args.get("start"), node.args.get("length")
        if start is not None and length is not None and start.name == "1":
            return _BY_LENGTH.get(length.name)
    return None


def _has_column(node: exp.Expr) -> bool:
    return node.find(exp.Column) is not None
