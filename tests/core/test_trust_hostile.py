"""Text and data that mean harm: never an exception, never a proof of what is not there."""

import json
import math
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import trust
from core.trust import Calendar, Ground, stored
from core.types import QueryResult

TODAY = date(2026, 11, 18)

NAMES = st.one_of(
    st.sampled_from(
        ["revenue", "count", "month", "order_id", "2026", "total 900", "share", "currency",
         "<b>x</b>", "\u202eevil", "avg_price", "day", "%", "", "name", "Q3 revenue 12"]
    ),
    st.text(max_size=12),
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(["Germany", "Q3", "A4", "12", "1,234", "May", "EUR", "USD", "a", "", "\x00",
                     "-5", "2026-03-01", "2026-03", "<script>7</script>", "**7**", "\u202e7"]),
    st.text(max_size=10),
)  # fmt: skip
VALUES = st.one_of(
    st.tuples(
        st.just(pa.int64()), st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=6)
    ),
    st.tuples(st.just(pa.float64()), st.lists(st.none() | st.floats(), max_size=6)),
    st.tuples(st.just(pa.string()), st.lists(st.none() | TEXTS, max_size=6)),
    st.tuples(st.just(pa.date32()), st.lists(st.none() | st.dates(), max_size=6)),
    st.tuples(st.just(pa.timestamp("us")), st.lists(st.none() | st.datetimes(), max_size=6)),
    st.tuples(
        st.just(pa.decimal128(38, 4)),
        st.lists(st.none() | st.decimals(-(10**20), 10**20, places=4), max_size=6),
    ),
    st.tuples(st.just(pa.bool_()), st.lists(st.none() | st.booleans(), max_size=6)),
)
PIECES = st.one_of(
    st.sampled_from(
        ["Germany", "revenue", "1e308", "-0.0", "NaN", "inf", "∞", "12 %", "€5", "$1.2 M", "Q3",
         "Q3 2026", "last quarter", "March", "Mar 3", "2026-03-01", "2026", "half", "twice", "3rd",
         "top 3", "two", "from", "to", "rose by", "fell", "more than", "A4", "v1.2.3", "**", "`",
         "+49 30 123456", "<b>", "&#49;", "\u202e", "\u200f", "٣", "²", ".", "\n", ";", "(", ")",
         "“x”", "week 99", "Feb 31", "last 999 years", "year 9999", "1/2", "9" * 30, "1e999999",
         "the past 12 months", "in total", "average", "%", ",", "0", "-", "–", "FY2026", "pp"]
    ),
    TEXTS,
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
)  # fmt: skip


def made(columns, truncated=False):
    rows = min((len(values) for _, (_, values) in columns), default=0)
    arrays = [pa.array(values[:rows], kind) for _, (kind, values) in columns]
    return QueryResult(pa.Table.from_arrays(arrays, [name for name, _ in columns]), truncated)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=4),
    st.lists(PIECES, max_size=14).map(" ".join),
    st.booleans(),
    st.dates(),
)
def test_any_text_on_any_result(columns, text, truncated, today):
    result = made(columns, truncated)
    calendar = Calendar(today)
    facts = trust.facts(result, calendar=calendar)
    numbers = [f.value for f in facts.figures if f.value is not None]
    assert all(map(math.isfinite, numbers))
    ground = Ground(trust.Grid(result), facts, calendar=calendar)
    proof = trust.prove(text, ground)
    assert all(text[s.start : s.end] == s.text for s in proof.spans)
    kept, settled = trust.settle(text, ground)
    assert not settled.unproven
    assert all(kept[s.start : s.end] == s.text for s in settled.spans)


SALES = QueryResult(
    pa.table({"region": ["North", "South", "West"], "revenue": [523.25, 311.75, 94.5]})
)


@settings(max_examples=200, deadline=None)
@given(st.decimals(0, 10_000, places=2), st.sampled_from(["North", "South", "West"]))
def test_only_the_right_figure_is_proven(figure: Decimal, region: str):
    facts = trust.facts(SALES)
    ground = Ground(trust.Grid(SALES), facts)
    proof = trust.prove(f"{region} had a revenue of {figure:,.2f}.", ground)
    right = dict(zip(*(c.to_pylist() for c in SALES.table.columns), strict=True))[region]
    assert (not proof.unproven) == (figure == Decimal(str(right)))


