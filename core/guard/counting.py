"""How many rows a query reads, and how many its conditions leave out: one small query."""

from sqlglot import exp

from core.guard import rewriting
from core.types import Reading

READ, KEPT = "rows_read", "rows_kept"


def counting(sql: str, dialect: str, reading: Reading) -> str | None:
    """A query for the rows that stand in FROM (`rows_read`) and those of them that meet WHERE
    (`rows_kept`). Where tables are bound in WHERE alone only the latter is asked.

    None for queries over steps, sub-selects or sets, where such a figure would mislead. It is
    text like any other: whoever runs it has it checked.
    """
    root = rewriting.tree(sql, dialect)
    if not isinstance(root, exp.Select) or not _over_tables(root, reading):
        return None
    where = root.args.get("where")
    counted = exp.select(exp.Count(this=exp.Star()).as_(READ if where is None else KEPT))
    for key in ("with_", "from_", "joins"):
        counted.set(key, root.args.get(key))
    if where is not None and _each_with_each(reading):
        counted.set("where", where)
    elif where is not None:
        met = exp.Case(ifs=[exp.If(this=where.this, true=exp.Literal.number(1))])
        counted.set(
            "expressions",
            [exp.Count(this=exp.Star()).as_(READ), exp.Count(this=met).as_(KEPT)],
        )
    return rewriting.written(counted, dialect)


def _over_tables(select: exp.Select, reading: Reading) -> bool:
    sources = [select.args["from_"].this] if select.args.get("from_") else []
    sources += [join.this for join in select.args.get("joins") or ()]
    own = [use for use in reading.tables if use.path == ()]
    tables = all(isinstance(source, exp.Table) for source in sources)
    return bool(sources) and tables and len(own) == len(sources) and not select.args.get("laterals")


def _each_with_each(reading: Reading) -> bool:
    return any(join.path == () and join.kind == "cross" for join in reading.joins)
