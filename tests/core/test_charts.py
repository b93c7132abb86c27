"""Which chart a result gets, how a wrong one is corrected, and how it is drawn.

UPDATE_GOLDEN=1 writes the golden figures anew; look at them before you commit them.
"""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import charts
from core.charts import look
from core.types import ChartSpec, QueryResult

Spec = ChartSpec
GOLDEN = Path(__file__).parents[1] / "golden" / "charts"


def result(**columns):
    return QueryResult(pa.table(columns))


COUNTRIES = ["Germany", "France", "Spain"]
MONTHS = [f"2026-{month:02}" for month in range(1, 7)]
NAMES = [f"A product with a long name {i}" for i in range(20)]

PRODUCTS = result(product=COUNTRIES, revenue=[1.0, 3.0, 2.0])
LONG = result(product=NAMES, revenue=list(range(20)))
MONTHLY = result(month=MONTHS, revenue=[1.0, 2, 3, 4, 5, 6])
GAPPED = result(month=["2026-01", "2026-02", "2026-05", "2026-06"], revenue=[1.0, 2, 5, 6])
BY_REGION = result(
    month=[m for m in MONTHS for _ in COUNTRIES],
    country=COUNTRIES * len(MONTHS),
    revenue=[float(i) for i in range(18)],
)
SHARES = result(channel=["Web", "Store", "Phone"], revenue_share=[0.5, 0.3, 0.2])
ONE = result(revenue=[482310.5])
NOW_AND_BEFORE = result(revenue=[112.0], previous_revenue=[100.0])
POINTS = result(price=[1.0, 2.0, 3.0], units=[30, 20, 10])
NOTHING = result(product=pa.array([], pa.string()), revenue=pa.array([], pa.float64()))
ALL_NULL = result(product=COUNTRIES, revenue=pa.array([None] * 3, pa.float64()))
ROWS = result(order_id=[1, 2, 3], country=COUNTRIES, status=["new"] * 3, total=[1.0, 2.0, 3.0])
CUSTOMERS = result(customer_id=[7, 8, 9], customer=COUNTRIES, revenue=[1.0, 2.0, 3.0])
ONLY_IDS = result(customer_id=[7, 8], order_id=[1, 2])
NEGATIVE = result(team=["A", "B"], profit=[5.0, -3.0])
WEEKDAYS = result(weekday=["Tuesday", "Monday", "Sunday"], orders=[1, 2, 3])
AVERAGES = result(country=COUNTRIES, avg_price=[1.0, 2.0, 3.0])
RATES = result(
    month=["2026-01", "2026-02"] * 2, country=["DE", "DE", "FR", "FR"], avg_price=[1.0, 2, 3, 4]
)
SALES_AND_COST = result(month=MONTHS[:2], sales=[5.0, 6.0], cost=[4.0, 3.0])
DECIMALS = result(country=COUNTRIES, revenue=[Decimal("1.10"), None, Decimal("2.20")])
EVENTS = result(at=["2026-01-01", "2026-01-01", "2026-01-02"], amount=[1.0, 2.0, 3.0])
MANY = result(sku=[f"Item {i}" for i in range(1000)], units=list(range(1000)))
NO_COLUMNS = QueryResult(pa.table({}))
ALL = {name: value for name, value in list(globals().items()) if isinstance(value, QueryResult)}


@pytest.mark.parametrize(
    ("name", "kind", "x", "y", "color"),
    [
        ("PRODUCTS", "bar", "product", ("revenue",), None),
        ("LONG", "horizontal_bar", "product", ("revenue",), None),
        ("MANY", "horizontal_bar", "sku", ("units",), None),
        ("MONTHLY", "line", "month", ("revenue",), None),
        ("BY_REGION", "line", "month", ("revenue",), "country"),
        ("SHARES", "pie", "channel", ("revenue_share",), None),
        ("ONE", "kpi", None, ("revenue",), None),
        ("NOW_AND_BEFORE", "kpi", None, ("revenue", "previous_revenue"), None),
        ("POINTS", "scatter", "price", ("units",), None),
        ("CUSTOMERS", "bar", "customer", ("revenue",), None),
        ("WEEKDAYS", "bar", "weekday", ("orders",), None),
        ("DECIMALS", "bar", "country", ("revenue",), None),
        ("EVENTS", "scatter", "at", ("amount",), None),
        ("ROWS", "table", None, (), None),
        ("ONLY_IDS", "table", None, (), None),
        ("NOTHING", "table", None, (), None),
        ("ALL_NULL", "table", None, (), None),
        ("NO_COLUMNS", "table", None, (), None),
    ],
)
def test_the_chart_recommended(name, kind, x, y, color):
    assert charts.recommend(ALL[name], "T") == ChartSpec(kind, x, y, color, "T")


