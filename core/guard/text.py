"""What can be told from the text alone: size, disguises, one statement, names before brackets.

A parser reads some texts differently from the engine. Those are refused here, so that the tree
that is checked afterwards is what the person's text says.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard import lists

if TYPE_CHECKING:
    from core.guard.tree import Found

MAX_BYTES: Final = 100_000
MAX_NESTING: Final = 40
# The parser tries a type name before a bracket twice, so its work doubles with each level.
MAX_TYPE_NESTING: Final = 4

ONLY_READING: Final = "DataMind only reads: write one SELECT (it may begin with WITH)."

_QUERY_STARTS: Final = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "FROM", "("})
_OPENING: Final = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING: Final = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
TEXTS: Final = frozenset(
    {
        TokenType.STRING,
        TokenType.IDENTIFIER,
        TokenType.NATIONAL_STRING,
        TokenType.RAW_STRING,
        TokenType.HEREDOC_STRING,
        TokenType.UNICODE_STRING,
        TokenType.BYTE_STRING,
        TokenType.HEX_STRING,
        TokenType.BIT_STRING,
    }
)
_SUSPICIOUS: Final = re.compile(
    r"/\*!|/\*M!|\{[#%{]|[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u061c\u1680\u180e"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_NAMES: Final = {
    "/*!": ("A comment that MySQL runs (/*! … */) is not allowed.", "Leave the comment out."),
    "/*M!": ("A comment that MariaDB runs (/*M! … */) is not allowed.", "Leave the comment out."),
    "{#": ("Template marks ({# #}) are not SQL.", "Put the value itself into the query."),
    "{%": ("Template marks ({% %}) are not SQL.", "Put the value itself into the query."),
    "{{": ("Template marks ({{ }}) are not SQL.", "Put the value itself into the query."),
}
_COMMENT: Final = {
    "mysql": re.compile(r"--(?=\s|\Z)[^\n]*|#[^\n]*|/\*(?P<inside>.*?)\*/", re.DOTALL),
    "": re.compile(r"--[^\n]*|/\*(?P<inside>.*?)\*/", re.DOTALL),
}


def tokens(sql: str, dialect: str) -> list[Token]:
    """The tokens of the one statement in the text, without its closing semicolon.

    Raises UnsafeSql for text that is too long, too deep, no single query, or that an engine
    could read differently from the parser.
    """
    _size(sql)
    found = split(sql, dialect)
    if all(token.token_type is TokenType.SEMICOLON for token in found):
        raise UnsafeSql("There is no SQL to run.", ONLY_READING)
    _disguises(sql, found)
    _beginning(found[0])
    _gaps(sql, found, lists.PARSED_AS[dialect])
    if "&" in sql:
        _escaped_names(found)
    found = _one_statement(found)
    _nesting(found, dialect)
    return found


def split(sql: str, dialect: str) -> list[Token]:
    """The text as the parser's tokens. Raises UnsafeSql where it cannot be split."""
    try:
        return Dialect.get_or_raise(lists.PARSED_AS[dialect]).tokenize(sql)
    except (SqlglotError, RecursionError, ValueError, IndexError) as error:
        raise UnsafeSql(
            "The SQL could not be read: a quote or a comment is not closed.",
            "Check that every quote and every comment has its end.",
        ) from error


def check_names(found: Sequence[Token], dialect: str, read: "Found") -> None:
    """Every word before a bracket must be on the dialect's list, or a name with a list of columns.

    `read` tells what the parser took the words for. A word of the language that it took for a
    name or for a function could be somebody's own function to the engine: it must be on the list
    of functions. Raises UnsafeSql with the name.
    """
    allowed = lists.before_bracket(dialect)
    callables = lists.callable_names(dialect)
    for word, bracket in pairwise(found):
        if bracket.token_type is not TokenType.L_PAREN or word.start in read.lists:
            continue
        name = word.text.lower()
        if word.token_type is TokenType.IDENTIFIER:
            raise UnsafeSql(
                f'A quoted function name is not allowed: "{word.text}".',
                "Write the name of the function without quotes.",
            )
        if word.token_type in TEXTS or not (name[:1].isalpha() or name[:1] == "_"):
            continue
        called = word.start in read.calls or word.start in read.places
        if not {*name.split()} <= (callables if called else allowed):
            raise unknown_function(word.text)


