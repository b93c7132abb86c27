"""Columns of a PostgreSQL result: their types come from the server, never from the values.

- integers: int64; real and double: float64; boolean, date, timestamp, bytea as they are;
- timestamp with time zone: in UTC;
- numeric(p, s): exactly that. Numeric without a scale (sums, averages) has none to go by: whole
  numbers that fit become int64, up to ten decimal places stay exact, more than that (an average)
  or NaN becomes float64;
- everything else (json, uuid, interval, time, arrays, ranges, enums, addresses …) comes as
  PostgreSQL's own text;
- infinity, and years that Python's calendar lacks, become its last or first day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import psycopg
import pyarrow as pa
from psycopg.types.string import TextLoader

from core.connectors import arrow

MOST_EXACT_PLACES: Final = 10
MOST_DIGITS: Final = 38

# Without a zone, as PostgreSQL's timestamp is.
_FIRST: Final = datetime.min  # noqa: DTZ901
_LAST: Final = datetime.max  # noqa: DTZ901

_TYPES: Final[dict[str, pa.DataType]] = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), pa.int64()),
    **dict.fromkeys(("float4", "float8"), pa.float64()),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
    "bytea": pa.binary(),
}
_AS_TEXT: Final = (
    *("json", "jsonb", "uuid", "interval", "time", "timetz", "inet", "cidr"),
    *("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"),
    *("int4multirange", "int8multirange", "nummultirange", "datemultirange"),
    *("tsmultirange", "tstzmultirange", "record", "hstore"),
)
_SPELLED: Final = ("date", "timestamp", "timestamptz")
_OID: Final = psycopg.adapters.types.get_oid
_BY_OID: Final = {_OID(name): kind for name, kind in _TYPES.items()}
_NUMERIC: Final = _OID("numeric")
_SPELLED_OIDS: Final = frozenset(map(_OID, _SPELLED))
_MODIFIER_BASE: Final = 4


@dataclass(frozen=True)
class Described:
    """A column of a result as the server announces it, before any row.

    `modifier` is -1, or what narrows the type: for numeric, precision and scale.
    """

    name: str
    oid: int
    modifier: int


def register(connection: "psycopg.Connection[Any]") -> None:
    """Have the driver hand out every value in the form that `table` takes."""
    adapters = connection.adapters
    for name in _AS_TEXT:
        if adapters.types.get(name):
            adapters.register_loader(name, TextLoader)
    for info in adapters.types:
        if info.array_oid:
            adapters.register_loader(info.array_oid, TextLoader)
    # Arrow reads a column of days or moments from text ten times faster than value by value.
    for name in _SPELLED:
        adapters.register_loader(name, TextLoader)


def table(described: Sequence[Described], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """The rows as an Arrow table."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(described)
    return arrow.table(
        [column.name for column in described],
        [_column(column, given) for column, given in zip(described, values, strict=True)],
    )


def _column(described: Described, values: Sequence[Any]) -> "pa.Array[Any]":
    if described.oid == _NUMERIC:
        return _numeric(described, values)
    kind = _BY_OID.get(described.oid, pa.string())
    if described.oid in _SPELLED_OIDS:
        return _spelled(values, kind)
    return pa.array(values, kind, from_pandas=False)


def _spelled(values: Sequence[str | None], kind: pa.DataType) -> "pa.Array[Any]":
    """Days or moments from the server's ISO text; value by value where some are out of range."""
    try:
        found: pa.Array[Any] = pa.array(values, pa.string()).cast(kind)
        return found
    except pa.ArrowInvalid:
        read = _day if pa.types.is_date(kind) else _moment
        return pa.array([None if value is None else read(value) for value in values], kind)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min if _early(text) else date.max


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _FIRST if _early(text) else _LAST


def _numeric(described: Described, values: Sequence[Decimal | None]) -> "pa.Array[Any]":
    numbers = [value for value in values if value is not None]
    if not all(value.is_finite() for value in numbers):
        return _floats(values)
    if described.modifier >= 0:
        precision, scale = divmod(described.modifier - _MODIFIER_BASE, 1 << 16)
        if 0 <= scale <= precision <= MOST_DIGITS:
            return pa.array(values, pa.decimal128(precision, scale))
    exponents = [int(value.as_tuple().exponent) for value in numbers]
    places = max((-exponent for exponent in exponents), default=0)
    if places > MOST_EXACT_PLACES:
        return _floats(values)
    try:
        return pa.array(values, pa.decimal128(MOST_DIGITS, max(places, 0)))
    except pa.ArrowInvalid:
        return _floats(values)


def _floats(values: Sequence[Decimal | None]) -> "pa.Array[Any]":
    return pa.array([None if v is None else float(v) for v in values], pa.float64())


def _early(text: str) -> bool:
    """Whether a moment outside of Python's calendar lies before it."""
    return text.startswith("-") or text.endswith("BC")
