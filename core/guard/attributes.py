"""PostgreSQL calls the function `name` for `x.name` where x has no column of that name.

So a name behind a dot must be a column that its source surely has, or a function on the list.
Where columns are not known (a check without a policy), names of plain tables are taken on trust.
"""

import re
from collections.abc import Iterable
from typing import Final

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import lists
from core.guard.policy import Policy
from core.guard.tree import Found

_OF_EVERY_ROW: Final = frozenset(
    {
        "key",
        "value",
        "ordinality",
        "case",
        "ctid",
        "oid",
        "tableoid",
        "xmin",
        "cmin",
        "xmax",
        "cmax",
    }
)
_FIELD: Final = re.compile(r"(f|column)\d+")
_WRAPPINGS: Final = (exp.Paren, exp.Cast, exp.Bracket, exp.Window, exp.Filter, exp.WithinGroup)


def check(found: Found, dialect: str, policy: Policy | None) -> None:
    """Raises UnsafeSql for a name behind a dot that could be a call of somebody's function."""
    if dialect != "postgres":
        return
    sources = _Sources(policy)
    everywhere = lists.of(dialect).functions | _OF_EVERY_ROW
    for column in found.columns:
        name = column.name.lower()
        if not column.table or isinstance(column.this, exp.Star) or name in everywhere:
            continue
        source = sources.meant(column, column.args["table"])
        columns = sources.columns(source) if source is not None else frozenset()
        if columns is not None and name not in columns and not _is_field(name):
            raise _no_column(column.name, column.table)
    for dot in found.dots:
        name, row = dot.expression.name.lower(), dot.this.unnest()
        alone = isinstance(row, exp.Column) and not row.table
        source = sources.meant(dot, row.this) if alone else None
        if source is not None:
            columns = sources.columns(source)
        else:
            read = [sources.columns(table) or frozenset() for table in found.tables]
            columns = frozenset[str]().union(*read) if policy else frozenset()
        if columns is not None and name not in columns | everywhere and not _is_field(name):
            raise _no_column(dot.expression.name, dot.this.sql("postgres"))


class _Sources:
    """What the sources of a query are called, and the columns that they surely have."""

    def __init__(self, policy: Policy | None) -> None:
        self._policy = policy
        self._known: dict[int, frozenset[str] | None] = {}

    def meant(self, place: exp.Expr, alias: exp.Expr) -> exp.Expr | None:
        """The source of that name: in the nearest query outwards that has it."""
        wanted = _folded(alias)
        above = place.parent
        while above is not None:
            if isinstance(above, exp.Select):
                for source in _of(above):
                    if _called(source) == wanted:
                        return source
            above = above.parent
        return None

    def columns(self, node: exp.Expr) -> frozenset[str] | None:
        """Lower-case names of the columns of a source or a query; None where not known."""
        if id(node) not in self._known:
            self._known[id(node)] = frozenset()
            found = self._columns(node)
            alias = node.args.get("alias")
            own = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
            self._known[id(node)] = (
                None if found is None else found | {column.name.lower() for column in own}
            )
        return self._known[id(node)]

    def _columns(self, node: exp.Expr) -> frozenset[str] | None:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            step = _step(node)
            return self.columns(step) if step is not None else self._of_table(node)
        if isinstance(node, exp.Select):
            return self._together(self._of_projection(one, node) for one in node.expressions)
        if isinstance(node, exp.Subquery | exp.Lateral | exp.CTE):
            inner = node.this
            if isinstance(inner, exp.Table):
                joined = [join.this for join in inner.args.get("joins") or ()]
                return self._together(self.columns(one) for one in (inner, *joined))
            return self.columns(inner) if isinstance(inner, exp.Query) else None
        if isinstance(node, exp.SetOperation):
            return self.columns(node.left)
        return frozenset() if isinstance(node, exp.Values) else None

    def _of_table(self, table: exp.Table) -> frozenset[str] | None:
        if self._policy is None:
            return None
        full = f"{table.db}.{table.name}" if table.db else table.name
        columns = self._policy.columns_of(full) or self._policy.columns_of(table.name)
        return frozenset(column.lower() for column in columns) or None

    def _of_projection(self, node: exp.Expr, select: exp.Select) -> frozenset[str] | None:
        if isinstance(node, exp.Star):
            return self._together(self.columns(source) for source in _of(select))
        if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
            source = self.meant(node.this, node.args["table"])
            return self.columns(source) if source is not None else frozenset()
        while isinstance(node, _WRAPPINGS):
            node = node.this
        if isinstance(node, exp.Subquery):
            return self.columns(node)
        name = node.alias_or_name if isinstance(node, exp.Alias | exp.Column) else node.output_name
        return frozenset({name.lower()}) if name else frozenset()

    def _together(self, parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
        found: set[str] = set()
        for part in parts:
            if part is None:
                return None
            found |= part
        return frozenset(found)


def _of(select: exp.Select) -> list[exp.Expr]:
    """The sources of one SELECT, those inside brackets of a join too."""
    begin = select.args.get("from_")
    todo: list[exp.Expr] = [begin.this] if begin else []
    todo += [join.this for join in select.args.get("joins") or ()]
    todo += select.args.get("laterals") or ()
    found: list[exp.Expr] = []
    while todo:
        source = todo.pop()
        found.append(source)
        todo += [join.this for join in source.args.get("joins") or ()]
        if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table):
            todo.append(source.this)
    return found


def _step(table: exp.Table) -> exp.CTE | None:
    """The WITH step that the name means at this place, if it means one."""
    if table.db:
        return None
    wanted = _folded(table.this)
    below: exp.Expr = table
    above = table.parent
    while above is not None:
        steps: list[exp.CTE] = []
        if isinstance(above, exp.With):
            steps = above.expressions
            if not above.args.get("recursive"):
                steps = steps[: next(i for i, step in enumerate(steps) if step is below)]
        elif above.args.get("with_") is not None and below is not above.args["with_"]:
            steps = above.args["with_"].expressions
        for step in steps:
            if _folded(step.args["alias"].this) == wanted:
                return step
        below, above = above, above.parent
    return None


def _called(source: exp.Expr) -> str:
    alias = source.args.get("alias")
    name = alias.this if isinstance(alias, exp.TableAlias) else alias
    if name is None and isinstance(source, exp.Table):
        name = source.this
    return _folded(name) if isinstance(name, exp.Identifier) else ""


def _folded(name: exp.Expr) -> str:
    return name.name if name.args.get("quoted") else name.name.lower()


def _is_field(name: str) -> bool:
    """Whether it is a name that PostgreSQL gives to the fields of ROW and VALUES."""
    return _FIELD.fullmatch(name) is not None


def _no_column(name: str, source: str) -> UnsafeSql:
    return UnsafeSql(f"No column {name} in {source}.", "Use the columns of the table.")
