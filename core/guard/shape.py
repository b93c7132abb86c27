"""What a query looks like without the values in it, for logs and traces: no data stands there."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard import text
from core.types import SafeSelect

LONGEST: Final = 2_000
_NAMES: Final = frozenset({TokenType.IDENTIFIER, TokenType.VAR})


def without_values(safe: SafeSelect) -> str:
    """The checked query with ? in the place of each literal, at most 2,000 characters.

    Names that the query gives itself stand as name1, name2 …: a column that was made for each
    region is called like the region. Comments are left out.
    """
    try:
        tokens = text.split(safe.sql, safe.dialect)
    except UnsafeSql:
        return ""
    return " ".join(_words(tokens, _own_names(tokens, safe)))[:LONGEST]


def _words(tokens: Sequence[Token], own: dict[str, str]) -> Iterator[str]:
    for token in tokens:
        if token.token_type is TokenType.NUMBER or token.token_type.name.endswith("STRING"):
            yield "?"
        elif token.token_type in _NAMES:
            yield own.get(token.text.casefold(), token.text)
        else:
            yield token.text


def _own_names(tokens: Sequence[Token], safe: SafeSelect) -> dict[str, str]:
    """What stands in the log for each name that is neither a table's nor a column's."""
    reads = (*safe.reads.tables, *safe.reads.columns)
    known = {part.casefold() for name in reads for part in (name, *name.split("."))}
    own: dict[str, str] = {}
    before = None
    for token in tokens:
        quoted = token.token_type is TokenType.IDENTIFIER
        named = token.token_type in _NAMES and before is TokenType.ALIAS
        name = token.text.casefold()
        if (quoted or named) and name not in known:
            own.setdefault(name, f"name{len(own) + 1}")
        before = token.token_type
    return own
