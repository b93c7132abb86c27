"""Where a figure of an answer comes from, in words for a person who points at it."""

import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from core import columns, formats
from core.types import Fact, Provenance, QueryResult, Source, Span

LONGEST_NAME = 120
LARGEST_SHARE = 1e9
# What a float surely holds; the digits beyond are noise of adding up.
DIGITS = 15
_NUMBER = re.compile(r"^[^\w.]*(?P<digits>\d[\d,]*(?:\.\d+)?)\s*\W*$")
_FRACTIONS = ("share", "change")


def provenance(
    span: Span,
    *,
    rows: int,
    preview: QueryResult | None = None,
    facts: Sequence[Fact] = (),
    truncated: bool = False,
) -> Provenance | None:
    """What a proven figure of a text is, its exact value as far as it is kept, and its place.

    `preview` are the first of the answer's `rows`, `truncated` says that the database had more.
    None for a figure without a source. Never raises, whatever the names and values hold.
    """
    source = span.source
    if source is None:
        return None
    fact = _fact(source, facts)
    exact = _exact_fact(fact) if fact else _exact_cell(span, source, preview)
    return Provenance(
        what=formats.shortened(formats.heading(source.name), LONGEST_NAME),
        where=_where(source, fact, rows, truncated=truncated),
        exact=exact,
        rounded=_differs(span.text, exact),
    )


def _fact(source: Source, facts: Sequence[Fact]) -> Fact | None:
    if source.kind != "fact":
        return None
    return next(
        (
            fact
            for fact in facts
            if (fact.name, fact.column, fact.row) == (source.name, source.column, source.row)
        ),
        None,
    )


def _where(  # noqa: PLR0911 - one line per kind of source
    source: Source, fact: Fact | None, rows: int, *, truncated: bool
) -> str:
    match source.kind:
        case "cell" if source.row is not None and source.column:
            column = formats.shortened(source.column, LONGEST_NAME)
            of = f"{rows:,}{'+' if truncated else ''}"
            return f"Row {source.row + 1:,} of {of}, column “{column}”"
        case "cell":
            return "A value of the result"
        case "fact" if fact is not None and fact.kind == "rows":
            return "Counted over the result"
        case "fact" if fact is not None and fact.partial:
            return "Computed over the rows at hand"
        case "fact":
            return "Computed over the whole result" if rows != 1 else "Computed from the result"
        case "filter":
            return "From what the query asks for"
        case "calendar":
            return "From the calendar"
        case "words":
            return "From the words of the question or of the data"


def _exact_fact(fact: Fact) -> str:
    if fact.value is None:
        return ""
    if fact.kind in _FRACTIONS or fact.name.startswith("share "):
        if not math.isfinite(fact.value) or abs(fact.value) > LARGEST_SHARE:
            return ""
        percent = f"{Decimal(repr(fact.value)) * 100:,.4f}"
        return percent.rstrip("0").rstrip(".") + "%"
    return "" if fact.kind == "points" else _written(fact.value)


def _exact_cell(span: Span, source: Source, preview: QueryResult | None) -> str:
    """The value of the cell to the last digit, where its row is kept and its column the only one
    of its name."""
    if source.kind != "cell" or span.kind == "date" or preview is None or source.row is None:
        return ""
    if not 0 <= source.row < preview.row_count or preview.columns.count(source.column) != 1:
        return ""
    cell = preview.table.column(preview.columns.index(source.column)).slice(source.row, 1)
    return _written(columns.plain(cell)[0])


def _written(value: Any) -> str:
    """A number with all of its digits; "" for anything else."""
    match value:
        case bool() | None:
            return ""
        case float():
            if not math.isfinite(value):
                return ""
            short = f"{value + 0.0:.{DIGITS}g}"
            return short if "e" in short else f"{Decimal(short):,f}"
        case int():
            return f"{value:,}"
        case Decimal() if value.is_finite():
            return f"{value + 0:,f}"
        case _:
            return ""


def _differs(text: str, exact: str) -> bool:
    """Whether a text says a number with fewer digits than it has."""
    said, kept = _number(text), _number(exact)
    if said is None or kept is None:
        return False
    return said != kept and not (text.rstrip().endswith("%") and said == kept * 100)


def _number(text: str) -> Decimal | None:
    found = _NUMBER.match(text)
    if found is None:
        return None
    try:
        return Decimal(found["digits"].replace(",", ""))
    except InvalidOperation:
        return None
