"""When two names are the same: as the engine compares them, and as a careful reader would."""

import unicodedata
from typing import Final

from sqlglot import exp

_CAPITALS: Final = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})
# Letters that a server's collation takes for another one although Unicode does not decompose them.
_ALIKE: Final = str.maketrans({"ı": "i", "ß": "s", "ẞ": "s", "ſ": "s"})
_UNSEEN: Final = frozenset({"Mn", "Me", "Mc", "Cf", "Cc"})
_LONGEST: Final = 63


def lower(name: str) -> str:
    """The name with the letters A to Z in lower case: engines leave all others as they are."""
    return name.translate(_CAPITALS)


def looked_up(name: exp.Expr, dialect: str) -> str:
    """The name by which the engine looks up a table or a WITH step.

    PostgreSQL lowers what is not quoted; MySQL on Linux compares as written; the others compare
    whatever the case.
    """
    if dialect in ("mysql", "mariadb") or (dialect == "postgres" and name.args.get("quoted")):
        return name.name
    return lower(name.name)


def loose(name: str) -> str:
    """The name without case, accents and invisible letters, cut where PostgreSQL cuts names.

    Two names that any engine could take for one have the same loose form, so that it is safe to
    forbid by it, and never to permit.
    """
    if name.isascii():
        return name[:_LONGEST].lower().strip()
    short = name.encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore")
    parts = unicodedata.normalize("NFKD", short.translate(_ALIKE).casefold())
    plain = (letter for letter in parts if unicodedata.category(letter) not in _UNSEEN)
    return "".join(plain).translate(_ALIKE).strip()
