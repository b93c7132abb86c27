"""Who keeps the time and who works: seen lately or not, so that silence is noticed and told."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.datamind import DataMind
from core.store.tables import Lease, Sighting

Role = Literal["scheduler", "worker"]

SILENT_AFTER: Final = timedelta(minutes=2)
KEPT: Final = timedelta(days=1)
LEASE_FOR: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Seen:
    """A process at work, and when it last said so."""

    role: str
    holder: str
    at: datetime


@dataclass(frozen=True)
class Silence:
    """A role that nobody has filled for two minutes. `since` is None when nobody ever did."""

    role: Role
    since: datetime | None

    @property
    def sentence(self) -> str:
        """What people are told."""
        return (
            f"No {self.role} is running: alerts are not checked and nothing is refreshed. Ask who "
            "runs this server to start one."
        )


def me() -> str:
    """A name for this process, new at each start."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:8]}"


def say_alive(dm: DataMind, role: Role, holder: str) -> None:
    """Note that a process fills a role just now, and forget those silent for a day."""
    now = dm.clock.now()
    with dm.sessions.write() as db:
        seen = db.get(Sighting, (role, holder))
        if seen is None:
            db.add(Sighting(role=role, holder=holder, seen_at=now))
            db.execute(sa.delete(Sighting).where(Sighting.seen_at < now - KEPT))
        else:
            seen.seen_at = now


def say_goodbye(dm: DataMind, role: Role, holder: str) -> None:
    """Note that a process stops on purpose."""
    with dm.sessions.write() as db:
        db.execute(sa.delete(Sighting).where(Sighting.role == role, Sighting.holder == holder))


def seen(dm: DataMind) -> tuple[Seen, ...]:
    """Every process seen in the last two minutes."""
    since = dm.clock.now() - SILENT_AFTER
    query = sa.select(Sighting).where(Sighting.seen_at >= since)
    with dm.sessions.read() as db:
        rows = db.scalars(query.order_by(Sighting.role, Sighting.holder))
        return tuple(Seen(row.role, row.holder, row.seen_at) for row in rows)


def silences(dm: DataMind) -> tuple[Silence, ...]:
    """The roles that nobody has filled for two minutes."""
    last = sa.select(Sighting.role, sa.func.max(Sighting.seen_at)).group_by(Sighting.role)
    with dm.sessions.read() as db:
        found: dict[str, datetime] = dict(db.execute(last).all())
    since = dm.clock.now() - SILENT_AFTER
    roles: tuple[Role, ...] = ("scheduler", "worker")
    return tuple(Silence(r, found.get(r)) for r in roles if r not in found or found[r] < since)


def hold(dm: DataMind, name: str, holder: str) -> bool:
    """Whether this process has the lease for the next 30 seconds: taken, or said again."""
    now = dm.clock.now()
    free = sa.or_(Lease.holder == holder, Lease.until < now, Lease.until > now + 2 * LEASE_FOR)
    take = (
        sa.update(Lease)
        .where(Lease.name == name, free)
        .values(holder=holder, until=now + LEASE_FOR)
    )
    try:
        with dm.sessions.write() as db:
            if db.execute(take).rowcount == 1:  # type: ignore[attr-defined]
                return True
            if db.get(Lease, name) is not None:
                return False
            db.add(Lease(name=name, holder=holder, until=now + LEASE_FOR))
    except IntegrityError:
        return False
    return True


def let_go(dm: DataMind, name: str, holder: str) -> None:
    """Give a lease up, so that the next process need not wait."""
    with dm.sessions.write() as db:
        db.execute(sa.delete(Lease).where(Lease.name == name, Lease.holder == holder))
