"""Answers that a person with rights has verified, and how the analysts did on them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Keyed, Owned, Timed, creator_key, org_key
from core.store.tables.connections import OfConnection


class VerifiedAnswer(Keyed, Timed, OfConnection, Base):
    """A question and the SQL that answers it, never rows.

    `asked_on` is the day for which the question's relative dates stand in the SQL. `broken` says
    why the SQL no longer fits the schema; empty while it does.
    """

    __tablename__ = "verified_answers"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(sa.String(500))
    sql_text: Mapped[str] = mapped_column(sa.Text)
    reading: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    chart_config: Mapped[dict[str, Any] | None]
    asked_on: Mapped[date]
    times_used: Mapped[int] = mapped_column(default=0, server_default="0")
    last_used_at: Mapped[datetime | None]
    broken: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class EvaluationRun(Keyed, Owned, Base):
    """One time that an analyst was asked all verified questions of an organization."""

    __tablename__ = "evaluation_runs"

    org_id: Mapped[UUID] = org_key()
    analyst: Mapped[str] = mapped_column(sa.String(50))
    asked: Mapped[int]
    same: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(index=True)
