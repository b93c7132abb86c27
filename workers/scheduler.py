"""The clock: regular work, each piece run by one process however many schedulers there are."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core import (
    audit,
    conversations,
    deliveries,
    explore,
    jobs,
    limits,
    own_data,
    refreshes,
    schedule,
    watch,
)
from core.alerts import due, history, keeping
from core.datamind import DataMind
from core.reports import keeping as reports
from core.reports import making

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
    Regular("set_alerts_right", timedelta(minutes=1), due.set_right),
    Regular("hand_alerts_over", timedelta(minutes=1), keeping.hand_over),
    Regular("claim_alerts", timedelta(seconds=5), due.claim),
    Regular("claim_reports", timedelta(seconds=15), making.claim),
    Regular("wake_deliveries", timedelta(seconds=5), deliveries.wake),
    Regular("refresh_schemas", timedelta(minutes=10), refreshes.start_due),
    Regular("tidy_sessions", timedelta(hours=1), schedule.tidy),
    Regular("tidy_rates", timedelta(hours=1), limits.tidy),
    Regular("tidy_jobs", timedelta(minutes=10), jobs.tidy),
    Regular("tidy_alert_runs", timedelta(days=1), history.tidy),
    Regular("tidy_report_files", timedelta(days=1), reports.tidy),
    Regular("tidy_query_runs", timedelta(days=1), explore.tidy),
    Regular("tidy_chats", timedelta(days=1), conversations.tidy),
    Regular("tidy_own_data", timedelta(days=1), own_data.tidy),
    Regular("tidy_audit", timedelta(days=1), audit.tidy),
    Regular("tidy_deliveries", timedelta(days=1), deliveries.tidy),
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


def run(dm: DataMind, over: threading.Event, *, alone: bool = False) -> None:
    """Tick until told that it is over, and say each time that the clock is kept.

    `alone`: tick only while this process holds the lease of the embedded scheduler. Without
    Redis each process has a queue of its own, and one of them is to do the work.
    """
    me = watch.me()
    waiting = False
    while not over.is_set():
        try:
            if not alone or watch.hold(dm, LEASE, me):
                watch.say_alive(dm, "scheduler", me)
                tick(dm)
                waiting = False
            elif not waiting:
                log.warning("another_process_keeps_the_time", until="it stops")
                waiting = True
        except Exception:
            log.exception("tick_failed")
        over.wait(TICK_SECONDS)
    with suppress(Exception):
        watch.say_goodbye(dm, "scheduler", me)
        watch.let_go(dm, LEASE, me)


LEASE = "embedded scheduler"
