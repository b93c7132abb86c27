"""Ways in that are handed out: invitations, and links for a new password."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key
from core.store.tables.organizations import User


class Invitation(Keyed, Timed, Owned, Base):
    """A place in an organization that waits for somebody. Only a hash of its token is kept."""

    __tablename__ = "invitations"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    email: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    role: Mapped[str] = mapped_column(choice("role", "admin", "analyst", "viewer"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]


class PasswordReset(Keyed, Owned, Base):
    """A link with which a person chooses a new password, once."""

    __tablename__ = "password_resets"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the person."""
        return cls.user_id.in_(sa.select(User.id).where(User.org_id == org_id))
