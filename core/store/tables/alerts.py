"""Alerts and their events."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key


class Alert(Keyed, Timed, Owned, Base):
    """A question asked on a schedule, and the condition under which people are told."""

    __tablename__ = "alerts"
    __table_args__ = (
        sa.CheckConstraint("check_interval_minutes BETWEEN 1 AND 1440", name="interval"),
    )

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(255))
    description: Mapped[str | None] = mapped_column(sa.Text)
    query_sql: Mapped[str] = mapped_column(sa.Text)
    condition_type: Mapped[str] = mapped_column(
        choice("condition_type", "above", "below", "change_pct", "anomaly")
    )
    threshold_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    check_interval_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    last_checked_at: Mapped[datetime | None]
    last_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    consecutive_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    notification_channels: Mapped[list[Any]] = mapped_column(
        default=lambda: ["in_app"], server_default='["in_app"]'
    )


class AlertEvent(Keyed, Owned, Base):
    """One time an alert had something to say."""

    __tablename__ = "alert_events"

    alert_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("alerts.id", ondelete="CASCADE"), index=True
    )
    triggered_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    message: Mapped[str] = mapped_column(sa.Text)
    is_read: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the alert."""
        return cls.alert_id.in_(sa.select(Alert.id).where(Alert.org_id == org_id))
