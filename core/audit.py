"""The audit log: every sign-in, change and export; a failing audit never breaks what it records."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.datamind import DataMind
from core.security import access
from core.store.tables import AuditLog, User
from core.types import Actor

log = structlog.get_logger(__name__)

PAGE: Final = 100


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
        log.error("audit_failed", action=lines[0].action, error=type(error).__name__)


def entries(
    dm: DataMind, actor: Actor, *, action: str = "", before: datetime | None = None
) -> tuple[Entry, ...]:
    """The newest lines of the actor's organization, a page of 100.

    `action` filters by its beginning ("auth"); `before` gives the next page. Admins only.
    """
    access.require(actor, "admin", "see the audit log")
    query = (
        sa.select(AuditLog, User.full_name, User.email)
        .outerjoin(User, User.id == AuditLog.user_id)
        .where(AuditLog.org_id == actor.org_id)
        .order_by(AuditLog.created_at.desc(), AuditLog.id)
        .limit(PAGE)
    )
    if action:
        query = query.where(AuditLog.action.startswith(action, autoescape=True))
    if before:
        query = query.where(AuditLog.created_at < before)
    with dm.sessions.read() as db:
        return tuple(
            Entry(
                id=line.id,
                at=line.created_at,
                who=name or email or "",
                action=line.action,
                resource_type=line.resource_type or "",
                resource_id=line.resource_id or "",
                details=line.details,
                address=line.ip_address or "",
            )
            for line, name, email in db.execute(query)
        )
