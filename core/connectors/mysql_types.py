"""Columns of a MySQL or MariaDB result: their types come from the server, never from the values.

- integers: int64 (unsigned 64-bit ones that do not fit: uint64); BIT and YEAR are integers;
- FLOAT and DOUBLE: float64; DECIMAL exactly, as int64 where it has no places and fits;
- DATE; DATETIME bare, TIMESTAMP in UTC; a day that no calendar has (0000-00-00) is NULL;
- TIME, JSON, ENUM, SET: the server's own text; BLOB and BINARY: bytes.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
from pymysql import converters
from pymysql.constants import FIELD_TYPE as KIND

from core.connectors import arrow

BINARY_CHARSET: Final = 63
MOST_DIGITS: Final = 38
UNSIGNED: Final = 32

_INTEGERS: Final = frozenset({KIND.TINY, KIND.SHORT, KIND.INT24, KIND.LONG, KIND.YEAR, KIND.BIT})
_DECIMALS: Final = frozenset({KIND.DECIMAL, KIND.NEWDECIMAL})
_FLOATS: Final = frozenset({KIND.FLOAT, KIND.DOUBLE})
_BYTES: Final = frozenset(
    {KIND.TINY_BLOB, KIND.MEDIUM_BLOB, KIND.LONG_BLOB, KIND.BLOB, KIND.STRING, KIND.VAR_STRING}
    | {KIND.VARCHAR, KIND.GEOMETRY}
)


def conversions() -> dict[Any, Callable[..., Any]]:
    """How the driver writes parameters and reads values: each value in the form `table` takes."""
    return {
        **converters.encoders,
        **dict.fromkeys(_INTEGERS - {KIND.BIT}, int),
        KIND.LONGLONG: int,
        **dict.fromkeys(_FLOATS, float),
        **dict.fromkeys(_DECIMALS, Decimal),
        KIND.DATE: _day,
        KIND.NEWDATE: _day,
        KIND.DATETIME: _moment,
        KIND.TIMESTAMP: _moment,
        KIND.BIT: _bits,
    }


def table(fields: Sequence[Any], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """The rows as an Arrow table; `fields` are the driver's descriptions of the columns."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    return arrow.table(
        [field.name for field in fields],
        [_column(field, given) for field, given in zip(fields, values, strict=True)],
    )


def _column(field: Any, values: Sequence[Any]) -> "pa.Array[Any]":
    kind = field.type_code
    if kind == KIND.LONGLONG:
        return _long(field, values)
    if kind in _DECIMALS:
        return _decimal(field, values)
    if kind in _BYTES and field.charsetnr == BINARY_CHARSET:
        return pa.array([v.encode() if isinstance(v, str) else v for v in values], pa.binary())
    plain = _PLAIN.get(kind)
    if plain is not None:
        return pa.array(values, plain, from_pandas=False)
    return pa.array([v if v is None else _text(v) for v in values], pa.string())


_PLAIN: Final[dict[int, pa.DataType]] = {
    **dict.fromkeys(_INTEGERS, pa.int64()),
    **dict.fromkeys(_FLOATS, pa.float64()),
    KIND.DATE: pa.date32(),
    KIND.NEWDATE: pa.date32(),
    KIND.DATETIME: pa.timestamp("us"),
    KIND.TIMESTAMP: pa.timestamp("us", "UTC"),
}


def _long(field: Any, values: Sequence[int | None]) -> "pa.Array[Any]":
    if not field.flags & UNSIGNED:
        return pa.array(values, pa.int64())
    try:
        return pa.array(values, pa.int64())
    except (OverflowError, pa.ArrowInvalid):
        return pa.array(values, pa.uint64())


def _decimal(field: Any, values: Sequence[Decimal | None]) -> "pa.Array[Any]":
    kind = pa.decimal128(MOST_DIGITS, min(int(field.scale), MOST_DIGITS))
    try:
        return pa.array(values, kind)
    except pa.ArrowInvalid:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _bits(value: bytes) -> int:
    return int.from_bytes(value, "big")
