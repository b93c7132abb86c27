"""Whether a query could make an engine say something about rows before a row rule left them out.

An engine may test the person's condition first where it thinks that cheaper, and a failing cast or
a division by zero then tells of a row that he may not see. Where a query computes anything that
can fail, the sub-select of the rule gets a limit that leaves nothing out: no engine moves a
condition past it.
"""

from typing import Final

from sqlglot import exp

from core.guard.editing import words
from core.guard.retelling import Piece

EVERY_ROW: Final = "9223372036854775807"
_CANNOT_FAIL: Final = (
    exp.Query,
    exp.Table,
    exp.TableAlias,
    exp.From,
    exp.Join,
    exp.Where,
    exp.Having,
    exp.Group,
    exp.Order,
    exp.Ordered,
    exp.With,
    exp.CTE,
    exp.Distinct,
    exp.Filter,
    exp.Limit,
    exp.Offset,
    exp.Fetch,
    exp.Alias,
    exp.Paren,
    exp.Tuple,
    exp.Column,
    exp.Identifier,
    exp.Star,
    exp.Literal,
    exp.Null,
    exp.Boolean,
    exp.Interval,
    exp.Var,
    exp.TimeUnit,
    exp.DataType,
    exp.DataTypeParam,
    exp.Placeholder,
    exp.And,
    exp.Or,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
    exp.Is,
    exp.In,
    exp.Between,
    exp.Exists,
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Nullif,
    exp.Lower,
    exp.Upper,
    exp.Year,
    exp.Quarter,
    exp.Month,
    exp.Day,
    exp.AggFunc,
    exp.Window,
    exp.WindowSpec,
)

_UNITS: Final = frozenset(
    {"year", "quarter", "month", "week", "day", "hour", "minute", "second", "epoch"}
    | {"dow", "isodow", "doy", "isoyear", "decade", "century", "millennium"}
)


def needed(root: exp.Expr, columns: frozenset[str]) -> bool:
    """Whether the query, `root`, computes something that can fail where a rule could come later.

    `columns` are the columns of the tables with a rule, in lower case: where one of them is
    written for a unit of time (DATE_TRUNC(note, day)), its values can fail.
    The outputs of the outermost SELECT and what aggregates make are computed behind every rule.
    """
    outputs = root.expressions if isinstance(root, exp.Select) else ()
    behind = {id(output) for output in outputs}
    stack: list[exp.Expr] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.AggFunc) or id(node) in behind:
            stack.extend(query for query in node.find_all(exp.Query) if query is not node)
            continue
        if isinstance(node, exp.Subquery) and not isinstance(
            node.parent,
            exp.From | exp.Join | exp.In | exp.SetOperation | exp.Subquery | exp.Lateral,
        ):
            return True
        # Exactly these kinds: DATE_TRUNC is a kind of TimeUnit to the parser.
        plain = (
            type(node) in _CANNOT_FAIL
            or isinstance(node, exp.Query | exp.AggFunc)
            or (isinstance(node, exp.Like | exp.ILike) and isinstance(node.expression, exp.Literal))
        )
        unit = _unit(node)
        plain = plain or (unit in _UNITS and unit not in columns)
        if not plain and (unit in columns or _of_a_row(node)):
            return True
        stack.extend(node.iter_expressions())
    return False


def _unit(node: exp.Expr) -> str:
    """The unit of time that a function cuts by, in lower case; empty for other nodes."""
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        unit = node.args.get("unit")
    else:
        unit = node.this if isinstance(node, exp.Extract) else None
    return str(unit.name).lower() if isinstance(unit, exp.Expr) else ""


def fence(dialect: str) -> tuple[Piece, ...]:
    """The words that keep conditions from moving into a sub-select, and leave no row out."""
    if dialect in ("postgres", "duckdb"):
        return words("OFFSET", "0")
    return words("LIMIT", EVERY_ROW)


def is_fence(query: exp.Select) -> bool:
    """Whether limit and offset of the query, if it has them, leave no row out."""
    limit, offset = query.args.get("limit"), query.args.get("offset")
    return (limit is None or limit.args["expression"] == exp.Literal.number(EVERY_ROW)) and (
        offset is None or offset.args["expression"] == exp.Literal.number("0")
    )


def _of_a_row(node: exp.Expr) -> bool:
    """Whether a column is used that no aggregate stands around."""
    if isinstance(node, exp.Column):
        return True
    if isinstance(node, exp.AggFunc):
        return False
    return any(_of_a_row(part) for part in node.iter_expressions())
