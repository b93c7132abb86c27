"""Dashboards and their widgets."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key


class Dashboard(Keyed, Timed, Owned, Base):
    """A page of widgets."""

    __tablename__ = "dashboards"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    title: Mapped[str] = mapped_column(sa.String(500))
    description: Mapped[str | None] = mapped_column(sa.Text)
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    layout_config: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class Widget(Keyed, Timed, Owned, Base):
    """A tile of a dashboard."""

    __tablename__ = "widgets"

    dashboard_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("dashboards.id", ondelete="CASCADE"), index=True
    )
    connection_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(sa.String(500))
    widget_type: Mapped[str] = mapped_column(choice("widget_type", "chart", "table", "kpi", "text"))
    query_sql: Mapped[str | None] = mapped_column(sa.Text)
    chart_config: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    refresh_interval_seconds: Mapped[int] = mapped_column(default=300, server_default="300")
    position: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    last_refreshed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.Text)

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the dashboard."""
        return cls.dashboard_id.in_(sa.select(Dashboard.id).where(Dashboard.org_id == org_id))
