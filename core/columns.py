"""What a column of a result is: a measure, a time, a category, or a mere identifier.

Decided from its type, its name and its values, so that engines without dates (SQLite keeps
them as text) are read like the others. Everything that draws or explains asks here.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from core import formats
from core.formats import Grain, Unit

Role = Literal["measure", "time", "category"]

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TEXT_TIME = re.compile(
    r"(?P<year>1[5-9]\d\d|2[0-4]\d\d)(?:-?Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2])"
    r"(?:-(?P<day>\d\d)(?P<clock>[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)"
)
_STEP = re.compile(r"[<>≤≥]?=?\s*(?P<low>-?\d[\d,]*(?:\.\d+)?)\s*(?:[-–+%].*|to\b.*)?")

_IDENTIFIERS = {"id", "uuid", "guid", "rank", "rownum", "rn"}
_IDENTIFYING_NUMBERS = {"code", "zip", "zipcode", "postcode", "phone", "sku", "number", "no"}
_NOT_SUMMED = {
    "avg", "average", "mean", "median", "min", "max", "minimum", "maximum", "rate", "ratio",
    "percent", "pct", "percentage", "price", "cumulative", "running", "balance", "score",
    "rating", "age", "stddev", "variance", "per", "growth", "change", "margin",
}  # fmt: skip
_ORDINALS = {
    "month": (1, 12), "quarter": (1, 4), "week": (0, 53), "hour": (0, 23), "day": (0, 31),
    "weekday": (0, 7), "dow": (0, 7), "minute": (0, 59), "isodow": (1, 7),
}  # fmt: skip
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_QUARTERS = ("q1", "q2", "q3", "q4")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def words(name: str) -> list[str]:
    """The words of a column's name, lower case: "avgOrder_value" has three."""
    return _WORDS.findall(_CAMEL.sub(" ", name).lower().replace("_", " "))


def is_identifier(name: str) -> bool:
    """Whether the name says that its numbers only tell rows apart: id, *_id, rank."""
    found = words(name)
    return bool(found) and found[-1] in _IDENTIFIERS and found[:1] != ["avg"]


@dataclass(frozen=True)
class Column:
    """One column of a result with all that can be read from it; made by `read`."""

    name: str
    data: "pa.ChunkedArray[Any]"

    @cached_property
    def values(self) -> list[Any]:
        """The values as plain Python ones; NaN is None, zones are kept."""
        if pa.types.is_floating(self.data.type):
            return [None if v is None or math.isnan(v) else v + 0.0 for v in self.data.to_pylist()]
        return plain(self.data)

    @cached_property
    def numbers(self) -> list[float | None]:
        """The values as floats for drawing; what is no finite number is None."""
        return [_finite(value) for value in self.values]

    @cached_property
    def keys(self) -> list[str]:
        """The values as text that tells them apart, "" for NULL and NaN."""
        return ["" if v is None else f"={v}" for v in self.values]

    @cached_property
    def distinct(self) -> int:
        """How many different values there are, NULL not counted."""
        return len(set(self.keys) - {""})

    @cached_property
    def numeric(self) -> bool:
        """Whether its type is a number (booleans are not)."""
        kind = self.data.type
        return bool(
            pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        )

    @cached_property
    def identifier(self) -> bool:
        """Whether its values only tell rows apart and mean nothing as figures."""
        if is_identifier(self.name):
            return True
        last = words(self.name)[-1:]
        return self.numeric and bool(last) and last[0] in _IDENTIFYING_NUMBERS

    @cached_property
    def ordinal(self) -> bool:
        """Whether it holds numbers of months, weekdays, hours … that order but do not add up."""
        found = words(self.name)
        if not self.numeric or not 1 <= len(found) <= 2 or found[-1] not in _ORDINALS:
            return False
        if found[0] in ("per", "this", "last", "avg", "total", "count"):
            return False
        low, high = _ORDINALS[found[-1]]
        return all(n is None or (low <= n <= high and n == int(n)) for n in self.numbers)

    @cached_property
    def times(self) -> list[datetime | None] | None:
        """Its values as points in time without a zone, or None when it holds something else."""
        kind = self.data.type
        if pa.types.is_temporal(kind) and not (
            pa.types.is_time(kind) or pa.types.is_duration(kind)
        ):
            return [_moment(v) for v in self.values]
        if self.data.null_count == len(self.data):
            return None
        if pa.types.is_integer(kind) and formats.names_year(self.name):
            years = self.numbers
            if all(y is None or 1900 <= y <= 2100 for y in years):
                return [None if y is None else datetime(int(y), 1, 1) for y in years]  # noqa: DTZ001
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return _text_times(self.values, formats.names_year(self.name))
        return None

    @cached_property
    def role(self) -> Role:
        """Measure, time or category; identifiers and ordinals are categories."""
        if self.identifier or pa.types.is_boolean(self.data.type):
            return "category"
        if self.times is not None:
            return "time"
        return "measure" if self.numeric and not self.ordinal else "category"

    @cached_property
    def grain(self) -> Grain:
        """The length of its periods, from the values and, where they leave it open, the name."""
        return _grain(self.name, [t for t in self.times or () if t is not None])

    @cached_property
    def unit(self) -> Unit:
        """Whether its numbers are shares: already in percent, or fractions of one."""
        return _unit(self.name, [n for n in self.numbers if n is not None])

    @cached_property
    def additive(self) -> bool:
        """Whether a sum over its rows means something (averages and rates do not add up)."""
        return not _NOT_SUMMED.intersection(words(self.name))

    @cached_property
    def labels(self) -> list[str]:
        """Every value as people read it on an axis."""
        if self.role == "time" and self.times is not None:
            grain = self.grain
            return ["(no value)" if t is None else formats.period(t, grain) for t in self.times]
        if self.identifier and self.numeric:
            return ["(no value)" if v is None else str(v) for v in self.values]
        return ["(no value)" if v is None else formats.cell(v, self.name) for v in self.values]

    @cached_property
    def order(self) -> list[float] | None:
        """A sort key for every value where the values have an order of their own, else None."""
        if self.times is not None:
            return [
                math.inf if t is None else t.toordinal() * 86400.0 + _seconds(t) for t in self.times
            ]
        if self.numeric:
            return [math.inf if n is None else n for n in self.numbers]
        return _named_order(self.values)


