"""The single conditions of WHERE, HAVING, ON, QUALIFY and FILTER, with their constants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from core.guard.reading.constants import Constant, Constants
from core.guard.reading.joins import holder
from core.guard.reading.lineage import Lineage, mentioned
from core.guard.reading.origin import together
from core.guard.reading.walk import Walk, place
from core.types import Clause, Condition

_OPERATORS: Final[dict[type[exp.Expr], str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.NullSafeEQ: "is not distinct from",
    exp.NullSafeNEQ: "is distinct from",
    exp.Like: "like",
    exp.ILike: "ilike",
    exp.Glob: "glob",
    exp.SimilarTo: "similar to",
    exp.RegexpLike: "regexp",
    exp.RegexpILike: "regexp",
    exp.Between: "between",
    exp.In: "in",
    exp.Exists: "exists",
}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SYMMETRIC: Final = frozenset(
    {"=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"}
)
_QUERY: Final = (exp.Subquery, exp.Select, exp.SetOperation)


@dataclass(frozen=True)
class Single:
    """A single condition before it is told. `group` are those that hold together."""

    node: exp.Expr
    clause: Clause
    group: int
    negated: bool = False
    anded: bool = True
    restricts: bool = True


@dataclass(frozen=True)
class Compared:
    """What a condition compares: the side with columns, the operator, the other side."""

    subject: exp.Expr | None
    operator: str
    others: tuple[exp.Expr, ...] = ()
    query: exp.Expr | None = None


def singles(walk: Walk) -> Iterator[Single]:
    """All single conditions, in reading order by their clause."""
    for join in walk.all(exp.Join):
        if join.args.get("on"):
            inner = _keeps(join)
            home = id(walk.home(join)) if inner else id(join)
            yield from _split(join.args["on"], "on", home, inner)
    for node in walk.all(exp.Where):
        if isinstance(node.parent, exp.Filter):
            yield from _split(node.this, "filter", id(node), False)
        else:
            yield from _split(node.this, "where", id(walk.home(node)), True)
    for having in walk.all(exp.Having):
        yield from _split(having.this, "having", id(walk.home(having)), True)
    for qualify in walk.all(exp.Qualify):
        yield from _split(qualify.this, "qualify", id(walk.home(qualify)), True)


def told(
    single: Single, compared: Compared, known: Sequence[Constant], walk: Walk, lineage: Lineage
) -> Condition:
    """The condition as data. `known` are its constants."""
    sides = [n for n in (compared.subject, *compared.others) if n is not None]
    origin = together(
        lineage.of(part)
        for side in sides
        if not isinstance(side, _QUERY)
        for part in ([side] if _is_column(side) else mentioned(side))
        if not isinstance(part, _QUERY)
    )
    subject = compared.subject
    whole = lineage.of(subject) if subject is not None else origin
    all_known = all(constant.known for constant in known)
    return Condition(
        clause=single.clause,
        operator=compared.operator,
        values=tuple(constant.value for constant in known) if all_known else (),
        columns=origin.columns,
        unresolved=origin.unresolved,
        functions=whole.functions,
        negated=single.negated,
        restricts=single.restricts,
        bare=subject is not None and _is_column(subject) and whole.kind == "column",
        links=_links(compared, lineage),
        relative=any(constant.relative for constant in known),
        parameters=tuple(name for constant in known for name in constant.parameters),
        subquery=walk.path_of(compared.query) if compared.query is not None else None,
        sql=walk.sql(single.node),
        path=walk.path(single.node),
        place=place(single.node),
    )


def compare(node: exp.Expr) -> Compared:
    """The sides of a single condition, the one with columns first."""
    while isinstance(node, exp.Escape | exp.Paren):
        node = node.this
    operator = _OPERATORS.get(type(node), "")
    if isinstance(node, exp.Exists):
        return Compared(None, operator, query=node.this)
    if isinstance(node, exp.Between):
        return Compared(node.this, operator, (node.args["low"], node.args["high"]))
    if isinstance(node, exp.In):
        return _in(node)
    if isinstance(node, exp.Is):
        return _is(node)
    if not operator:
        return _called(node)
    return _sides(node.this, operator, node.expression)


def constants(compared: Compared, values: Constants) -> list[Constant]:
    """The constants that a condition compares with; none where one of them is no constant."""
    found: list[Constant] = []
    for other in compared.others:
        if isinstance(other, exp.Tuple | exp.Array):
            parts = [values.of(part) for part in other.expressions]
            if any(part is None or not part.known for part in parts):
                return []
            found.append(Constant(tuple(part.value for part in parts if part)))
            continue
        one = values.of(other)
        if one is None:
            return []
        found.append(one)
    return found


def _keeps(join: exp.Join) -> bool:
    """Whether only rows that meet the join's condition come out of the query."""
    if join.side or join.kind in ("SEMI", "ANTI") or not isinstance(join.parent, exp.Select):
        return False
    later = join.parent.args["joins"][(join.index or 0) + 1 :]
    return not any(other.side in ("RIGHT", "FULL") for other in later)


