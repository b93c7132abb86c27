"""Which chart a result gets, how a wrong one is corrected, and how it is drawn.

UPDATE_GOLDEN=1 writes the golden figures anew; look at them before you commit them.
"""

import json
import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import charts, columns
from core.charts import countries, look, spreads
from core.export import pictures
from core.types import ChartGaps, ChartKind, ChartSort, ChartSpec, ChartStack, QueryResult

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
EUROPE = result(country=["Germany", "Spain", "Malta"], revenue_eur=[9.5, 2.0, 1.0])
STEPS = result(step=["Visited", "Added", "Paid"], visitors=[1200, 300, 60])
SPREAD = result(country=COUNTRIES * 10, days=[float((i * i) % 17) for i in range(29)] + [90.0])
ONE_MEASURE = result(days=[float(i % 13) for i in range(40)])
HOURS = result(
    weekday=[day for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
             for _ in range(24)],
    hour=list(range(24)) * 5,
    orders=[i % 7 for i in range(120)],
)  # fmt: skip
PAIRS = result(
    product=[f"P{i}" for i in range(60) for _ in range(3)],
    team=["A", "B", "C"] * 60,
    avg_price=[float(i) for i in range(180)],
)
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
        ("STEPS", "funnel", "step", ("visitors",), None),
        ("SPREAD", "box", "country", ("days",), None),
        ("ONE_MEASURE", "histogram", "days", (), None),
        ("HOURS", "heatmap", "hour", ("orders",), "weekday"),
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
        ("SPREAD", Spec("histogram", y=("days",)), Spec("histogram", "days")),
        ("SPREAD", Spec("histogram", "gone"), Spec("histogram", "days")),
        ("PRODUCTS", Spec("box", "product", ("revenue",)), Spec("bar", "product", ("revenue",))),
        ("MONTHLY", Spec("funnel", "month", ("revenue",)), Spec("bar", "month", ("revenue",))),
        ("NEGATIVE", Spec("funnel", "team", ("profit",)), Spec("bar", "team", ("profit",))),
        ("PRODUCTS", Spec("heatmap", "product"), Spec("bar", "product", ("revenue",))),
        (
            "BY_REGION",
            Spec("heatmap", y=("revenue",)),
            Spec("heatmap", "month", ("revenue",), "country"),
        ),
        ("MONTHLY", Spec("kpi", "month", ("revenue",)), Spec("kpi", "month", ("revenue",))),
        ("MONTHLY", Spec("kpi", y=("revenue",)), Spec("line", "month", ("revenue",))),
        ("NOTHING", Spec("bar", "a", ("b",)), Spec("table")),
        ("ALL_NULL", Spec("pie", "product", ("revenue",)), Spec("table")),
        ("PRODUCTS", Spec("table"), Spec("table")),
    ],
)  # fmt: skip
def test_a_chart_that_does_not_fit_is_corrected(name, wanted, corrected):
    assert charts.fit(wanted, ALL[name]) == corrected


