"""Facts over a result."""

from decimal import Decimal

import pyarrow as pa
import pytest

from core import trust
from core.types import ColumnFacts, QueryResult


def facts_of(name="revenue", values=(), kind=None, **others):
    table = pa.table({name: pa.array(values, kind)} | others)
    return trust.facts(QueryResult(table)).columns[0]


def test_a_result_tells_its_figures_and_where_they_are():
    result = QueryResult(
        pa.table(
            {
                "customer_id": [7, 8, 9],
                "month": ["2026-01", "2026-02", "2026-03"],
                "country": ["Germany", None, "France"],
                "revenue": pa.array([Decimal("10.10"), None, Decimal("-3.30")]),
            }
        )
    )
    found = trust.facts(result)
    assert (found.row_count, found.truncated) == (3, False)
    assert found.columns == (
        ColumnFacts("customer_id", "category", nulls=0),
        ColumnFacts("month", "time", 0, minimum_at="Jan 2026", maximum_at="Mar 2026"),
        ColumnFacts("country", "category", nulls=1),
        ColumnFacts(
            "revenue",
            "measure",
            1,
            6.8,
            -3.3,
            10.1,
            "Mar 2026, France",
            "Jan 2026, Germany",
            mean=pytest.approx(3.4),
            median=pytest.approx(3.4),
        ),
    )
    assert found.sample[0] == (7, "2026-01", "Germany", Decimal("10.10"))


@pytest.mark.parametrize(
    ("values", "kind", "nulls", "total", "minimum", "maximum"),
    [
        ([1, 2, None], pa.int64(), 1, 3.0, 1.0, 2.0),
        ([1.5, float("nan"), None], pa.float64(), 2, 1.5, 1.5, 1.5),
        ([1e308, 1e308], pa.float64(), 0, None, 1e308, 1e308),
        ([1.0, float("inf")], pa.float64(), 0, None, 1.0, 1.0),
        ([float("inf")], pa.float64(), 0, None, None, None),
        ([2**62, 2**62, 2**62], pa.int64(), 0, float(3 * 2**62), float(2**62), float(2**62)),
        ([2**64 - 1], pa.uint64(), 0, float(2**64), float(2**64), float(2**64)),
        ([None, None], pa.float64(), 2, None, None, None),
        ([], pa.float64(), 0, None, None, None),
        ([Decimal("0.1")] * 10, pa.decimal128(38, 1), 0, 1.0, 0.1, 0.1),
    ],
)  # fmt: skip
def test_hard_numbers(values, kind, nulls, total, minimum, maximum):
    found = facts_of("revenue", values, kind)
    assert (found.role, found.nulls) == ("measure", nulls)
    assert (found.total, found.minimum, found.maximum) == (total, minimum, maximum)


def test_negative_zero_is_zero():
    found = facts_of("revenue", [-0.0])
    assert [str(found.total), str(found.minimum), str(found.maximum)] == ["0.0"] * 3


@pytest.mark.parametrize("name", ["avg_price", "conversion_rate", "max_total", "median_age"])
def test_what_does_not_add_up_has_no_total(name):
    assert facts_of(name, [0.5, 0.25]).total is None
    assert facts_of(name, [0.5, 0.25]).maximum == 0.5


def test_a_row_without_names_is_called_by_its_identifier():
    assert facts_of("revenue", [1, 5], None, order_id=[10, 11]).maximum_at == "order_id 11"
    assert facts_of("revenue", [1, 5]).maximum_at is None


def test_a_very_long_name_is_cut():
    found = facts_of("revenue", [1], None, country=["x" * 10_000])
    assert found.maximum_at is not None
    assert len(found.maximum_at) <= trust.LONGEST_LABEL


def test_the_sample_is_the_first_twenty_rows():
    found = trust.facts(QueryResult(pa.table({"n": list(range(50))})))
    assert found.sample == tuple((n,) for n in range(20))


def test_no_rows_and_no_columns():
    assert trust.facts(QueryResult(pa.table({"n": pa.array([], pa.int64())}))).row_count == 0
    assert trust.facts(QueryResult(pa.table({}))).columns == ()
