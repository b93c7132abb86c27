"""The broker: Redis when there is one, else this process's own memory. It only wakes."""

from collections.abc import Callable
from types import ModuleType
from uuid import UUID

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker

from core import metrics
from core.config import Settings
from core.datamind import DataMind
from workers import (
    check_alerts,
    delete_account,
    delete_organization,
    deliver,
    describe_tables,
    export_own_data,
    schema_refresh,
    send_report,
)

log = structlog.get_logger(__name__)

KINDS: dict[str, ModuleType] = {
    module.KIND: module
    for module in (
        *(deliver, check_alerts, send_report, schema_refresh, describe_tables),
        *(export_own_data, delete_account, delete_organization),
    )
}
"""Every kind of job. A new one is a file with KIND, QUEUE, PRIORITY and perform, and its name here.

The lower its PRIORITY, the sooner it is taken up.
"""
INTERACTIVE = "interactive"
"""Whatever a person waits for, of any kind: it has threads of its own."""
QUEUES: tuple[str, ...] = (
    INTERACTIVE,
    *dict.fromkeys(module.QUEUE for module in KINDS.values()),
)


def open_broker(settings: Settings) -> dramatiq.Broker:
    """A broker with a queue for every kind of job.

    A killed worker's messages come back by Redis heartbeats within about half a minute.
    """
    broker: dramatiq.Broker
    if settings.redis_url:
        broker = RedisBroker(  # type: ignore[no-untyped-call]
            url=_patient(settings.redis_url), heartbeat_timeout=15_000, maintenance_chance=100_000
        )
    else:
        broker = StubBroker()
    for queue in QUEUES:
        broker.declare_queue(queue)
    return broker


class WorkerQueue:
    """core's queue over a broker."""

    def __init__(self, broker: dramatiq.Broker) -> None:
        self._broker = broker

    def send(self, kind: str, job_id: UUID, *, urgent: bool = False) -> None:
        """Wake a worker. A broker that is away is no harm: the sweep sends again."""
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=INTERACTIVE if urgent else KINDS[kind].QUEUE,
            actor_name=kind,
            args=(str(job_id),),
            kwargs={},
            options={},
        )
        try:
            self._broker.enqueue(message)
        except (dramatiq.DramatiqError, redis.RedisError) as error:
            metrics.WAKE_FAILURES.labels(kind).inc()
            log.warning("wake_failed", kind=kind, error=type(error).__name__)


def declare_actors(broker: dramatiq.Broker, dm: DataMind) -> None:
    """Tell the broker who performs each kind of job in this process."""
    for kind, module in KINDS.items():
        declare = dramatiq.actor(
            actor_name=kind,
            queue_name=module.QUEUE,
            broker=broker,
            priority=module.PRIORITY,
            max_retries=0,  # the job's row counts attempts, and the sweep sends again
            time_limit=15 * 60 * 1000,
        )
        declare(_hand(dm, module.perform))


def _hand(dm: DataMind, perform: Callable[[DataMind, UUID], None]) -> Callable[[str], None]:
    def hand(job_id: str) -> None:
        perform(dm, UUID(job_id))

    return hand


def _patient(url: str) -> str:
    """redis-py gives up reading after 5 s by default; a worker waits longer for a message."""
    if "socket_timeout" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}socket_timeout=60"
