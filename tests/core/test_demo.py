"""The demo shop: its rows hold together, tell their story, and never change afterwards."""

import csv
import io
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from core.connectors import duckdb_files
from core.demo import calendar, messy, people, questions, rows, shop, tables
from core.errors import BadInput, DataMindError

YESTERDAY = date(2026, 11, 22)
NAMES = [table.name for table in tables.TABLES]


class Shop:
    """A file that was built, to be asked."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(path, read_only=True)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def series(self, sql: str) -> dict[Any, float]:
        return {key: float(value) for key, value in self.rows(sql)}

    def fingerprint(self) -> dict[str, tuple[Any, ...]]:
        """Count and content of every table, whatever the order of its rows."""
        return {
            name: self.rows(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM {name} t")[0]
            for name in NAMES
        }

    def close(self) -> None:
        self._connection.close()


def built(path: Path, **days: date) -> Shop:
    shop.build(path, **days)
    return Shop(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    found = built(tmp_path_factory.mktemp("demo") / "shop.duckdb", yesterday=YESTERDAY)
    yield found
    found.close()


# --- size and shape ----------------------------------------------------------------------


def test_about_three_years_of_a_few_hundred_thousand_rows(whole: Shop) -> None:
    counts = {name: whole.one(f"SELECT count(*) FROM {name}") for name in NAMES}
    assert 300_000 <= sum(counts.values()) <= 450_000
    assert min(counts.values()) >= 13
    assert whole.one("SELECT min(ordered_at)::DATE FROM orders") == date(2023, 10, 1)


@pytest.mark.parametrize(
    ("table", "day"),
    [
        ("customers", "signed_up_on"),
        ("products", "launched_on"),
        ("orders", "ordered_at"),
        ("refunds", "refunded_on"),
        ("marketing_spend", "spent_on"),
        ("website_sessions", "started_at"),
        ("support_tickets", "opened_at"),
        ("subscriptions", "started_on"),
        ("cancellations", "cancelled_on"),
    ],
)
def test_nothing_is_later_than_yesterday_and_the_last_week_is_full(
    whole: Shop, table: str, day: str
) -> None:
    assert whole.one(f"SELECT max({day})::DATE FROM {table}") <= YESTERDAY
    if table != "products":
        week = f"{day}::DATE > DATE '{YESTERDAY - timedelta(days=7)}'"
        assert whole.one(f"SELECT count(*) FROM {table} WHERE {week}") > 3


def test_every_day_has_orders_visits_and_spend(whole: Shop) -> None:
    days = (YESTERDAY - date(2023, 10, 1)).days + 1
    for table, day in (
        ("orders", "ordered_at"),
        ("website_sessions", "started_at"),
        ("marketing_spend", "spent_on"),
    ):
        assert whole.one(f"SELECT count(DISTINCT {day}::DATE) FROM {table}") == days


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("customers", "country", "countries"),
        ("orders", "customer_id", "customers"),
        ("order_items", "order_id", "orders"),
        ("order_items", "product_id", "products"),
        ("refunds", "order_id", "orders"),
        ("website_sessions", "customer_id", "customers"),
        ("support_tickets", "customer_id", "customers"),
        ("subscriptions", "customer_id", "customers"),
        ("cancellations", "subscription_id", "subscriptions"),
    ],
)
def test_keys_are_declared_and_lead_somewhere(
    whole: Shop, table: str, column: str, target: str
) -> None:
    declared = whole.rows(
        "SELECT table_name, constraint_column_names[1], referenced_table "
        "FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
    )
    assert (table, column, target) in declared
    orphans = f"SELECT count(*) FROM {table} ANTI JOIN {target} USING ({column})"
    assert whole.one(f"{orphans} WHERE {column} IS NOT NULL") == 0


def test_every_table_and_column_is_described_and_has_a_primary_key(whole: Shop) -> None:
    assert sorted(whole.rows("SELECT table_name FROM duckdb_tables() WHERE comment <> ''")) == [
        (name,) for name in sorted(NAMES)
    ]
    assert (
        whole.one("SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL")
        == 0
    )
    keys = "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    assert whole.one(keys) == len(NAMES)


# --- the figures agree -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        (
            "a line's revenue is quantity times price less discount",
            "FROM order_items WHERE revenue <> round(quantity * unit_price * (1 - discount), 2)",
        ),
        (
            "an order's total is the sum of its lines",
            "FROM (SELECT order_id FROM orders LEFT JOIN order_items USING (order_id) "
            "GROUP BY order_id, total HAVING total IS DISTINCT FROM sum(revenue))",
        ),
        (
            "an order has one line for a product",
            "FROM (SELECT 1 FROM order_items GROUP BY order_id, product_id HAVING count(*) > 1)",
        ),
        (
            "the price of a line is the product's",
            "FROM order_items JOIN products USING (product_id) WHERE unit_price <> price",
        ),
        (
            "nobody orders before signing up",
            "FROM orders JOIN customers USING (customer_id) WHERE ordered_at < signed_up_on",
        ),
        (
            "nothing is sold before its launch",
            "FROM order_items JOIN orders USING (order_id) JOIN products USING (product_id) "
            "WHERE ordered_at < launched_on",
        ),
        (
            "a refund follows a paid order and is not above it",
            "FROM refunds JOIN orders USING (order_id) "
            "WHERE status <> 'paid' OR refunded_on <= ordered_at::DATE OR amount > total",
        ),
        (
            "an order is refunded once",
            "FROM (SELECT 1 FROM refunds GROUP BY order_id HAVING count(*) > 1)",
        ),
        (
            "a subscription ends once, after its start",
            "FROM cancellations JOIN subscriptions USING (subscription_id) "
            "WHERE cancelled_on <= started_on",
        ),
        (
            "a satisfaction is from 1 to 5",
            "FROM support_tickets WHERE satisfaction NOT IN (1, 2, 3, 4, 5)",
        ),
        ("a click is a view", "FROM marketing_spend WHERE clicks > impressions"),
        (
            "ids follow the clock",
            "FROM (SELECT ordered_at < lag(ordered_at) OVER "
            "(ORDER BY order_id) AS back FROM orders) WHERE back",
        ),
    ],
)
def test_it_holds_for_every_row_that(whole: Shop, what: str, sql: str) -> None:
    assert whole.one(f"SELECT count(*) {sql}") == 0, what


def test_converted_visits_are_the_online_orders(whole: Shop) -> None:
    orders = whole.rows(
        "SELECT ordered_at::DATE AS day, customer_id, count(*) FROM orders "
        "WHERE channel IN ('Web', 'Mobile app') GROUP BY ALL ORDER BY ALL"
    )
    visits = whole.rows(
        "SELECT started_at::DATE AS day, customer_id, count(*) FROM website_sessions "
        "WHERE converted GROUP BY ALL ORDER BY ALL"
    )
    assert orders == visits


# --- the story ---------------------------------------------------------------------------


def test_revenue_grows_by_a_fifth_to_a_quarter_a_year(whole: Shop) -> None:
    quarters = whole.series(
        "SELECT strftime(ordered_at, '%Y') || 'Q' || quarter(ordered_at), sum(total) "
        "FROM orders GROUP BY 1"
    )
    for year in (2024, 2025):
        before = sum(quarters[f"{year}Q{n}"] for n in (1, 2, 3))
        after = sum(quarters[f"{year + 1}Q{n}"] for n in (1, 2, 3))
        assert 1.15 < after / before < 1.30


def test_november_and_december_are_the_peak_and_august_is_weak(whole: Shop) -> None:
    for year in (2024, 2025):
        months = whole.series(
            f"SELECT month(ordered_at), count(*) FROM orders "
            f"WHERE year(ordered_at) = {year} GROUP BY 1"
        )
        assert {11, 12} == set(sorted(months, key=lambda month: months[month])[-2:])
        assert months[8] < 0.92 * months[7]
        assert months[8] < 0.92 * months[9]


def test_saturdays_are_quiet_in_the_shop_and_weekends_in_support(whole: Shop) -> None:
    orders = whole.series("SELECT isodow(ordered_at), count(*) FROM orders GROUP BY 1")
    tickets = whole.series("SELECT isodow(opened_at), count(*) FROM support_tickets GROUP BY 1")
    assert min(orders, key=lambda day: orders[day]) == 6
    assert set(sorted(tickets, key=lambda day: tickets[day])[:2]) == {6, 7}


def test_refer_a_friend_brought_customers_and_back_to_school_did_not(whole: Shop) -> None:
    joined = whole.series(
        "SELECT strftime(signed_up_on, '%Y-%m'), count(*) FROM customers GROUP BY 1"
    )
    autumns = [
        sum(joined[f"{year}-{month}"] for month in ("09", "10", "11")) for year in (2024, 2025)
    ]
    assert autumns[1] / autumns[0] > 1.8
    referral = whole.series(
        "SELECT started_at >= '2025-09-01', avg((source = 'Referral')::INT) "
        "FROM website_sessions GROUP BY 1"
    )
    assert referral[True] > 3 * referral[False]
    costs = whole.series(
        "SELECT campaign, sum(amount) / sum(clicks) FROM marketing_spend GROUP BY 1"
    )
    assert costs["Back to School"] == max(costs.values())
    assert costs["Back to School"] > 8 * costs["Refer a friend"]
    first = "SELECT min(spent_on) FROM marketing_spend WHERE campaign = 'Refer a friend'"
    assert whole.one(first) == date(2025, 9, 1)


def test_the_spring_sale_lifts_orders(whole: Shop) -> None:
    for year in (2024, 2025, 2026):
        daily = whole.series(
            f"SELECT ordered_at BETWEEN '{year}-03-25' AND '{year}-04-15', "
            "count(*) / count(DISTINCT ordered_at::DATE) FROM orders "
            f"WHERE ordered_at BETWEEN '{year}-03-04' AND '{year}-05-06' GROUP BY 1"
        )
        assert daily[True] > 1.2 * daily[False]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_outage_of_the_year(whole: Shop, year: int) -> None:
    day = calendar.outage_of(year)
    usual = f"BETWEEN DATE '{day}' - 35 AND DATE '{day}' + 35 AND isodow(day) = {day.isoweekday()}"

    def against_usual(table: str, column: str, what: str) -> float:
        daily = f"SELECT {column}::DATE AS day, {what} AS n FROM {table} GROUP BY 1"
        there = whole.one(f"SELECT sum(n) FROM ({daily}) WHERE day = '{day}'")
        mean = whole.one(f"SELECT median(n) FROM ({daily}) WHERE day <> '{day}' AND day {usual}")
        return float(there) / float(mean)

    assert against_usual("website_sessions", "started_at", "count(DISTINCT customer_id)") < 0.25
    assert against_usual("orders", "ordered_at", "count(*)") < 0.25
    assert against_usual("support_tickets", "opened_at", "count(*)") > 3
    about = (
        f"SELECT mode(category) FROM support_tickets WHERE opened_at::DATE = '{day}' GROUP BY ALL"
    )
    assert whole.one(about) == "Website problem"
    morning = f"BETWEEN TIMESTAMP '{day + timedelta(days=1)}' AND '{day + timedelta(days=1)} 14:00'"
    assert whole.one(f"SELECT count(*) FROM orders WHERE ordered_at {morning}") == 0


def test_southern_europe_declines_while_the_others_grow(whole: Shop) -> None:
    by_region: dict[str, list[float]] = {}
    for region, _, revenue in whole.rows(
        "SELECT region, year(ordered_at) AS y, sum(total) FROM orders JOIN customers "
        "USING (customer_id) JOIN countries USING (country) "
        "WHERE month(ordered_at) < 11 AND year(ordered_at) > 2023 GROUP BY ALL ORDER BY y"
    ):
        by_region.setdefault(region, []).append(float(revenue))
    declining = {region for region, (_, first, second) in by_region.items() if second < 0.8 * first}
    assert declining == {"Southern Europe"}
    assert by_region["Southern Europe"][1] < by_region["Southern Europe"][0]
    assert all(
        first < second < third
        for region, (first, second, third) in by_region.items()
        if region != "Southern Europe"
    )


def test_one_product_takes_off_and_one_fades(whole: Shop) -> None:
    def ranks(year: int) -> list[str]:
        return [
            name
            for name, _ in whole.rows(
                "SELECT name, sum(revenue) AS r FROM order_items JOIN orders USING (order_id) "
                "JOIN products USING (product_id) "
                f"WHERE year(ordered_at) = {year} GROUP BY 1 ORDER BY r DESC"
            )
        ]

    assert "Gizmo Mini" not in ranks(2024)
    assert ranks(2025).index("Gizmo Mini") > 2
    assert ranks(2026)[0] == "Gizmo Mini"
    assert ranks(2024).index("Widget Classic") < 3
    assert ranks(2026).index("Widget Classic") > 20


def test_daily_active_users_are_hundreds(whole: Shop) -> None:
    daily = whole.rows(
        "SELECT count(DISTINCT customer_id) FROM website_sessions "
        f"WHERE started_at >= DATE '{YESTERDAY}' - 29 GROUP BY started_at::DATE"
    )
    assert len(daily) == 30
    assert all(150 < users < 900 for (users,) in daily)


def test_cancellations_rise_after_the_outage(whole: Shop) -> None:
    weekly = whole.series(
        "SELECT cancelled_on BETWEEN '2026-09-18' AND '2026-10-08', count(*) / 3 "
        "FROM cancellations WHERE cancelled_on BETWEEN '2026-08-28' AND '2026-10-08' GROUP BY 1"
    )
    assert weekly[True] > 1.8 * weekly[False]


def test_slow_answers_and_website_problems_make_customers_unhappy(whole: Shop) -> None:
    moods = whole.series("SELECT category, avg(satisfaction) FROM support_tickets GROUP BY 1")
    assert min(moods, key=lambda category: moods[category]) == "Website problem"
    assert max(moods.values()) - min(moods.values()) > 0.8
    assert whole.one("SELECT corr(satisfaction, first_response_minutes) FROM support_tickets") < 0
    minutes = whole.series(
        "SELECT opened_at >= '2026-02-02', median(first_response_minutes) "
        "FROM support_tickets WHERE priority = 'Normal' GROUP BY 1"
    )
    assert minutes[True] < 0.85 * minutes[False]


def test_rows_that_break_a_key_leave_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    shop.build(path, yesterday=date(2026, 1, 5), start=date(2026, 1, 1))
    before = path.read_bytes()
    twice = rows.between(date(2026, 1, 5), date(2026, 1, 5), start=date(2026, 1, 1), founding=False)
    with pytest.raises(DataMindError), duckdb_files.rewriting(path) as file:
        file.append("marketing_spend", twice["marketing_spend"])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["shop"]


# --- people ------------------------------------------------------------------------------


def test_people_have_names_of_their_own_and_addresses_at_example_com(whole: Shop) -> None:
    count, names, emails, fake = whole.rows(
        "SELECT count(*), count(DISTINCT name), count(DISTINCT email), "
        "count(*) FILTER (regexp_full_match(email, '[a-z.-]+@example[.]com')) FROM customers"
    )[0]
    assert (names, emails, fake) == (count, count, count)
    assert set(whole.rows("SELECT DISTINCT country FROM customers")) == {
        (country.name,) for country in people.COUNTRIES
    }


def test_no_last_name_belongs_to_two_languages() -> None:
    met = Counter(last for names in people.NAMES.values() for last in set(names.last))
    assert [name for name, times in met.items() if times > 1] == []
    for names in people.NAMES.values():
        assert len(set(names.first)) == len(names.first)
        assert len(set(names.last)) == len(names.last)


# --- days are added, never changed ---------------------------------------------------------


def test_day_by_day_gives_the_same_rows_as_at_once(tmp_path: Path) -> None:
    start, end = date(2025, 8, 1), date(2025, 12, 31)
    steps = (date(2025, 8, 1), date(2025, 8, 2), date(2025, 8, 30), date(2025, 10, 1))
    for until in (*steps, date(2025, 12, 29), date(2025, 12, 30), end):
        shop.build(tmp_path / "daily", yesterday=until, start=start)
    daily = Shop(tmp_path / "daily")
    at_once = built(tmp_path / "at-once", yesterday=end, start=start)
    assert daily.fingerprint() == at_once.fingerprint()


def test_an_older_day_has_the_same_rows_whatever_the_start(tmp_path: Path) -> None:
    short = built(tmp_path / "short", yesterday=date(2026, 3, 31), start=date(2026, 3, 1))
    long = built(tmp_path / "long", yesterday=date(2026, 4, 30), start=date(2025, 12, 1))
    for table, day in (("orders", "ordered_at"), ("website_sessions", "started_at")):
        march = f"SELECT * FROM {table} WHERE {day}::DATE BETWEEN '2026-03-01' AND '2026-03-31'"
        assert short.rows(march + " ORDER BY 1") == long.rows(march + " ORDER BY 1")


def test_building_again_for_the_same_day_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    shop.build(path, yesterday=date(2026, 2, 1), start=date(2026, 1, 1))
    before = path.stat()
    shop.build(path, yesterday=date(2026, 2, 1))
    shop.build(path, yesterday=date(2026, 1, 15))
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert os.listdir(tmp_path) == ["shop"]


def test_an_open_handle_keeps_the_old_file_while_days_are_added(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    reading = built(path, yesterday=date(2026, 2, 1), start=date(2026, 1, 1))
    shop.build(path, yesterday=date(2026, 2, 3))
    assert reading.one("SELECT max(spent_on) FROM marketing_spend") == date(2026, 2, 1)
    reading.close()
    assert Shop(path).one("SELECT max(spent_on) FROM marketing_spend") == date(2026, 2, 3)


@pytest.mark.parametrize("content", [b"", b"not a database" * 1000])
def test_a_broken_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shop"
    path.write_bytes(content)
    found = built(path, yesterday=date(2026, 2, 1), start=date(2026, 1, 1))
    assert found.one("SELECT count(*) FROM orders") > 500


def test_a_file_of_another_edition_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    shop.build(path, yesterday=date(2026, 1, 31), start=date(2026, 1, 1))
    with duckdb.connect(path) as older:
        older.execute("CREATE OR REPLACE MACRO demo_edition() AS 0")
    found = built(path, yesterday=date(2026, 2, 1), start=date(2026, 1, 20))
    assert found.one("SELECT min(ordered_at)::DATE FROM orders") == date(2026, 1, 20)


def test_a_kill_leaves_the_old_file_whole_and_its_leftovers_are_swept(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    shop.build(path, yesterday=date(2026, 1, 5), start=date(2026, 1, 1))
    before = path.read_bytes()
    script = (
        "import os, pathlib, signal, sys; from core.connectors import duckdb_files\n"
        "with duckdb_files.rewriting(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.execute(['DELETE FROM website_sessions', 'CHECKPOINT'])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = Path(__file__).parents[2]
    child = subprocess.run([sys.executable, "-c", script, str(path)], cwd=root, check=False)
    assert child.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    (left,) = tmp_path.glob(".rewriting-*")
    os.utime(left, (0, 0))
    shop.build(path, yesterday=date(2026, 1, 6))
    assert os.listdir(tmp_path) == ["shop"]
    assert Shop(path).one("SELECT max(ordered_at)::DATE FROM orders") == date(2026, 1, 6)


@pytest.mark.parametrize("start", [date(2020, 12, 31), date(2026, 2, 2)])
def test_a_start_outside_of_the_shops_life_is_refused(tmp_path: Path, start: date) -> None:
    with pytest.raises(BadInput):
        shop.build(tmp_path / "shop", yesterday=date(2026, 2, 1), start=start)
    assert not (tmp_path / "shop").exists()


def test_it_still_makes_sense_years_later(tmp_path: Path) -> None:
    later = built(tmp_path / "shop", yesterday=date(2029, 6, 30))
    counts = {name: later.one(f"SELECT count(*) FROM {name}") for name in NAMES}
    assert 300_000 < sum(counts.values()) < 1_000_000
    assert later.one("SELECT count(DISTINCT ordered_at::DATE) FROM orders") > 3 * 365
    emails, customers = later.rows("SELECT count(DISTINCT email), count(*) FROM customers")[0]
    assert emails == customers


def test_the_business_stays_bounded_in_the_far_future() -> None:
    century = calendar.days(date(2090, 1, 1), date(2090, 12, 31))
    assert 60 < calendar.orders(century).mean() < 150
    assert 300 < calendar.visits(century).mean() < 800
    assert calendar.outage(century).tolist().count(1) == 1
    assert calendar.south(century).min() >= 0.3


# --- what is offered with it ---------------------------------------------------------------


def test_the_suggested_questions_start_with_the_classic_one() -> None:
    assert questions.SUGGESTED[0] == "What were our top 10 products by revenue last quarter?"
    assert 8 <= len(set(questions.SUGGESTED)) == len(questions.SUGGESTED) <= 12


def test_the_messy_export_has_the_habits_of_an_office(tmp_path: Path) -> None:
    path, again = tmp_path / "sales_export_messy.csv", tmp_path / "again.csv"
    messy.messy_csv(path)
    messy.messy_csv(again)
    assert path.read_bytes() == again.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        path.read_text("utf-8")
    lines = path.read_text("cp1252").splitlines()
    assert lines.count("") >= 4
    header, *rows = [row for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=";") if row]
    assert header.count("Remarks") == 2
    assert len(rows) == 400
    assert {len(row) for row in rows} == {len(header)}
    columns = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    assert columns["Order No"][0] == "00123"
    assert all(datetime.strptime(day, "%d.%m.%Y") for day in columns["Date"])  # noqa: DTZ007
    assert any(amount.endswith(",00 €") and "." in amount for amount in columns["Net amount"])
    assert any(name.endswith("  ") for name in columns["Customer"])
    assert "Österreich" in columns["Region"]
    for gaps in ("Region", "Units", "Net amount"):
        assert 3 <= columns[gaps].count("") <= 20


def test_the_workbook_has_three_sheets_of_real_types(tmp_path: Path) -> None:
    messy.multi_sheet_xlsx(tmp_path / "budget.xlsx")
    messy.multi_sheet_xlsx(tmp_path / "again.xlsx")
    assert (tmp_path / "budget.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "budget.xlsx")
    assert book.sheetnames == ["Budget 2026", "Headcount", "Projects"]
    budget = list(book["Budget 2026"].values)
    assert len(budget) == 13
    assert budget[1][:2] == (datetime(2026, 1, 1), 42000)  # noqa: DTZ001
    projects = list(book["Projects"].values)
    assert projects[0][1:] == (None,) * 4
    assert projects[2] == ("Project", "Department", "Approved", "Amount", "Start")
    assert projects[4][2:4] == (True, 12500.5)
