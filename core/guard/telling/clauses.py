"""The clauses of a query one by one, each with what it does in plain words."""

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from core import formats
from core.guard.reading.walk import Walk, branches, operators, unwrapped
from core.guard.telling.phrases import Phrases, listed
from core.types import Reading, ToldClause

MOST_CLAUSES = 60
LONGEST_CLAUSE = 2_000
_DEEPEST = 6
_PUT_TOGETHER: Final = {
    "union": "The rows of both are put together; rows that are the same are shown once.",
    "union all": "The rows of both are put together.",
    "except": "Rows of the second are taken away from the first.",
    "except all": "Rows of the second are taken away from the first.",
    "intersect": "Only rows that are in both are kept.",
    "intersect all": "Only rows that are in both are kept.",
}
_UNMATCHED: Final = {
    "": "rows without a match are left out",
    "INNER": "rows without a match are left out",
    "LEFT": "rows without a match are kept",
    "RIGHT": "all rows of it are kept, rows before it only with a match",
    "FULL": "rows without a match are kept on both sides",
}


class Clauses:
    """Walks a query from its first clause to its last."""

    def __init__(self, walk: Walk, phrases: Phrases, reading: Reading, cap: int) -> None:
        self._walk, self._phrases = walk, phrases
        self._reading, self._cap = reading, cap

    def told(self) -> tuple[ToldClause, ...]:
        """All clauses in the order they are written; at most 60."""
        found: list[ToldClause] = []
        for clause in self._query(self._walk.main, 0):
            found.append(clause)
            if len(found) == MOST_CLAUSES:
                break
        return tuple(found)

    def _query(self, query: exp.Expr, depth: int) -> Iterator[ToldClause]:
        query = unwrapped(query)
        if depth > _DEEPEST:
            yield self._clause(query, "A query inside.", depth)
            return
        steps = query.args.get("with_")
        for step in steps.expressions if steps is not None else ():
            name = formats.shortened(step.alias, 80)
            yield ToldClause(f"WITH {name}", f"First, a step called “{name}”:", depth)
            yield from self._query(step.this, depth + 1)
        if isinstance(query, exp.SetOperation):
            yield from self._set(query, depth)
        elif isinstance(query, exp.Select):
            yield from self._select(query, depth)
        else:
            yield self._clause(query, "Rows that are written in the query.", depth)

    def _set(self, query: exp.SetOperation, depth: int) -> Iterator[ToldClause]:
        first, *others = reversed(branches(query))
        yield ToldClause("", f"{len(others) + 1} queries, one after the other. The first:", depth)
        yield from self._query(first, depth + 1)
        for part, word in zip(others, operators(query), strict=False):
            yield ToldClause(word.upper(), _PUT_TOGETHER.get(word, "Put together."), depth)
            yield from self._query(part, depth + 1)
        yield from self._ending(query, depth)

    def _select(self, select: exp.Select, depth: int) -> Iterator[ToldClause]:
        yield self._shown(select, depth)
        source = select.args.get("from_")
        if source is not None:
            yield from self._source("FROM", source.this, "Reads", depth)
        for join in select.args.get("joins") or ():
            yield from self._join(join, depth)
        where = select.args.get("where")
        if where is not None:
            yield self._clause(where, self._rows_where(where.this), depth)
        group = select.args.get("group")
        if group is not None:
            yield self._clause(group, self._grouped(select, group), depth)
        having = select.args.get("having")
        if having is not None:
            said = " and ".join(self._phrases.conditions(having.this))
            yield self._clause(having, f"Only groups of which {said}.", depth)
        qualify = select.args.get("qualify")
        if qualify is not None:
            yield self._clause(qualify, "Only rows that meet this, after all is computed.", depth)
        yield from self._ending(select, depth)

    def _shown(self, select: exp.Select, depth: int) -> ToldClause:
        parts = [self._projection(node) for node in select.expressions]
        distinct = select.args.get("distinct")
        once = " Rows that are the same are shown once." if distinct is not None else ""
        written = ", ".join(self._walk.sql(node) for node in select.expressions)
        word = "SELECT DISTINCT" if distinct is not None else "SELECT"
        return ToldClause(
            formats.shortened(f"{word} {written}", LONGEST_CLAUSE),
            f"Shows {listed(parts)}.{once}",
            depth,
        )

    def _projection(self, node: exp.Expr) -> str:
        said = self._phrases.value(node)
        if isinstance(node, exp.Alias) and node.alias.lower() != said.rpartition(".")[2].lower():
            return f"{said} as “{formats.shortened(node.alias, 60)}”"
        return said

    def _source(self, word: str, node: exp.Expr, says: str, depth: int) -> Iterator[ToldClause]:
        inside = unwrapped(node)
        if isinstance(inside, exp.Select | exp.SetOperation):
            yield ToldClause(f"{word} ( … )", f"{says} the result of a query of its own:", depth)
            yield from self._query(inside, depth + 1)
            return
        sql = formats.shortened(f"{word} {self._walk.sql(node)}", LONGEST_CLAUSE)
        yield ToldClause(sql, f"{says} {self._named(node)}.", depth)

    def _join(self, join: exp.Join, depth: int) -> Iterator[ToldClause]:
        inside = unwrapped(join.this)
        nested = isinstance(inside, exp.Select | exp.SetOperation)
        named = "the result of a query of its own" if nested else self._named(join.this)
        yield self._clause(join, self._joined(join, named), depth)
        if nested:
            yield from self._query(inside, depth + 1)

    def _joined(self, join: exp.Join, named: str) -> str:
        if join.kind in ("SEMI", "ANTI"):
            with_one = "with" if join.kind == "SEMI" else "without"
            return f"Only rows {with_one} a match in {named}."
        condition, using = join.args.get("on"), join.args.get("using")
        if condition is not None:
            how = f", where {' and '.join(self._phrases.conditions(condition))}"
        elif using:
            how = f", where {listed([formats.shortened(u.name, 60) for u in using])} is the same"
        elif join.method == "NATURAL":
            how = ", where all columns of the same name are the same"
        else:
            bound = isinstance(join.parent, exp.Select) and join.parent.args.get("where")
            each = (
                "the conditions say which rows" if bound and not join.kind else "each row with each"
            )
            return f"Together with {named}: {each}."
        unmatched = _UNMATCHED.get(join.side or "", "")
        return f"Together with {named}{how}" + (f"; {unmatched}." if unmatched else ".")

    def _named(self, node: exp.Expr) -> str:
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            return "rows that a function makes"
        return formats.shortened(f"{node.db}.{node.name}" if node.db else node.name, 80)

    def _rows_where(self, condition: exp.Expr) -> str:
        said = self._phrases.conditions(condition)
        return f"Only rows where {'; and '.join(said) if len(said) > 2 else ' and '.join(said)}."

    def _grouped(self, select: exp.Select, group: exp.Group) -> str:
        if any(group.args.get(key) for key in ("rollup", "cube", "grouping_sets")):
            return "One row for each group, and rows of totals."
        if group.args.get("all") or not group.expressions:
            return "One row for each group."
        said = [self._meant(select, e).removeprefix("the ") for e in group.expressions]
        return f"One row for each {listed(said)}."

    def _ending(self, query: exp.Expr, depth: int) -> Iterator[ToldClause]:
        order = query.args.get("order")
        if order is not None:
            parts = [self._ordered(query, node) for node in order.expressions]
            yield self._clause(order, f"In the order of {listed(parts)}.", depth)
        limit, offset = query.args.get("limit"), query.args.get("offset")
        if limit is not None and query is self._walk.main and self._reading.limit is None:
            words = f"At most {self._cap:,} rows: the most that one answer reads."
            yield ToldClause("", words, depth)
        elif limit is not None:
            yield self._clause(limit, _at_most(limit), depth)
        if offset is not None:
            yield self._clause(offset, "Rows at the beginning are skipped.", depth)

    def _ordered(self, query: exp.Expr, node: exp.Expr) -> str:
        said = self._meant(query, node.this)
        down = bool(node.args.get("desc"))
        return f"{said}, the {'highest or latest' if down else 'lowest or earliest'} first"

    def _meant(self, query: exp.Expr, node: exp.Expr) -> str:
        """A group or an order: a number stands for a column that is shown."""
        while isinstance(query, exp.SetOperation | exp.Subquery):
            query = query.this
        if isinstance(node, exp.Literal) and node.name.isdigit():
            at = int(node.name) - 1
            if 0 <= at < len(query.expressions):
                node = query.expressions[at]
                return node.alias or self._phrases.value(node)
        return self._phrases.value(node)

    def _clause(self, node: exp.Expr, words: str, depth: int) -> ToldClause:
        return ToldClause(
            formats.shortened(self._walk.sql(node), LONGEST_CLAUSE),
            formats.shortened(words, LONGEST_CLAUSE),
            depth,
        )


def _at_most(limit: exp.Expr) -> str:
    count = limit.args.get("count") or limit.args.get("expression")
    if isinstance(count, exp.Literal) and count.name.isdigit():
        rows = int(count.name)
        return f"At most {rows:,} {'row' if rows == 1 else 'rows'}."
    return "Only so many rows."
