"""One trace from a question to the database and the model, for whoever collects traces.

Switched on by OpenTelemetry's own variables of the environment, such as
OTEL_EXPORTER_OTLP_ENDPOINT; without them nothing of it is loaded and a span costs nothing. Spans
hold ids, kinds and sizes, never words or values of anybody's.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

About = Mapping[str, str | int | float]

WANTED_BY: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
CARRIED: Final = "traceparent"
"""Under this name a job's arguments hold where it was asked for (W3C Trace Context)."""

LAST_SECONDS: Final = 3.0

_provider: "list[TracerProvider]" = []


def set_up(process: str) -> None:
    """Begin to trace this process, if the environment asks for it. Exports over OTLP and HTTP."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if _provider or off or not any(map(os.environ.get, WANTED_BY)):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME", f"datamind-{process}")}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _provider.append(provider)


def shut_down(seconds: float = LAST_SECONDS) -> None:
    """Send what is left, for so many seconds at most, and trace no more.

    A collector that is away is tried again for longer than a process has to stop.
    """
    while _provider:
        last = threading.Thread(target=_provider.pop().shutdown, name="last-traces", daemon=True)
        last.start()
        last.join(seconds)


def on() -> bool:
    """Whether this process is traced: what takes time to tell is only then put together."""
    return bool(_provider)


def here() -> dict[str, str]:
    """The trace that this thread works on, for log lines; empty where there is none."""
    if not _provider:
        return {}
    from opentelemetry.trace import format_trace_id, get_current_span

    context = get_current_span().get_span_context()
    return {"trace": format_trace_id(context.trace_id)} if context.is_valid else {}


@contextmanager
def span(
    name: str, about: About | None = None, *, carried: object = None
) -> Iterator[Callable[[About], None]]:
    """Trace what happens in the context, below the span that is open in this thread.

    Gives what adds to `about`. `carried` is what `carry` gave elsewhere: the span goes on from
    there. A failure is told by its kind alone: its words may hold data.
    """
    if not _provider:
        yield _nothing
        return
    from opentelemetry.trace import Status, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = None
    if isinstance(carried, str):
        parent = TraceContextTextMapPropagator().extract({CARRIED: carried})
    tracer = _provider[0].get_tracer("datamind")
    with tracer.start_as_current_span(
        name,
        context=parent,
        attributes=about,
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened.set_attributes
        except BaseException as error:
            opened.set_attribute("error.type", type(error).__name__)
            opened.set_status(Status(StatusCode.ERROR))
            raise


def _nothing(_about: About) -> None:
    """Where nothing is traced nothing is told."""


def carry() -> dict[str, str]:
    """What goes with a job, so that its span is found below the one that is open here."""
    if not _provider:
        return {}
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return {CARRIED: carrier[CARRIED]} if CARRIED in carrier else {}
