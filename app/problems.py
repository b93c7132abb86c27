"""The only place where an error becomes a message: on a screen, or as JSON with a status."""

import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import streamlit as st
import structlog
from starlette.responses import JSONResponse

from core import health, metrics
from core.errors import BadInput, BadUpload, DataMindError, LimitReached, NotAllowed, NotFound

log = structlog.get_logger(__name__)

STATUS: dict[type[DataMindError], int] = {
    BadInput: 400,
    BadUpload: 400,
    NotAllowed: 403,
    NotFound: 404,
    LimitReached: 429,
}


@contextmanager
def shown() -> Iterator[None]:
    """Show what goes wrong inside as a sentence and what to do about it."""
    try:
        yield
    except DataMindError as problem:
        show(problem.message, problem.hint)


def show(message: str, hint: str = "") -> None:
    """A problem on the screen: what happened, and what to do."""
    st.error(plain(f"{message} {hint}".strip()), icon=":material/error:")


def on_script_error(error: Exception) -> bool:
    """Streamlit's last resort: a known problem in words, anything else as a reference."""
    if isinstance(error, DataMindError):
        show(error.message, error.hint)
        return True
    metrics.SCREEN_FAILURES.inc()
    if health.is_database_away(error):
        log.warning("screen_without_database", error=type(error).__name__)
        show(
            "DataMind’s own database does not answer just now.",
            "What you saved is safe. Reload the page in a minute.",
        )
        return True
    reference = uuid4().hex[:8]
    log.error("screen_failed", reference=reference, exc_info=error)
    show(
        "Something went wrong on our side.",
        f"Reload the page. If it happens again, tell your admin the reference {reference}.",
    )
    return True


def response(error: DataMindError) -> JSONResponse:
    """A problem as JSON for a route."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return JSONResponse({"error": error.message, "hint": error.hint}, status_code=status)


def plain(text: str) -> str:
    """Text of any origin as Markdown that shows just that text: no links, images or formulas."""
    escaped = "".join(f"\\{c}" if c in _MARKDOWN else c for c in text)
    return _ADDRESS.sub(lambda found: f"{found[1]}{_JOINER}{found[2]}", escaped)


def prose(text: str) -> str:
    """An answer's text: plain but for **bold** figures."""
    return plain(text).replace(r"\*\*", "**")


def markdown(text: str) -> str:
    """A person's own Markdown without what reaches elsewhere by itself or surprises: images,
    which would ask another host, and formulas, which any two dollar signs would make."""
    return text.replace("![", "!\\[").replace("$", "\\$")


_MARKDOWN = frozenset(string.punctuation)
# Streamlit makes links of addresses in bare text; an invisible sign within keeps them text.
_ADDRESS = re.compile(r"(https?\\:\\/\\/|www)(\\\.|[^\s])", re.IGNORECASE)
_JOINER = "\u2060"
