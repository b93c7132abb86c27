"""What people say of their answers."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed
from core.store.tables.chat import ChatMessage


class Feedback(Keyed, Timed, Owned, Base):
    """Thumbs up or down for one answer, by the person who got it, with a reason."""

    __tablename__ = "feedback"

    message_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("chat_messages.id", ondelete="CASCADE"), unique=True
    )
    liked: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the message."""
        return cls.message_id.in_(sa.select(ChatMessage.id).where(ChatMessage.of_org(org_id)))
