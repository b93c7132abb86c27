"""The unit of time that an expression cuts its values to: a month, a year, a month of year."""

import re
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
_BY_LENGTH: Final = {"4": "year", "7": "month", "10": "day"}
_STARTS: Final = (exp.Substring, exp.Left)
_UNIT_FIRST: Final = frozenset({"date_part", "datepart", "date_trunc"})
_PART_CALLS: Final = frozenset(
    {"date_part", "datepart", "yearweek", "quarter", "weekday", "weekofyear", "dayofweek"}
    | {"dayofyear", "dayofmonth", "isoyear", "isodow", "hour", "minute", "second", "week"}
)


def of(node: exp.Expr, lineage: "Lineage") -> str | None:
    """The grain of an expression over one column of time, None where there is none."""
    coarsest: str | None = None
    while True:
        if isinstance(node, exp.Column):
            return coarser(coarsest, lineage.of(node).grain)
        unit = unit_of(node)
        if lineage.names.dialect == "sqlite" and unit and isinstance(node, exp.Cast):
            return None  # There a cast to DATE makes a number of the year.
        if unit is not None and unit not in UNITS:
            return unit if coarsest is None else None
        if unit is not None:
            coarsest = coarser(coarsest, unit)
        elif isinstance(node, _STARTS):
            return coarser(coarsest, _cut(node, lineage))
        elif not isinstance(node, (*_THROUGH, exp.Cast, exp.TryCast)):
            return coarsest if coarsest and _has_column(node) else None
        node = inside(node)


def inside(node: exp.Expr) -> exp.Expr:
    """What the expression takes its time from."""
    inner: object = node.this
    if isinstance(node, exp.Extract):
        inner = node.expression
    elif isinstance(node, exp.Anonymous):
        inner = node.expressions[-1 if str(node.this).lower() in _UNIT_FIRST else 0]
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
    if name == "date":
        start = given[-1].name.lower().removeprefix("start of ")
        return "day" if len(given) == 1 else (start if start in UNITS else None)
    if name == "date_trunc" and len(given) == 2:
        return given[0].name.lower() if given[0].name.lower() in UNITS else None
    return None


def _cut(node: exp.Expr, lineage: "Lineage") -> str | None:
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
