"""What a query looks like without the values in it: for logs, where no data may stand."""

from typing import Final

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from core.types import SafeSelect

LONGEST: Final = 2_000
_NAMES: Final = frozenset({TokenType.IDENTIFIER, TokenType.VAR})


def without_values(safe: SafeSelect) -> str:
    """The checked query with ? in the place of each literal, at most 2,000 characters."""
    try:
        tokens = Dialect.get_or_raise(safe.dialect).tokenize(safe.sql)
    except SqlglotError:
        return ""
    words = ("?" if _is_value(token.token_type) else token.text for token in tokens)
    return " ".join(words)[:LONGEST]


def _is_value(kind: TokenType) -> bool:
    return kind is TokenType.NUMBER or kind.name.endswith("STRING")
