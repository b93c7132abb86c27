"""Names in SQL: quoted where a database would not take them as they are, and plain elsewhere."""

import re
from functools import lru_cache

from sqlglot import exp

from core.analyst.local.lexicon import vocabulary

_PLAIN = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE | re.ASCII)


def identifier(name: str, dialect: str) -> exp.Identifier:
    """A name of the schema, or of an output."""
    return exp.to_identifier(name, quoted=must_be_quoted(name, dialect))


def column(name: str, dialect: str, table: str = "") -> exp.Column:
    """A column, of a table where one is named."""
    owner = identifier(table, dialect) if table else None
    return exp.Column(this=identifier(name, dialect), table=owner)


def must_be_quoted(name: str, dialect: str) -> bool:
    """Whether the bare name would be read as something else; PostgreSQL folds capitals."""
    if not _PLAIN.fullmatch(name) or name.lower() in _reserved():
        return True
    return dialect == "postgres" and name != name.lower()


@lru_cache(maxsize=1)
def _reserved() -> frozenset[str]:
    return frozenset(vocabulary("reserved")["words"])
