"""A failure in words that may stand in a log: where it happened, never on which values.

A driver quotes the row that it could not take, a parser the text that it could not read. So of
what libraries of data say only the kind is told, and of all other words what is quoted is left out.
"""

import re
import traceback
from collections.abc import Iterator
from typing import Final

SILENT: Final = frozenset(
    {
        *("sqlalchemy", "psycopg", "pymysql", "sqlite3", "duckdb", "sqlglot"),
        *("pandas", "pyarrow", "numpy", "openpyxl", "calamine", "python_calamine", "yaml"),
        *("anthropic", "httpx2", "pydantic", "pydantic_core", "json", "redis"),
    }
)
"""Libraries whose messages quote data, statements or addresses with passwords in them."""
MOST_CAUSES: Final = 5
LEFT_OUT: Final = "…"

_QUOTED: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|“[^”]*”|‘[^’]*’|`[^`\n]*`")
_ADDRESS: Final = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def told(error: BaseException) -> str:
    """The lines of code and the kind of the error and of what it came from, the first cause
    first."""
    parts = [
        "".join(traceback.format_tb(one.__traceback__)) + f"{_kind(one)}: {_words(one)}"
        for one in _causes(error)
    ]
    return "\n\nFrom it came:\n\n".join(reversed(parts))


def _causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(error: BaseException) -> str:
    of = type(error)
    return of.__name__ if of.__module__ == "builtins" else f"{of.__module__}.{of.__qualname__}"


def _words(error: BaseException) -> str:
    if type(error).__module__.lstrip("_").partition(".")[0] in SILENT:
        return LEFT_OUT
    return _QUOTED.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, str(error)))
