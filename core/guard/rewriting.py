"""A query's tree to be changed, and the changed tree as text: only where the words stay true."""

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import lists, parsing, text


def tree(sql: str, dialect: str) -> exp.Expr | None:
    """The tree of a query, without brackets around it.

    None for text that cannot be read, or whose tree, written and read again, would be another:
    nothing of it can safely be written anew.
    """
    root = _parsed(sql, dialect)
    if root is None:
        return None
    again = _written(root, dialect)
    if again is None or _parsed(again, dialect) != root:
        return None
    while isinstance(root, exp.Subquery) and not any(
        value for key, value in root.args.items() if key != "this"
    ):
        root = root.this
    return root


def written(root: exp.Expr, dialect: str) -> str | None:
    """A changed tree as SQL; None where that, read and written again, would be other text."""
    sql = _written(root, dialect)
    again = _parsed(sql, dialect) if sql is not None else None
    return sql if again is not None and _written(again, dialect) == sql else None


def _parsed(sql: str, dialect: str) -> exp.Expr | None:
    try:
        return parsing.parse(text.tokens(sql, dialect), sql, dialect)
    except UnsafeSql:
        return None


def _written(root: exp.Expr, dialect: str) -> str | None:
    try:
        return root.sql(dialect=lists.PARSED_AS[dialect], pretty=True)
    except (RecursionError, ValueError):
        return None
