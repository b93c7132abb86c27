"""What a figure says of itself when it is pointed at."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from core import trust
from core.types import Fact, Grade, Provenance, QueryResult, Reason, Source, Span

HOSTILE = "<img src=x onerror=alert(1)>\u202e`$x$`"


def cells(**columns: list[object]) -> QueryResult:
    return QueryResult(pa.table(columns))


def told(text: str, source: Source, kind: str = "number", **given: object) -> Provenance:
    found = trust.provenance(Span(0, len(text), text, kind, source), **{"rows": 10, **given})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "value", "exact", "rounded"),
    [
        ("1,234.5", 1234.5, "1,234.5", False),
        ("1,235", 1234.5, "1,234.5", True),
        ("€1,235", 1234.5, "1,234.5", True),
        ("1.2k", 1234.5, "1,234.5", False),
        ("12", 12, "12", False),
        ("-3", -3, "-3", False),
        ("0", -0.0, "0", False),
        ("1e308", 1e308, "1e+308", False),
        ("0.3", 0.1 + 0.2, "0.3", False),
        ("43%", 0.43, "0.43", False),
        ("43%", 0.432, "0.432", True),
        ("10.10", Decimal("10.10"), "10.10", False),
        ("9,007,199,254,740,993", 2**53 + 1, "9,007,199,254,740,993", False),
        ("yes", True, "", False),
        ("North", "North", "", False),
        ("5", None, "", False),
        ("5", float("nan"), "", False),
        ("5", float("inf"), "", False),
        ("5", Decimal("NaN"), "", False),
    ],
)
def test_the_exact_value_of_a_cell(text: str, value: object, exact: str, rounded: bool) -> None:
    cell = Source("cell", "revenue, North", "revenue", 0)
    if isinstance(value, Decimal) and value.is_nan():
        preview = cells(revenue=[None])
    else:
        preview = cells(revenue=[value])
    found = told(text, cell, preview=preview)
    assert (found.exact, found.rounded) == (exact, rounded)
    assert found.what == "Revenue, North"
    assert found.where == "Row 1 of 10, column “revenue”"


def test_a_row_that_is_not_kept_has_its_place_only() -> None:
    cell = Source("cell", "revenue, North", "revenue", 512)
    found = told("5", cell, preview=cells(revenue=[1]), rows=10_000, truncated=True)
    assert found == Provenance("Revenue, North", "Row 513 of 10,000+, column “revenue”")


def test_of_two_columns_of_one_name_no_value_is_told() -> None:
    table = pa.table([pa.array([1]), pa.array([2])], names=["n", "n"])
    found = told("2", Source("cell", "n", "n", 0), preview=QueryResult(table))
    assert found.exact == ""


def test_a_date_has_a_place_and_no_digits() -> None:
    preview = cells(month=[date(1969, 10, 1)])
    found = told("Oct 1969", Source("cell", "month", "month", 0), kind="date", preview=preview)
    assert (found.exact, found.where) == ("", "Row 1 of 10, column “month”")


FACTS = (
    Fact("rows", "rows", "10", 10.0),
    Fact("total", "total of revenue", "2,499,962.35", 2499962.3500000006, "revenue"),
    Fact("share", "share of revenue", "18.3%", 0.18342, "revenue", 0),
    Fact("share", "share of revenue", "10%", 0.1, "revenue", 1),
    Fact("change", "change of revenue, Q3", "-3.3%", -0.0333333333, "revenue"),
    Fact("total", "total of rate", "5", 5.0, "rate", partial=True),
    Fact("points", "points of rate", "2 pp", 2.0, "rate"),
    Fact("share", "share of huge", "∞", float("inf"), "huge"),
)


@pytest.mark.parametrize(
    ("text", "name", "column", "row", "exact", "rounded", "where"),
    [
        ("10", "rows", "", None, "10", False, "Counted over the result"),
        ("2.5 million", "total of revenue", "revenue", None, "2,499,962.35", False,
         "Computed over the whole result"),
        ("2,499,962", "total of revenue", "revenue", None, "2,499,962.35", True,
         "Computed over the whole result"),
        ("18", "share of revenue", "revenue", 0, "18.342%", True,
         "Computed over the whole result"),
        ("10%", "share of revenue", "revenue", 1, "10%", False, "Computed over the whole result"),
        ("3.3%", "change of revenue, Q3", "revenue", None, "-3.3333%", True,
         "Computed over the whole result"),
        ("5", "total of rate", "rate", None, "5", False, "Computed over the rows at hand"),
        ("2", "points of rate", "rate", None, "", False, "Computed over the whole result"),
        ("5", "share of huge", "huge", None, "", False, "Computed over the whole result"),
        ("5", "total of revenue, A and B", "revenue", None, "", False,
         "Computed over the whole result"),
    ],
)  # fmt: skip
def test_facts(
    text: str, name: str, column: str, row: int | None, exact: str, rounded: bool, where: str
) -> None:
    found = told(text, Source("fact", name, column, row), facts=FACTS)
    assert (found.exact, found.rounded, found.where) == (exact, rounded, where)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (Source("filter", "limit of 10 rows"), "From what the query asks for"),
        (Source("calendar", "today"), "From the calendar"),
        (Source("words", "the question"), "From the words of the question or of the data"),
        (Source("cell", "a value of the result"), "A value of the result"),
    ],
)
def test_other_sources(source: Source, where: str) -> None:
    assert told("10", source).where == where


def test_hostile_names_stay_one_short_line_of_text() -> None:
    found = told("1", Source("cell", HOSTILE * 40 + "\n\n", HOSTILE, 0))
    assert len(found.what) <= 120
    assert "\n" not in found.what
    assert HOSTILE in found.where


def test_without_a_source_there_is_nothing_to_tell() -> None:
    assert trust.provenance(Span(0, 1, "5", "number"), rows=1) is None


def test_a_grade_in_words_names_what_is_open_the_worst_first() -> None:
    reasons = (Reason("A is met."), Reason("B is open.", None), Reason("C is broken.", False))
    assert trust.in_words(Grade("guess", reasons)).endswith("C is broken. B is open.")
    assert trust.in_words(Grade("checked", reasons[:1])) == (
        "Checked: Every rule was checked and is met."
    )
