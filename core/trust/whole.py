"""The whole of a result that was cut: one aggregate query over the query that gave it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from core.types import QueryResult

_FIGURES = ("filled", "total", "smallest", "largest")


@dataclass(frozen=True)
class WholeColumn:
    """Figures of one column over all rows of the query."""

    nulls: int
    total: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None


@dataclass(frozen=True)
class Whole:
    """All rows of a query, told by the database."""

    rows: int
    columns: dict[str, WholeColumn] = field(default_factory=dict)


def aggregate_sql(sql: str, columns: Sequence[str], dialect: str) -> str | None:
    """A query for rows, sums, extremes and filled values of columns over a query's whole result.

    None where that cannot be asked: text that does not parse, or output columns whose names are
    not there or there twice. It is a text like any other: `query.run` checks it again.
    """
    try:
        inner = sqlglot.parse_one(sql, dialect=dialect)
    except SqlglotError:
        return None
    if not isinstance(inner, exp.Query) or not _named_apart(inner, columns):
        return None
    if not inner.args.get("limit") and not inner.args.get("offset"):
        inner.set("order", None)
    asked: list[exp.Expr] = [exp.Count(this=exp.Star()).as_("row_count")]
    for index, name in enumerate(columns):
        of = exp.column(name, quoted=True)
        made = (exp.Count(this=of), exp.Sum(this=of), exp.Min(this=of), exp.Max(this=of))
        asked += [
            one.copy().as_(f"{figure}_{index}") for figure, one in zip(_FIGURES, made, strict=True)
        ]
    return exp.select(*asked).from_(inner.subquery("whole_result")).sql(dialect=dialect)


def from_result(result: QueryResult, columns: Sequence[str]) -> Whole | None:
    """The answer of `aggregate_sql` as figures, or None when it is none."""
    if result.row_count != 1 or len(result.columns) != 1 + len(_FIGURES) * len(columns):
        return None
    row = [column[0].as_py() for column in result.table.columns]
    rows = int(row[0] or 0)
    found: dict[str, WholeColumn] = {}
    for index, name in enumerate(columns):
        at = 1 + index * len(_FIGURES)
        filled, total, smallest, largest = (_number(v) for v in row[at : at + len(_FIGURES)])
        known = int(filled or 0)
        if known and (smallest is None or largest is None):
            # SQLite takes a name that it does not know for a text.
            return None
        mean = total / known if total is not None and known else None
        found[name] = WholeColumn(rows - known, total, smallest, largest, mean)
    return Whole(rows, found)


def _named_apart(query: exp.Query, columns: Sequence[str]) -> bool:
    names = [name.lower() for name in query.named_selects]
    if "*" in names:
        return True
    return len(names) == len(set(names)) and {c.lower() for c in columns} <= set(names)


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number + 0.0 if math.isfinite(number) else None
