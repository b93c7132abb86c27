"""Groups, order, windows, limits and set operations of a query."""

from collections.abc import Iterator
from typing import Final, Literal

from sqlglot import exp

from core.guard.reading.functions import window_name
from core.guard.reading.lineage import Lineage, named_window
from core.guard.reading.origin import Origin
from core.guard.reading.walk import Walk, is_top, operators, place, unwrapped
from core.types import Grouping, Ordering, RowLimit, SetUse, WindowUse

Sets = Literal["", "rollup", "cube", "grouping sets"]
_SETS: Final[tuple[tuple[str, Sets], ...]] = (
    ("rollup", "rollup"),
    ("cube", "cube"),
    ("grouping_sets", "grouping sets"),
)
_KINDS: Final[dict[type[exp.Expr], Sets]] = {
    exp.Rollup: "rollup",
    exp.Cube: "cube",
    exp.GroupingSets: "grouping sets",
}


def grouping(walk: Walk, lineage: Lineage) -> tuple[Grouping, ...]:
    """The expressions of every GROUP BY; numbers and aliases are followed."""
    found: list[Grouping] = []
    for group in walk.all(exp.Group):
        select = walk.home(group)
        for expression, sets in _grouped(group, select):
            meant = _meant(expression, select)
            origin = lineage.of(meant)
            found.append(
                Grouping(
                    sql=walk.sql(expression if meant is expression else _value(meant)),
                    columns=origin.columns,
                    unresolved=origin.unresolved,
                    grain=origin.grain,
                    output=_output(meant, select, lineage),
                    sets=sets,
                    path=walk.path(group),
                    place=place(expression),
                )
            )
    return tuple(found)


def ordering(walk: Walk, lineage: Lineage) -> tuple[Ordering, ...]:
    """The expressions of every ORDER BY of a query, in windows and aggregates left out."""
    found: list[Ordering] = []
    for order in walk.all(exp.Order):
        if not isinstance(order.parent, exp.Select | exp.SetOperation | exp.Subquery):
            continue
        query = unwrapped(order.parent)
        for ordered in order.expressions:
            meant = _meant(ordered.this, query)
            origin = _ordered_by(ordered.this, meant, query, lineage)
            found.append(
                Ordering(
                    sql=walk.sql(ordered.this),
                    columns=origin.columns,
                    unresolved=origin.unresolved,
                    output=_output(meant, query, lineage),
                    descending=bool(ordered.args.get("desc")),
                    nulls="first" if ordered.args.get("nulls_first") else "last",
                    path=walk.path_of(query),
                    place=place(ordered),
                )
            )
    return tuple(found)


def windows(walk: Walk, lineage: Lineage) -> tuple[WindowUse, ...]:
    """Every function with OVER."""
    found: list[WindowUse] = []
    for window in walk.all(exp.Window):
        name = window_name(window)
        if not name:
            continue
        parts = [window, *(named_window(window) if window.args.get("alias") else ())]
        partition = [p for part in parts for p in part.args.get("partition_by") or ()]
        orders = [o for part in parts for o in _ordered(part)]
        frames = [f for part in parts if isinstance(f := part.args.get("spec"), exp.WindowSpec)]
        found.append(
            WindowUse(
                function=name,
                columns=lineage.of(window.this).columns,
                partition=tuple(walk.sql(p) for p in partition),
                order=tuple(walk.sql(o) for o in orders),
                frame=walk.sql(frames[0]) if frames else "",
                path=walk.path(window),
            )
        )
    return tuple(found)


def sets(walk: Walk) -> tuple[SetUse, ...]:
    """Every chain of UNION, EXCEPT and INTERSECT."""
    chains = [*walk.all(exp.Union), *walk.all(exp.Except), *walk.all(exp.Intersect)]
    return tuple(SetUse(operators(chain), walk.path_of(chain)) for chain in chains if is_top(chain))


