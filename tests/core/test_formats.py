"""How values read."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from core import formats


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "", "0"),
        (-0.0, "", "0"),
        (482310, "", "482,310"),
        (-1234567, "", "-1,234,567"),
        (1234.5, "", "1,234.5"),
        (1234.567, "", "1,234.57"),
        (-0.001, "", "-0.001"),
        (0.00345, "", "0.0034"),
        (1e-9, "", "1e-09"),
        (1e308, "", "1e+308"),
        (2**62, "", "4,611,686,018,427,387,904"),
        (Decimal("1234567.891"), "", "1,234,567.89"),
        (Decimal("NaN"), "", "–"),
        (float("nan"), "", "–"),
        (float("inf"), "", "∞"),
        (float("-inf"), "", "-∞"),
        (None, "", "–"),
        (0.183, "fraction", "18.3%"),
        (18.3, "percent", "18.3%"),
        (2026, "year", "2026"),
        (2026, "", "2,026"),
    ],
)
def test_a_number_reads_as_people_write_it(value, unit, text):
    assert formats.number(value, unit) == text


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (None, "", "–"),
        (True, "", "yes"),
        (False, "", "no"),
        (2026, "year", "2026"),
        (2026, "order_year", "2026"),
        (2026, "orders", "2,026"),
        (2026, "orders_per_year", "2,026"),
        (15000, "year", "15,000"),
        (date(2026, 9, 30), "", "Sep 30, 2026"),
        (date(1066, 10, 14), "", "Oct 14, 1066"),
        (datetime(2026, 9, 30, tzinfo=UTC), "", "Sep 30, 2026 00:00"),
        (datetime(2026, 9, 30, 14, 5, tzinfo=UTC), "", "Sep 30, 2026 14:05"),
        (time(9, 30), "", "09:30"),
        (timedelta(hours=26), "", "1 day, 2:00:00"),
        (b"abc", "", "3 bytes"),
        ([1, "ü"], "", '[1, "ü"]'),
        ("two\nlines", "", "two lines"),
        ("x" * 600, "", "x" * 499 + "…"),
        (268640.3, "revenue", "268,640.30"),
        (Decimal("-1.5"), "unit price", "-1.50"),
        (268640.0, "total_revenue", "268,640"),
        (0.001, "price", "0.001"),
        (268640.3, "order_count_price", "268,640.3"),
        (1.5, "revenue_growth", "1.5"),
    ],
)
def test_a_cell_reads_by_its_type_and_column(value, name, text):
    assert formats.cell(value, name) == text


@pytest.mark.parametrize(
    ("grain", "text"),
    [
        ("year", "2026"),
        ("quarter", "Q3 2026"),
        ("month", "Jul 2026"),
        ("week", "week of Jul 1, 2026"),
        ("day", "Jul 1, 2026"),
    ],
)
def test_a_period_reads_by_its_grain(grain, text):
    assert formats.period(date(2026, 7, 1), grain) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (112, 100, "+12.0%"),
        (77, 100, "-23.0%"),
        (5, -10, "+150.0%"),
        (5, 0, None),
        (1e308, 1e-308, None),
    ],
)
def test_a_change_is_said_only_where_there_was_something(now, before, text):
    assert formats.change(now, before) == text


def test_a_heading_reads_as_words():
    assert formats.heading("total_revenue") == "Total revenue"
    assert formats.heading("SKU") == "SKU"
    assert formats.heading("") == ""
