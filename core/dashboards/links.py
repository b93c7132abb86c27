"""Public links: one dashboard, read-only, without an account, until it expires or is revoked.

Only a hash of the token is kept. A link shows what its maker may see, with a viewer's rights, and
ends with his account. Admins can forbid links for the whole organization.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import accounts, audit
from core.dashboards import boards, rights
from core.dashboards.views import Board
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.security import access
from core.store.tables import DashboardLink, Organization
from core.types import Actor

DAYS: Final = (1, 7, 30, 90, 365)
MOST_LINKS: Final = 20
TOUCHED_AFTER: Final = timedelta(minutes=5)
_SETTING: Final = "public_links"


@dataclass(frozen=True)
class Link:
    """A link that works now. Its address is told once, when it is made."""

    id: UUID
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class Visit:
    """What a visitor with a link sees, and as whom its figures are looked up."""

    actor: Actor
    board: Board


def create(dm: DataMind, actor: Actor, dashboard_id: UUID, *, days: int) -> str:
    """Make a link that works for some days; returns its token, which is never told again.

    Raises BadInput, NotFound, NotAllowed for viewers and where an admin has forbidden links.
    """
    if days not in DAYS:
        raise BadInput("That is no time for a link.", "Choose one from the list.")
    token = secrets.token_urlsafe(32)
    now = dm.clock.now()
    with dm.sessions.write() as db:
        rights.to_edit(db, actor, dashboard_id)
        if not _allowed(db.get_one(Organization, actor.org_id)):
            raise NotAllowed(
                "An admin has forbidden public links.", "Share it with the organization instead."
            )
        working = sa.select(sa.func.count()).where(_works(dashboard_id, now))
        if (db.scalar(working) or 0) >= MOST_LINKS:
            raise BadInput(f"It has {MOST_LINKS} links already.", "Revoke one first.")
        db.add(
            DashboardLink(
                org_id=actor.org_id,
                dashboard_id=dashboard_id,
                created_by_id=actor.user_id,
                token_hash=_hash(token),
                expires_at=now + timedelta(days=days),
                created_at=now,
            )
        )
    audit.record(dm, actor, "dashboard.link", "dashboard", dashboard_id, days=days)
    return token


def links(dm: DataMind, actor: Actor, dashboard_id: UUID) -> tuple[Link, ...]:
    """The links to a dashboard that work now, for those who may change it."""
    query = sa.select(DashboardLink).where(_works(dashboard_id, dm.clock.now()))
    with dm.sessions.read() as db:
        rights.to_edit(db, actor, dashboard_id)
        return tuple(
            Link(row.id, row.created_at, row.expires_at, row.last_used_at)
            for row in db.scalars(query.order_by(DashboardLink.expires_at))
        )


def revoke(dm: DataMind, actor: Actor, link_id: UUID) -> None:
    """End a link at once. Raises NotFound, NotAllowed."""
    with dm.sessions.write() as db:
        row = access.own(db, actor, DashboardLink, link_id, "link")
        rights.to_edit(db, actor, row.dashboard_id)
        row.revoked_at = row.revoked_at or dm.clock.now()
        dashboard_id = row.dashboard_id
    audit.record(dm, actor, "dashboard.revoke_link", "dashboard", dashboard_id)


def allowed(dm: DataMind, actor: Actor) -> bool:
    """Whether the organization permits public links."""
    with dm.sessions.read() as db:
        return _allowed(db.get_one(Organization, actor.org_id))


def allow(dm: DataMind, actor: Actor, allowed: bool) -> None:
    """Permit public links in the organization, or end all of them. Admins only."""
    access.require(actor, "admin", "permit or forbid public links")
    with dm.sessions.write() as db:
        row = db.get_one(Organization, actor.org_id)
        row.settings = {**row.settings, _SETTING: allowed}
    audit.record(dm, actor, "organization.public_links", "organization", actor.org_id, on=allowed)


def visit(dm: DataMind, token: str, *, address: str = "") -> Visit:
    """The dashboard behind a token, for anybody who has it.

    Raises NotFound, the same for a token that never was, is over, revoked or forbidden, and for
    one whose maker is gone or no longer sees the dashboard.
    """
    now = dm.clock.now()
    with dm.sessions.read() as db:
        row = db.scalar(
            sa.select(DashboardLink).where(
                DashboardLink.token_hash == _hash(token),
                DashboardLink.revoked_at.is_(None),
                DashboardLink.expires_at > now,
            )
        )
        if row is None or not _allowed(db.get_one(Organization, row.org_id)):
            raise _over()
    maker = accounts.actor_of(dm, row.created_by_id, "link")
    if maker is None or maker.org_id != row.org_id:
        raise _over()
    visitor = replace(maker, role="viewer", address=address)
    try:
        board = boards.dashboard(dm, visitor, row.dashboard_id)
    except NotFound:
        raise _over() from None
    if row.last_used_at is None or now - row.last_used_at > TOUCHED_AFTER:
        with dm.sessions.write() as db:
            db.get_one(DashboardLink, row.id).last_used_at = now
        audit.record(dm, visitor, "dashboard.visit", "dashboard", board.id, link=str(row.id))
    return Visit(visitor, board)


def _works(dashboard_id: UUID, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        DashboardLink.dashboard_id == dashboard_id,
        DashboardLink.revoked_at.is_(None),
        DashboardLink.expires_at > now,
    )


def _allowed(row: Organization) -> bool:
    return row.settings.get(_SETTING, True) is True


def _over() -> NotFound:
    return NotFound(
        "This link does not work any more.", "Ask the person who sent it to you for a new one."
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
