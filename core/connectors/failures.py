"""What a driver says, turned into a sentence that gives away no path of the server."""

import re
from collections.abc import Iterable
from pathlib import Path

from core.connectors.base import Limits
from core.errors import CannotConnect, QueryCancelled, QueryFailed, QueryTimedOut
from core.types import Finding

LONGEST_REASON = 500
FILE_IS_READ_ONLY = Finding(
    "good",
    "The file is opened for reading only.",
    "Queries run on it in a session that cannot write, attach other files or reach the network.",
)
_ABSOLUTE_PATH = re.compile(
    r"(?<![\w.])(?:file:)?(?:/[\w.@+~ -]*[\w.@+~-]){2,}|[A-Za-z]:\\[^\s\"']+"
)
_POINTER = re.compile(r"\n+LINE \d+:.*", re.DOTALL)
_KIND_OF_ERROR = re.compile(r"^[A-Za-z ]{2,30} Error: ")


def reason(error: BaseException, paths: Iterable[Path] = ()) -> str:
    """The engine's own reason, without its pointer into the SQL and without file paths."""
    text = _KIND_OF_ERROR.sub("", _POINTER.sub("", str(error)).strip())
    for path in paths:
        text = text.replace(str(path), path.name)
    text = _ABSOLUTE_PATH.sub("a file", text)
    return " ".join(text.split())[:LONGEST_REASON].rstrip(".")


def query_failed(error: BaseException, paths: Iterable[Path] = ()) -> QueryFailed:
    """The engine refused or broke off the query."""
    return QueryFailed(
        f"The database could not run the query: {reason(error, paths)}.",
        "Check the names of tables and columns, or ask the question in other words.",
    )


def only_reads() -> QueryFailed:
    """The session refused something that is not one reading query."""
    return QueryFailed(
        "The connection only allows reading: this is not a single SELECT query.",
        "Ask for data instead of a change.",
    )


def timed_out(limits: Limits) -> QueryTimedOut:
    """The query reached its time limit."""
    return QueryTimedOut(
        f"The query was stopped: it ran longer than {limits.seconds:g} seconds.",
        "Ask for a shorter period, fewer rows or a coarser grouping.",
    )


def cancelled() -> QueryCancelled:
    """Somebody pressed Stop."""
    return QueryCancelled("The query was stopped.", "Ask again when you are ready.")


def too_large(limits: Limits) -> QueryFailed:
    """The rows at hand outgrew the byte limit."""
    megabytes = max(1, round(limits.max_bytes / 1024 / 1024))
    return QueryFailed(
        f"The result is larger than the {megabytes} MB that one answer may have.",
        "Ask for fewer columns or rows, or leave out long texts.",
    )


def no_file(kind: str) -> CannotConnect:
    """The target names no file, or one that is gone."""
    return CannotConnect(
        f"The {kind} file of this connection is missing.",
        "Upload the file again, or correct the path of the connection.",
    )


def not_a_database(kind: str) -> CannotConnect:
    """The file is there, but the engine cannot read it."""
    return CannotConnect(
        f"The file is not a {kind} database, or it is damaged.",
        f"Check that it opens in another {kind} tool, then upload it again.",
    )
