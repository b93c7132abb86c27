"""All figures as Prometheus reads them: this process's own, and how the installation stands."""

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from core import audit, metrics, standing
from core.datamind import DataMind
from core.standing import Standing

log = structlog.get_logger(__name__)

CONTENT_TYPE: Final = "text/plain; version=1.0.0; charset=utf-8"
KEPT_SECONDS: Final = 5.0
"""Many scrapers of one process look the installation up once in this time."""
LIMIT_SECONDS: Final = 2.0
"""How long a scrape waits for the application database before it does without."""


class Exposition:
    """The figures of one process. Thread safe; never raises, and never waits longer than
    `limit` seconds for a database that hangs."""

    def __init__(self, dm: DataMind, limit: float = LIMIT_SECONDS) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Installation(dm, limit))

    def text(self) -> bytes:
        """What Prometheus reads now."""
        return generate_latest(metrics.REGISTRY) + generate_latest(self._registry)


class _Installation(Collector):
    """Gauges that are looked up when somebody reads them."""

    def __init__(self, dm: DataMind, limit: float) -> None:
        self._dm, self._limit = dm, limit
        self._lock = threading.Lock()
        self._found: Standing | None = None
        self._looked = float("-inf")
        self._looking: threading.Thread | None = None

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is looked up when it is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Pools of this process, then what the application database says, if it answers."""
        yield from _pools(self._dm)
        found = self._standing()
        yield _one("database_up", "Whether the application database answers", found is not None)
        if found is None:
            return
        yield _by("queue_jobs", "Jobs that wait", "kind", found.waiting)
        yield _by("running_jobs", "Jobs at work", "kind", found.running)
        yield _one("queue_oldest_seconds", "How long the first job waits", found.oldest_seconds)
        yield _by("alerts", "Alerts that are on", "state", found.alerts)
        yield _one("alert_overdue_seconds", "The alert most overdue, after its time",
                   found.late_seconds)  # fmt: skip
        yield _by("deliveries", "Messages that are not sent", "state", found.deliveries)
        yield _one("people", "People here in the last quarter of an hour", found.people)
        yield _by("processes", "Processes seen in the last two minutes", "role", found.processes)

    def _standing(self) -> Standing | None:
        """How things stood some seconds ago at most; None when nobody can say in time.

        One thread looks, however many ask, so that a database that hangs holds up one thread and
        not all of those that serve people.
        """
        with self._lock:
            if time.monotonic() - self._looked < KEPT_SECONDS:
                return self._found
            if self._looking is None or not self._looking.is_alive():
                self._looking = threading.Thread(target=self._look, name="standing", daemon=True)
                self._looking.start()
            looking = self._looking
        looking.join(self._limit)
        return None if looking.is_alive() else self._found

    def _look(self) -> None:
        try:
            self._found = standing.standing(self._dm)
        except SQLAlchemyError as error:
            log.warning("standing_unknown", error=type(error).__name__)
            self._found = None
        self._looked = time.monotonic()


def _pools(dm: DataMind) -> Iterator[GaugeMetricFamily]:
    pool = dm.sessions.engine.pool
    if isinstance(pool, QueuePool):
        yield _one("database_connections_used", "Connections to the application database in use",
                   pool.checkedout())  # fmt: skip
        most = pool.size() + pool._max_overflow
        yield _one("database_connections_most", "Connections that this process may have", most)
    yield _one("connectors_open", "Databases of customers that are open here", dm.pool.size())
    yield _one("connector_calls", "Calls at work on databases of customers", dm.pool.running())
    yield _one("audit_lines_lost", "Audit lines that could not be written", audit.failures())
    yield _one("questions_running", "Questions being answered here", len(dm.running))


def _one(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"datamind_{name}", what, value=float(value))


def _by(name: str, what: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"datamind_{name}", what, labels=[label])
    for word, value in sorted(values.items()):
        family.add_metric([word], float(value))
    return family
