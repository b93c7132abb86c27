"""A query opened for changes: its tree, its reading over the same tree, and safe small edits."""

from datetime import date
from typing import Final

from sqlglot import exp

from core import guard
from core.errors import BadInput
from core.guard import rewriting
from core.guard.reading import asked
from core.guard.reading.walk import at
from core.types import Condition, DatabaseSchema, Place, SchemaColumn

ROWS: Final = 10_000_000
_INSIDE: Final = (exp.And, exp.Paren)
_READ_FROM: Final = ("with:", "from:")
_OUTER: Final = ("left", "right", "full", "anti", "asof")
_QUERIES: Final = (exp.Select, exp.SetOperation, exp.Subquery)


class Opened:
    """One query to be changed on its tree.

    Raises BadInput for a query whose tree cannot be written anew with certainty, UnsafeSql for
    one that the guard refuses.
    """

    def __init__(self, sql: str, schema: DatabaseSchema, today: date) -> None:
        self.schema, self.dialect = schema, schema.guarded_as
        safe = guard.check(sql, self.dialect, cap=ROWS)
        root = rewriting.tree(safe.sql, self.dialect)
        if root is None or asked(root, ROWS) is not root:
            raise cannot()
        self.root = root
        self.reading = guard.reading(safe, schema, today)
        self._own_limit = self.reading.limit is None

    @property
    def select(self) -> exp.Select | None:
        """The main query where it is one SELECT."""
        return self.root if isinstance(self.root, exp.Select) else None

    def written(self) -> str:
        """The changed query as text, without the limit that the guard alone had put."""
        if self._own_limit:
            self.root.set("limit", None)
        sql = rewriting.written(self.root, self.dialect)
        if sql is None:
            raise cannot()
        return sql

    def node(self, place: Place) -> exp.Expr:
        """The node that a place of the reading leads to."""
        return at(self.root, place)

    def column(self, name: str) -> SchemaColumn | None:
        """What the schema says of a "table.column"."""
        table, _, column = name.rpartition(".")
        held = self.schema.table(table)
        return held.column(column) if held else None

    def alone(self, condition: Condition, node: exp.Expr | None = None) -> exp.Expr | None:
        """The node of a condition (or another one around it) that stands in WHERE by itself,
        with nothing but AND above it, and says something of all that the query reads.

        None for any other: in a branch, in the query of a condition, beside outer joins.
        """
        if condition.clause != "where" or not condition.restricts:
            return None
        if not all(step.startswith(_READ_FROM) for step in condition.path):
            return None
        if condition.path and any(join.kind in _OUTER for join in self.reading.joins):
            return None
        node = node or self.node(condition.place)
        around = node.parent
        while isinstance(around, _INSIDE):
            around = around.parent
        return node if isinstance(around, exp.Where) else None

    def tables(self) -> dict[str, str]:
        """The real tables in the main FROM: how the query calls each (lower case), its name.

        Empty unless all that stands there are tables, each once.
        """
        select = self.select
        if select is None or select.args.get("laterals"):
            return {}
        sources = [select.args["from_"].this] if select.args.get("from_") else []
        sources += [join.this for join in select.args.get("joins") or ()]
        uses = [use for use in self.reading.tables if use.path == ()]
        if len(uses) != len(sources) or not all(isinstance(s, exp.Table) for s in sources):
            return {}
        named = {use.alias.lower(): use.name for use in uses}
        return named if len(named) == len(set(named.values())) == len(sources) else {}

    def node_of(self, column: str) -> exp.Column | None:
        """A "table.column" as it is written here, quoted where its name needs it."""
        table, _, name = column.rpartition(".")
        calls = [alias for alias, real in self.tables().items() if real == table]
        if len(calls) != 1:
            return None
        source = next(
            s for s in self.root.find_all(exp.Table) if s.alias_or_name.lower() == calls[0]
        )
        given = source.args.get("alias")
        alias = given.this if given is not None else source.this
        return exp.Column(this=identifier(name), table=alias.copy())

    def own(self, node: exp.Expr) -> list[exp.Expr]:
        """All nodes of the main SELECT, those of queries inside of it left out."""
        found: list[exp.Expr] = []
        stack = [node]
        while stack:
            one = stack.pop()
            found.append(one)
            stack += [child for child in one.iter_expressions() if not isinstance(child, _QUERIES)]
        return found

    def replace_all(self, old: exp.Expr, new: exp.Expr) -> None:
        """Put another expression wherever the main SELECT shows, groups or orders by an old one."""
        if self.select is None:
            return
        wanted = old.copy()
        parts = [*self.select.expressions, self.select.args.get("group")]
        parts.append(self.select.args.get("order"))
        found = [n for part in parts if part is not None for n in self.own(part) if n == wanted]
        for node in found:
            node.replace(new.copy())

    def rename(self, output: exp.Expr, name: str) -> None:
        """Give an output of the main SELECT another name, where it is ordered by too."""
        if self.select is None or not isinstance(output, exp.Alias):
            return
        taken = {e.alias_or_name.lower() for e in self.select.expressions if e is not output}
        if name.lower() in taken:
            return
        before = output.alias.lower()
        for part in ("group", "having", "order"):
            clause = self.select.args.get(part)
            for node in self.own(clause) if clause is not None else ():
                if isinstance(node, exp.Column) and not node.table and node.name.lower() == before:
                    node.set("this", identifier(name))
        output.set("alias", identifier(name))


def identifier(name: str) -> exp.Identifier:
    """A name; quoted unless it is a plain lower-case word."""
    plain = name.isascii() and name.replace("_", "a").isalnum() and name.islower()
    return exp.to_identifier(name, quoted=not plain or name[0].isdigit() or name in _WORDS)


def drop(node: exp.Expr) -> None:
    """Take a condition out of its WHERE, which goes too when it was the only one."""
    around = node.parent
    if isinstance(around, exp.And):
        around.replace(around.expression if node is around.this else around.this)
    elif isinstance(around, exp.Paren):
        drop(around)
    elif isinstance(around, exp.Where):
        around.pop()
    else:
        raise cannot()


def cannot() -> BadInput:
    """What is said of a change that would not surely be the one that is meant."""
    return BadInput(
        "This cannot be changed here with certainty.", "Ask the question again in other words."
    )


_WORDS: Final = frozenset(
    {"order", "group", "select", "from", "where", "limit", "month", "year", "day", "week"}
    | {"quarter", "count", "sum", "min", "max", "avg", "user", "table", "date", "time", "rows"}
    | {"rank", "desc", "asc", "end", "case", "when", "then", "else", "all", "and", "or", "not"}
)
