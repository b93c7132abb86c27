"""Organizations, their people, and the people's sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, org_key


class Organization(Keyed, Timed, Base):
    """The tenant: every other row belongs to one."""

    __tablename__ = "organizations"

    name: Mapped[str] = mapped_column(sa.String(255))
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    plan: Mapped[str] = mapped_column(sa.String(50), default="free", server_default="free")
    max_connections: Mapped[int] = mapped_column(default=5, server_default="5")
    max_users: Mapped[int] = mapped_column(default=10, server_default="10")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class User(Keyed, Timed, Owned, Base):
    """A person in one organization; the same email may exist in several."""

    __tablename__ = "users"
    __table_args__ = (sa.UniqueConstraint("org_id", "email"),)

    org_id: Mapped[UUID] = org_key()
    email: Mapped[str] = mapped_column(sa.String(255), index=True)
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    full_name: Mapped[str] = mapped_column(sa.String(255))
    role: Mapped[str] = mapped_column(
        choice("role", "admin", "analyst", "viewer"), default="analyst", server_default="analyst"
    )
    avatar_url: Mapped[str | None] = mapped_column(sa.String(1000))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class UserSession(Keyed, Owned, Base):
    """A signed-in browser. The cookie holds a random id; here is only its hash."""

    __tablename__ = "user_sessions"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    address: Mapped[str] = mapped_column(sa.String(45), default="", server_default="")
    device: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the person."""
        return cls.user_id.in_(sa.select(User.id).where(User.org_id == org_id))


class SignInTicket(Keyed, Base):
    """Proof of a password just checked, good for one exchange into a cookie within a minute."""

    __tablename__ = "sign_in_tickets"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
