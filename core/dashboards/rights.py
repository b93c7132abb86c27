"""Who may see and change which dashboard: the one place that reads their rows.

One's own and shared ones are seen; admins also see those whose owner has left. Analysts and
admins change what they see.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.security import access
from core.store.tables import Dashboard, Widget
from core.types import Actor


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that the actor sees a dashboard of his organization."""
    ways = [Dashboard.is_shared.is_(True), Dashboard.created_by_id == actor.user_id]
    if access.allows(actor, "admin"):
        ways.append(Dashboard.created_by_id.is_(None))
    return sa.and_(Dashboard.of_org(actor.org_id), sa.or_(*ways))


def to_see(db: Session, actor: Actor, dashboard_id: UUID) -> Dashboard:
    """A dashboard that the actor sees. Raises NotFound."""
    row = access.own(db, actor, Dashboard, dashboard_id, "dashboard")
    left = row.created_by_id is None and access.allows(actor, "admin")
    if not (row.is_shared or row.created_by_id == actor.user_id or left):
        raise NotFound(
            "There is no such dashboard.", "It may have been deleted; go back to the list."
        )
    return row


def to_edit(db: Session, actor: Actor, dashboard_id: UUID) -> Dashboard:
    """A dashboard that the actor may change. Raises NotFound, NotAllowed."""
    row = to_see(db, actor, dashboard_id)
    access.require(actor, "analyst", "change dashboards")
    return row


def may_delete(actor: Actor, row: Dashboard) -> bool:
    """Whether the actor may delete it: one's own, or as an admin any that is seen."""
    if access.allows(actor, "admin"):
        return True
    return access.allows(actor, "analyst") and row.created_by_id == actor.user_id


def widgets(db: Session, dashboard_id: UUID) -> list[Widget]:
    """The widgets that are there, the oldest first."""
    found = sa.select(Widget).where(
        Widget.dashboard_id == dashboard_id, Widget.removed_at.is_(None)
    )
    return list(db.scalars(found.order_by(Widget.created_at, Widget.id)))


def widget(db: Session, actor: Actor, widget_id: UUID) -> Widget:
    """A widget of a dashboard that the actor sees. Raises NotFound."""
    row = access.own(db, actor, Widget, widget_id, "tile")
    to_see(db, actor, row.dashboard_id)
    if row.removed_at is not None:
        raise NotFound("This tile has been removed.", "Reload the dashboard.")
    return row


def widget_to_edit(db: Session, actor: Actor, widget_id: UUID) -> tuple[Widget, Dashboard]:
    """A widget that the actor may change, and its dashboard. Raises NotFound, NotAllowed."""
    row = access.own(db, actor, Widget, widget_id, "tile")
    return row, to_edit(db, actor, row.dashboard_id)
