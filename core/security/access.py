"""Who may do what, and the one function through which tenants' rows are read."""

from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import NotAllowed, NotFound
from core.security.rights import RANK
from core.store.tables.base import Base, Owned
from core.types import Actor, Role

Row = TypeVar("Row", bound=Base)


def allows(actor: Actor, role: Role) -> bool:
    """Whether the actor has at least this role."""
    return RANK[actor.role] >= RANK[role]


def require(actor: Actor, role: Role, what: str) -> None:
    """Raise NotAllowed unless the actor has at least this role. `what` completes a sentence."""
    if not allows(actor, role):
        raise NotAllowed(
            f"Your role ({actor.role}) cannot {what}.",
            f"Ask an admin of your organization to make you {role}.",
        )


def own(db: Session, actor: Actor, table: type[Row], row_id: UUID, name: str = "entry") -> Row:
    """The actor's organization's row of that id.

    Raises NotFound for a row of another organization exactly as for none at all, NotAllowed for
    what belongs to a connection that the actor may not ask.
    """
    assert issubclass(table, Owned)
    row = db.scalar(sa.select(table).where(table.id == row_id, table.of_org(actor.org_id)))
    if row is None:
        raise not_found(name)
    if not row.open_to(db, actor):
        raise NotAllowed(
            f"This {name} is about data that you may not ask.",
            "Ask an admin of your organization for the right.",
        )
    return row


def not_found(name: str) -> NotFound:
    """What is said of a row that is not there, or not the actor's to know of."""
    return NotFound(f"There is no such {name}.", "It may have been deleted; go back to the list.")
