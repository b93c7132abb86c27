"""The audit log: every sign-in, change and export; a failing audit never breaks what it records."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import export
from core.datamind import DataMind
from core.security import access
from core.store.tables import AuditLog, Organization, User
from core.types import Actor

log = structlog.get_logger(__name__)

PAGE: Final = 100
MOST_EXPORTED: Final = 100_000
KEEP_DAYS: Final = "audit_days"


@dataclass(frozen=True)
class Entry:
    """One line as an admin reads it. `who` is empty when the person is gone or unknown."""

    id: UUID
    at: datetime
    who: str
    action: str
    resource_type: str
    resource_id: str
    details: Mapping[str, Any]
    address: str


def record(
    dm: DataMind,
    actor: Actor | None,
    action: str,
    resource_type: str = "",
    resource_id: object = "",
    *,
    address: str = "",
    org_id: UUID | None = None,
    **details: Any,
) -> None:
    """Write one line in a transaction of its own. Never raises.

    `actor` is None before anyone is known (a failed sign-in); `details` hold no secrets and no
    cell values.
    """
    gathered = _gathered.get()
    line = AuditLog(
        org_id=actor.org_id if actor else org_id,
        user_id=actor.user_id if actor else None,
        action=action,
        resource_type=resource_type or None,
        resource_id=str(resource_id) or None,
        details=details,
        ip_address=(actor.address if actor else address)[:45] or None,
        created_at=dm.clock.now(),
    )
    if gathered is not None:
        gathered.append(line)
    else:
        _write(dm, [line])


@contextmanager
def together(dm: DataMind) -> Iterator[None]:
    """Write the lines of a batch of work in one transaction, at its end, whatever that is.

    For seconds of work whose own rows are written as late: a killed process loses both, and the
    work is done again.
    """
    lines: list[AuditLog] = []
    before = _gathered.set(lines)
    try:
        yield
    finally:
        _gathered.reset(before)
        if lines:
            _write(dm, lines)


_gathered: ContextVar[list[AuditLog] | None] = ContextVar("gathered", default=None)


def _write(dm: DataMind, lines: Sequence[AuditLog]) -> None:
    try:
        with dm.sessions.write() as db:
            db.add_all(lines)
    except SQLAlchemyError as error:
        _failures.append(len(lines))
        log.error("audit_failed", action=lines[0].action, error=type(error).__name__)


def failures() -> int:
    """How many lines this process could not write since it started."""
    return sum(_failures)


_failures: list[int] = []


@dataclass(frozen=True)
class Wanted:
    """Which lines: `action` by its beginning ("auth."), `who` by id, `text` anywhere in what was
    done, to what, from where; from one moment until before another."""

    action: str = ""
    who: UUID | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(
    dm: DataMind,
    actor: Actor,
    *,
    action: str = "",
    before: datetime | None = None,
    wanted: Wanted | None = None,
) -> tuple[Entry, ...]:
    """The newest lines of the actor's organization, a page of 100.

    `action` filters by its beginning ("auth"), `wanted` by more; `before` gives the next page.
    Admins only.
    """
    access.require(actor, "admin", "see the audit log")
    wanted = wanted or Wanted(action)
    query = _lines(actor, wanted).limit(PAGE)
    if before:
        query = query.where(AuditLog.created_at < before)
    with dm.sessions.read() as db:
        return tuple(_entry(*row) for row in db.execute(query))


def export_csv(dm: DataMind, actor: Actor, wanted: Wanted) -> bytes:
    """The newest 100,000 of these lines as a CSV file that runs nothing in a spreadsheet.

    Admins only; the export is a line of the log itself.
    """
    access.require(actor, "admin", "export the audit log")
    with dm.sessions.read() as db:
        found = [_entry(*row) for row in db.execute(_lines(actor, wanted).limit(MOST_EXPORTED))]
    record(dm, actor, "audit.export", "organization", actor.org_id, lines=len(found))
    table = pa.table(
        {
            "at": pa.array([one.at.isoformat() for one in found], pa.string()),
            "who": pa.array([one.who for one in found], pa.string()),
            "action": pa.array([one.action for one in found], pa.string()),
            "about": pa.array([one.resource_type for one in found], pa.string()),
            "id": pa.array([one.resource_id for one in found], pa.string()),
            "details": pa.array([json.dumps(dict(one.details)) for one in found], pa.string()),
            "from": pa.array([one.address for one in found], pa.string()),
        }
    )
    return export.table_to_bytes(table, "csv")


def tidy(dm: DataMind) -> int:
    """Forget lines that are older than their organization keeps them; returns how many.

    The only way in which lines go; it is a line of the log itself.
    """
    gone = 0
    with dm.sessions.read() as db:
        kept = {
            org.id: org.settings.get(KEEP_DAYS, 0) for org in db.scalars(sa.select(Organization))
        }
    for org_id, days in kept.items():
        if not days:
            continue
        before = dm.clock.now() - timedelta(days=days)
        old = sa.delete(AuditLog).where(AuditLog.org_id == org_id, AuditLog.created_at < before)
        with dm.sessions.write() as db:
            forgotten = int(db.execute(old).rowcount)  # type: ignore[attr-defined]
        if forgotten:
            record(dm, None, "audit.forget", org_id=org_id, lines=forgotten, days=days)
        gone += forgotten
    return gone


def _lines(actor: Actor, wanted: Wanted) -> "sa.Select[AuditLog, str | None, str | None]":
    query = (
        sa.select(AuditLog, User.full_name, User.email)
        .outerjoin(User, User.id == AuditLog.user_id)
        .where(AuditLog.org_id == actor.org_id)
        .order_by(AuditLog.created_at.desc(), AuditLog.id)
    )
    if wanted.action:
        query = query.where(AuditLog.action.startswith(wanted.action, autoescape=True))
    if wanted.who:
        query = query.where(AuditLog.user_id == wanted.who)
    if wanted.since:
        query = query.where(AuditLog.created_at >= wanted.since)
    if wanted.until:
        query = query.where(AuditLog.created_at < wanted.until)
    if wanted.text.strip():
        searched = (
            AuditLog.action,
            AuditLog.resource_id,
            AuditLog.ip_address,
            sa.cast(AuditLog.details, sa.Text),
        )
        text = wanted.text.strip()
        query = query.where(sa.or_(*(one.icontains(text, autoescape=True) for one in searched)))
    return query


def _entry(line: AuditLog, name: str | None, email: str | None) -> Entry:
    return Entry(
        id=line.id,
        at=line.created_at,
        who=name or email or "",
        action=line.action,
        resource_type=line.resource_type or "",
        resource_id=line.resource_id or "",
        details=line.details,
        address=line.ip_address or "",
    )
