"""Pieces of a query's tree, as far as a plan can say them."""

from sqlglot import exp


class Unreadable(Exception):
    """Something that a plan cannot say."""


def all_of(node: exp.Expr) -> list[exp.Expr]:
    """The conditions that all must hold."""
    if isinstance(node, exp.Paren) and isinstance(node.this, exp.And | exp.Paren):
        return all_of(node.this)
    return [*all_of(node.this), *all_of(node.expression)] if isinstance(node, exp.And) else [node]


def any_of(node: exp.Expr) -> list[exp.Expr]:
    """The conditions of which one must hold."""
    if isinstance(node, exp.Paren) and isinstance(node.this, exp.Or):
        return any_of(node.this)
    return [*any_of(node.this), *any_of(node.expression)] if isinstance(node, exp.Or) else [node]


def is_text(node: exp.Expr) -> bool:
    """SQLite takes "text" for a text where no column has that name."""
    return isinstance(node, exp.Column) and bool(node.this.args.get("quoted")) and not node.table


def is_star(node: exp.Expr) -> bool:
    """Whether it shows every column."""
    whole = isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    return whole or isinstance(node, exp.Star)


def is_link(node: exp.Expr) -> bool:
    """Whether a condition only joins two tables."""
    return (
        isinstance(node, exp.EQ)
        and isinstance(node.this, exp.Column)
        and isinstance(node.expression, exp.Column)
        and bool(node.this.table)
        and bool(node.expression.table)
        and node.this.table.lower() != node.expression.table.lower()
    )


def literal(node: exp.Expr) -> str | float:
    """A plain text or number. Raises Unreadable."""
    if is_text(node):
        return node.name
    if isinstance(node, exp.Cast):
        return literal(node.this)
    if isinstance(node, exp.Neg):
        return -number(node.this)
    if not isinstance(node, exp.Literal):
        raise Unreadable
    return str(node.this) if node.is_string else float(node.this)


def number(node: exp.Expr) -> float:
    """A plain number. Raises Unreadable."""
    value = literal(node)
    try:
        return float(value)
    except ValueError as error:
        raise Unreadable from error


def count_label(table: str) -> str:
    """What a number of a table's rows is called."""
    return table.rpartition(".")[2].lower()


def last(name: str) -> str:
    """A table's name without its schema, lower case."""
    return name.rpartition(".")[2].lower()
