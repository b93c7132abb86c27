"""The filters of a query as chips: a column is one of some values, or none of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlglot import exp

from core import formats
from core.chips.opened import Opened, cannot, drop
from core.types import Chip, ChipKind, Condition

MOST_VALUES: Final = 200
_SHOWN: Final = 3


def offered(opened: Opened) -> Iterator[Chip]:
    """A chip for each column that is compared with constants in one place only."""
    dated = {index for period in opened.reading.periods for index in period.filters}
    for index, condition in enumerate(opened.reading.filters):
        kind = _kind(condition)
        if kind is None or index in dated or _node(opened, condition) is None:
            continue
        column = condition.columns[0]
        yield Chip(kind, label(kind, column, condition.values), column, condition.values)


def change(opened: Opened, chip: Chip, values: Sequence[Any]) -> None:
    """Put other values; none takes the filter away."""
    condition = next(
        (c for c in opened.reading.filters if _kind(c) == chip.kind and chip.column in c.columns),
        None,
    )
    node = _node(opened, condition) if condition else None
    if node is None or len(values) > MOST_VALUES or not all(_is_plain(v) for v in values):
        raise cannot()
    if not values:
        drop(node)
        return
    column = next(node.find_all(exp.Column)).copy()
    literals = [_literal(value) for value in dict.fromkeys(values)]
    if len(literals) == 1:
        made = exp.NEQ if chip.kind == "without" else exp.EQ
        new: exp.Expr = made(this=column, expression=literals[0])
    else:
        new = exp.In(this=column, expressions=literals)
        new = exp.Not(this=new) if chip.kind == "without" else new
    node.replace(new)


def label(kind: ChipKind, column: str, values: Sequence[Any]) -> str:
    """A filter as people read it: "country: Germany, France"."""
    name = formats.shortened(formats.heading(column.rpartition(".")[2]).lower(), 40)
    said = [formats.shortened(str(value), 40) or "(empty)" for value in values[:_SHOWN]]
    more = f" +{len(values) - _SHOWN}" if len(values) > _SHOWN else ""
    return f"{name}: {'not ' if kind == 'without' else ''}{', '.join(said)}{more}"


def values_sql(column: str, dialect: str) -> str:
    """A query for the values that a "table.column" has, at most 200 in their order."""
    table, _, name = column.rpartition(".")
    place, _, bare = table.rpartition(".")
    of = exp.column(name, quoted=True)
    return (
        exp.select(of)
        .distinct()
        .from_(exp.table_(bare, db=place or None, quoted=True))
        .where(of.copy().is_(exp.Null()).not_())
        .order_by(of.copy())
        .limit(MOST_VALUES)
        .sql(dialect="mysql" if dialect == "mariadb" else dialect)
    )


def _kind(condition: Condition) -> ChipKind | None:
    if len(condition.columns) != 1 or condition.unresolved or not condition.bare:
        return None
    if condition.parameters or condition.relative or condition.subquery is not None:
        return None
    if not condition.values or not all(_is_plain(value) for value in condition.values):
        return None
    positive = condition.operator in ("=", "in")
    if not positive and condition.operator != "<>":
        return None
    return "filter" if positive != condition.negated else "without"


def _node(opened: Opened, condition: Condition) -> exp.Expr | None:
    """The node of a filter, NOT around it included, where its column is filtered nowhere else."""
    column = condition.columns[0]
    if sum(column in other.columns for other in opened.reading.filters) != 1:
        return None
    node = opened.node(condition.place)
    while isinstance(node.parent, exp.Not | exp.Paren) and _negates(node.parent):
        node = node.parent
    return opened.alone(condition, node)


def _negates(around: exp.Expr) -> bool:
    """Whether a NOT, with its brackets, stands around a single condition."""
    while isinstance(around, exp.Paren):
        if around.parent is None:
            return False
        around = around.parent
    return isinstance(around, exp.Not)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)


def _literal(value: Any) -> exp.Expr:
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, float | Decimal):
        value = format(Decimal(repr(value)) if isinstance(value, float) else value, "f")
    number = str(value)
    negative = number.startswith("-")
    literal = exp.Literal.number(number.removeprefix("-"))
    return exp.Neg(this=literal) if negative else literal
