"""The check itself: text, tree, names, limit, and the text that will run."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from core.errors import UnsafeSql
from core.guard import limit, lists, names, rendering, text, tree
from core.guard.policy import Policy
from core.types import SafeSelect


def check(
    sql: str,
    dialect: str,
    policy: Policy | None = None,
    *,
    cap: int = 10_000,
    params: Mapping[str, Any] | None = None,
) -> SafeSelect:
    """The query as it may run, asking for at most `cap` + 1 rows.

    Nothing but reading gets through: every kind of node and every function is on a list. With a
    policy, tables must be in it and its private columns stay unread. `:name` must be in `params`;
    only the parameters that the query names are handed on.
    Raises UnsafeSql, whose message names what was refused.
    """
    if dialect not in lists.PARSED_AS:
        raise UnsafeSql(
            f"DataMind does not know the SQL dialect {dialect}.",
            "Known are " + ", ".join(lists.PARSED_AS) + ".",
        )
    written = text.tokens(sql, dialect)
    root = rendering.parse(written, sql, dialect)
    found = tree.walk(root, dialect)
    text.check_names(written, dialect, frozenset(found.named))
    reads = names.check(found, dialect, policy)
    given = params or {}
    unknown = sorted(found.placeholders - set(given))
    if unknown:
        raise UnsafeSql(
            f"The parameter :{unknown[0]} has no value.", "Give it a value or write it in."
        )
    root = limit.limited(root, cap + 1)
    ready = rendering.render(root, dialect)
    _read_back(root, ready, written, dialect)
    return SafeSelect(
        sql=ready,
        dialect=dialect,
        cap=cap,
        params={name: given[name] for name in sorted(found.placeholders)},
        reads=reads,
    )


def _read_back(root: exp.Expr, ready: str, written: Sequence[Token], dialect: str) -> None:
    """What will run must read as what was checked.

    Where it is word for word what was written, its tree is known. Else it is parsed and walked
    once more, and its tree compared.
    """
    runs = text.split(ready, dialect)
    if _words(runs) == _words(written):
        return
    again = rendering.parse(runs, ready, dialect)
    found = tree.walk(again, dialect)
    text.check_names(runs, dialect, frozenset(found.named))
    if not _same(root, again):
        raise rendering.differs()


def _words(found: Sequence[Token]) -> list[str | tuple[TokenType, str]]:
    """The tokens without what only spells: case of words, AS, and the row limit at the end."""
    words: list[str | tuple[TokenType, str]] = [
        (token.token_type, token.text) if token.token_type in text.TEXTS else token.text.upper()
        for token in found
        if token.token_type is not TokenType.ALIAS
    ]
    if words[-4:-3] == ["LIMIT"] and words[-2] == "OFFSET":
        del words[-4:-2]
    elif words[-2:-1] == ["LIMIT"]:
        del words[-2:]
    return words


def _same(one: object, other: object) -> bool:
    stack = [(one, other)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, exp.Expr) and isinstance(b, exp.Expr):
            a, b = _plain(a), _plain(b)
            if type(a) is not type(b):
                return False
            stack.extend((a.args.get(k), b.args.get(k)) for k in {*a.args, *b.args})
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            stack.extend(zip(a, b, strict=True))
        elif (a or None) != (b or None):
            return False
    return True


def _plain(node: exp.Expr) -> exp.Expr:
    """Without brackets, which the tree does not need, and with one kind of text."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.RawString) or (
        isinstance(node, exp.Identifier) and isinstance(node.parent, exp.PropertyEQ)
    ):
        return exp.Literal.string(node.name)
    return node
