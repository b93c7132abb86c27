"""What SHOW GRANTS says, as data: MariaDB's and MySQL's dialect of it, either style of quoting.

The statements are parsed word by word. They hold the password's hash on MariaDB, so no text of
them is ever kept but names and privileges.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from core.connectors.readers import mysql_account, mysql_name

Level = Literal["server", "database", "table", "routine", "proxy"]

_TOKEN: Final = re.compile(
    r"""`(?:``|[^`])*`|"(?:""|[^"])*"|'(?:''|\\.|[^'])*'|[(),.@*]|[^\s(),.@*`"']+""", re.DOTALL
)
_KINDS: Final = frozenset({"FUNCTION", "PROCEDURE", "PACKAGE", "BODY", "TABLE"})
_TAIL: Final = frozenset({"WITH", "IDENTIFIED", "REQUIRE"})
PUBLIC: Final = "PUBLIC"


@dataclass(frozen=True)
class Grant:
    """Privileges on one place. `columns` of a privilege are part of its text: SELECT (`a`).

    `place` is as GRANT and REVOKE write it; `database` and `name` are for people, without
    quotes. `grantee` is SQL too: an account, a role, or PUBLIC.
    """

    privileges: tuple[str, ...]
    level: Level
    place: str
    grantee: str
    database: str = ""
    name: str = ""
    with_option: bool = False

    @property
    def plain(self) -> frozenset[str]:
        """The privileges without their columns."""
        return frozenset(privilege.split(" (")[0] for privilege in self.privileges)


@dataclass(frozen=True)
class Grants:
    """All that was said of an account. `unread` counts the lines that made no sense to us.

    `roles` are SQL, as granted to the account. `seconds` is MariaDB's limit of a statement.
    """

    grants: tuple[Grant, ...]
    roles: tuple[str, ...]
    seconds: float = 0.0
    unread: int = 0


def read(lines: Iterable[str]) -> Grants:
    """Parse the lines of SHOW GRANTS."""
    grants: list[Grant] = []
    roles: list[str] = []
    seconds, unread = 0.0, 0
    for line in lines:
        tokens = _TOKEN.findall(line)
        if not tokens or tokens[0].upper() != "GRANT":
            # REVOKE (MySQL's partial revokes) and SET DEFAULT ROLE give nothing.
            unread += not tokens or tokens[0].upper() not in ("REVOKE", "SET")
            continue
        try:
            on = _first(tokens, "ON")
            to = _first(tokens, "TO")
        except ValueError:
            unread += 1
            continue
        if on is None or on > to:
            roles += [_account(role) for role in _split(tokens[1:to])]
            continue
        grants.append(_grant(tokens, on, to))
        seconds = max(seconds, _seconds(tokens))
    return Grants(tuple(grants), tuple(roles), seconds, unread)


def _first(tokens: list[str], wanted: str) -> int:
    """Where a keyword stands outside of parentheses. Raises ValueError."""
    depth = 0
    for at, word in enumerate(tokens):
        depth += (word == "(") - (word == ")")
        if depth == 0 and word.upper() == wanted:
            return at
    if wanted == "ON":
        return len(tokens)
    raise ValueError(wanted)


def _grant(tokens: list[str], on: int, to: int) -> Grant:
    privileges = tuple(_privilege(words) for words in _split(tokens[1:on]))
    kinds = [t.upper() for t in tokens[on + 1 : to] if t.upper() in _KINDS]
    names = [t for t in tokens[on + 1 : to] if t.upper() not in _KINDS and t != "."]
    tail = next((at for at in range(to + 1, len(tokens)) if tokens[at].upper() in _TAIL), None)
    grantee = _account(tokens[to + 1 : tail])
    option = "GRANT OPTION" in " ".join(t for t in tokens[to:] if t[0] not in "'\"`")
    if privileges == ("PROXY",):
        return Grant(privileges, "proxy", _account(names), grantee, with_option=option)
    database, name = (_plain(names[0]), _plain(names[-1])) if len(names) > 1 else ("", "")
    level: Level
    if database == "*":
        level, place, database = "server", "*.*", ""
    elif name == "*":
        level, place = "database", f"{mysql_name(database)}.*"
    else:
        level = "routine" if set(kinds) - {"TABLE"} else "table"
        words = " ".join(kind for kind in kinds if kind != "TABLE")
        place = f"{words} {mysql_name(database)}.{mysql_name(name)}".strip()
    shown = re.sub(r"\\([\\_%])", r"\1", database) if level == "database" else database
    return Grant(privileges, level, place, grantee, shown, name, option)


def _split(tokens: list[str]) -> list[list[str]]:
    """The words between commas outside of parentheses."""
    parts: list[list[str]] = [[]]
    depth = 0
    for word in tokens:
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _privilege(words: list[str]) -> str:
    """INSERT, CREATE VIEW, SELECT (`a`, `b`)."""
    if "(" not in words:
        return " ".join(words).upper()
    at = words.index("(")
    columns = [mysql_name(_plain(word)) for word in words[at:] if word not in ("(", ",", ")")]
    return f"{' '.join(words[:at]).upper()} ({', '.join(columns)})"


def _account(tokens: list[str]) -> str:
    """An account or a role as SQL."""
    if "@" not in tokens:
        name = "".join(map(_plain, tokens))
        return PUBLIC if tokens == [PUBLIC] else mysql_name(name)
    at = tokens.index("@")
    return mysql_account("".join(map(_plain, tokens[:at])), "".join(map(_plain, tokens[at + 1 :])))


def _plain(word: str) -> str:
    quote = word[:1]
    if quote not in ("`", '"', "'"):
        return word
    inner = word[1:-1].replace(quote * 2, quote)
    return re.sub(r"\\(.)", r"\1", inner) if quote == "'" else inner


def _seconds(tokens: list[str]) -> float:
    if "MAX_STATEMENT_TIME" not in tokens:
        return 0.0
    at = tokens.index("MAX_STATEMENT_TIME")
    found = re.match(r"\d*\.?\d*", "".join(tokens[at + 1 : at + 4]))
    return float(found[0]) if found and found[0] not in ("", ".") else 0.0
