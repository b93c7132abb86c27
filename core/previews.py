"""A result's first rows as JSON, for keeping beside a message, and back as a result."""

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from core.types import Json, QueryResult

MOST_ROWS: Final = 100

_PLAIN: Final = {
    "bool": pa.bool_(),
    "int8": pa.int64(),
    "int16": pa.int64(),
    "int32": pa.int64(),
    "int64": pa.int64(),
    "float": pa.float64(),
    "double": pa.float64(),
    "date32[day]": pa.date32(),
}
_DECIMAL: Final = re.compile(r"decimal128\((\d+), (-?\d+)\)")
_TIMESTAMP: Final = re.compile(r"timestamp\[\w+(?:, tz=(.+))?\]")


def pack(result: QueryResult, most: int = MOST_ROWS) -> Json:
    """The first rows with each column's name and Arrow type; whatever JSON lacks is text."""
    table = result.table.slice(0, most)
    columns = [{"name": field.name, "type": str(field.type)} for field in table.schema]
    values = [[_plain(v) for v in column.to_pylist()] for column in table.columns]
    return {
        "columns": columns,
        "rows": [list(row) for row in zip(*values, strict=True)],
        "truncated": result.truncated or result.row_count > most,
    }


def unpack(preview: Json) -> QueryResult:
    """The kept rows as a result again, in their types where JSON could carry them."""
    arrays, names = [], []
    for index, column in enumerate(preview["columns"]):
        names.append(column["name"])
        arrays.append(_array([row[index] for row in preview["rows"]], column["type"]))
    return QueryResult(pa.Table.from_arrays(arrays, names=names), truncated=preview["truncated"])


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return str(value)


def _array(values: list[Any], type_name: str) -> "pa.Array[Any]":
    if type_name in _PLAIN:
        arrow = _PLAIN[type_name]
        if arrow == pa.date32():
            values = [date.fromisoformat(v) if v else None for v in values]
        return pa.array(values, arrow)
    if match := _DECIMAL.fullmatch(type_name):
        numbers = [Decimal(v) if v is not None else None for v in values]
        return pa.array(numbers, pa.decimal128(int(match[1]), int(match[2])))
    if match := _TIMESTAMP.fullmatch(type_name):
        moments = [datetime.fromisoformat(v) if v else None for v in values]
        return pa.array(moments, pa.timestamp("us", tz=match[1]))
    return pa.array([None if v is None else str(v) for v in values], pa.string())