@pytest.mark.parametrize(
    ("name", "wanted", "kept"),
    [
        ("PRODUCTS", {"sort": "name", "top": 2, "log": True, "labels": True},
         {"sort": "name", "top": 2, "log": True, "labels": True}),
        ("PRODUCTS", {"stack": "stacked", "gaps": "zero"}, {}),
        ("PRODUCTS", {"top": -3, "colors": ("red", "#12AB34")}, {"colors": ("#12AB34",)}),
        ("PRODUCTS", {"top": 10_000, "currency": "EUR"}, {"top": 100, "currency": "EUR"}),
        ("PRODUCTS", {"currency": "<b>"}, {}),
        ("NEGATIVE", {"log": True}, {}),
        ("MONTHLY", {"sort": "largest", "top": 3}, {}),
        ("GAPPED", {"gaps": "zero"}, {"gaps": "zero"}),
        ("BY_REGION", {"stack": "share"}, {}),
        ("STEPS", {"sort": "given"}, {"sort": "given"}),
        ("STEPS", {"sort": "name"}, {}),
    ],
)  # fmt: skip
def test_an_option_that_would_mislead_is_left_to_the_rules(name, wanted, kept):
    best = charts.recommend(ALL[name])
    assert charts.fit(replace(best, **wanted), ALL[name]) == replace(best, **kept)


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"": ["a", "b", "c"], "n": [1, 2, 3]}),
        pa.table({"": [1.0, 2.0, 3.0] * 10}),
        pa.table([["x", "y", "z"], [1, 2, 3], [4.5, 5.0, 6.0]], names=["r", "r", "n"]),
        pa.table([[1, 2, 3], ["x", "y", "z"], [1.0, 2.0, 3.0]], names=["r", "r", "r"]),
    ],
)
@pytest.mark.parametrize("kind", get_args(ChartKind))
def test_columns_without_a_name_of_their_own_break_nothing(table, kind):
    data = QueryResult(table)
    for spec in (ChartSpec(kind), ChartSpec(kind, "r", ("r",)), ChartSpec(kind, "", ("",), "r")):
        fitted = charts.fit(spec, data)
        assert charts.fit(fitted, data) == fitted
        assert (charts.figure(spec, data) is None) == (fitted.kind in ("kpi", "table"))
        assert charts.alt(spec, data)
        assert fitted.kind in charts.kinds(fitted, data)


def test_averages_are_never_stacked():
    spec = ChartSpec("bar", "month", ("avg_price",), "country", stack="stacked")
    assert charts.fit(spec, RATES).stack == ""
    assert charts.fit(replace(spec, stack="grouped"), RATES).stack == "grouped"


@pytest.mark.parametrize("name", ALL)
def test_the_kinds_on_offer_are_those_that_would_be_drawn(name):
    best = charts.recommend(ALL[name])
    offered = charts.kinds(best, ALL[name])
    assert best.kind in offered
    assert "table" in offered


def test_the_kinds_of_a_monthly_result():
    offered = charts.kinds(charts.recommend(MONTHLY), MONTHLY)
    assert offered == ("bar", "line", "area", "scatter", "kpi", "table", "histogram")


# --- stored ------------------------------------------------------------------------------


def test_what_is_stored_comes_back():
    full = ChartSpec(
        "bar", "a", ("b", "c"), "d", "T", "smallest", 5, "share", True, True, ("#112233",), "zero",
        "EUR",
    )  # fmt: skip
    for spec in (full, ChartSpec("kpi", y=("n",)), ChartSpec("table")):
        assert charts.from_json(json.loads(json.dumps(charts.to_json(spec)))) == spec
    assert charts.to_json(None) is None
    assert charts.from_json(None) is None


@pytest.mark.parametrize(
    ("stored", "spec"),
    [
        ({"kind": "bar", "x": "a", "y": ["b"], "color": None, "title": "T"},
         ChartSpec("bar", "a", ("b",), None, "T")),
        ({"kind": "bar", "y": "b"}, ChartSpec("bar", y=("b",))),
        ({"kind": "sunburst", "x": 3, "y": None, "sort": "up", "top": True, "colors": [1]},
         ChartSpec("table")),
        ({"kind": ["bar"], "stack": {}, "log": "yes", "top": "5"}, ChartSpec("table")),
    ],
)  # fmt: skip
def test_specs_of_other_versions_are_read(stored, spec):
    assert charts.from_json(stored) == spec


