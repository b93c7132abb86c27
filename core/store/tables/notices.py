"""What people are told inside the app: the bell."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Keyed, Owned, org_key


class Notice(Keyed, Owned, Base):
    """One thing that one person is told. `key` keeps it from being told twice."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "key"),
        sa.Index("ix_notices_user_id_read_at", "user_id", "read_at"),
    )

    org_id: Mapped[UUID] = org_key()
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(500))
    body: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    link: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    key: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
