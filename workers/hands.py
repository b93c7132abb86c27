"""Threads that take up work: the same in the app's own process and in a worker's.

Interactive work has threads that nothing else may use, so that a person does not wait behind
ten thousand checks.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dramatiq
import structlog

from core import watch
from core.datamind import DataMind
from workers import broker as brokers

log = structlog.get_logger(__name__)

SEEN_SECONDS = 15.0
INTERACTIVE_THREADS = 2


@contextmanager
def at_work(
    dm: DataMind, broker: dramatiq.Broker, *, threads: int, wait_ms: int = 1000
) -> Iterator[None]:
    """Work while the context lasts; jobs under way are finished before it ends."""
    brokers.declare_actors(broker, dm)
    background = set(brokers.QUEUES) - {brokers.INTERACTIVE}
    workers = [
        dramatiq.Worker(
            broker, queues={brokers.INTERACTIVE}, worker_threads=INTERACTIVE_THREADS,
            worker_timeout=wait_ms,
        ),
        dramatiq.Worker(
            broker, queues=background, worker_threads=threads, worker_timeout=wait_ms
        ),
    ]  # fmt: skip
    broker.logger.addFilter(_not_about_two_workers)
    for worker in workers:
        worker.start()
    over = threading.Event()
    pulse = threading.Thread(target=_say_alive, args=(dm, over), name="worker-pulse", daemon=True)
    pulse.start()
    try:
        yield
    finally:
        over.set()
        for worker in workers:
            worker.stop()
        pulse.join(timeout=SEEN_SECONDS)


def _not_about_two_workers(record: logging.LogRecord) -> bool:
    """Each worker adds its own middleware; dramatiq warns of the second, which is meant."""
    return "same type twice" not in str(record.msg)


def _say_alive(dm: DataMind, over: threading.Event) -> None:
    me = watch.me()
    while True:
        try:
            watch.say_alive(dm, "worker", me)
        except Exception:
            log.exception("pulse_failed")
        if over.wait(SEEN_SECONDS):
            break
    with suppress(Exception):
        watch.say_goodbye(dm, "worker", me)
