"""Which alerts are due: claimed in the database, so that each slot is checked once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import jobs
from core.datamind import DataMind
from core.store.tables import Alert, AlertEvent, AlertRun

T = TypeVar("T")
Slots = Mapping[UUID, datetime]
"""Alerts and the moments that they are checked for."""

MOST_AT_ONCE: Final = 2_000
BATCH: Final = 25
"""Checks of one job: they share the reading of a schema and the writing of what they saw."""


@dataclass(frozen=True)
class Batch:
    """Checks on one connection: each an alert's id and its slot as text."""

    org_id: UUID
    connection_id: str
    checks: Sequence[list[str]]


def claim(dm: DataMind) -> int:
    """Hand every due check to the workers; returns how many.

    The next time is moved by compare-and-set in the transaction that writes the jobs, so that
    however many ask, a slot is handed out once, and a killed process hands out nothing by half.
    """
    total = 0
    while True:
        claimed = _claim_some(dm)
        total += claimed
        if claimed < MOST_AT_ONCE:
            return total


def next_slot(slot: datetime, every_minutes: int, now: datetime) -> datetime:
    """The next time after `now` on the alert's own beat.

    Slots missed while nothing ran are made up by the one that is claimed, not one by one.
    """
    every = timedelta(minutes=every_minutes)
    missed = max((now - slot) // every, 0)
    return slot + every * (missed + 1)


def set_right(dm: DataMind) -> int:
    """Make alerts due whose times a clock that jumped has put out of reach; returns how many.

    What they saw at moments that have not come yet is forgotten: it would stand in the way.
    """
    now = dm.clock.now()
    times = sa.select(
        Alert.id, Alert.next_check_at, Alert.last_slot, Alert.check_interval_minutes
    ).where(Alert.is_active, sa.or_(Alert.next_check_at > now, Alert.last_slot > now))
    with dm.sessions.read() as db:
        lost = [
            alert_id
            for alert_id, at, last, minutes in db.execute(times)
            if _too_far(at, now, minutes) or _too_far(last, now, 0)
        ]
    for some in _chunks(lost, 500):
        with dm.sessions.write() as db:
            to_come = (AlertRun.alert_id.in_(some), AlertRun.slot > now)
            db.execute(sa.delete(AlertRun).where(*to_come))
            said = (AlertEvent.alert_id.in_(some), AlertEvent.slot > now)
            db.execute(sa.update(AlertEvent).where(*said).values(slot=None))
            db.execute(
                sa.update(Alert)
                .where(Alert.id.in_(some))
                .values(next_check_at=now, last_slot=sa.null())
            )
    return len(lost)


def _too_far(at: datetime | None, now: datetime, minutes: int) -> bool:
    return at is not None and at > now + timedelta(minutes=minutes + 1)


def _claim_some(dm: DataMind) -> int:
    now = dm.clock.now()
    due = (
        sa.select(
            Alert.id,
            Alert.org_id,
            Alert.connection_id,
            Alert.next_check_at,
            Alert.check_interval_minutes,
        )
        .where(Alert.is_active, Alert.next_check_at <= now)
        .order_by(Alert.next_check_at, Alert.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with dm.sessions.write() as db:
        found = list(db.execute(due))
        if not found:
            return 0
        db.execute(
            sa.update(Alert),
            [
                {
                    "id": a.id,
                    "next_check_at": next_slot(a.next_check_at, a.check_interval_minutes, now),
                }
                for a in found
            ],
        )
        batches = _batches((a.org_id, a.connection_id, a.id, a.next_check_at) for a in found)
        ids = [_write(db, dm, batch) for batch in batches]
    for job_id in ids:
        dm.queue.send(jobs.CHECK_ALERTS, job_id)
    return len(found)


def hand_out_again(dm: DataMind, org_id: UUID, connection_id: str, slots: Slots) -> None:
    """Hand out what a batch had no time for."""
    with dm.sessions.write() as db:
        checks = [[str(alert_id), slot.isoformat()] for alert_id, slot in slots.items()]
        job_id = _write(db, dm, Batch(org_id, connection_id, checks))
    dm.queue.send(jobs.CHECK_ALERTS, job_id)


def _write(db: Session, dm: DataMind, batch: Batch) -> UUID:
    args = {"checks": batch.checks}
    return jobs.create_for(
        db, dm, batch.org_id, jobs.CHECK_ALERTS, args, subject=batch.connection_id
    )


def _batches(due: Iterable[tuple[UUID, UUID, UUID, datetime]]) -> list[Batch]:
    """Batches by connection, the organizations in turns, so that a large one delays nobody."""
    by_place: dict[tuple[UUID, UUID], list[list[str]]] = defaultdict(list)
    for org_id, connection_id, alert_id, slot in due:
        by_place[org_id, connection_id].append([str(alert_id), slot.isoformat()])
    by_org: dict[UUID, list[Batch]] = defaultdict(list)
    for (org_id, connection_id), checks in by_place.items():
        parts = _chunks(checks, BATCH)
        by_org[org_id] += [Batch(org_id, str(connection_id), part) for part in parts]
    return [batch for turn in zip_longest(*by_org.values()) for batch in turn if batch]


def _chunks(things: Sequence[T], size: int) -> list[Sequence[T]]:
    return [things[i : i + size] for i in range(0, len(things), size)]
