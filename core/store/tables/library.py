"""Queries that people keep."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key
from core.store.tables.connections import OfConnection


class SavedQuery(Keyed, Timed, OfConnection, Base):
    """SQL with a name, of one person or shared with the organization."""

    __tablename__ = "saved_queries"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    connection_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(255))
    description: Mapped[str | None] = mapped_column(sa.Text)
    sql_text: Mapped[str] = mapped_column(sa.Text)
    tags: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    parameters: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    dates_held_on: Mapped[date | None]
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class QueryRun(Keyed, Owned, Base):
    """SQL that a person ran by hand, and how it went: the person's own history."""

    __tablename__ = "query_runs"

    org_id: Mapped[UUID] = org_key()
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="SET NULL"), index=True
    )
    sql_text: Mapped[str] = mapped_column(sa.Text)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    row_count: Mapped[int | None]
    milliseconds: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(index=True)


class GlossaryEntry(Keyed, Timed, Owned, Base):
    """A term of the organization with its meaning, or instructions to the analysts.

    Without a connection it holds for all of them. `changed_at` is when the meaning was last
    written: answers that were verified before may mean something else.
    """

    __tablename__ = "glossary_entries"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    connection_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(choice("glossary_kind", "term", "instructions"))
    term: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    meaning: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
