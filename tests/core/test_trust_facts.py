"""A result and its single facts: changes, shares, ranks, outliers, what is missing or running."""

from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from core import trust
from core.trust import Calendar, Whole
from core.trust.whole import WholeColumn, aggregate_sql, from_result
from core.types import Facts, Output, Period, QueryResult, Reading

TODAY = date(2026, 11, 18)


def facts(
    truncated=False, today=TODAY, reading=None, whole=None, calendar=None, **columns
) -> Facts:
    result = QueryResult(pa.table(columns), truncated)
    calendar = calendar or Calendar(today)
    return trust.facts(result, calendar=calendar, reading=reading, whole=whole)


def told(found: Facts, *kinds: str) -> list[tuple[str, str]]:
    return [(f.name, f.text) for f in found.figures if f.kind in kinds]


def months(first: str, count: int) -> list[str]:
    year, month = map(int, first.split("-"))
    return [f"{year + (month + n - 1) // 12}-{(month + n - 1) % 12 + 1:02}" for n in range(count)]


def test_changes_are_between_whole_periods() -> None:
    found = facts(month=months("2025-10", 14), revenue=[40.0, *range(50, 61), 66.0, 3.0])
    assert told(found, "change") == [
        ("change of revenue, Oct 2026 against Sep 2026", "+10.0%"),
        ("change of revenue, Oct 2026 against Oct 2025", "+65.0%"),
    ]
    assert told(found, "running") == [("Nov 2026 is not over yet", "Nov 2026")]
    assert told(found, "difference")[0][1] == "6"


def test_a_running_period_is_not_the_lowest_of_a_series() -> None:
    found = facts(month=months("2026-08", 4), revenue=[30.0, 20.0, 25.0, 1.0])
    lowest = trust.figure(found, "lowest revenue")
    assert lowest is not None
    assert (lowest.text, lowest.at) == ("20", "Sep 2026")
    assert "Nov 2026" not in [f.at for f in found.figures if f.kind == "bottom"]


GRAINS = [
    ("day", [date(2026, 11, n) for n in (16, 17, 18)], "Nov 17, 2026", "Nov 18, 2026"),
    ("week", [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)], "week of Nov 9, 2026",
     "week of Nov 16, 2026"),
    ("month", ["2026-09", "2026-10", "2026-11"], "Oct 2026", "Nov 2026"),
    ("quarter", ["2026-Q2", "2026-Q3", "2026-Q4"], "Q3 2026", "Q4 2026"),
    ("year", [2024, 2025, 2026], "2025", "2026"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "starts", "last_whole", "running"), GRAINS)
def test_every_grain_knows_what_is_over(name, starts, last_whole, running) -> None:
    found = facts(**{name: starts}, revenue=[10.0, 20.0, 5.0])
    assert [f.at for f in found.figures if f.kind == "change"] == [last_whole]
    assert [f.at for f in found.figures if f.kind == "running"] == [running]


def test_a_month_is_running_until_its_last_day_is_over() -> None:
    columns = {"month": months("2026-08", 3), "revenue": [1.0, 2.0, 3.0]}
    assert told(facts(today=date(2026, 10, 31), **columns), "running") != []
    assert told(facts(today=date(2026, 11, 1), **columns), "running") == []


def test_fiscal_years_begin_in_their_own_month() -> None:
    starts = [date(2024, 4, 1), date(2025, 4, 1), date(2026, 4, 1)]
    found = facts(year=starts, revenue=[1.0, 2.0, 3.0], calendar=Calendar(TODAY, year_starts=4))
    assert [f.at for f in found.figures if f.kind == "running"] == ["the year from Apr 2026"]
    assert [f.at for f in found.figures if f.kind == "change"] == ["the year from Apr 2025"]


def test_a_period_that_the_query_cuts_is_not_whole() -> None:
    reading = Reading(
        outputs=(Output("month", "expression", ("sales.day",), grain="month"),
                 Output("revenue", "aggregate", ("sales.total",), functions=("sum",))),
        periods=(Period("sales.day", date(2026, 8, 15), date(2026, 11, 1)),),
    )  # fmt: skip
    found = facts(month=months("2026-08", 3), revenue=[9.0, 20.0, 30.0], reading=reading)
    assert told(found, "running") == [("Aug 2026 is not whole in this query", "Aug 2026")]
    assert [f.against for f in found.figures if f.kind == "change"] == ["Sep 2026"]


