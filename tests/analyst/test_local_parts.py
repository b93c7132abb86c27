"""The parts of the built-in analyst: time expressions, words, plans, dialects, speed."""

import time
from datetime import date

import pytest
import sqlglot

from core.analyst.base import BareDesk
from core.analyst.local import LocalAnalyst, lexicon, render, times, words
from core.analyst.local.plan import dump, load
from core.types import DatabaseSchema, Draft, Question, SchemaColumn, Table
from tests.analyst import local_data
from tests.analyst.local_data import TODAY, Place

WINDOWS = [
    ("today", "2026-11-18", "2026-11-18"),
    ("yesterday", "2026-11-17", "2026-11-17"),
    ("this week", "2026-11-16", "2026-11-22"),
    ("last week", "2026-11-09", "2026-11-15"),
    ("last month", "2026-10-01", "2026-10-31"),
    ("last quarter", "2026-07-01", "2026-09-30"),
    ("last year", "2025-01-01", "2025-12-31"),
    ("past 30 days", "2026-10-19", "2026-11-17"),
    ("last 3 months", "2026-08-01", "2026-10-31"),
    ("year to date", "2026-01-01", "2026-11-18"),
    ("ytd", "2026-01-01", "2026-11-18"),
    ("since March", "2026-03-01", None),
    ("in december", "2025-12-01", "2025-12-31"),
    ("in 2024", "2024-01-01", "2024-12-31"),
    ("in Q3", "2026-07-01", "2026-09-30"),
    ("in q4", "2026-10-01", "2026-12-31"),
    ("third quarter of 2025", "2025-07-01", "2025-09-30"),
    ("between 1 march and 15 april 2026", "2026-03-01", "2026-04-15"),
    ("from March to June 2026", "2026-03-01", "2026-06-30"),
    ("before 2020", None, "2019-12-31"),
    ("after June 5, 2026", "2026-06-06", None),
    ("on 2026-02-03", "2026-02-03", "2026-02-03"),
    ("in feb 2024", "2024-02-01", "2024-02-29"),
]


@pytest.mark.parametrize(("text", "start", "end"), WINDOWS)
def test_a_time_expression_is_a_window_of_days(
    text: str, start: str | None, end: str | None
) -> None:
    (found,) = times.find(words.tokens(text), TODAY)
    assert found.period is not None
    assert found.period.start == (date.fromisoformat(start) if start else None)
    assert found.period.end == (date.fromisoformat(end) if end else None)


CODES = [("000013", None), ("01067", None), ("0", 0), ("0.5", 0.5), ("13", 13), ("1,200", 1200)]


@pytest.mark.parametrize(("text", "number"), CODES)
def test_leading_zeros_make_a_name_of_digits(text: str, number: float | None) -> None:
    [token] = words.tokens(text)
    assert (token.text, token.number) == (text, number)


@pytest.mark.parametrize("text", ["salary over 2000", "who may order", "top 5 products", "no time"])
def test_other_numbers_and_words_are_no_time(text: str) -> None:
    assert times.find(words.tokens(text), TODAY) == []


@pytest.mark.parametrize(
    ("typed", "known", "same"),
    [("revenu", "revenue", True), ("contry", "country", True), ("custmoer", "customer", True),
     ("cat", "car", False), ("house", "mouse", False), ("price", "prize", True)],
)  # fmt: skip
def test_typing_errors_are_close_and_other_words_are_not(
    typed: str, known: str, same: bool
) -> None:
    assert words.resembles(typed, known) is same


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return local_data.sqlite_place(tmp_path_factory.mktemp("shop"), "shop", local_data.SHOP)


ASKED = [
    "top 10 products by revenue last quarter", "revenue by week", "orders by weekday",
    "revenue by quarter and region", "revenue month over month", "revenue this month vs last month",
    "share of revenue by channel", "how many customers have no orders", "conversion rate by device",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_a_plan_survives_being_stored(shop: Place, text: str) -> None:
    draft = shop.ask(text)
    assert isinstance(draft, Draft)
    assert draft.plan is not None
    plan = load(draft.plan)
    assert dump(plan) == draft.plan
    assert render.sql(plan, lexicon.of(shop.schema)) == draft.sql


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgres", "mysql"])
@pytest.mark.parametrize("text", ASKED)
def test_every_dialect_gets_one_query_that_parses(shop: Place, text: str, dialect: str) -> None:
    schema = DatabaseSchema(dialect, shop.schema.tables)
    outcome = LocalAnalyst().draft(Question(text, schema, TODAY), shop)
    assert isinstance(outcome, Draft)
    (tree,) = sqlglot.parse(outcome.sql, read=dialect)
    assert isinstance(tree, sqlglot.exp.Query)


def test_a_plan_of_somebody_else_is_refused() -> None:
    with pytest.raises(ValueError, match="not a stored plan"):
        load({"is": "Somebody"})


def test_fifty_tables_are_read_in_well_under_300_milliseconds_a_question(shop: Place) -> None:
    more = tuple(
        Table(
            f"ledger_{i}",
            tuple(SchemaColumn(f"field_{i}_{j}", "VARCHAR", samples=(f"x{j}",)) for j in range(20)),
        )
        for i in range(40)
    )
    schema = DatabaseSchema("sqlite", (*shop.schema.tables, *more))
    analyst = LocalAnalyst()
    analyst.draft(Question("how many orders", schema, TODAY), shop)
    spent = []
    for text in [*ASKED, "revenu by contry", "what is the wether in paris", "list all customers"]:
        began = time.perf_counter()
        analyst.draft(Question(text, schema, TODAY), shop)
        spent.append(time.perf_counter() - began)
    assert sorted(spent)[-2] < 0.3


PARCELS = Table(
    "parcels_2026",
    (
        SchemaColumn("parcel_no", "VARCHAR", samples=("0000010", "0000011"), distinct_count=320),
        SchemaColumn("sent_on", "DATE"),
        SchemaColumn("carrier", "VARCHAR", samples=("DHL", "UPS"), distinct_count=2),
        SchemaColumn("price", "DOUBLE"),
    ),
    row_count=320,
)
COUNTED = [
    ("parcels by carrier", "SELECT carrier, COUNT(*) AS parcels FROM parcels_2026 GROUP BY carrier "
     "ORDER BY parcels DESC"),
    ("number of parcels by carrier", "SELECT carrier, COUNT(*) AS parcels FROM parcels_2026 "
     "GROUP BY carrier ORDER BY parcels DESC"),
    ("number of parcels", "SELECT COUNT(*) AS parcels FROM parcels_2026"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), COUNTED, ids=[c[0] for c in COUNTED])
def test_what_a_number_tells_apart_is_counted_and_not_listed(text: str, sql: str) -> None:
    """A file called parcels 2026 with a parcel no holds parcels."""
    known = DatabaseSchema("duckdb", (PARCELS,))
    outcome = LocalAnalyst().draft(Question(text, known, TODAY), BareDesk(known))
    assert isinstance(outcome, Draft)
    assert " ".join(outcome.sql.split()) == sql
