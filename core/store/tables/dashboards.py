"""Dashboards, their widgets, and public links to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key


class Dashboard(Keyed, Timed, Owned, Base):
    """A page of widgets.

    `version` counts changes of which widgets there are and where they stand, so that of two
    people who arrange at once the second is told. `refresh_seconds` 0: only when asked.
    """

    __tablename__ = "dashboards"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    title: Mapped[str] = mapped_column(sa.String(500))
    description: Mapped[str | None] = mapped_column(sa.Text)
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    layout_config: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    filters: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    refresh_seconds: Mapped[int] = mapped_column(default=0, server_default="0")


class Widget(Keyed, Timed, Owned, Base):
    """A tile of a dashboard. A removed one is kept for a while, so that it can come back."""

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
    dates_held_on: Mapped[date | None]
    last_refreshed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    removed_at: Mapped[datetime | None]

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the dashboard."""
        return cls.dashboard_id.in_(sa.select(Dashboard.id).where(Dashboard.org_id == org_id))


class DashboardLink(Keyed, Timed, Owned, Base):
    """A public way to read one dashboard, until it expires or is revoked.

    Only a hash of the token is kept. It shows what its creator may see, and ends with him.
    """

    __tablename__ = "dashboard_links"

    org_id: Mapped[UUID] = org_key()
    dashboard_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("dashboards.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
