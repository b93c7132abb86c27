"""Which real columns a value comes from, through steps, sub-selects, unions, aliases, stars."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sqlglot import exp

from core.guard.reading import grains, resolving, sources
from core.guard.reading.functions import aggregate_name, window_name
from core.guard.reading.naming import Names
from core.guard.reading.origin import Field, Origin, Source, merged, together
from core.guard.reading.walk import branches, unwrapped

_MAX_PASSES: Final = 4
_MAX_DEPTH: Final = 60
_NESTED: Final = (exp.Select, exp.SetOperation, exp.Subquery, exp.Exists)
_HARMLESS: Final = (exp.Cast, exp.TryCast, exp.CurrentDate, exp.CurrentTimestamp, exp.And, exp.Or)


class Lineage:
    """Answers for one query; everything is worked out once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._fields: dict[int, tuple[Field, ...]] = {}
        self._sources: dict[int, tuple[Source, ...]] = {}
        self._origins: dict[int, Origin] = {}
        self._begun: dict[int, tuple[Field, ...] | None] = {}
        self._depth = 0
        self._went_round = False

    def fields(self, query: exp.Expr) -> tuple[Field, ...]:
        """The columns that a query gives, in order; a star that cannot be read stays one."""
        query = unwrapped(query)
        known = self._fields.get(id(query))
        if known is None:
            self._depth += 1
            known = self._worked_out(query) if self._depth < _MAX_DEPTH else _UNKNOWN
            self._depth -= 1
            self._fields[id(query)] = known
        return known

    def sources(self, select: exp.Select) -> tuple[Source, ...]:
        """The sources of one SELECT."""
        known = self._sources.get(id(select))
        if known is None:
            known = self._sources[id(select)] = ()
            for source in sources.of_select(select, self):
                # What comes after it (a series, LATERAL) may look back at it.
                known = self._sources[id(select)] = (*known, source)
        return known

    def source_of_step(self, step: exp.CTE, alias: str, key: int) -> Source:
        """A WITH step as a source under a name."""
        return sources.given(alias, key, self._step(step))

    def of(self, node: exp.Expr) -> Origin:
        """Where the value of an expression comes from."""
        known = self._origins.get(id(node))
        if known is None:
            known = self._origins[id(node)] = self._of(node)
        return known

    def _of(self, node: exp.Expr) -> Origin:
        while isinstance(node, exp.Alias | exp.Paren):
            node = node.this
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            return resolving.column(node, self)
        if isinstance(node, exp.Subquery | exp.Select | exp.SetOperation):
            return _row(self.fields(node))
        parts = [self.of(part) for part in mentioned(node)]
        told = together(parts)
        window = window_name(node)
        if window:
            return replace(told, kind="window", functions=(window,), grain=None)
        name = aggregate_name(node, self.names.dialect)
        if name:
            return replace(told, kind="aggregate", functions=(name,), grain=None)
        own = tuple(dict.fromkeys(_aggregates(node, self.names.dialect)))
        functions = own or told.functions
        fixed = not parts and not functions and not _calls(node)
        cut = grains.Cut() if own else grains.of(node, self)
        return replace(
            told,
            kind="constant" if fixed else "expression",
            functions=functions,
            grain=cut.grain,
            width=cut.width,
            direct=cut.direct,
        )

    def _worked_out(self, query: exp.Expr) -> tuple[Field, ...]:
        if isinstance(query, exp.Select):
            return tuple(self._projections(query))
        if isinstance(query, exp.SetOperation):
            return self._put_together(query)
        if isinstance(query, exp.Values):
            return self._rows(query)
        return _UNKNOWN

    def _projections(self, select: exp.Select) -> Iterator[Field]:
        for projection in select.expressions:
            star = projection.this if isinstance(projection, exp.Column) else projection
            if isinstance(star, exp.Star):
                table = projection.table if projection is not star else ""
                yield from resolving.starred(select, star, table, self)
            elif isinstance(projection, exp.Aliases):
                origin = self.of(projection.this)
                yield from (Field(name.name, origin) for name in projection.expressions)
            elif isinstance(projection, exp.Dot) and isinstance(projection.expression, exp.Star):
                yield Field("*", Origin("star", unresolved=("*",)))
            else:
                yield Field(_name(projection), self.of(projection))

    def _put_together(self, query: exp.SetOperation) -> tuple[Field, ...]:
        leaves = list(reversed(branches(query)))
        first = self.fields(leaves[0])
        step = query.parent
        if isinstance(step, exp.CTE) and id(step) in self._begun and not self._begun[id(step)]:
            self._begun[id(step)] = self._named(step, first)
        lists = [first, *(self.fields(leaf) for leaf in leaves[1:])]
        if query.args.get("by_name"):
            return _by_name(lists)
        if any(field.name == "*" for fields in lists for field in fields):
            return first
        kept = lists[:1] if isinstance(query, exp.Except) else lists
        return tuple(
            Field(field.name, merged(f[i].origin for f in kept if i < len(f)))
            for i, field in enumerate(first)
        )

    def _rows(self, values: exp.Values) -> tuple[Field, ...]:
        rows = [row.expressions for row in values.expressions if isinstance(row, exp.Tuple)]
        first, start = {"duckdb": ("col", 0), "mysql": ("column_", 0), "mariadb": ("", 0)}.get(
            self.names.dialect, ("column", 1)
        )
        return tuple(
            Field(
                f"{first}{index + start}" if first else "",
                merged(self.of(row[index]) for row in rows if index < len(row)),
            )
            for index in range(len(rows[0]) if rows else 1)
        )

    def _step(self, step: exp.CTE) -> tuple[Field, ...]:
        if id(step) in self._begun:
            self._went_round = True
            return self._begun[id(step)] or _UNKNOWN
        if id(step) in self._fields:
            return self._fields[id(step)]
        self._begun[id(step)] = None
        fields = self._named(step, self.fields(step.this))
        for _ in range(_MAX_PASSES):
            if not self._went_round or fields == self._begun[id(step)]:
                break
            self._begun[id(step)] = fields
            self._forget(step)
            fields = self._named(step, self.fields(step.this))
        self._went_round = False
        del self._begun[id(step)]
        self._fields[id(step)] = fields
        return fields

    def _forget(self, step: exp.CTE) -> None:
        for node in step.this.walk():
            for known in (self._fields, self._sources, self._origins):
                known.pop(id(node), None)

    def _named(self, step: exp.CTE, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        alias = step.args["alias"]
        named = [column.name for column in alias.args.get("columns") or ()]
        if not named or any(field.name == "*" for field in fields):
            return (
                tuple(Field(name, Origin(unresolved=(f"{step.alias}.{name}",))) for name in named)
                or fields
            )
        renamed = [Field(name, field.origin) for name, field in zip(named, fields, strict=False)]
        return (*renamed, *fields[len(renamed) :])


_UNKNOWN: Final = (Field("*", Origin("star", unresolved=("*",))),)


def mentioned(node: exp.Expr) -> list[exp.Expr]:
    """The columns and sub-selects that an expression mentions itself, in order."""
    found: list[exp.Expr] = []
    stack = [node]
    bound: set[str] = set()
    while stack:
        inner = stack.pop()
        if isinstance(inner, exp.Column):
            if not isinstance(inner.this, exp.Star) and inner.name.lower() not in bound:
                found.append(inner)
            continue
        if isinstance(inner, exp.Exists):
            continue
        if isinstance(inner, _NESTED) and inner is not node:
            found.append(inner)
            continue
        if isinstance(inner, exp.Lambda):
            bound |= {name.name.lower() for name in inner.expressions}
        if isinstance(inner, exp.Window) and inner.args.get("alias"):
            stack += named_window(inner)
        stack += reversed(list(inner.iter_expressions()))
    return found


def named_window(use: exp.Window) -> list[exp.Expr]:
    """The definitions (WINDOW w AS …) that a function's OVER w goes by."""
    select = use.find_ancestor(exp.Select)
    wanted = use.args["alias"].name.lower()
    windows = select.args.get("windows") or () if select else ()
    return [w for w in windows if w.this.name.lower() == wanted and w is not use]


def _aggregates(node: exp.Expr, dialect: str) -> Iterator[str]:
    stack = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, _NESTED) and inner is not node:
            continue
        name = window_name(inner) or aggregate_name(inner, dialect)
        if name:
            yield name
        else:
            stack += reversed(list(inner.iter_expressions()))


def _name(projection: exp.Expr) -> str:
    """The name that the query itself gives; engines make up those of expressions."""
    named = isinstance(projection, exp.Alias | exp.Column)
    return str(projection.alias_or_name) if named else ""


def _calls(node: exp.Expr) -> bool:
    return any(
        isinstance(inner, exp.Func | exp.Anonymous | exp.Exists)
        and not isinstance(inner, _HARMLESS)
        for inner in node.walk()
    )


def _row(fields: Sequence[Field]) -> Origin:
    """The value of a sub-select: its one column."""
    if len(fields) == 1 and fields[0].name != "*":
        return fields[0].origin
    return together(field.origin for field in fields)


def _by_name(lists: Sequence[Sequence[Field]]) -> tuple[Field, ...]:
    found: dict[str, list[Field]] = {}
    for fields in lists:
        for field in fields:
            found.setdefault(field.name.lower(), []).append(field)
    return tuple(
        Field(same[0].name, merged(f.origin for f in same), same[0].star) for same in found.values()
    )