@pytest.mark.parametrize("name", ALL)
def test_what_is_recommended_fits(name):
    recommended = charts.recommend(ALL[name])
    assert charts.fit(recommended, ALL[name]) == recommended


@pytest.mark.parametrize(
    ("name", "wanted", "corrected"),
    [
        ("PRODUCTS", Spec("bar", "PRODUCT", ("Revenue",)), Spec("bar", "product", ("revenue",))),
        ("PRODUCTS", Spec("bar", "gone", ("missing",)), Spec("bar", "product", ("revenue",))),
        ("PRODUCTS", Spec("bar"), Spec("bar", "product", ("revenue",))),
        ("PRODUCTS", Spec("line", "product", ("revenue",)), Spec("bar", "product", ("revenue",))),
        (
            "PRODUCTS",
            Spec("horizontal_bar", "revenue", ("product",)),
            Spec("horizontal_bar", "product", ("revenue",)),
        ),
        (
            "MONTHLY",
            Spec("horizontal_bar", "month", ("revenue",)),
            Spec("bar", "month", ("revenue",)),
        ),
        (
            "BY_REGION",
            Spec("line", "month", ("revenue",)),
            Spec("line", "month", ("revenue",), "country"),
        ),
        ("MONTHLY", Spec("pie", "month", ("revenue",)), Spec("bar", "month", ("revenue",))),
        ("NEGATIVE", Spec("pie", "team", ("profit",)), Spec("bar", "team", ("profit",))),
        ("NEGATIVE", Spec("area", "team", ("profit",)), Spec("bar", "team", ("profit",))),
        (
            "AVERAGES",
            Spec("pie", "country", ("avg_price",)),
            Spec("bar", "country", ("avg_price",)),
        ),
        (
            "CUSTOMERS",
            Spec("bar", "customer", ("customer_id",)),
            Spec("bar", "customer", ("revenue",)),
        ),
        ("PRODUCTS", Spec("kpi", y=("revenue",)), Spec("bar", "product", ("revenue",))),
        ("ONE", Spec("bar", "revenue", ("revenue",)), Spec("kpi", y=("revenue",))),
        (
            "PRODUCTS",
            Spec("scatter", "product", ("revenue",)),
            Spec("bar", "product", ("revenue",)),
        ),
        (
            "BY_REGION",
            Spec("bar", "country", ("revenue",)),
            Spec("bar", "country", ("revenue",), "month"),
        ),
        ("ROWS", Spec("bar", "status", ("total",)), Spec("bar", "status", ("total",), "country")),
        ("EVENTS", Spec("line", "at", ("amount",)), Spec("scatter", "at", ("amount",))),
        ("MANY", Spec("bar", "sku", ("units",)), Spec("horizontal_bar", "sku", ("units",))),
        (
            "RATES",
            Spec("area", "month", ("avg_price",)),
            Spec("line", "month", ("avg_price",), "country"),
        ),
        (
            "SALES_AND_COST",
            Spec("area", "month", ("sales", "cost")),
            Spec("line", "month", ("sales", "cost")),
        ),
        ("NOTHING", Spec("bar", "a", ("b",)), Spec("table")),
        ("ALL_NULL", Spec("pie", "product", ("revenue",)), Spec("table")),
        ("PRODUCTS", Spec("table"), Spec("table")),
    ],
)  # fmt: skip
def test_a_chart_that_does_not_fit_is_corrected(name, wanted, corrected):
    assert charts.fit(wanted, ALL[name]) == corrected