@pytest.mark.parametrize(
    "value",
    [1e308, -1e308, 5e-324, -0.0, 2**63 - 1, -(2**63), 9007199254740993, 0.1 + 0.2, 1e15,
     123456.785],
)  # fmt: skip
def test_hard_numbers_are_proven_as_they_are(value):
    result = QueryResult(pa.table({"value": [value]}))
    ground = Ground(trust.Grid(result), trust.facts(result))
    assert not trust.prove(f"The value is {value!r}.", ground).unproven
    assert trust.prove(f"The value is {value!r}1.", ground).unproven


def test_a_neighbour_of_a_large_number_is_not_it():
    result = QueryResult(pa.table({"value": [9007199254740992]}))
    ground = Ground(trust.Grid(result), trust.facts(result))
    assert trust.prove("The value is 9,007,199,254,740,993.", ground).unproven
    assert not trust.prove("The value is 9,007,199,254,740,992.", ground).unproven


@pytest.mark.parametrize(
    "moment",
    [datetime.fromisoformat(day) for day in ("1901-12-13", "9999-12-31", "0001-01-01")],
)
def test_dates_at_the_ends_of_the_calendar(moment):
    result = QueryResult(pa.table({"at": pa.array([moment], pa.timestamp("us")), "n": [4]}))
    facts = trust.facts(result, calendar=Calendar(moment.date()))
    ground = Ground(trust.Grid(result), facts, calendar=Calendar(moment.date()))
    written = trust.prove(f"On {moment:%Y-%m-%d} there was 4.", ground)
    assert bool(written.unproven) is (moment.year != 1901)
    assert trust.prove("On 2001-01-01 there was 4.", ground).unproven


NOON, DAY = datetime.fromisoformat("2026-01-01T12:00:00"), date(2026, 1, 1)
KINDS = [
    pa.array([[1, 2], None]),
    pa.array([{"a": 1}, None]),
    pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    pa.array([b"\x00\xff", None]),
    pa.array([NOON.time(), None]),
    pa.array([NOON - NOON, None]),
    pa.array([NOON, None], pa.timestamp("us", "Europe/Berlin")),
    pa.array([1, 2], pa.timestamp("ns")),
    pa.array([10**17, -(10**17)], pa.timestamp("us")),
    pa.array([DAY, None], pa.date64()),
    pa.array([2932897, -719163], pa.int32()).cast(pa.date32()),
    pa.nulls(2),
    pa.array(["a", "b"]).dictionary_encode(),
    pa.array(["a", "b"], pa.large_string()),
    pa.array(["a", "b"], pa.string_view()),
    pa.array([Decimal("1e40"), None], pa.decimal256(60, 2)),
    pa.array([2**64 - 1, None], pa.uint64()),
    pa.array([1.5, 2.5], pa.float32()),
    pa.array([True, None]),
]


@pytest.mark.parametrize("values", KINDS, ids=lambda values: str(values.type))
@pytest.mark.parametrize("truncated", [False, True])
def test_every_kind_of_value(values, truncated):
    result = QueryResult(pa.table({"x": values, "n": [1.0, 2.0]}), truncated)
    facts = trust.facts(result, calendar=Calendar(TODAY))
    ground = Ground(trust.Grid(result), facts, calendar=Calendar(TODAY))
    proof = trust.prove("a had 1 on 2026-01-01, 2 in total, half of b.", ground)
    json.dumps(stored.pack(None, proof, facts), allow_nan=False)


def test_two_columns_of_one_name():
    values = [pa.array([1.0, 2.0]), pa.array([3.0, 5.0]), pa.array(["x", "y"])]
    result = QueryResult(pa.Table.from_arrays(values, ["a", "a", "a"]))
    ground = Ground(trust.Grid(result), trust.facts(result))
    assert not trust.prove("x had 1 and y had 2.", ground).unproven


def test_a_very_long_text_is_not_proven():
    ground = Ground(trust.Grid(SALES), trust.facts(SALES))
    assert trust.prove("North had 523.25. " * 5_000, ground).unproven