KINDS = list(get_args(ChartKind))
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
    rows=st.integers(0, 3) | st.just(30),
    options=st.fixed_dictionaries(
        {
            "sort": st.sampled_from(get_args(ChartSort)),
            "top": st.integers(0, 2),
            "stack": st.sampled_from(get_args(ChartStack)),
            "log": st.booleans(),
            "labels": st.booleans(),
            "gaps": st.sampled_from(get_args(ChartGaps)),
        }
    ),
)
def test_any_chart_over_any_result_fits_at_once_and_is_drawn(
    columns, kind, x, y, color, rows, options
):
    whole = pa.table({name: values * (10 if rows == 30 else 1) for name, values in columns.items()})
    data = QueryResult(whole.slice(0, rows))
    fitted = charts.fit(ChartSpec(kind, x, tuple(y), color, **options), data)
    assert charts.fit(fitted, data) == fitted
    figure = charts.figure(fitted, data)
    assert (figure is None) == (fitted.kind in ("kpi", "table"))
    assert charts.kpi(fitted, data).value_text
    assert charts.alt(fitted, data)
    if figure is not None:
        assert pictures.picture(fitted, data, fmt="svg")
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
    "bars_stacked": (
        BY_REGION,
        ChartSpec("bar", "month", ("revenue",), "country", stack="stacked"),
    ),
    "bars_grouped": (
        BY_REGION,
        ChartSpec("bar", "month", ("revenue",), "country", stack="grouped", labels=True),
    ),
    "bars_share": (BY_REGION, ChartSpec("bar", "month", ("revenue",), "country", stack="share")),
    "bars_top": (LONG, ChartSpec("horizontal_bar", "product", ("revenue",), top=5)),
    "line_log": (MONTHLY, ChartSpec("line", "month", ("revenue",), log=True, labels=True)),
    "line_zero": (GAPPED, ChartSpec("line", "month", ("revenue",), gaps="zero")),
    "heatmap": (BY_REGION, ChartSpec("heatmap", "month", ("revenue",), "country")),
    "histogram": (SPREAD, ChartSpec("histogram", "days")),
    "box": (SPREAD, ChartSpec("box", "country", ("days",))),
    "funnel": (STEPS, None),
    "map": (EUROPE, ChartSpec("map", "country", ("revenue_eur",))),
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", GOLDEN_FIGURES)
def test_the_picture_is_the_golden_one(name, dark):
    data, spec = GOLDEN_FIGURES[name]
    picture = json.loads(drawn(data, spec, dark=dark).to_json())
    if name == "map":
        del picture["data"][0]  # the rest of the world
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


def test_a_missing_month_breaks_the_line_and_a_dotted_bridge_leads_over_it():
    line, bridge = drawn(GAPPED).data
    assert list(line.y) == [1.0, 2.0, None, 5.0, 6.0]
    assert line.x[2] == "2026-03-01"
    assert list(bridge.y) == [2.0, 5.0, None]
    assert (bridge.line.dash, bridge.showlegend) == ("dot", False)


def test_months_without_rows_are_zero_where_a_person_says_so():
    [line] = drawn(GAPPED, ChartSpec("line", "month", ("revenue",), gaps="zero")).data
    assert list(line.y) == [1.0, 2.0, 0.0, 0.0, 5.0, 6.0]
    assert list(line.x)[2:4] == ["2026-03-01", "2026-04-01"]


@pytest.mark.parametrize(
    ("sort", "labels"),
    [
        ("", ["France", "Spain", "Germany"]),
        ("largest", ["France", "Spain", "Germany"]),
        ("smallest", ["Germany", "Spain", "France"]),
        ("name", ["France", "Germany", "Spain"]),
        ("given", ["Germany", "France", "Spain"]),
    ],
)
def test_bars_are_sorted_as_asked(sort, labels):
    picture = drawn(PRODUCTS, ChartSpec("bar", "product", ("revenue",), sort=sort))
    assert list(picture.layout.xaxis.ticktext) == labels


def test_the_top_five_and_all_others_as_one_grey_bar():
    bars = drawn(LONG, ChartSpec("horizontal_bar", "product", ("revenue",), top=5))
    assert bars.layout.yaxis.ticktext[-1] == "Other (15)"
    assert sorted(bars.data[0].x) == [15, 16, 17, 18, 19, sum(range(15))]
    assert bars.data[0].marker.color[-1] == look.LIGHT.rest


def test_averages_have_no_sum_of_the_others():
    data = result(product=NAMES, avg_price=[float(i) for i in range(20)])
    bars = drawn(data, ChartSpec("horizontal_bar", "product", ("avg_price",), top=5))
    assert "Other" not in " ".join(bars.layout.yaxis.ticktext)
    assert bars.layout.xaxis.title.text == "Avg price · 5 largest of 20"


