"""The text that will run: the person's own words, each told again in a form no engine misreads.

Rendering the tree would change answers (a cast to DECIMAL becomes REAL on SQLite, MEDIAN another
function on MariaDB). Sending the original text would trust the parser to split it as the engine
does. So the words that were checked are written again: comments fall away, texts are quoted anew
so that they end at the same place whatever the server's settings, and every word must either be
on the dialect's list or stand in the tree as a name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard import folding, lists, text
from core.guard.tree import Found
from core.types import Mark

_PLAIN_ESCAPES: Final = re.compile(r"[eE]'(?:[^'\\]|''|\\[\\'nrt])*'", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d]")
# Words that begin a clause which does more than read. As a name they are written in quotes.
_CLAUSES: Final = frozenset(
    {"into", "outfile", "dumpfile", "procedure", "lock", "update", "share", "delete", "insert"}
    | {"returning", "set", "call", "execute", "replace", "load", "nowait", "skip", "only"}
    | {"sql_calc_found_rows"}
)


@dataclass(frozen=True)
class Piece:
    """A word as it will be written; `glued` ones follow the one before without a space.

    `parameter` is the name of the parameter that begins here.
    """

    text: str
    token: Token | None
    glued: bool = False
    parameter: str = ""


def pieces(sql: str, written: Sequence[Token], found: Found, dialect: str) -> list[Piece]:
    """Each token told again. Raises UnsafeSql for a word that the tree does not account for."""
    told: list[Piece] = []
    known = lists.spoken(dialect)
    edge = -1
    for index, token in enumerate(written):
        source = sql[token.start : token.end + 1]
        glued = token.start == edge or _opens_a_call(token, told, found, dialect)
        edge = token.end + 1
        kind = token.token_type
        if kind in text.TEXTS:
            told.append(Piece(_quoted(token, source, dialect), token, glued))
            continue
        if not _WORD.match(source):
            named = _parameter(written, index, found)
            # DuckDB wants its parameters written with a dollar sign.
            shown = "$" if named and dialect == "duckdb" else source
            told.append(Piece(shown, token, glued, named))
            continue
        if glued and told and told[-1].token and told[-1].token.token_type is TokenType.NUMBER:
            raise UnsafeSql(
                f"This number could not be read: {told[-1].text}{source}.",
                "Write numbers with digits and one point, and a space after them.",
            )
        word = source.lower()
        is_name = token.start in found.places
        if is_name and word in _CLAUSES:
            told.append(
                Piece(quoted_name(word if dialect == "postgres" else source, dialect), token, glued)
            )
        elif (
            is_name
            or {*word.split()} <= known
            or word in found.words
            or (word == "set" and told and told[-1].text.lower() == "character")
        ):
            told.append(Piece(" ".join(source.split()), token, glued))
        else:
            raise UnsafeSql(
                f"The word {source[:40]} is not allowed here.",
                "If it is a name, write it in quotes.",
            )
    return told


def joined(told: Sequence[Piece]) -> str:
    """The pieces as one line of SQL."""
    return "".join(p.text if p.glued or not i else " " + p.text for i, p in enumerate(told))


def marks(told: Sequence[Piece]) -> tuple[Mark, ...]:
    """Where the parameters stand in the joined text."""
    found: list[Mark] = []
    place = 0
    for index, piece in enumerate(told):
        place += 0 if piece.glued or not index else 1
        if piece.parameter:
            end = place + len(piece.text) + len(piece.parameter)
            found.append(Mark(piece.parameter, place, end))
        place += len(piece.text)
    return tuple(found)


def proved(told: Sequence[Piece], ready: str, dialect: str) -> None:
    """What will run splits into the very words that were checked. Raises UnsafeSql otherwise."""
    runs = text.split(ready, dialect)
    same = len(runs) == len(told) and all(
        piece.token is None
        or token.text == piece.token.text
        or token.text.upper() == piece.text.strip('`"').upper()
        for piece, token in zip(told, runs, strict=True)
    )
    if not same:
        raise UnsafeSql(
            "This query could not be prepared so that it surely means the same.",
            "Write it in a simpler way.",
        )


def _parameter(written: Sequence[Token], index: int, found: Found) -> str:
    """The name of the parameter that this colon begins; empty where it begins none."""
    if written[index].token_type is not TokenType.COLON or index + 1 >= len(written):
        return ""
    following = written[index + 1]
    names_one = (
        following.text in found.placeholders
        and following.start == written[index].end + 1
        and following.start not in found.places
    )
    return following.text if names_one else ""


def _opens_a_call(token: Token, told: Sequence[Piece], found: Found, dialect: str) -> bool:
    """MySQL calls its own SUM where the bracket follows at once, else somebody's function."""
    if dialect not in ("mysql", "mariadb") or token.token_type is not TokenType.L_PAREN or not told:
        return False
    word = told[-1].token
    return (
        word is not None
        and word.token_type not in text.TEXTS
        and word.start not in found.places
        and word.text.lower() in lists.of(dialect).functions
    )


def _quoted(token: Token, source: str, dialect: str) -> str:
    kind = token.token_type
    if "\0" in token.text:
        raise UnsafeSql("A text holds a NUL character.", "Leave it out.")
    if kind is TokenType.STRING:
        if dialect in ("mysql", "mariadb"):
            return "'" + token.text.replace("\\", "\\\\").replace("'", "''") + "'"
        return "'" + token.text.replace("'", "''") + "'"
    if kind is TokenType.HEREDOC_STRING:
        return "'" + token.text.replace("'", "''") + "'"
    if kind is TokenType.BYTE_STRING and not _PLAIN_ESCAPES.fullmatch(source):
        raise UnsafeSql(
            f"This text has escapes that engines read differently: {source[:40]}.",
            "Write it as plain text in single quotes.",
        )
    if kind is TokenType.NATIONAL_STRING and "\\" in source:
        raise UnsafeSql("Text written as N'…' may hold no backslash.", "Write it as plain text.")
    return source


def quoted_name(name: str, dialect: str) -> str:
    """The name in the quotes of the dialect."""
    mark = "`" if dialect in ("mysql", "mariadb") else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def spelled(name: exp.Expr, dialect: str) -> str:
    """A name of the person's as it may be written anew: in quotes unless it surely needs none."""
    written: str = name.name
    if name.args.get("quoted"):
        return quoted_name(written, dialect)
    if written.lower() in lists.spoken(dialect) | _CLAUSES or not written.isidentifier():
        return quoted_name(folding.looked_up(name, dialect), dialect)
    return written
