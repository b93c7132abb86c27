"""The tree of a query in the order a person reads it: its parts, their paths, their places."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final, TypeVar

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from core.types import Path, Place

# The order in which the parts of a query are read, whatever the order the parser put them in.
_ORDER: Final = (
    *("with_", "from_", "joins", "laterals", "this", "expressions", "expression", "where"),
    *("group", "having", "qualify", "windows", "distinct", "order", "limit", "offset"),
)
_RANK: Final = {key: rank for rank, key in enumerate(_ORDER)}
_CLAUSES: Final = {"expressions": "select", "joins": "on", "from_": "from", "laterals": "from"}
_NESTING_OF_SETS: Final = ("order", "limit", "offset", "with_")

N = TypeVar("N", bound=exp.Expr)
Queries = exp.Select | exp.SetOperation | exp.Values


class Walk:
    """All nodes of a query by their kind, in reading order, and where each of them stands."""

    def __init__(self, main: exp.Expr, dialect: str, text: str) -> None:
        self.main = unwrapped(main)
        self._text = text
        self._writer = Dialect.get_or_raise(dialect).generator()
        self._found: dict[type[exp.Expr], list[Any]] = {}
        self._homes: dict[int, exp.Expr] = {}
        self._paths: dict[int, Path] = {}
        self._branches: dict[int, int] = {}
        self._numbers: dict[tuple[int, str], Iterator[int]] = {}
        self._read(main)

    def all(self, kind: type[N]) -> list[N]:
        """Every node of this very kind, in reading order."""
        return self._found.get(kind, [])

    def home(self, node: exp.Expr) -> exp.Expr:
        """The query that the node stands in; for a query itself the one around it."""
        return self._homes.get(id(node), self.main)

    def path(self, node: exp.Expr) -> Path:
        """The path of the query that the node stands in."""
        return self._paths.get(id(self.home(node)), ())

    def path_of(self, query: exp.Expr) -> Path:
        """The path of a query, brackets around it or not."""
        return self._paths.get(id(unwrapped(query)), ())

    def sql(self, node: exp.Expr) -> str:
        """The node as SQL of the dialect."""
        try:
            return self._writer.generate(node)
        except (RecursionError, ValueError):
            return self._slice(node)

    def _slice(self, node: exp.Expr) -> str:
        places = [n.meta for n in node.walk() if n._meta and "start" in n.meta]
        if not places:
            return ""
        return self._text[min(p["start"] for p in places) : max(p["end"] for p in places) + 1]

    def _read(self, main: exp.Expr) -> None:
        self._paths[id(self.main)] = ()
        stack: list[tuple[exp.Expr, exp.Expr]] = [(main, self.main)]
        while stack:
            node, home = stack.pop()
            kind = type(node)
            self._found.setdefault(kind, []).append(node)
            self._homes[id(node)] = home
            if isinstance(node, Queries) and node is not self.main:
                self._paths[id(node)] = self._paths[id(home)] + self._step(node, home)
            if isinstance(node, exp.SetOperation) and is_top(node):
                self._number_branches(node)
            if isinstance(node, Queries):
                home = node
            stack += [(child, home) for child in reversed(_children(node))]

    def _step(self, query: exp.Expr, home: exp.Expr) -> Path:
        if id(query) in self._branches:
            number = self._branches[id(query)]
            return (f"branch:{number}",) if number else ()
        around: exp.Expr | None = query.parent
        alias = query.alias
        while isinstance(around, exp.Subquery | exp.Lateral):
            alias = around.alias or alias
            around = around.parent
        if isinstance(around, exp.CTE):
            return (f"with:{around.alias}",)
        if isinstance(around, exp.From | exp.Join | exp.Table) and alias:
            return (f"from:{alias}",)
        clause = _clause(query, home)
        numbers = self._numbers.setdefault((id(home), clause), count(1))
        return (f"{clause}:{next(numbers)}",)

    def _number_branches(self, top: exp.SetOperation) -> None:
        number = len(branches(top))
        for inner in branches(top):
            self._branches[id(unwrapped(inner))] = number
            number -= 1
        inside = top.this
        while isinstance(inside, exp.SetOperation) and not _set_apart(inside):
            self._branches[id(inside)] = 0
            inside = inside.this


def unwrapped(query: exp.Expr) -> exp.Expr:
    """The query inside its brackets."""
    while isinstance(query, exp.Subquery):
        query = query.this
    return query


def branches(top: exp.SetOperation) -> list[exp.Expr]:
    """The queries that a chain of UNION, EXCEPT and INTERSECT puts together, last one first."""
    found: list[exp.Expr] = [top.expression]
    left = top.this
    while isinstance(left, exp.SetOperation) and not _set_apart(left):
        found.append(left.expression)
        left = left.this
    return [*found, left]


def operators(top: exp.SetOperation) -> tuple[str, ...]:
    """The operators of such a chain in order, ALL told where it is written."""
    found: list[str] = []
    node: exp.Expr = top
    while isinstance(node, exp.SetOperation) and (node is top or not _set_apart(node)):
        word = type(node).__name__.lower()
        found.append(word if node.args.get("distinct") else f"{word} all")
        node = node.this
    return tuple(reversed(found))


def is_top(chain: exp.Expr) -> bool:
    """Whether the set operation is not the left part of a longer chain."""
    around = chain.parent
    return not (
        isinstance(around, exp.SetOperation) and chain.arg_key == "this" and not _set_apart(chain)
    )


def place(node: exp.Expr) -> Place:
    """The keys that lead from the root of the tree to the node."""
    found: list[str | int] = []
    while node.parent is not None:
        if node.index is not None:
            found.append(node.index)
        found.append(str(node.arg_key))
        node = node.parent
    return tuple(reversed(found))


def at(root: exp.Expr, way: Place) -> exp.Expr:
    """The node that a place of a reading leads to, in a tree of the same SQL."""
    found: Any = root
    for key in way:
        found = found[key] if isinstance(key, int) else found.args[key]
    return found  # type: ignore[no-any-return]


def _set_apart(inside: exp.Expr) -> bool:
    return any(inside.args.get(key) for key in _NESTING_OF_SETS)


def _children(node: exp.Expr) -> list[exp.Expr]:
    values = node.args.items()
    if isinstance(node, Queries):
        values = sorted(values, key=lambda item: _RANK.get(item[0], len(_RANK)))  # type: ignore[assignment]
    found: list[exp.Expr] = []
    for _, value in values:
        if isinstance(value, exp.Expr):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, exp.Expr)]
    return found


def _clause(node: exp.Expr, home: exp.Expr) -> str:
    """The clause of its home that the node stands in."""
    below = node
    while below.parent is not None and below.parent is not home:
        below = below.parent
    return _CLAUSES.get(str(below.arg_key), str(below.arg_key).rstrip("_"))
