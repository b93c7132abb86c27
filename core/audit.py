"""The audit log: every sign-in, change and export; a failing audit never breaks what it records."""

from collections.abc import Mapping
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
    try:
        with dm.sessions.write() as db:
            db.add(line)
    except SQLAlchemyError as error:
        log.error("audit_failed", action=action, error=type(error).__name__)


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