def test_shares_of_each_month_add_up_to_one_and_tell_the_figures():
    spec = ChartSpec("bar", "month", ("revenue",), "country", stack="share")
    bars = drawn(BY_REGION, spec)
    for month in range(len(MONTHS)):
        assert sum(trace.y[month] for trace in bars.data) == pytest.approx(1.0)
    assert [trace.customdata[1][1] for trace in bars.data] == ["5 · 42%", "4 · 33%", "3 · 25%"]


def test_a_heatmap_leaves_pairs_that_the_data_lacks_empty():
    data = result(m=["a", "a", "b", "b", "c"], team=["x", "y", "x", "y", "x"], n=[1, 2, 3, 4, 5])
    grid = drawn(data, ChartSpec("heatmap", "m", ("n",), "team")).data[0].z
    assert sorted(n for row in grid for n in row if n is not None) == [1, 2, 3, 4, 5]
    assert sum(n is None for row in grid for n in row) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9) | st.integers(-50, 50).map(float), min_size=1))
def test_every_figure_is_in_one_bin_of_a_histogram(figures):
    start, _, counts = spreads.bins(figures)
    assert sum(counts) == len(figures)
    assert start <= min(figures)
    assert len(counts) <= 2 * spreads.MOST_BINS


def test_a_box_tells_quartiles_and_what_lies_beyond():
    spread = spreads.Spread.of([1.0, 2.0, 3.0, 4.0, 5.0, 50.0])
    assert (spread.low, spread.first, spread.middle, spread.third, spread.high) == (
        1.0, 2.25, 3.5, 4.75, 5.0,
    )  # fmt: skip
    assert spread.beyond == (50.0,)


@pytest.mark.parametrize(
    ("name", "values", "codes"),
    [
        ("country", ["Germany", "France"], ["DE", "FR"]),
        ("country", ["DE", "FRA", "uk"], ["DE", "FR", "GB"]),
        ("Land", ["Deutschland", "Österreich", None], ["DE", "AT", None]),
        ("place", ["USA", "Côte d'Ivoire", "ivory coast"], ["US", "CI", "CI"]),
        ("country", ["Spain", "Italy", "Poland", "Norway", "Atlantis"],
         ["ES", "IT", "PL", "NO", None]),
        ("department", ["IT", "DE", "ME"], None),
        ("country", ["Germany", "Atlantis"], None),
        ("city", ["Berlin", "Paris"], None),
        ("country", [1, 2], None),
    ],
)  # fmt: skip
def test_which_countries_a_column_names(name, values, codes):
    [column] = columns.read(pa.table({name: values}))
    assert countries.located(column) == codes


def test_a_map_colours_countries_and_tells_what_is_not_on_it():
    where = ["Germany", "France", "Malta", "Spain", "Italy", "Atlantis"]
    data = result(country=where, revenue_eur=[10.0, 5.5, 1, 2, 3, 4])
    picture = drawn(data, ChartSpec("map", "country", ("revenue_eur",)))
    told = {trace.name: trace for trace in picture.data if trace.name}
    assert told["<b>Germany</b><br>€10.00"].fillcolor == look.LIGHT.series[0]
    assert list(told["<b>Malta</b><br>€1.00"].x) == [countries.world()["MT"].dot[0]]
    assert len(told) == 5
    assert picture.layout.xaxis.title.text == "Not on the map: 1"
    assert "map" in charts.kinds(charts.recommend(data), data)
    assert b"<polygon" in pictures.picture(charts.fit(ChartSpec("map"), data), data, fmt="svg")


def test_a_map_shows_the_part_of_the_world_that_has_figures():
    europe = drawn(EUROPE, ChartSpec("map")).layout.xaxis.range
    world = drawn(
        result(country=["Brazil", "Japan"], revenue=[1.0, 2.0]), ChartSpec("map")
    ).layout.xaxis.range
    assert europe[1] - europe[0] < 300
    assert list(world) == [-countries.WIDTH, countries.WIDTH]


def test_no_map_of_what_is_no_country():
    assert charts.fit(ChartSpec("map", "product", ("revenue",)), LONG).kind == "horizontal_bar"


