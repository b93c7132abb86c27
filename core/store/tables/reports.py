"""Reports: what is sent on a schedule, and each time it was made."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key


class Report(Keyed, Timed, Owned, Base):
    """A dashboard or a saved query, made as a file and sent whenever its schedule says.

    `next_run_at` is moved by compare-and-set, so that each time is sent once.
    """

    __tablename__ = "reports"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    name: Mapped[str] = mapped_column(sa.String(255))
    dashboard_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("dashboards.id", ondelete="CASCADE"), index=True
    )
    saved_query_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("saved_queries.id", ondelete="CASCADE"), index=True
    )
    format: Mapped[str] = mapped_column(sa.String(10))
    schedule: Mapped[str] = mapped_column(sa.String(100))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    channels: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    recipients: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    next_run_at: Mapped[datetime | None] = mapped_column(index=True)


class ReportRun(Keyed, Owned, Base):
    """One time that a report was due: one row a slot, however often it is tried."""

    __tablename__ = "report_runs"
    __table_args__ = (sa.UniqueConstraint("report_id", "slot"),)

    report_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reports.id", ondelete="CASCADE"))
    slot: Mapped[datetime]
    made_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(choice("report_state", "sent", "failed"))
    error: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    file_name: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    file_path: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the report."""
        return cls.report_id.in_(sa.select(Report.id).where(Report.org_id == org_id))
