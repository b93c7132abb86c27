"""The organization itself, as its admins see and set it."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from core import audit, members
from core.datamind import DataMind
from core.errors import BadInput
from core.security import access
from core.store.tables import Connection, Organization
from core.types import Actor

CHAT_DAYS: Final = "chat_days"
CHOICES: Final = (0, 30, 90, 180, 365, 730)
"""For how many days something is kept; 0 is for ever."""
AUDIT_CHOICES: Final = (0, 180, 365, 730, 1825)


@dataclass(frozen=True)
class OrganizationView:
    """The organization, how much of its plan is used, and for how long things are kept."""

    name: str
    slug: str
    members: int
    max_users: int
    connections: int
    max_connections: int
    chat_days: int
    audit_days: int


def organization(dm: DataMind, actor: Actor) -> OrganizationView:
    """The acting person's organization. Admins only."""
    access.require(actor, "admin", "see the organization's settings")
    with dm.sessions.read() as db:
        row = db.get_one(Organization, actor.org_id)
        mine = sa.select(sa.func.count()).where(Connection.of_org(actor.org_id))
        return OrganizationView(
            name=row.name,
            slug=row.slug,
            members=members.active(db, row.id),
            max_users=row.max_users,
            connections=db.scalar(mine) or 0,
            max_connections=row.max_connections,
            chat_days=row.settings.get(CHAT_DAYS, 0),
            audit_days=row.settings.get(audit.KEEP_DAYS, 0),
        )


def change(dm: DataMind, actor: Actor, *, name: str, chat_days: int, audit_days: int) -> None:
    """Set the organization's name and for how many days chats and audit lines are kept.

    0 keeps them for ever. Admins only. Raises BadInput.
    """
    access.require(actor, "admin", "change the organization")
    name = name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("The organization's name has 1 to 255 characters.", "Fill it in.")
    if chat_days not in CHOICES or audit_days not in AUDIT_CHOICES:
        raise BadInput("That is no time to keep things for.", "Choose one from the list.")
    with dm.sessions.write() as db:
        row = db.get_one(Organization, actor.org_id)
        before = {"name": row.name, **row.settings}
        row.name = name
        row.settings = {**row.settings, CHAT_DAYS: chat_days, audit.KEEP_DAYS: audit_days}
        after = {"name": row.name, **row.settings}
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    audit.record(dm, actor, "organization.update", "organization", actor.org_id, **changed)