KINDS = ["bar", "horizontal_bar", "line", "area", "pie", "scatter", "kpi", "table"]
COLUMN_VALUES = st.sampled_from(
    [
        ["a", "b", None],
        ["a", "a", "b"],
        ["2026-01", "2026-02", "2026-04"],
        [1, 2, 3],
        [1.5, None, float("nan")],
        [-1.0, float("inf"), 1e308],
        [True, False, None],
        [None, None, None],
        [Decimal("1.5"), Decimal(0), None],
        [date(1, 1, 1), date(9999, 12, 31), None],
        [date(9999, 12, 1), date(9999, 11, 1), date(9999, 1, 1)],
        ["<b>x</b>", "%{y}", "x" * 10_000],
        [[1], [2], None],
        [b"x", b"y", b""],
    ]
)
NAMES_OF_COLUMNS = st.sampled_from(
    ["id", "name", "month", "year", "revenue", "share", "avg_x", "week", "%"]
)


@settings(max_examples=250, deadline=None)
@given(
    columns=st.dictionaries(NAMES_OF_COLUMNS, COLUMN_VALUES, max_size=4),
    kind=st.sampled_from(KINDS),
    x=st.none() | NAMES_OF_COLUMNS,
    y=st.lists(NAMES_OF_COLUMNS, max_size=2),
    color=st.none() | NAMES_OF_COLUMNS,
    rows=st.integers(0, 3),
)
def test_any_chart_over_any_result_fits_at_once_and_is_drawn(columns, kind, x, y, color, rows):
    data = QueryResult(pa.table(columns).slice(0, rows))
    fitted = charts.fit(ChartSpec(kind, x, tuple(y), color), data)
    assert charts.fit(fitted, data) == fitted
    figure = charts.figure(fitted, data)
    assert (figure is None) == (fitted.kind in ("kpi", "table"))
    assert charts.kpi(fitted, data).value_text
    recommended = charts.recommend(data)
    assert charts.fit(recommended, data) == recommended


# --- pictures ----------------------------------------------------------------------------


def drawn(data, spec=None, **kwargs):
    figure = charts.figure(spec or charts.recommend(data), data, **kwargs)
    assert figure is not None
    return figure


