"""What this process counts and times of itself, each figure named once, with its unit.

Prometheus reads them (app: GET /metrics; worker and scheduler: METRICS_PORT). Labels are words of
the product and ids, never names, texts or values of anybody's.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
FAST: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SLOW: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
MOST_CONNECTIONS: Final = 200
"""Told apart by id in one process; further ones are counted together, as `other`."""


def _timer(name: str, what: str, *labels: str, buckets: tuple[float, ...] = FAST) -> Histogram:
    return Histogram(f"datamind_{name}_seconds", what, labels, registry=REGISTRY, buckets=buckets)


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(f"datamind_{name}", what, labels, registry=REGISTRY)


HTTP: Final = _timer("http", "Requests of own routes", "route", "method", "status")
RERUN: Final = _timer("rerun", "Runs of a screen, from its first line to its last", "screen")

PART: Final = _timer("part", "Runs of a part of a screen that is drawn by itself", "part")
PAGES: Final = Gauge("datamind_pages_open", "Pages that stand open here", registry=REGISTRY)
SCREEN_FAILURES: Final = _counter("screen_failures", "Screens that ended in an error of ours")

QUESTIONS: Final = _counter("questions", "Questions answered", "analyst", "outcome")
QUESTION: Final = _timer("question", "Questions, from asking to the kept answer", buckets=SLOW)
STAGE: Final = _timer("stage", "Stages of answering a question", "stage", buckets=SLOW)

MODEL_CALLS: Final = _counter("model_calls", "Calls of models", "model", "purpose", "outcome")
MODEL: Final = _timer("model", "Calls of models", "model", "purpose", buckets=SLOW)
MODEL_TOKENS: Final = _counter("model_tokens", "Tokens of models", "model", "kind")
MODEL_COST: Final = _counter("model_cost_dollars", "What models cost, by the price table", "model")

RESULTS: Final = _counter("results", "Results asked for, by where they came from", "source")
QUERY: Final = _timer("query", "Queries on databases", "kind", "connection", "outcome")

CACHE_FAILURES: Final = _counter("cache_failures", "Times that Redis kept and gave nothing")

JOBS: Final = _counter("jobs", "Jobs that ended", "kind", "state")
JOB: Final = _timer("job", "Jobs, from being taken up to their end", "kind", buckets=SLOW)
JOB_WAIT: Final = _timer("job_wait", "Jobs, from being written to being taken up", "kind",
                         buckets=SLOW)  # fmt: skip
WAKE_FAILURES: Final = _counter("wake_failures", "Jobs that no worker could be woken for", "kind")
SENDINGS: Final = _counter("sendings", "Attempts to send a message", "channel", "outcome")
ALERT_CHECKS: Final = _counter("alert_checks", "Checks of alerts", "outcome")
ALERT_LATE: Final = _timer("alert_late", "Checks of alerts, after their time", buckets=SLOW)

_seen: set[str] = set()
_seen_lock = threading.Lock()


def connection(connection_id: object) -> str:
    """A connection as a label: bounded in number."""
    label = str(connection_id)
    with _seen_lock:
        if label not in _seen and len(_seen) >= MOST_CONNECTIONS:
            return "other"
        _seen.add(label)
        return label


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time one stage of answering, also when it fails."""
    began = time.perf_counter()
    try:
        yield
    finally:
        STAGE.labels(name).observe(time.perf_counter() - began)
