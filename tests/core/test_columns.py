"""What a column of a result is taken for."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from core import columns


def column(name, values, kind=None):
    return columns.Column(name, pa.chunked_array([pa.array(values, kind)]))


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("revenue", [1.5, 2.0], "measure"),
        ("revenue", [Decimal("1.50"), None], "measure"),
        ("orders", [3, 4], "measure"),
        ("id", [1, 2], "category"),
        ("customer_id", [1, 2], "category"),
        ("customerId", [1, 2], "category"),
        ("Customer ID", [1, 2], "category"),
        ("rank", [1, 2], "category"),
        ("zip_code", [10115, 80331], "category"),
        ("paid", [1, 2], "measure"),
        ("active", [True, False], "category"),
        ("day", [date(2026, 1, 1)], "time"),
        ("at", [datetime(2026, 1, 1, 5, tzinfo=UTC)], "time"),
        ("month", ["2026-01", "2026-02", None], "time"),
        ("quarter", ["2026-Q1"], "time"),
        ("at", ["2026-01-31 10:00:00"], "time"),
        ("at", ["2026-02-31"], "category"),
        ("code", ["2026-01", "other"], "category"),
        ("year", [2025, 2026], "time"),
        ("year", ["2025", "2026"], "time"),
        ("year", [1, 2], "measure"),
        ("month", [1, 12], "category"),
        ("month", [100, 250], "measure"),
        ("hour", [0, 23], "category"),
        ("revenue_per_month", [1, 2], "measure"),
        ("name", ["a", "b"], "category"),
    ],
)
def test_the_role_of_a_column(name, values, role):
    assert column(name, values).role == role


@pytest.mark.parametrize(
    ("name", "starts", "grain"),
    [
        ("year", ["2024-01-01", "2025-01-01"], "year"),
        ("period", ["2024-01-01", "2025-01-01"], "year"),
        ("month", ["2026-01-01", "2026-04-01"], "month"),
        ("period", ["2026-01-01", "2026-04-01"], "quarter"),
        ("period", ["2026-01-01", "2026-02-01"], "month"),
        ("month", ["2026-01-01"], "month"),
        ("date", ["2026-01-01"], "day"),
        ("week", ["2026-01-05", "2026-01-12"], "week"),
        ("day", ["2026-01-05", "2026-01-06"], "day"),
        ("at", ["2026-01-05 10:00:00", "2026-01-06"], "time"),
    ],
)
def test_the_grain_of_a_time_column(name, starts, grain):
    assert column(name, starts).grain == grain


@pytest.mark.parametrize(
    ("name", "values", "unit"),
    [
        ("revenue_share", [0.5, 0.5], "fraction"),
        ("revenue_share", [60, 40], "percent"),
        ("conversion_rate", [0.02], "fraction"),
        ("exchange_rate", [0.92], ""),
        ("hourly_rate", [55.0], ""),
        ("discount_pct", [0.5, 12.0], "percent"),
        ("shares", [0.5], ""),
        ("share_price", [0.5], ""),
        ("revenue", [0.5], ""),
    ],
)
def test_percent_only_where_the_column_is_a_share(name, values, unit):
    assert column(name, values).unit == unit


@pytest.mark.parametrize(
    "names",
    [
        ["March", "january", "Feb"],
        ["Tuesday", "Monday", "Sunday"],
        ["10-19", "0-9", "20+"],
    ],
)
def test_names_with_an_order_of_their_own(names):
    assert column("x", names).order is not None


def test_names_without_an_order():
    assert column("x", ["Berlin", "May"]).order is None


def test_a_moment_that_python_cannot_hold_is_text():
    far = pa.array([2**60], pa.timestamp("s"))
    assert isinstance(columns.plain(far)[0], str)
