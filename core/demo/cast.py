"""Who of the demo's people does what."""

from core import accounts
from core.datamind import DataMind
from core.store.tables import User
from core.types import Actor, Role


def person(dm: DataMind, admin: Actor, role: Role) -> Actor:
    """The demo's person of a role, or its admin when that person has been removed."""
    with dm.sessions.read() as db:
        found = db.query(User.id).filter(
            User.org_id == admin.org_id, User.role == role, User.is_active
        )
        user_id = found.order_by(User.created_at).limit(1).scalar()
    actor = accounts.actor_of(dm, user_id, "system") if user_id else None
    return actor or admin