GOLDEN_FIGURES = {
    "bar": (PRODUCTS, None),
    "horizontal_bar": (LONG, None),
    "line": (GAPPED, None),
    "lines": (BY_REGION, None),
    "area": (GAPPED, ChartSpec("area", "month", ("revenue",))),
    "stacked_area": (BY_REGION, ChartSpec("area", "month", ("revenue",), "country")),
    "pie": (SHARES, None),
    "scatter": (POINTS, None),
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", GOLDEN_FIGURES)
def test_the_picture_is_the_golden_one(name, dark):
    data, spec = GOLDEN_FIGURES[name]
    picture = json.loads(drawn(data, spec, dark=dark).to_json())
    path = GOLDEN / f"{name}_{'dark' if dark else 'light'}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(picture, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert picture == json.loads(path.read_text(encoding="utf-8"))


def test_text_from_the_data_is_never_markup():
    evil = '<a href="javascript:x">click</a>'
    data = result(**{"<i>name</i>": [evil, "b"], "<b>revenue</b>": [1.0, 2.0]})
    for kind in ("bar", "horizontal_bar", "pie"):
        picture = drawn(data, ChartSpec(kind, "<i>name</i>", ("<b>revenue</b>",), title=evil))
        for tag in ("<a ", "<i>", "<b>rev", "</a>"):
            assert tag not in picture.to_json().replace("\\u003c", "<")


def test_a_label_that_looks_like_a_template_stays_text():
    data = result(month=MONTHS[:4] * 2, who=["%{y}"] * 4 + ["b"] * 4, revenue=[1.0] * 8)
    assert all("%{y}" not in trace.hovertemplate for trace in drawn(data).data)


def test_two_long_labels_that_are_cut_alike_stay_two_bars():
    alike = ["x" * 60 + end for end in "ab"]
    picture = drawn(result(name=alike, revenue=[2.0, 1.0]))
    assert list(picture.data[0].y) == [0, 1]
    assert len(set(picture.layout.yaxis.ticktext)) == 1
    assert max(map(len, picture.layout.yaxis.ticktext)) <= 40
    assert [full for full, _ in picture.data[0].customdata] == alike


def test_lying_bars_have_the_largest_on_top():
    picture = drawn(LONG)
    assert list(picture.layout.yaxis.range) == [19.5, -0.5]
    assert picture.layout.yaxis.ticktext[0].endswith("19")


def test_a_thousand_categories_are_cut_and_the_picture_says_so():
    picture = drawn(MANY)
    assert len(picture.data[0].x) == 25
    assert picture.layout.xaxis.title.text == "Units · 25 largest of 1,000"


def test_a_pie_has_twelve_slices_and_the_rest():
    data = result(sku=[f"Item {i}" for i in range(40)], units=list(range(40)))
    pie = drawn(data, ChartSpec("pie", "sku", ("units",))).data[0]
    assert len(pie.labels) == 13
    assert pie.labels[-1] == "Other (27)"
    assert sum(pie["values"]) == sum(range(40))


def test_more_series_than_colours_are_summed_up():
    data = result(
        month=[m for m in MONTHS for _ in range(12)],
        shop=[f"Shop {i:02}" for i in range(12)] * 6,
        revenue=[float(i) for i in range(12)] * 6,
    )
    picture = drawn(data)
    assert [trace.name for trace in picture.data][-1] == "Other (5)"
    assert list(picture.data[-1].y) == [0.0 + 1 + 2 + 3 + 4] * 6


def test_a_missing_month_breaks_the_line():
    line = drawn(GAPPED).data[0]
    assert list(line.y) == [1.0, 2.0, None, 5.0, 6.0]
    assert line.x[2] == "2026-03-01"


def test_points_are_marked_up_to_sixty():
    for count, mode in ((60, "lines+markers"), (61, "lines")):
        days = [date.fromordinal(740_000 + i) for i in range(count)]
        assert drawn(result(day=days, revenue=[1.0] * count)).data[0].mode == mode


def test_weekdays_keep_their_order():
    assert list(drawn(WEEKDAYS).layout.xaxis.ticktext) == ["Monday", "Tuesday", "Sunday"]


@pytest.mark.parametrize(
    ("grain", "values", "text"),
    [
        ("quarter", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"], "Q1 2026"),
        ("month", MONTHS[:4], "Jan 2026"),
        ("year", ["2023", "2024", "2025", "2026"], "2023"),
    ],
)
def test_periods_are_written_by_their_grain(grain, values, text):
    picture = drawn(result(**{grain: values, "revenue": [1.0, 2.0, 3.0, 4.0]}))
    assert picture.layout.xaxis.ticktext[0] == text
    assert picture.data[0].customdata[0][0] == text


def test_shares_read_as_percent_and_amounts_without_a_currency():
    shares = drawn(SHARES, ChartSpec("bar", "channel", ("revenue_share",)))
    assert shares.layout.yaxis.tickformat == ".0%"
    assert shares.data[0].customdata[0][1] == "50%"
    assert "€" not in drawn(PRODUCTS).to_json()


@pytest.mark.parametrize("dark", [False, True])
def test_the_look_is_our_own_and_never_the_hosts(dark):
    picture = drawn(PRODUCTS, dark=dark)
    style = look.of(dark)
    assert picture.layout.template.layout.font.color == style.text
    assert picture.layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert picture.layout.template.layout.font.family.startswith("Inter")
    assert picture.data[0].marker.color == style.series[0]
    assert look.LIGHT.series[0] == "#6366F1"


def test_ten_thousand_points_are_drawn_by_the_graphics_card():
    many = [float(i) for i in range(10_000)]
    assert drawn(result(price=many, units=many)).data[0].type == "scattergl"


# --- single figures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "label", "value", "delta"),
    [
        (ONE, "Revenue", "482,310.5", None),
        (NOW_AND_BEFORE, "Revenue", "112", "+12.0%"),
        (result(revenue=[77], prior_revenue=[100]), "Revenue", "77", "-23.0%"),
        (result(revenue=[5], previous_revenue=[0]), "Revenue", "5", None),
        (result(revenue=[5.0], revenue_change_pct=[-3.5]), "Revenue", "5", "-3.5%"),
        (result(product=["Widget"], revenue=[5]), "Revenue · Widget", "5", None),
        (result(conversion_rate=[0.031]), "Conversion rate", "3.1%", None),
        (result(revenue=pa.array([None], pa.int64())), "Revenue", "–", None),
        (NOTHING, "No figure", "–", None),
    ],
)
def test_a_single_figure(data, label, value, delta):
    assert charts.kpi(charts.recommend(data), data) == charts.Kpi(label, value, delta)
