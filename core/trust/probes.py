"""What is asked of the data to know how sure an answer is: few, small questions, none twice."""

import difflib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlglot import exp

from core.errors import DataMindError, QueryCancelled
from core.types import DatabaseSchema, QueryResult, SchemaColumn, Table

MOST_PROBES = 12
MOST_VALUES = 20
MOST_NEAR = 5
MOST_DISTINCT = 2_000

Run = Callable[[str], QueryResult]


class Probes:
    """Questions about a connection's data over a callable that checks and runs SQL.

    Every answer is None where it cannot be had: no such column, a query that failed or took too
    long, or more questions than one answer may cost. Raises QueryCancelled alone.
    """

    def __init__(self, run: Run, schema: DatabaseSchema, most: int = MOST_PROBES) -> None:
        self._run, self._schema, self._left = run, schema, most
        self._known: dict[str, QueryResult | None] = {}

    def existing(self, column: str, values: Sequence[str]) -> frozenset[str] | None:
        """Those of up to 20 texts that the column holds, spelled just so."""
        found = self._find(column)
        if found is None or len(values) > MOST_VALUES:
            return None
        table, named = found
        sampled = frozenset(v for v in values if v in named.samples)
        if len(sampled) == len(set(values)):
            return sampled
        of = _column(named)
        literals = [exp.Literal.string(v) for v in values]
        query = _from(table, self._schema, of).distinct().where(of.copy().isin(*literals))
        result = self._ask(query.limit(MOST_VALUES * 4))
        if result is None:
            return None
        held = {str(v) for v in result.table.column(0).to_pylist() if v is not None}
        folded = {v.casefold() for v in held}
        return frozenset(v for v in values if v in held or v.casefold() in folded)

    def near(self, column: str, value: str) -> tuple[str, ...]:
        """Up to five values of the column that are like a text; the first ones, if none is."""
        found = self._find(column)
        if found is None:
            return ()
        table, named = found
        of = _column(named)
        query = _from(table, self._schema, of).distinct()
        result = self._ask(query.where(of.copy().is_(exp.Null()).not_()).limit(MOST_DISTINCT))
        held = [str(v) for v in result.table.column(0).to_pylist()] if result else [*named.samples]
        by_fold = {v.casefold(): v for v in held}
        wanted = value.casefold().strip("%")
        close = difflib.get_close_matches(wanted, list(by_fold), n=MOST_NEAR, cutoff=0.6)
        inside = [v for v in by_fold if wanted and wanted in v and v not in close]
        picked = [*close, *sorted(inside, key=len)][:MOST_NEAR]
        if not picked and len(held) <= MOST_NEAR * 2:
            return tuple(sorted(held)[:MOST_NEAR])
        return tuple(by_fold[v] for v in picked)

    def days(self, column: str) -> tuple[date, date] | None:
        """The first and the last day that a column of dates holds."""
        found = self._find(column)
        if found is None:
            return None
        table, named = found
        of = _column(named)
        query = _from(table, self._schema, exp.Min(this=of), exp.Max(this=of.copy()))
        result = self._ask(query)
        if result is None or result.row_count != 1:
            return None
        first, last = (_day(c[0].as_py()) for c in result.table.columns[:2])
        return (first, last) if first and last else None

    def unique(self, table: str, columns: Sequence[str]) -> bool | None:
        """Whether no two rows of a table share the values of these columns."""
        held = self._schema.table(table)
        named = [held.column(c) for c in columns] if held else []
        if held is None or not named or any(c is None for c in named):
            return None
        names = {c.name.lower() for c in named if c}
        keys = {c.name.lower() for c in held.columns if c.primary_key}
        if (keys and keys <= names) or any(self._referenced(held, n) for n in names):
            return True
        parts = [_column(c) for c in named if c]
        twice = (
            _from(held, self._schema, *parts)
            .where(*(p.copy().is_(exp.Null()).not_() for p in parts))
            .group_by(*(p.copy() for p in parts))
            .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
            .limit(1)
        )
        result = self._ask(twice)
        return None if result is None else result.row_count == 0

    def _referenced(self, table: Table, column: str) -> bool:
        wanted = f"{table.name}.{column}".lower()
        return any(
            (c.references or "").lower() == wanted for t in self._schema.tables for c in t.columns
        )

    def _ask(self, query: exp.Select) -> QueryResult | None:
        return self.ask(query.sql(dialect=self._schema.dialect))

    def _find(self, column: str) -> tuple[Table, SchemaColumn] | None:
        table, _, name = column.rpartition(".")
        held = self._schema.table(table)
        named = held.column(name) if held else None
        return (held, named) if held and named else None

    def ask(self, sql: str) -> QueryResult | None:
        """The answer to any query, within what one answer may cost."""
        if sql in self._known:
            return self._known[sql]
        if self._left <= 0:
            return None
        self._left -= 1
        try:
            self._known[sql] = self._run(sql)
        except QueryCancelled:
            raise
        except DataMindError:
            self._known[sql] = None
        return self._known[sql]


def _column(named: SchemaColumn) -> exp.Column:
    return exp.column(named.name, quoted=True)


def _from(table: Table, schema: DatabaseSchema, *outputs: exp.Expr) -> exp.Select:
    place, _, name = table.name.rpartition(".")
    source = exp.table_(name, db=place or None, quoted=True)
    aliased = [
        output if isinstance(output, exp.Column) else output.as_(f"figure_{index}")
        for index, output in enumerate(outputs)
    ]
    return exp.select(*aliased).from_(source)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