def test_periods_without_a_row_are_told_and_never_bridged() -> None:
    found = facts(month=["2026-05", "2026-06", "2026-10"], revenue=[1.0, 2.0, 3.0])
    assert told(found, "gap") == [("months without a row", "3")]
    assert told(found, "change") == []


def test_parts_of_a_period_are_added_up_to_it() -> None:
    found = facts(
        month=["2026-09", "2026-09", "2026-10", "2026-10"],
        region=["North", "South"] * 2,
        revenue=[10.0, 20.0, 15.0, 30.0],
    )
    assert told(found, "change") == [("change of revenue, Oct 2026 against Sep 2026", "+50.0%")]


def test_a_list_of_rows_is_no_series() -> None:
    found = facts(day=[date(2026, 11, 1)] * 2, order_id=[1, 2], revenue=[10.0, 20.0])
    assert told(found, "change", "running", "gap") == []


def test_rates_change_in_points() -> None:
    found = facts(month=months("2026-09", 2), conversion_rate=[0.10, 0.125])
    assert told(found, "points", "change") == [
        ("points of conversion_rate, Oct 2026 against Sep 2026", "2.5 pp")
    ]


def test_ranks_and_shares() -> None:
    found = facts(region=list("abcdefg"), revenue=[5.0, 40.0, 30.0, 10.0, 8.0, 4.0, 3.0])
    assert [(f.at, f.value) for f in found.figures if f.kind == "top"] == [
        ("b", 40), ("c", 30), ("d", 10), ("e", 8), ("a", 5),
    ]  # fmt: skip
    assert [f.at for f in found.figures if f.kind == "bottom"] == ["g", "f", "a", "e", "d"]
    assert [f.text for f in found.figures if f.kind == "share"] == ["40%", "30%", "10%", "8%", "5%"]


ADDED = [
    ("amounts", {"revenue": [1.5, 2.5]}, {"revenue"}),
    ("averages", {"avg_price": [1.5, 2.5]}, set()),
    ("percentages", {"share_percent": [40.0, 60.0]}, set()),
    ("fractions", {"churn_rate": [0.4, 0.6]}, set()),
    ("keys", {"order_id": [1, 2]}, set()),
    ("years", {"year": [2025, 2026]}, set()),
    ("months", {"month": [1, 2]}, set()),
    ("several currencies", {"currency": ["EUR", "USD"], "revenue": [1.5, 2.5], "orders": [1, 2]},
     {"orders"}),
    ("one currency", {"currency": ["EUR", "EUR"], "revenue": [1.5, 2.5]}, {"revenue"}),
    ("infinite", {"revenue": [1.5, float("inf")]}, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "added"), [(c, a) for _, c, a in ADDED], ids=[n for n, *_ in ADDED]
)
def test_what_is_added_up(columns, added) -> None:
    found = facts(**columns)
    assert {f.column for f in found.figures if f.kind == "total"} == added


def test_different_people_of_days_are_not_added() -> None:
    reading = Reading(
        outputs=(Output("day", "column", ("visits.day",)),
                 Output("users", "aggregate", ("visits.user_id",), functions=("count distinct",)))
    )  # fmt: skip
    found = facts(day=[date(2026, 11, 1), date(2026, 11, 2)], users=[5, 6], reading=reading)
    assert told(found, "total") == []


@pytest.mark.parametrize(
    ("numbers", "unusual"),
    [
        ([10, 11, 9, 10, 12, 10, 9, 11, 95], [95]),
        ([10, 11, 9, 10, 12, 10, 9, 11, 13], []),
        ([1, 2, 4, 8, 16, 32, 64, 128, 256], []),
        ([5, 5, 5, 5, 5, 5, 5, 5, 90], []),
        ([10, 11, 95], []),
        ([1e308, -1e308] * 6, []),
    ],
)
def test_outliers_are_far_and_few(numbers, unusual) -> None:
    found = facts(name=[f"n{i}" for i in range(len(numbers))], value=[float(n) for n in numbers])
    assert [f.value for f in found.figures if f.kind == "outlier"] == unusual


def test_what_is_missing_is_counted() -> None:
    found = facts(region=["a", None, "c", "d"], revenue=[1.0, None, float("nan"), 4.0])
    assert told(found, "nulls") == [
        ("rows without region", "1"), ("share of rows without region", "25%"),
        ("rows without revenue", "2"), ("share of rows without revenue", "50%"),
    ]  # fmt: skip


# --- a result that was cut


