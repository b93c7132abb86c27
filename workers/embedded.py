"""Worker and scheduler inside the app's own process: nothing else to start on one machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dramatiq

from core.datamind import DataMind
from workers import hands, scheduler

THREADS = 2
WAIT_MS = 100


@contextmanager
def running(dm: DataMind, broker: dramatiq.Broker) -> Iterator[None]:
    """Work in threads of this process while the context lasts."""
    over = threading.Event()
    clock = threading.Thread(
        target=scheduler.run,
        args=(dm, over),
        kwargs={"alone": not dm.settings.redis_url},
        name="scheduler",
        daemon=True,
    )
    with hands.at_work(dm, broker, threads=THREADS, wait_ms=WAIT_MS):
        clock.start()
        try:
            yield
        finally:
            over.set()
            clock.join(timeout=scheduler.TICK_SECONDS)
