"""A result and a text about it: what is proven, and what is not."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from core import guard, trust
from core.trust import Calendar, Ground
from core.types import DatabaseSchema, QueryResult, SchemaColumn, Table

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
NUMBERED = table(**{
    "region": ["North", "South"], "total_column_2024_amount": [100.0, 42.5],
    "sales_2024": [7, 3], "total_900": [1.5, 2.5],
})  # fmt: skip
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
    # --- numbers in the names of columns are no figures, but no amount hides behind one
    (NUMBERED, "North has the highest total column 2024 amount: 100.", True),
    (NUMBERED, "North has the highest total column 2024 amount: 101.", False),
    (NUMBERED, "Sales 2024 was highest in North (7).", True),
    (NUMBERED, "Sales 2024 was highest in South (7).", False),
    (NUMBERED, "The total 900 is in.", False),
    (NUMBERED, "Sales 2023 was highest in North (7).", False),
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
    # --- sentences as a model writes them, right and wrong
    (REGIONS, "Germany has the lowest revenue: 500.", False),
    (REGIONS, "Spain has the highest revenue: 50.", False),
    (REGIONS, "Revenue of Germany and France is 1,000.", False),
    (REGIONS, "Germany has 4 orders.", False),
    (REGIONS, "The top 2 regions made 1,000.", False),
    (REGIONS, "Average revenue is 300.", False),
    (REGIONS, "Each region had 500.", False),
    (REGIONS, "Germany has 20 of 1,000 orders.", False),
    (REGIONS, "Germany's revenue is €500.", False),
    (REGIONS, "Germany had 500 customers.", False),
    (REGIONS, "Germany grew by 500.", False),
    (REGIONS, "Germany grew 50 %.", False),
    (REGIONS, "Germany has 50 % of orders.", False),
    (REGIONS, "Germany lost 500.", False),
    (REGIONS, "Portugal had 500.", False),
    (REGIONS, "There are 4 customers.", False),
    (REGIONS, "Germany had 500 in 2026.", False),
    (REGIONS, "Germany had 500 last quarter.", False),
    (REGIONS, "Germany had 500, up 5 %.", False),
    (REGIONS, "Germany had 500 (20 %).", False),
    (REGIONS, "Germany had 0.5k.", True),
    (REGIONS, "Germany had 5e2.", True),
    (REGIONS, "Germany had 50% of the revenue, France 30% and Italy 15%.", True),
    (REGIONS, "Germany had 30% of the revenue, France 50% and Italy 15%.", False),
    (REGIONS, "Revenue: Germany 500, France 300, Italy 150, Spain 50.", True),
    (REGIONS, "Revenue: Germany 300, France 500, Italy 150, Spain 50.", False),
    (REGIONS, "- Germany: 500\n- France: 300\n- Italy: 150", True),
    (REGIONS, "- Germany: 500\n- France: 150\n- Italy: 300", False),
    (REGIONS, "| region | revenue |\n|---|---|\n| Germany | 500 |\n| France | 300 |", True),
    (REGIONS, "| Germany | 300 |", False),
    (REGIONS, "Germany earned 500, which is 200 more than France and ten times Spain.", True),
    (REGIONS, "Germany earned 500, ten times as much as Italy.", False),
    (REGIONS, "500 in Germany and 300 in France.", True),
    (REGIONS, "300 in Germany and 500 in France.", False),
    (REGIONS, "With 500, Germany leads; France follows with 300.", True),
    (REGIONS, "With 300, Germany leads; France follows with 500.", False),
    (REGIONS, "Of the 1,000 in revenue, 500 came from Germany.", True),
    (REGIONS, "Of the 1,000 in revenue, 300 came from Germany.", False),
    (REGIONS, "Four regions were found.", True),
    (REGIONS, "Only one region is above 400.", False),
    (REGIONS, "Germany is the only region above 400.", True),
    (REGIONS, "Version 1.2.3 of Germany had 500.", False),
    (REGIONS, "Germany had 500 on 2026-01-01.", False),
    (REGIONS, "Germany had 500 at 10:30.", False),
    (REGIONS, "Germany had 5/10.", False),
    (REGIONS, "Germany had 500-600.", False),
    (REGIONS, "Germany had 500–300 more than France.", False),
    (REGIONS, "Germany had 500,000.", False),
    (REGIONS, "Germany had .5.", False),
    (REGIONS, "Germany had 5OO.", False),
    (REGIONS, "Germany had five hundred.", False),
    (REGIONS, "Germany had fifty.", False),
    (REGIONS, "Germany had 500 thousand.", False),
    (REGIONS, "Germany had 500 million.", False),
    (REGIONS, "Germany had 500M.", False),
    (REGIONS, "Germany had 500 bps.", False),
    (REGIONS, "Germany had 500 pp.", False),
    (REGIONS, "Germany had 500x.", False),
    (REGIONS, "Germany had 50000 %.", False),
    (REGIONS, "Germany had −500.", False),
    (REGIONS, "Germany had +500.", True),
    (REGIONS, "Germany had ~500.", True),
    (REGIONS, "Germany had under 500.", True),
    (REGIONS, "Germany had at least 450.", False),
    (REGIONS, "France had over 500.", False),
    (MONTHS, "Revenue in September 2026 was 60 and in October 50.", True),
    (MONTHS, "Revenue in September 2026 was 50 and in October 60.", False),
    (MONTHS, "October was the best month with 60.", False),
    (MONTHS, "Between Aug and Oct 2026 revenue fell by 10.", True),
    (MONTHS, "Between Aug and Oct 2026 revenue rose by 10.", False),
    (MONTHS, "Between Aug and Oct 2026 it came to 170.", True),
    (MONTHS, "From Aug to Oct 2026 it came to 120.", False),
    (MONTHS, "In Q3 revenue was 120.", False),
    (MONTHS, "This month it is 20 so far.", True),
    (MONTHS, "This year it came to 190.", False),
    (MONTHS, "Revenue dropped from 60 in September to 50 in October.", True),
    (MONTHS, "Revenue dropped from 50 in September to 60 in October.", False),
    (MONTHS, "Yesterday it was 20.", False),
    (MONTHS, "Oct. 2026 had 50.", True),
    (MONTHS, "Oct '26 had 50.", False),
    (MONTHS, "On Oct 3 2026 it was 50.", False),
    (MONTHS, "On 2026-10-01 it was 50.", True),
    (DAYS, "In October 2026 there were 3,465 visits.", False),
    (DAYS, "From Oct 1 to Oct 30, 2026 there were 3,465 visits.", True),
    (DAYS, "In the week of Oct 5, 2026 there were 756 visits.", False),
    (DAYS, "On the 5th there were 105 visits.", False),
    (DAYS, "Oct 5–6, 2026: 211 visits.", True),
    (SINGLE, "Total revenue was 57.5 for 3 customers.", False),
    (SINGLE, "Total revenue was 57.5, 12 % more than before.", False),
    (SINGLE, "57.5 orders were placed.", False),
    (KEYS, "The amount of order 2,026 is 10.", True),
    (KEYS, "Revenue in 2026 was 10.", False),
    (KEYS, "In 2026 the amount was 10.", False),
    (RATES, "Web's conversion rate is 0.123.", True),
    (RATES, "Web had 1,000 visits and a conversion rate of 12.3%.", True),
    (RATES, "The average conversion rate is 10.75 %.", True),
    (RATES, "The total conversion rate is 21.5 %.", False),
    (RATES, "Total conversion rate is 0.215.", False),
    (MIXED, "Total revenue was €800.", False),
    (MIXED, "The average revenue was 400.", False),
    (EUROS, "DE made 500 euros.", True),
    (EUROS, "DE made 500 dollars.", False),
    (HOSTILE, "Total 900 has 12.", False),
    (NULLS, "One region is missing.", True),
    (NULLS, "The total is 8.", True),
    (LONG, "name 1 has 1 and name 2 has 3.", False),
    (LONG, "The average is 500.5.", True),
    (LONG, "The highest is 1,000.", True),
    (LONG, "The highest is 999.", False),
    (PRODUCTS, "Lamp made 1.23 million and Chair 1.23 thousand.", True),
    (PRODUCTS, "The Q3 Planner made nothing in Q3.", False),
    (PRODUCTS, "Lamp made 1 million.", False),
    (PRODUCTS, "“Sofa” made 1,234.50.", False),
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


# --- what the query itself asked for

ORDERS = DatabaseSchema(
    "sqlite",
    (
        Table("orders", (
            SchemaColumn("id", "INTEGER", primary_key=True),
            SchemaColumn("ordered_on", "DATE"),
            SchemaColumn("country", "TEXT", samples=("Germany", "France", "Austria")),
            SchemaColumn("product", "TEXT", samples=("Lamp", "Chair")),
            SchemaColumn("total", "REAL", description="In euros, with tax"),
        )),
        Table("customers", (SchemaColumn("id", "INTEGER", primary_key=True),)),
    ),
)  # fmt: skip
QUARTER = "ordered_on >= '2026-07-01' AND ordered_on < '2026-10-01'"
ONE = table(revenue=[643.5])
TOP = table(product=["Lamp", "Chair"], revenue=[500.0, 143.5])
COUNT = table(n=[12])

ASKED = [
    (ONE, QUARTER, "Revenue was 643.5 in Q3 2026.", True),
    (ONE, QUARTER, "Revenue was 643.5 last quarter (Jul 1 – Sep 30, 2026).", True),
    (ONE, QUARTER, "Between July 1 and September 30 revenue was 643.5.", True),
    (ONE, QUARTER, "From July to September 2026 revenue was 643.5.", True),
    (ONE, QUARTER, "Revenue was 643.5 in Q2 2026.", False),
    (ONE, QUARTER, "Revenue was 643.5 this quarter.", False),
    (ONE, QUARTER, "Revenue was 643.5 in 2026.", False),
    (ONE, QUARTER, "Revenue was 643.5 in August.", False),
    (ONE, QUARTER, "Revenue was 643.5 in July 2026.", False),
    (ONE, QUARTER, "Revenue was 643.5 last month.", False),
    (ONE, "ordered_on >= '2026-01-01'", "Revenue was 643.5 so far in 2026.", True),
    (ONE, "ordered_on >= '2026-01-01'", "Revenue was 643.5 this year.", True),
    (ONE, "ordered_on >= '2026-01-01'", "Since January 1 revenue was 643.5.", True),
    (ONE, "ordered_on >= '2026-01-01'", "Revenue was 643.5 in 2025.", False),
    (ONE, "country = 'Germany'", "Germany made €643.50.", True),
    (ONE, "country = 'Germany'", "Germany made $643.50.", False),
    (ONE, "country = 'Germany'", "France made €643.50.", False),
    (ONE, "country IN ('Germany', 'Austria')", "Germany and Austria made 643.5.", True),
    (ONE, "total > 40", "Orders over 40 came to 643.5.", True),
    (ONE, "total > 40", "Orders over 50 came to 643.5.", False),
    (ONE, "total > 40", "Revenue was 40.", False),
    (TOP, "1 = 1", "The top 5 products are led by Lamp with 500.", True),
    (TOP, "1 = 1", "The top 7 products are led by Lamp with 500.", False),
    (TOP, "1 = 1", "The two products come to 643.5 in total.", True),
    (TOP, "1 = 1", "Table made 500.", False),
    (COUNT, "1 = 1", "There are 12 orders.", True),
    (COUNT, "1 = 1", "There are 12 customers.", False),
]


@pytest.mark.parametrize(("result", "where", "text", "expected"), ASKED, ids=[a[2] for a in ASKED])
def test_a_text_is_held_against_what_was_asked(result, where, text, expected):
    shown = (
        "product, SUM(total) AS revenue"
        if result is TOP
        else ("COUNT(*) AS n" if result is COUNT else "SUM(total) AS revenue")
    )
    grouped = " GROUP BY product LIMIT 5" if result is TOP else ""
    safe = guard.check(f"SELECT {shown} FROM orders WHERE {where}{grouped}", "sqlite",
                       guard.Policy.of(ORDERS))  # fmt: skip
    on = ground(result, guard.reading(safe, ORDERS, TODAY), schema=ORDERS)
    found = trust.prove(text, on)
    assert (not found.unproven) is expected, [(s.text, s.kind, s.source) for s in found.spans]


def test_every_span_says_where_it_comes_from():
    found = trust.prove("**Germany** had 500 of 1,000 in revenue.", ground(REGIONS))
    assert [(s.text, s.source.kind, s.source.column, s.source.row) for s in found.spans] == [
        ("Germany", "cell", "region", 0),
        ("500", "cell", "revenue", 0),
        ("1,000", "fact", "revenue", None),
    ]


SETTLED = [
    ("Germany had 500. France had 7.", "Germany had 500.", 1),
    ("France had 7. It had 300.", "", 2),
    ("- Germany had 500.\n- France had 7.\n- Italy had 150.",
     "- Germany had 500.\n- Italy had 150.", 1),
    ("**Germany had 500. France had 7.** Spain had 50.", "**Germany had 500.** Spain had 50.", 1),
    ("Nothing here has a number.", "Nothing here has a number.", 0),
    ("", "", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kept", "dropped"), SETTLED)
def test_unproven_sentences_are_left_out_and_counted(text, kept, dropped):
    settled, proof = trust.settle(text, ground(REGIONS))
    assert (settled, proof.dropped) == (kept, dropped)
    assert not proof.unproven
