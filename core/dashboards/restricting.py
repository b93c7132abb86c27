"""What filters and clicks ask of a tile, bound to its query as parameters where it has the column.

The condition stands in the WHERE of every part of the query that reads the table, so that joins,
steps and sub-queries see the same rows. The guard checks what comes out like any other query.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from core.chips import opened
from core.dashboards.views import FilterKind, Value
from core.guard import rewriting
from core.types import DatabaseSchema, SchemaColumn

_MARK: Final = "dm_value_"
_MARKED: Final = re.compile(r"\bdm_value_(\d+)\b")
_NUMBERS: Final = ("INT", "DEC", "NUM", "FLOAT", "DOUBLE", "REAL", "MONEY", "SERIAL")
_TEXTS: Final = ("CHAR", "TEXT", "STRING", "CLOB")


@dataclass(frozen=True)
class Restriction:
    """An answer to a filter: which rows of the columns ("table.column") are to be read.

    `values` are those of a list, (first, last) days of a date with both included, (least, most)
    of a number, or what a text contains. None is an open end.
    """

    name: str
    kind: FilterKind
    columns: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Restricted:
    """A query with its restrictions, their values, and the names of those that it heeds."""

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)
    heeded: tuple[str, ...] = ()


def restricted(sql: str, schema: DatabaseSchema, restrictions: Sequence[Restriction]) -> Restricted:
    """The query with every restriction whose column it reads.

    One that cannot be written in with certainty is left out whole, and not among the heeded.
    """
    dialect = schema.guarded_as
    root = rewriting.tree(sql, dialect) if restrictions and _MARK not in sql.lower() else None
    if root is None:
        return Restricted(sql)
    params: dict[str, Any] = {}
    heeded = []
    try:
        for one in restrictions:
            for select, column, known in _places(root, schema, one.columns):
                condition = _condition(one, column, known, params)
                if condition is not None:
                    select.where(condition, copy=False)
                    heeded.append(one.name)
        text = rewriting.written(root, dialect) if heeded else None
    except (SqlglotError, ValueError):
        return Restricted(sql)
    if text is None:
        return Restricted(sql)
    return Restricted(_MARKED.sub(rf":{_MARK}\1", text), params, tuple(dict.fromkeys(heeded)))


def told(one: Restriction) -> str:
    """A restriction in words: "Only country: Germany, Austria"."""
    names = ", ".join(column.rpartition(".")[2].replace("_", " ") for column in one.columns)
    given = [value for value in one.values if value]
    between = " to " if one.kind in ("date", "number") and len(one.values) > 1 else ", "
    return f"Only {names}: {between.join(given)}"


def reads(sql: str, schema: DatabaseSchema) -> tuple[str, ...]:
    """The tables whose columns can restrict the query, as the schema names them."""
    root = rewriting.tree(sql, schema.guarded_as)
    if root is None:
        return ()
    return tuple(dict.fromkeys(table for _, table, _ in _sources(root, schema)))


def _places(
    root: exp.Expr, schema: DatabaseSchema, columns: Iterable[str]
) -> list[tuple[exp.Select, exp.Column, SchemaColumn]]:
    """Each SELECT that reads a table with one of the columns, and how the column is named there."""
    wanted = {column.rpartition(".")[0]: column.rpartition(".")[2] for column in columns}
    found = []
    for select, table, call in _sources(root, schema):
        held = schema.table(table)
        known = held.column(wanted[table]) if held is not None and table in wanted else None
        if known is not None:
            named = exp.Column(this=opened.identifier(known.name), table=call.copy())
            found.append((select, named, known))
    return found


def _sources(
    root: exp.Expr, schema: DatabaseSchema
) -> Iterator[tuple[exp.Select, str, exp.Identifier]]:
    """Each real table that a SELECT reads from: the SELECT, the table, and what it calls it."""
    for scope in traverse_scope(root):
        if not isinstance(scope.expression, exp.Select):
            continue
        for _, (_, source) in scope.selected_sources.items():
            if isinstance(source, Scope) or not isinstance(source.this, exp.Identifier):
                continue
            held = schema.table(f"{source.db}.{source.name}") if source.db else None
            held = held or schema.table(source.name)
            if held is None or (source.db and source.db != schema.schema and "." not in held.name):
                continue
            alias = source.args.get("alias")
            yield scope.expression, held.name, (alias.this if alias is not None else source.this)


def _condition(
    one: Restriction, column: exp.Column, known: SchemaColumn, params: dict[str, Any]
) -> exp.Expr | None:
    """The condition over the column, with its values put into `params`; None for no values."""

    def bound(value: Any) -> exp.Expr:
        name = f"{_MARK}{len(params)}"
        params[name] = value
        return exp.column(name)

    if one.kind == "date":
        return _within_days(one.values, column, known, bound)
    if one.kind == "number":
        low, high = (*map(_number, one.values), None, None)[:2]
        ends: list[exp.Expr] = []
        if low is not None:
            ends.append(exp.GTE(this=column, expression=bound(low)))
        if high is not None:
            ends.append(exp.LTE(this=column.copy(), expression=bound(high)))
        return exp.and_(*ends) if ends else None
    given = [value for value in one.values if value is not None and value != ""]
    if not given:
        return None
    if one.kind == "text":
        pattern = "%" + re.sub(r"([!%_])", r"!\1", given[0].lower()) + "%"
        like = exp.Like(this=exp.Lower(this=column), expression=bound(pattern))
        return exp.Escape(this=like, expression=exp.Literal.string("!"))
    values = [bound(_typed(value, known)) for value in given]
    return exp.In(this=column, expressions=values)


def _within_days(
    values: Sequence[Value], column: exp.Column, known: SchemaColumn, bound: Any
) -> exp.Expr | None:
    """From the first day to the end of the last, whether the column holds days or moments."""
    first, last = (*map(_day, values), None, None)[:2]
    as_text = any(kind in known.data_type.upper() for kind in _TEXTS)
    ends: list[exp.Expr] = []
    if first is not None:
        value = first.isoformat() if as_text else first
        ends.append(exp.GTE(this=column, expression=bound(value)))
    if last is not None:
        after = last + timedelta(days=1)
        value = after.isoformat() if as_text else after
        ends.append(exp.LT(this=column.copy(), expression=bound(value)))
    return exp.and_(*ends) if ends else None


def _typed(value: str, known: SchemaColumn) -> Any:
    """A value of a list as its column holds it."""
    kind = known.data_type.upper()
    if kind.startswith("BOOL"):
        return value.lower() in ("true", "1", "yes")
    if any(word in kind for word in _NUMBERS) and "INTERVAL" not in kind:
        number = _number(value)
        return value if number is None else number
    day = _day(value) if kind.startswith("DATE") and "TIME" not in kind else None
    return value if day is None else day


def _number(value: Value) -> int | Decimal | None:
    try:
        number = Decimal(value) if value else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else number


def _day(value: Value) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
