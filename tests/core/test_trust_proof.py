"""A result and a text about it: what is proven, and what is not."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from core import trust
from core.trust import Calendar, Ground
from core.types import (
    QueryResult,
)

TODAY = date(2026, 11, 18)
CALENDAR = Calendar(TODAY)


def table(**columns):
    return QueryResult(pa.table(columns))


def ground(result, reading=None, question="", schema=None):
    facts = trust.facts(result, calendar=CALENDAR, reading=reading)
    return Ground(
        trust.Grid(result), facts, calendar=CALENDAR, reading=reading, question=question,
        schema=schema,
    )  # fmt: skip


def proven(text, on):
    return not trust.prove(text, on).unproven


REGIONS = table(
    region=["Germany", "France", "Italy", "Spain"],
    revenue=[500.0, 300.0, 150.0, 50.0],
    orders=[20, 15, 6, 1],
)
PRODUCTS = table(
    product=["Lamp", "Chair", "Model 3", "Q3 Planner", "A4 paper", "May"],
    revenue=pa.array([Decimal(s) for s in
                      ("1234567.89", "1234.50", "-5.00", "0.00", "12300", "617283.945")]),
)  # fmt: skip
MONTHS = table(
    month=["2025-10", "2026-08", "2026-09", "2026-10", "2026-11"],
    revenue=[40.0, 60.0, 60.0, 50.0, 20.0],
)
SINGLE = table(total_revenue=[57.5])
RATES = table(
    channel=["Web", "Store"], conversion_rate=[0.123, 0.092], share_percent=[62.5, 37.5],
    visits=[1000, 600],
)  # fmt: skip
EUROS = table(country=["DE", "AT"], revenue_eur=[500.0, 300.0], orders=[12, 9])
MIXED = table(
    country=["DE", "US"], currency=["EUR", "USD"], revenue=[500.0, 300.0], orders=[12, 9]
)  # fmt: skip
KEYS = table(order_id=[11, 12, 2026], amount=[40.0, 2.5, 10.0])
NULLS = table(region=["North", "South", None, "West"], amount=[1.0, None, 3.0, 4.0])
HOSTILE = table(
    name=["<b>Bold</b>", "**Star**", "\u202eevil", "שלום", "Total 900", "1 000"],
    value=[1e308, -0.0, 7.0, 9.5, 12.0, 13.0],
)
OLD = table(born=[date(1950, 2, 3), date(1969, 12, 31)], people=[3, 4])
LONG = table(n=list(range(1, 1001)), name=[f"name {n}" for n in range(1, 1001)])
DAYS = table(
    day=[date(2026, 10, d) for d in range(1, 31)], visits=[100 + d for d in range(1, 31)]
)  # fmt: skip
SPLIT = table(
    month=["2026-08", "2026-08", "2026-09", "2026-09"],
    region=["North", "South", "North", "South"],
    revenue=[10.0, 20.0, 30.0, 45.0],
)

TABLE = [
    # --- cells of the row that is named
    (REGIONS, "**Germany** has the highest revenue: **500**.", True),
    (REGIONS, "**Germany** has the highest revenue: **300**.", False),
    (REGIONS, "Germany leads with 500, ahead of France with 300.", True),
    (REGIONS, "Germany leads with 300, ahead of France with 500.", False),
    (REGIONS, "Germany (500) and France (300) are the largest.", True),
    (REGIONS, "Germany (300) and France (500) are the largest.", False),
    (REGIONS, "Germany and France had 500 and 300.", True),
    (REGIONS, "Germany and France had 300 and 500.", False),
    (REGIONS, "Germany had a revenue of 500 from 20 orders.", True),
    (REGIONS, "Germany had a revenue of 20.", False),
    (REGIONS, "Germany had 500 orders.", False),
    (REGIONS, "Germany had 501.", False),
    (REGIONS, "Germany is first. It had 500.", True),
    (REGIONS, "Germany is first. It had 300.", False),
    # --- the whole
    (REGIONS, "Revenue was 1,000 in total.", True),
    (REGIONS, "Total revenue was 500.", False),
    (REGIONS, "Revenue was 300.", False),
    (REGIONS, "The 4 rows come to 1,000 in total.", True),
    (REGIONS, "The four regions come to 1,000 in total.", True),
    (REGIONS, "The five regions come to 1,000 in total.", False),
    (REGIONS, "There are 3 regions.", False),
    (REGIONS, "3 regions fell.", False),
    (REGIONS, "4 regions fell.", False),
    (REGIONS, "The average is 250 and the median 225.", True),
    (REGIONS, "The average is 225.", False),
    (REGIONS, "Revenue was between 50 and 500.", True),
    (REGIONS, "Revenue was between 50 and 300.", False),
    (REGIONS, "The lowest is Spain with 50.", True),
    # --- shares, differences, multiples, ranks
    (REGIONS, "Germany makes up 50 % of revenue.", True),
    (REGIONS, "Germany makes up half of revenue.", True),
    (REGIONS, "Germany makes up 30 % of revenue.", False),
    (REGIONS, "Germany and France together make up 80%.", True),
    (REGIONS, "The top three make up 95 % of revenue.", True),
    (REGIONS, "The top two make up 95 % of revenue.", False),
    (REGIONS, "France is twice as large as Italy.", True),
    (REGIONS, "Italy is twice as large as France.", False),
    (REGIONS, "Germany has 200 more than France.", True),
    (REGIONS, "France has 200 more than Germany.", False),
    (REGIONS, "France has 200 less than Germany.", True),
    (REGIONS, "Germany is 66.7 % higher than France.", True),
    (REGIONS, "Germany is 66.7 % lower than France.", False),
    (REGIONS, "France ranks second.", True),
    (REGIONS, "France has the third highest revenue.", False),
    (REGIONS, "Italy has the third-highest revenue.", True),
    (REGIONS, "France came 2nd by revenue.", True),
    # --- rounding and units
    (PRODUCTS, "Lamp made 1.2 M.", True),
    (PRODUCTS, "Lamp made 1.3 M.", False),
    (PRODUCTS, "Lamp made 1,234,567.89.", True),
    (PRODUCTS, "Lamp made 1,234,567.88.", False),
    (PRODUCTS, "Lamp made 1,234,568.", True),
    (PRODUCTS, "Lamp made about 1,200,000.", True),
    (PRODUCTS, "Lamp made 1,200,000.", False),
    (PRODUCTS, "Lamp made over 1.2 million.", True),
    (PRODUCTS, "Lamp made over 1.3 million.", False),
    (PRODUCTS, "Lamp made nearly 1.3 million.", True),
    (PRODUCTS, "Chair made 1,234.5.", True),
    (PRODUCTS, "Chair made 1.234,5.", True),
    (PRODUCTS, "Chair made 1.2345.", False),
    (PRODUCTS, "Chair made 1.2k.", True),
    (PRODUCTS, "A4 paper made 12.3k.", True),
    (PRODUCTS, "Model 3 made -5.", True),
    (PRODUCTS, "Model 3 made a loss of 5.", True),
    (PRODUCTS, "Model 3 made 5.", False),
    (PRODUCTS, "Model 3 made −5.00.", True),
    (PRODUCTS, "Model 4 made -5.", False),
    (PRODUCTS, "Q3 Planner made 0.", True),
    (PRODUCTS, "May made 617,283.95.", True),
    (PRODUCTS, "Lamp made 1234567.89 %.", False),
    (PRODUCTS, "Lamp made twice as much as May.", True),
    (PRODUCTS, "Lamp made 1,234,567.89 in 2024.", False),
    (PRODUCTS, "Lamp made 1**2**34567.89.", True),
    (PRODUCTS, "Lamp made 1,234,567.89 (v1.2.3).", False),
    (PRODUCTS, "Call +49 30 123456.", False),
    (PRODUCTS, "The 3D version of Lamp made 1.2 M.", False),
    # --- time
    (MONTHS, "In Oct 2026 it was 50.", True),
    (MONTHS, "In October it was 50.", True),
    (MONTHS, "In October it was 60.", False),
    (MONTHS, "In October 2024 it was 40.", False),
    (MONTHS, "In 2026-10 it was 50, and in 2025-10 it was 40.", True),
    (MONTHS, "Last month it was 50.", True),
    (MONTHS, "Last month it was 20.", False),
    (MONTHS, "From Oct 2025 to Nov 2026, revenue: **230** in total.", True),
    (MONTHS, "It was highest in Aug 2026 (60) and lowest in Oct 2025 (40).", True),
    (MONTHS, "In the last whole month it fell from 60 to 50.", True),
    (MONTHS, "In the last whole month it rose from 50 to 60.", False),
    (MONTHS, "In Oct 2026 it fell by 16.7 % against the month before.", True),
    (MONTHS, "In Oct 2026 it rose by 16.7 % against the month before.", False),
    (MONTHS, "In Oct 2026 it rose 25 % against the year before.", True),
    (MONTHS, "Revenue fell 16.7% month over month.", True),
    (MONTHS, "Revenue rose 25 % year over year.", True),
    (MONTHS, "Revenue fell 25 % year over year.", False),
    (MONTHS, "In Nov 2026 it fell by 60 % against Oct 2026.", False),
    (MONTHS, "Nov 2026 is not over yet.", True),
    (MONTHS, "Dec 2026 is not over yet.", False),
    (MONTHS, "Q3 2026 came to 120.", False),
    (MONTHS, "The last two whole months were 60 and 50.", True),
    (MONTHS, "In 2026 revenue was 190.", False),
    (SPLIT, "In Sep 2026 North had 30 and South 45.", True),
    (SPLIT, "In Sep 2026 North had 10.", False),
    (SPLIT, "North came to 40.", True),
    (SPLIT, "South rose from 20 in Aug 2026 to 45 in Sep 2026.", True),
    (SPLIT, "In Sep 2026 it came to 75.", True),
    (DAYS, "On Oct 5, 2026 there were 105 visits.", True),
    (DAYS, "On 2026-10-05 there were 105 visits.", True),
    (DAYS, "On 5 October 2026 there were 105 visits.", True),
    (DAYS, "On Oct 6 there were 105 visits.", False),
    (DAYS, "On Oct 5, 2027 there were 105 visits.", False),
    (OLD, "On Feb 3, 1950 there were 3 people.", True),
    (OLD, "On Dec 31, 1969 there were 4 people.", True),
    (OLD, "On Jan 1, 1970 there were 4 people.", False),
    # --- one row
    (SINGLE, "Total revenue: **57.5**.", True),
    (SINGLE, "Total revenue was 57.50.", True),
    (SINGLE, "Total revenue was 58.", True),
    (SINGLE, "Total revenue was 57.", False),
    (SINGLE, "Total revenue was €57.50.", False),
    (SINGLE, "Total revenue was 57.5 %.", False),
    (SINGLE, "Total revenue was 57.5k.", False),
    (SINGLE, "Total revenue was 57.5 in March.", False),
    # --- rates
    (RATES, "Web converts 12.3 %.", True),
    (RATES, "Web converts 12 %.", True),
    (RATES, "Web converts 9.2 %.", False),
    (RATES, "Web is at +3.1 pp over Store.", True),
    (RATES, "Web is at -3.1 pp over Store.", False),
    (RATES, "Web has 62.5% of revenue.", True),
    (RATES, "Web has 123 %.", False),
    # --- money
    (EUROS, "DE made €500 and AT 300 EUR.", True),
    (EUROS, "DE made $500.", False),
    (EUROS, "DE made €12.", False),
    (EUROS, "Together they made €800 in total.", True),
    (MIXED, "DE made €500.", True),
    (MIXED, "DE made $500.", False),
    (MIXED, "US made $300.", True),
    (MIXED, "Revenue was 800 in total.", False),
    (MIXED, "There were 21 orders in total.", True),
    # --- keys
    (KEYS, "Order 11 was 40.", True),
    (KEYS, "Order 12 was 40.", False),
    (KEYS, "Order 13 was 40.", False),
    (KEYS, "order_id 2026 has the amount 10.", True),
    (KEYS, "The total of order ids is 2,049.", False),
    # --- nothing there
    (NULLS, "1 amount is missing.", True),
    (NULLS, "25 % of rows have no value, amount is missing.", True),
    (NULLS, "2 amounts are missing.", False),
    # --- hostile
    (HOSTILE, "Bold has 1e308.", True),
    (HOSTILE, "Star has 0.", True),
    (HOSTILE, "Bold has inf.", True),
    (HOSTILE, "Bold has ∞.", False),
    (HOSTILE, "Bold has 1e999.", False),
    (HOSTILE, "שלום has 9.5.", True),
    (HOSTILE, "שלום has \u202e5.9.", False),
    (HOSTILE, "Total 900.", False),
    (HOSTILE, "Bold has 10²⁵.", False),
    (HOSTILE, "Bold has &#49;2.", False),
    (HOSTILE, "Bold has ten thousand.", False),
    # --- many rows
    (LONG, "name 17 has 17.", True),
    (LONG, "The value is 523.", False),
    (LONG, "**1,000 rows** were found, for example 1, name 1; 2, name 2; 3, name 3.", True),
]


@pytest.mark.parametrize(("result", "text", "expected"), TABLE, ids=[t for _, t, _ in TABLE])
def test_a_text_is_held_against_its_result(result, text, expected):
    found = trust.prove(text, ground(result))
    assert (not found.unproven) is expected, [
        (s.text, s.kind, s.source) for s in found.spans if not s.source or not expected
    ]
