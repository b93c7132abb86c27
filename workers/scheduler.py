"""The clock: regular work, each piece run by one process however many schedulers there are."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core import jobs, schedule, schema
from core.datamind import DataMind

log = structlog.get_logger(__name__)

TICK_SECONDS = 5.0


@dataclass(frozen=True)
class Regular:
    """Work that is due every so often."""

    name: str
    every: timedelta
    do: Callable[[DataMind], int]


REGULAR = (
    Regular("sweep_jobs", timedelta(seconds=10), jobs.sweep),
    Regular("refresh_schemas", timedelta(minutes=10), schema.refresh_due),
    Regular("tidy_sessions", timedelta(hours=1), schedule.tidy),
)


def tick(dm: DataMind) -> list[str]:
    """Run what is due and ours; returns the names. One failure does not stop the rest."""
    ran = []
    for work in REGULAR:
        try:
            if schedule.claim(dm, work.name, work.every):
                work.do(dm)
                ran.append(work.name)
        except Exception:
            log.exception("regular_work_failed", name=work.name)
    return ran


def run(dm: DataMind, over: threading.Event) -> None:
    """Tick until told that it is over."""
    while not over.is_set():
        tick(dm)
        over.wait(TICK_SECONDS)
