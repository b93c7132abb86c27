"""The first rows of a result go into JSON and come back in their types."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from core import previews
from core.types import QueryResult


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, None, 2**62]),
        pa.array([1, None], pa.int32()),
        pa.array([1.5, None, -0.0]),
        pa.array([True, None]),
        pa.array(["a", None, "ü\u202e"]),
        pa.array([date(1066, 10, 14), None]),
        pa.array([datetime.fromisoformat("2026-01-02T03:04:05.000678"), None], pa.timestamp("us")),
        pa.array([datetime(2026, 1, 2, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")),
        pa.array([Decimal("12345678901234567.89"), None], pa.decimal128(20, 2)),
        pa.array([], pa.string()),
    ],
    ids=lambda column: str(column.type),
)
def test_values_survive(column: pa.Array) -> None:
    packed = json.loads(json.dumps(previews.pack(QueryResult(pa.table({"c": column})))))
    assert previews.unpack(packed).table.column("c").to_pylist() == column.to_pylist()


def test_what_json_cannot_hold_is_empty_or_text() -> None:
    table = pa.table({"f": [float("nan"), float("inf")], "l": [[1], [2, 3]], "b": [b"x", None]})
    kept = previews.unpack(json.loads(json.dumps(previews.pack(QueryResult(table))))).table
    assert kept.column("f").to_pylist() == [None, None]
    assert kept.column("l").to_pylist() == ["[1]", "[2, 3]"]


def test_the_hundred_first_rows_are_kept_and_the_cut_is_said() -> None:
    kept = previews.unpack(previews.pack(QueryResult(pa.table({"n": list(range(250))}))))
    assert (kept.row_count, kept.truncated) == (100, True)


def test_two_columns_of_one_name_stay_two() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array(["x"])], names=["a", "a"])
    kept = previews.unpack(previews.pack(QueryResult(table)))
    assert kept.columns == ("a", "a")
