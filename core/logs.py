"""Logs: one line an event, for people on a console or as JSON. Never secrets, never cell values.

Lines of libraries go the same way, so that every line of a process has one form.
"""

import logging
import sys
from typing import Final

import structlog

from core import failures, tracing
from core.config import Settings

NOISY: Final = (
    *("alembic", "httpx2", "httpcore2", "anthropic", "watchdog", "fontTools", "urllib3"),
    *("opentelemetry", "fsspec"),
)


def set_up(settings: Settings) -> None:
    """Set up structlog and the standard logging for this process."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    known: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        named_by_trace,
        told_without_values,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*known, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*known, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def named_by_trace(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Name the trace that the line belongs to, where there are traces."""
    event.update(tracing.here())
    return event


def told_without_values(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Put a failure into the line as text: where it happened, and as much of its words as may
    stand in a log."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if given is not True else None
    if given is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = failures.told(error)
    return event