def read(table: pa.Table) -> tuple[Column, ...]:
    """All columns of a result, in order."""
    return tuple(Column(name, table.column(i)) for i, name in enumerate(table.column_names))


def named(table: pa.Table) -> tuple[Column, ...]:
    """The columns that a name alone tells: of several under one name the first, none without."""
    found: dict[str, Column] = {}
    for column in read(table):
        if column.name:
            found.setdefault(column.name, column)
    return tuple(found.values())


def plain(data: "pa.ChunkedArray[Any] | pa.Array[Any]") -> list[Any]:
    """The values as Python ones; a value that Python cannot hold (the year 12000) as text."""
    kind = data.type
    try:
        if pa.types.is_timestamp(kind) and kind.unit == "ns":
            data = pc.cast(data, pa.timestamp("us", kind.tz), safe=False)
        elif pa.types.is_duration(kind) and kind.unit == "ns":
            data = pc.cast(data, pa.duration("us"), safe=False)
        elif pa.types.is_time64(kind) and kind.unit == "ns":
            data = pc.cast(data, pa.time64("us"), safe=False)
        return list(data.to_pylist())
    except (ValueError, OverflowError, pa.ArrowInvalid):
        return list(pc.cast(data, pa.string()).to_pylist())


def _finite(value: Any) -> float | None:
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number + 0.0 if math.isfinite(number) else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return None


def _seconds(moment: datetime) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def _text_times(values: Sequence[Any], years: bool) -> list[datetime | None] | None:
    """Times written as text (2026-01-31, 2026-01, 2026-Q1); None as soon as one is not."""
    found: list[datetime | None] = []
    for value in values:
        if value is None:
            found.append(None)
            continue
        text = str(value)
        if years and re.fullmatch(r"(19|20)\d\d", text):
            text += "-01"
        match = _TEXT_TIME.fullmatch(text)
        if match is None:
            return None
        try:
            found.append(_from_parts(match))
        except ValueError:
            return None
    return found


def _from_parts(match: re.Match[str]) -> datetime:
    year, quarter = int(match["year"]), match["quarter"]
    if match["clock"]:
        return datetime.fromisoformat(match[0]).replace(tzinfo=None)
    month = int(quarter) * 3 - 2 if quarter else int(match["month"])
    return datetime(year, month, int(match["day"] or 1))  # noqa: DTZ001


def _grain(name: str, times: list[datetime]) -> Grain:
    said = set(words(name))
    distinct = sorted(set(times))
    if any(_seconds(t) for t in distinct):
        return "time"
    if all(t.day == 1 for t in distinct) and distinct:
        return _coarse_grain(said, distinct)
    weekly = len({t.weekday() for t in distinct}) == 1
    return (
        "week" if weekly and ("week" in said or len(distinct) > 3) and "day" not in said else "day"
    )


def _coarse_grain(said: set[str], starts: list[datetime]) -> Grain:
    named: tuple[tuple[Grain, Callable[[datetime], bool]], ...] = (
        ("year", lambda t: t.month == 1),
        ("quarter", lambda t: t.month % 3 == 1),
        ("month", lambda t: True),
    )
    for grain, begins in named:
        if grain in said and all(map(begins, starts)):
            return grain
    if said & {"day", "date"} and len(starts) < 3:
        return "day"
    if "week" in said:
        return "week"
    for grain, begins in named:
        if len(starts) >= 2 and all(map(begins, starts)):
            return grain
    return "day"


def _unit(name: str, numbers: list[float]) -> Unit:
    found = words(name)
    if formats.names_year(name):
        return "year"
    if {"percent", "pct", "percentage"} & set(found) or "%" in name:
        return "percent"
    if not found or found[-1] not in ("share", "rate", "ratio", "fraction"):
        return ""
    if {"exchange", "fx", "hourly", "daily"} & set(found):
        return ""
    largest = max(map(abs, numbers), default=0.0)
    if largest <= 1:
        return "fraction"
    return "percent" if found[-1] == "share" and largest <= 100 else ""


def _named_order(values: Sequence[Any]) -> list[float] | None:
    """The order of months, weekdays and steps ("0-9", "10-19", "20+") given as text."""
    texts = ["" if v is None else str(v).strip().lower() for v in values]
    given = {t for t in texts if t}
    for names in (_MONTHS, _WEEKDAYS, _QUARTERS):
        position = {n: i for i, n in enumerate(names)} | {n[:3]: i for i, n in enumerate(names)}
        if given and given <= position.keys():
            return [float(position.get(t, math.inf)) for t in texts]
    steps = {t: _STEP.fullmatch(t) for t in given}
    if not given or not all(steps.values()):
        return None
    lows = {t: float(m["low"].replace(",", "")) for t, m in steps.items() if m}
    return [lows.get(t, math.inf) for t in texts]
