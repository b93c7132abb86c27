"""The row limit at the root of a query: put where there is none, lowered where it is higher."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard.retelling import Piece

_OPENING: Final = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING: Final = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})


def bare(root: exp.Expr, written: Sequence[Token]) -> tuple[exp.Expr, Sequence[Token]]:
    """The query without brackets around the whole of it, which carry nothing of their own."""
    while isinstance(root, exp.Subquery) and _around(written):
        if any(value for key, value in root.args.items() if key != "this"):
            break
        root, written = root.this, written[1:-1]
    return root, written


def limited(root: exp.Expr, told: Sequence[Piece], rows: int) -> list[Piece]:
    """The words of the query with at most `rows` at its root; ORDER BY and OFFSET stay.

    Raises UnsafeSql for limits that are no plain number of rows.
    """
    limit = root.args.get("limit")
    place = _place(told)
    if (limit is None) != (place is None):
        raise _not_a_number()
    if isinstance(root, exp.Values) or _ties(limit):
        _wanted(limit, rows)
        return [*_words("SELECT * FROM ("), *told, *_words(") AS listed"), *_limit(rows)]
    if limit is None or place is None:
        return [*told, *_limit(rows)]
    begin, end = place
    return [*told[:begin], Piece(str(_wanted(limit, rows)), None), *told[end:]]


def _around(written: Sequence[Token]) -> bool:
    """Whether the first bracket is closed by the last one."""
    depth = 0
    for index, token in enumerate(written):
        depth += (token.token_type in _OPENING) - (token.token_type in _CLOSING)
        if depth == 0:
            return index == len(written) - 1 and index > 0
    return False


def _place(told: Sequence[Piece]) -> tuple[int, int] | None:
    """Where the number of rows stands: from the first to behind the last of its words."""
    depth, at = 0, None
    for index, piece in enumerate(told):
        kind = piece.token.token_type if piece.token else None
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth == 0 and kind in (TokenType.LIMIT, TokenType.FETCH):
            at = index + 1
    if at is None:
        return None
    shown = [piece.text.upper() for piece in told]
    if shown[at : at + 1] in (["FIRST"], ["NEXT"]):
        at += 1
    if shown[at + 1 : at + 2] == [","]:
        at += 2
    return at, at + (2 if shown[at : at + 1] == ["-"] else 1)


def _limit(rows: int) -> list[Piece]:
    return _words(f"LIMIT {rows}")


def _words(sql: str) -> list[Piece]:
    return [Piece(word, None) for word in sql.split()]


def _ties(limit: exp.Expr | None) -> bool:
    options = limit.args.get("limit_options") if limit is not None else None
    return bool(options and options.args.get("with_ties"))


def _wanted(limit: exp.Expr | None, rows: int) -> int:
    if limit is None:
        return rows
    options = limit.args.get("limit_options")
    if limit.expressions or (options and options.args.get("percent")):
        raise _not_a_number()
    count = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.args["expression"]
    if isinstance(count, exp.Literal) and not count.is_string and count.name.isdigit():
        return min(int(count.name), rows)
    if _means_all(count):
        return rows
    raise _not_a_number()


def _means_all(count: object) -> bool:
    """LIMIT ALL, LIMIT NULL, and SQLite's negative limits."""
    return (
        isinstance(count, exp.Null)
        or (isinstance(count, exp.Var | exp.Column) and count.name.upper() == "ALL")
        or (isinstance(count, exp.Neg) and isinstance(count.this, exp.Literal))
    )


def _not_a_number() -> UnsafeSql:
    return UnsafeSql("LIMIT must be a plain number of rows.", "Write for example LIMIT 100.")