def test_a_funnel_tells_the_share_of_the_first_step_and_of_the_one_before():
    told = drawn(STEPS).data[0]
    assert list(told.text) == ["1,200 · 100%", "300 · 25%", "60 · 5%"]
    assert told.customdata[2][2] == "5% of the first · 20% of the step before"


@pytest.mark.parametrize(
    ("name", "values", "currency", "told", "prefix"),
    [
        ("revenue_eur", [1234.5, -2.0], "", ["€1,234.50", "-€2.00"], "€"),
        ("Price ($)", [10, 2], "", ["$10", "$2"], "$"),
        ("revenue", [1234.5, 2.0], "", ["1,234.50", "2.00"], None),
        ("revenue", [1234.5, 2.0], "GBP", ["£1,234.50", "£2.00"], "£"),
        ("orders", [12, 2], "GBP", ["12", "2"], None),
        ("revenue_share", [0.5, 0.25], "EUR", ["50%", "25%"], None),
    ],
)
def test_money_has_its_currency_and_cents(name, values, currency, told, prefix):
    data = result(product=["a", "b"], **{name: values})
    bars = drawn(data, ChartSpec("bar", "product", (name,), currency=currency))
    assert [figure for _, figure in bars.data[0].customdata] == told
    assert bars.layout.yaxis.tickprefix == prefix


def test_a_chart_says_in_words_what_it_shows():
    assert charts.alt(ChartSpec("bar", "product", ("revenue",), title="Sales"), PRODUCTS) == (
        "Sales. Bar chart of Revenue by Product, 3 rows. Highest: France, 3. Lowest: Germany, 1."
    )


@pytest.mark.parametrize("name", ALL)
def test_every_result_is_told_in_words(name):
    assert charts.alt(charts.recommend(ALL[name]), ALL[name])


def test_marks_that_turn_the_direction_of_writing_are_dropped():
    data = result(name=["\u202egnp.exe", "عربي"], revenue=[2.0, 1.0])
    labels = drawn(data, ChartSpec("bar", "name", ("revenue",))).layout.xaxis.ticktext
    assert list(labels) == ["gnp.exe", "عربي"]


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


def test_a_long_line_keeps_its_peaks():
    values = [0.0] * 50_000
    values[12_345] = 99.0
    days = [datetime(2020, 1, 1) + timedelta(minutes=i) for i in range(50_000)]  # noqa: DTZ001
    line = drawn(result(at=days, value=values), ChartSpec("line", "at", ("value",))).data[0]
    assert len(line.x) <= 2_010
    assert max(line.y) == 99.0


def test_of_very_many_points_an_even_sample_is_drawn_and_the_axis_says_so():
    many = [float(i) for i in range(50_000)]
    picture = drawn(result(price=many, units=many))
    assert len(picture.data[0].x) == 20_000
    assert picture.layout.yaxis.title.text == "Units · 20,000 of 50,000 points"


def test_ten_thousand_points_are_drawn_by_the_graphics_card():
    many = [float(i) for i in range(10_000)]
    assert drawn(result(price=many, units=many)).data[0].type == "scattergl"


# --- single figures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "label", "value", "delta"),
    [
        (ONE, "Revenue", "482,310.50", None),
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


BY_MONTH = result(month=MONTHS[:4], revenue=[10.0, 20.0, 30.0, 6.0])


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (None, charts.Kpi("Revenue · Apr 2026", "6", "-80.0%", "against Mar 2026",
                          (10.0, 20.0, 30.0, 6.0))),
        (date(2026, 4, 12), charts.Kpi("Revenue · Mar 2026", "30", "+50.0%", "against Feb 2026",
                                       (10.0, 20.0, 30.0))),
        (date(2026, 5, 1), charts.Kpi("Revenue · Apr 2026", "6", "-80.0%", "against Mar 2026",
                                      (10.0, 20.0, 30.0, 6.0))),
    ],
)  # fmt: skip
def test_a_figure_over_time_is_the_latest_whole_period_with_the_one_before(today, told):
    spec = ChartSpec("kpi", "month", ("revenue",))
    assert charts.kpi(spec, BY_MONTH, today=today) == told
