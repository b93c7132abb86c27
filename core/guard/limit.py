"""The row limit at the root of a query: put where there is none, lowered where it is higher."""

from sqlglot import exp

from core.errors import UnsafeSql


def limited(root: exp.Expr, rows: int) -> exp.Expr:
    """The query with at most `rows` at its root; ORDER BY and OFFSET stay as they are.

    Raises UnsafeSql for limits that are no plain number of rows.
    """
    root = _unwrapped(root)
    if isinstance(root, exp.Values):
        root = exp.Select(
            expressions=[exp.Star()],
            from_=exp.From(this=_listed(root)),
        )
    root.set(
        "limit", exp.Limit(expression=exp.Literal.number(_lower(root.args.get("limit"), rows)))
    )
    return root


def _unwrapped(root: exp.Expr) -> exp.Expr:
    """Brackets around the whole query fall, unless they carry an ORDER BY or LIMIT of their own."""
    while isinstance(root, exp.Subquery):
        extras = {key for key, value in root.args.items() if value and key != "this"}
        inside = root.this
        if extras or not isinstance(inside, exp.Query):
            return root
        inside.pop()
        root = inside
    return root


def _listed(values: exp.Values) -> exp.Values:
    values.set("alias", exp.TableAlias(this=exp.to_identifier("listed")))
    return values


def _lower(limit: exp.Expr | None, rows: int) -> int:
    if limit is None:
        return rows
    if isinstance(limit, exp.Fetch):
        options = limit.args.get("limit_options")
        if options and (options.args.get("with_ties") or options.args.get("percent")):
            raise _not_a_number()
        wanted = limit.args.get("count")
    else:
        if limit.expressions or limit.args.get("limit_options"):
            raise _not_a_number()
        wanted = limit.expression
    if isinstance(wanted, exp.Literal) and not wanted.is_string and wanted.name.isdigit():
        return min(int(wanted.name), rows)
    if _means_all(wanted):
        return rows
    raise _not_a_number()


def _means_all(wanted: object) -> bool:
    """LIMIT ALL, LIMIT NULL, and SQLite's negative limits."""
    return (
        isinstance(wanted, exp.Null)
        or (isinstance(wanted, exp.Var | exp.Column | exp.All) and wanted.sql().upper() == "ALL")
        or (isinstance(wanted, exp.Neg) and isinstance(wanted.this, exp.Literal))
    )


def _not_a_number() -> UnsafeSql:
    return UnsafeSql(
        "LIMIT must be a plain number of rows.", "Write for example LIMIT 100, without WITH TIES."
    )
