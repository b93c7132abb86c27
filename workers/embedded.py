"""Worker and scheduler inside the app's own process: nothing else to start on one machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dramatiq

from core.datamind import DataMind
from workers import broker as brokers
from workers import scheduler

THREADS = 2


@contextmanager
def running(dm: DataMind, broker: dramatiq.Broker) -> Iterator[None]:
    """Work in threads of this process while the context lasts."""
    brokers.declare_actors(broker, dm)
    worker = dramatiq.Worker(broker, worker_threads=THREADS, worker_timeout=100)
    worker.start()
    over = threading.Event()
    clock = threading.Thread(target=scheduler.run, args=(dm, over), name="scheduler", daemon=True)
    clock.start()
    try:
        yield
    finally:
        over.set()
        worker.stop()
        clock.join(timeout=scheduler.TICK_SECONDS)