def test_of_a_cut_result_only_the_rows_at_hand_are_told() -> None:
    found = facts(truncated=True, name=["a", "b"], revenue=[3.0, 5.0])
    column = found.columns[1]
    assert (column.total, column.minimum, column.maximum, column.mean) == (None,) * 4
    assert found.whole_rows is None
    assert [(f.name, f.text, f.partial) for f in found.figures if f.column == "revenue"] == [
        ("total of revenue of the first 2 rows", "8", True),
        ("highest revenue of the first 2 rows", "5", True),
        ("lowest revenue of the first 2 rows", "3", True),
    ]
    assert told(found, "share", "top", "bottom") == []


def test_the_whole_of_a_cut_result_is_asked_of_the_database() -> None:
    whole = Whole(12, {"revenue": WholeColumn(1, 90.0, 3.0, 40.0, 90 / 11)})
    found = facts(truncated=True, name=["a", "b"], revenue=[3.0, 5.0], whole=whole)
    assert (found.whole_rows, found.columns[1].total) == (12, 90.0)
    assert found.columns[1].maximum is None, "its row is not at hand to be named"
    assert told(found, "rows", "total", "maximum", "minimum") == [
        ("rows", "12"), ("total of revenue", "90"), ("highest revenue", "40"),
        ("lowest revenue", "3"),
    ]  # fmt: skip


AGGREGATES = [
    ("SELECT name, revenue FROM t ORDER BY revenue DESC", True, "ORDER BY"),
    ("SELECT name, revenue FROM t ORDER BY revenue DESC LIMIT 20000", True, None),
    ("WITH x AS (SELECT 1 AS revenue) SELECT revenue FROM x", True, None),
    ("SELECT * FROM t", True, None),
    ("SELECT a.id, b.id FROM a JOIN b ON a.id = b.id", False, None),
    ("SELECT SUM(x) FROM t", False, None),
    ("DROP TABLE t", False, None),
    ("not sql at all (", False, None),
]


@pytest.mark.parametrize(("sql", "asked", "left_out"), AGGREGATES, ids=[s for s, *_ in AGGREGATES])
@pytest.mark.parametrize("dialect", ["sqlite", "duckdb", "postgres", "mysql"])
def test_the_query_for_the_whole(sql, asked, left_out, dialect) -> None:
    found = aggregate_sql(sql, ["revenue"], dialect)
    assert (found is not None) is asked
    if found and left_out:
        assert left_out not in found


def test_the_answer_for_the_whole() -> None:
    row = {"row_count": [5], "filled_0": [4], "total_0": [Decimal("10.0")], "smallest_0": [1],
           "largest_0": [4]}  # fmt: skip
    found = from_result(QueryResult(pa.table(row)), ["revenue"])
    assert found == Whole(5, {"revenue": WholeColumn(1, 10.0, 1.0, 4.0, 2.5)})
    assert from_result(QueryResult(pa.table({"n": [1, 2]})), ["revenue"]) is None
    a_text = QueryResult(pa.table(row | {"smallest_0": ["revenue"], "largest_0": ["revenue"]}))
    assert from_result(a_text, ["revenue"]) is None


# --- a result with nothing


@pytest.mark.parametrize(
    ("columns", "empty"),
    [
        ({"revenue": pa.array([], pa.float64())}, True),
        ({"revenue": pa.array([None], pa.float64())}, True),
        ({"region": ["a", "b"], "revenue": pa.array([None, None], pa.float64())}, True),
        ({"region": ["a", "b"], "revenue": [None, 1.0]}, False),
        ({"revenue": [0.0]}, False),
        ({"region": pa.array([None], pa.string())}, True),
        ({}, True),
    ],
)
def test_a_result_without_values_is_empty(columns, empty) -> None:
    found = facts(**columns)
    assert found.empty is empty
    assert bool(found.figures) is not empty


def test_a_long_result_is_a_matter_of_milliseconds() -> None:
    from time import perf_counter

    rows = 10_000
    columns = {f"text_{n}": [f"value {i % 997} {n}" for i in range(rows)] for n in range(4)}
    columns |= {f"figure_{n}": [float(i * n) for i in range(rows)] for n in range(5)}
    columns["day"] = [date(2020, 1, 1) + timedelta(days=i % 900) for i in range(rows)]
    result = QueryResult(pa.table(columns))
    began = perf_counter()
    grid = trust.Grid(result)
    found = trust.facts(result, calendar=Calendar(TODAY), grid=grid)
    text = "The 10,000 rows come to 49,995,000 in total. value 3 1 had 12 in Q3 2022."
    trust.prove(text, trust.Ground(grid, found, calendar=Calendar(TODAY)))
    assert perf_counter() - began < 1.0, "the promise is 150 ms; a busy machine may take more"