def limits(walk: Walk) -> tuple[RowLimit, ...]:
    """The limits of all queries; that of the main one has the path ()."""
    found: dict[int, RowLimit] = {}
    for node in [*walk.all(exp.Limit), *walk.all(exp.Fetch), *walk.all(exp.Offset)]:
        query = node.parent
        if not isinstance(query, exp.Select | exp.SetOperation | exp.Subquery | exp.Values):
            continue
        known = found.get(id(query), RowLimit(None, None, walk.path_of(query)))
        if isinstance(node, exp.Offset):
            known = RowLimit(known.rows, _whole(node.expression), known.path)
        else:
            asked = node.args.get("count") or node.args.get("expression")
            offset = _whole(node.args.get("offset")) or known.offset
            known = RowLimit(_whole(asked), offset, known.path)
        found[id(query)] = known
    return tuple(found.values())


def _whole(node: object) -> int | None:
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        return int(node.name)
    return None


def _grouped(group: exp.Group, select: exp.Expr) -> Iterator[tuple[exp.Expr, Sets]]:
    if group.args.get("all") and isinstance(select, exp.Select):
        for projection in select.expressions:
            if not any(True for _ in _value(projection).find_all(exp.AggFunc)):
                yield projection, ""
    with_sets = [s for key, s in _SETS for inner in group.args.get(key) or () if not _inner(inner)]
    stack: list[tuple[exp.Expr, Sets]] = [
        (inner, with_sets[0] if with_sets else "") for inner in reversed(group.expressions)
    ]
    stack += [(inner, s) for key, s in _SETS for inner in group.args.get(key) or ()]
    seen: set[str] = set()
    while stack:
        node, kind = stack.pop()
        if isinstance(node, tuple(_KINDS)):
            stack += [(inner, _KINDS[type(node)]) for inner in reversed(_inner(node))]
        elif isinstance(node, exp.Tuple):
            stack += [(inner, kind) for inner in reversed(node.expressions)]
        elif isinstance(node, exp.Paren):
            stack.append((node.this, kind))
        elif not kind or node.sql() not in seen:
            seen.add(node.sql() if kind else "")
            yield node, kind


def _inner(node: exp.Expr) -> list[exp.Expr]:
    return node.expressions if isinstance(node, exp.Expr) else []


def _meant(expression: exp.Expr, query: exp.Expr) -> exp.Expr:
    """The projection that a number or the name of an output stands for."""
    select = _first(query)
    if not isinstance(select, exp.Select):
        return expression
    if isinstance(expression, exp.Literal) and not expression.is_string:
        at = int(expression.name) - 1 if expression.name.isdigit() else -1
        if 0 <= at < len(select.expressions) and not any(
            e.is_star for e in select.expressions[: at + 1]
        ):
            expression = select.expressions[at]
    return expression


def _ordered_by(written: exp.Expr, meant: exp.Expr, query: exp.Expr, lineage: Lineage) -> Origin:
    """Where an order comes from; in a set operation it is that of all branches."""
    if isinstance(query, exp.SetOperation) and meant is not written:
        return lineage.fields(query)[meant.index or 0].origin
    return lineage.of(meant)


def _output(meant: exp.Expr, query: exp.Expr, lineage: Lineage) -> int | None:
    """The position of the output that an expression is, None where it is none of them."""
    select = _first(query)
    if not isinstance(select, exp.Select) or any(e.is_star for e in select.expressions):
        return None
    if isinstance(query, exp.SetOperation) and isinstance(meant, exp.Column):
        given = [field.name.lower() for field in lineage.fields(query)]
        return given.index(meant.name.lower()) if meant.name.lower() in given else None
    if meant.parent is select and meant.arg_key == "expressions":
        return meant.index
    for index, projection in enumerate(select.expressions):
        named = isinstance(meant, exp.Column) and not meant.table
        same = named and projection.alias_or_name.lower() == meant.name.lower()
        if same and lineage.of(projection) == lineage.of(meant):
            return index
        if _value(projection) == meant:
            return index
    return None


def _first(query: exp.Expr) -> exp.Expr:
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    return query


def _value(projection: exp.Expr) -> exp.Expr:
    return projection.this if isinstance(projection, exp.Alias) else projection


def _ordered(window: exp.Expr) -> list[exp.Expr]:
    order = window.args.get("order")
    return list(order.expressions) if order is not None else []