def _split(condition: exp.Expr, clause: Clause, group: int, surely: bool) -> Iterator[Single]:
    stack = [(condition, False, True)]
    while stack:
        node, negated, anded = stack.pop()
        if isinstance(node, exp.Paren) and not isinstance(node.this, _QUERY):
            stack.append((node.this, negated, anded))
        elif isinstance(node, exp.Not):
            stack.append((node.this, not negated, anded))
        elif isinstance(node, exp.And | exp.Or):
            sure = anded and isinstance(node, exp.Or) == negated
            stack += [(node.expression, negated, sure), (node.this, negated, sure)]
        else:
            inner = node.this if isinstance(node, exp.Escape) else node
            # The parser writes NOT LIKE and PostgreSQL's IS NOT NULL as a mark on the node.
            negated = negated != bool(inner.args.get("negate"))
            yield Single(node, clause, group, negated, anded, anded and surely)


def _sides(left: exp.Expr, operator: str, right: exp.Expr) -> Compared:
    if isinstance(right, exp.Any | exp.All):
        return _quantified(left, operator, right)
    turn = operator in _SYMMETRIC and not _has_columns(left)
    if turn and _has_columns(right):
        left, right, operator = right, left, _TURNED.get(operator, operator)
    if isinstance(right, _QUERY):
        return Compared(left, operator, query=right)
    if isinstance(left, _QUERY):
        return Compared(right, _TURNED.get(operator, operator), query=left)
    return Compared(left, operator, (right,))


def _quantified(left: exp.Expr, operator: str, right: exp.Expr) -> Compared:
    every = isinstance(right, exp.All)
    inner = right.this
    while isinstance(inner, exp.Paren):
        inner = inner.this
    word = "in" if operator == "=" and not every else f"{operator} {'all' if every else 'any'}"
    if isinstance(inner, _QUERY):
        return Compared(left, word, query=inner)
    listed = inner.expressions if isinstance(inner, exp.Array | exp.Tuple) else [inner]
    return Compared(left, word, tuple(listed))


def _in(node: exp.In) -> Compared:
    query = node.args.get("query")
    if query is not None:
        return Compared(node.this, "in", query=query)
    field = node.args.get("field") or node.args.get("unnest")
    return Compared(node.this, "in", tuple(node.expressions) or ((field,) if field else ()))


def _is(node: exp.Is) -> Compared:
    right = node.expression
    if isinstance(right, exp.Null):
        return Compared(node.this, "is null")
    if isinstance(right, exp.Boolean):
        return Compared(node.this, "is true" if right.this else "is false")
    return Compared(node.this, "is", (right,))


def _called(node: exp.Expr) -> Compared:
    """A condition that is a column or a function by itself."""
    if isinstance(node, exp.Anonymous):
        name, given = str(node.this).lower(), list(node.expressions)
    elif isinstance(node, exp.Func):
        name = node.sql_name().lower()
        given = [v for v in node.args.values() if isinstance(v, exp.Expr)]
    else:
        return Compared(node, "is true" if _is_column(node) else "other")
    first, *rest = given or [None]
    return Compared(first, name, tuple(r for r in rest if r is not None))


def _has_columns(node: exp.Expr) -> bool:
    if isinstance(node, exp.Column):
        return True
    return any(isinstance(part, exp.Column) for part in mentioned(node))


def _is_column(node: exp.Expr) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    return isinstance(node, exp.Column)


def _links(compared: Compared, lineage: Lineage) -> bool:
    """Whether columns of two sources are held equal."""
    if compared.operator != "=" or len(compared.others) != 1:
        return False
    sides: list[Any] = [compared.subject, compared.others[0]]
    if not all(isinstance(side, exp.Column) for side in sides):
        return False
    one, other = (holder(side, lineage) for side in sides)
    return one is not None and other is not None and one.key != other.key
