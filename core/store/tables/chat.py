"""Chat sessions and their messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice
from core.store.tables.organizations import User


class ChatSession(Keyed, Timed, Owned, Base):
    """A conversation of one person; nobody else sees it."""

    __tablename__ = "chat_sessions"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(sa.String(500))
    is_pinned: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the person."""
        return cls.user_id.in_(sa.select(User.id).where(User.org_id == org_id))


class ChatMessage(Keyed, Owned, Base):
    """One message; never edited. `answer` holds what only the answer's own view needs, `cause`
    why it gives no figure."""

    __tablename__ = "chat_messages"

    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(choice("message_role", "user", "assistant"))
    content: Mapped[str] = mapped_column(sa.Text)
    generated_sql: Mapped[str | None] = mapped_column(sa.Text)
    sql_was_executed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    query_result_preview: Mapped[dict[str, Any] | None]
    full_result_row_count: Mapped[int | None] = mapped_column(sa.BigInteger)
    chart_config: Mapped[dict[str, Any] | None]
    execution_time_ms: Mapped[int | None]
    error_message: Mapped[str | None] = mapped_column(sa.Text)
    token_usage: Mapped[dict[str, Any] | None]
    context_summary: Mapped[str | None] = mapped_column(sa.String(500))
    answer: Mapped[dict[str, Any] | None]
    cause: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the conversation."""
        return cls.session_id.in_(sa.select(ChatSession.id).where(ChatSession.of_org(org_id)))