def unknown_function(name: str) -> UnsafeSql:
    """The refusal of a function that is not on the list."""
    return UnsafeSql(
        f"The function {name} is not allowed here.",
        "Only functions that compute a value are allowed; the list is in docs/security.md.",
    )


def _size(sql: str) -> None:
    if not sql.strip():
        raise UnsafeSql("There is no SQL to run.", ONLY_READING)
    if len(sql) > MAX_BYTES or len(sql.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise UnsafeSql(
            f"The SQL is too long: at most {MAX_BYTES // 1000} kB are allowed.",
            "Ask for less in one query.",
        )
    if "\0" in sql:
        raise UnsafeSql("The SQL holds a NUL character.", "Type the query again.")


def _disguises(sql: str, found: Sequence[Token]) -> None:
    for hit in _SUSPICIOUS.finditer(sql):
        if any(t.start <= hit.start() <= t.end and t.token_type in TEXTS for t in found):
            continue
        message, hint = _NAMES.get(
            hit.group(),
            (
                f"The SQL holds an invisible or unusual character (U+{ord(hit.group()[0]):04X}).",
                "Type the query again with ordinary spaces.",
            ),
        )
        raise UnsafeSql(message, hint)


def _gaps(sql: str, found: Sequence[Token], parsed_as: str) -> None:
    """Between tokens there is nothing but spaces and comments that all engines read alike."""
    comment = _COMMENT.get(parsed_as, _COMMENT[""])
    edge = 0
    for begin, end in [*((t.start, t.end + 1) for t in found), (len(sql), len(sql))]:
        gap = sql[edge:begin]
        edge = max(edge, end)
        if not gap or gap.isspace():
            continue
        if any("/*" in (hit["inside"] or "") for hit in comment.finditer(gap)):
            raise UnsafeSql("A comment inside a comment is not allowed.", "Leave comments out.")
        rest = comment.sub("", gap)
        if rest.strip():
            raise UnsafeSql(
                f"This part of the SQL could not be read: {rest.strip()[:40]}",
                "Leave it out, or put a space after -- in a comment.",
            )


def _escaped_names(found: Sequence[Token]) -> None:
    """Refuse U&"…": the parser takes it for a sum of bits, PostgreSQL for any name at all."""
    for mark, sign, name in zip(found, found[1:], found[2:], strict=False):
        if (
            sign.token_type is TokenType.AMP
            and name.token_type in TEXTS
            and mark.text.upper() == "U"
            and mark.end + 1 == sign.start
            and sign.end + 1 == name.start
        ):
            raise UnsafeSql(
                "A name or text written with escapes (U&) is not allowed.", "Write it as it is."
            )


def _one_statement(found: list[Token]) -> list[Token]:
    count = len(found)
    for index, token in enumerate(found):
        if token.token_type is TokenType.SEMICOLON:
            count = index
            break
    if any(t.token_type is not TokenType.SEMICOLON for t in found[count:]):
        raise UnsafeSql(
            "There is more than one statement.", "Send one query at a time, without ; inside."
        )
    return found[:count]


def _beginning(first: Token) -> None:
    word = first.text.upper()
    if word not in _QUERY_STARTS or first.token_type in TEXTS:
        raise UnsafeSql(f"{word[:40]} is not a query.", ONLY_READING)


def _nesting(found: Sequence[Token], dialect: str) -> None:
    types = Dialect.get_or_raise(lists.PARSED_AS[dialect]).parser_class.TYPE_TOKENS
    doubling: list[bool] = []
    cases = 0
    previous: Token | None = None
    for token in found:
        kind = token.token_type
        if kind in _OPENING:
            doubling.append(previous is not None and previous.token_type in types)
        elif kind in _CLOSING and doubling:
            doubling.pop()
        elif kind is TokenType.CASE:
            cases += 1
        elif kind is TokenType.END:
            cases -= 1
        if len(doubling) + cases > MAX_NESTING:
            raise UnsafeSql(
                f"The SQL is nested too deeply: at most {MAX_NESTING} levels are allowed.",
                "Split the query into steps with WITH.",
            )
        if kind in _OPENING and sum(doubling) > MAX_TYPE_NESTING:
            raise UnsafeSql(
                f"Types or arrays are nested too deeply: at most {MAX_TYPE_NESTING} levels.",
                "Split the expression into steps with WITH.",
            )
        previous = token
