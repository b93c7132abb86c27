"""Alerts: the question and its rule, where each series stands, what checks saw, what was told."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key
from core.store.tables.connections import OfConnection

STATES = ("ok", "pending", "firing", "recovering", "no_data", "error")


def _alert_key() -> Mapped[UUID]:
    return mapped_column(sa.ForeignKey("alerts.id", ondelete="CASCADE"), index=True)


class Alert(Keyed, Timed, OfConnection, Base):
    """A question asked on a schedule, and the condition under which people are told.

    `next_check_at` is moved by compare-and-set; `last_slot` is the slot whose outcome was written
    last. `version` counts edits, so that a check of the alert as it was changes nothing.
    `rule`, `policies` hold what the condition needs beyond its threshold (core/alerts).
    """

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
        choice(
            "condition_type",
            *("above", "below", "change_pct", "anomaly"),
            *("outside", "no_rows", "any_rows", "stale"),
        )
    )
    threshold_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    value_column: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    group_columns: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    policies: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    check_interval_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    notification_channels: Mapped[list[Any]] = mapped_column(
        default=lambda: ["in_app"], server_default='["in_app"]'
    )
    recipients: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    state: Mapped[str] = mapped_column(
        choice("alert_state", *STATES), default="ok", server_default="ok"
    )
    state_since: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    snoozed_until_fine: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    next_check_at: Mapped[datetime | None] = mapped_column(index=True)
    last_slot: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    last_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    last_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    last_hint: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    consecutive_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=0, server_default="0")


class AlertSeries(Keyed, Owned, Base):
    """Where one series of an alert stands: the whole, or one group of it."""

    __tablename__ = "alert_series"
    __table_args__ = (sa.UniqueConstraint("alert_id", "group_name"),)

    alert_id: Mapped[UUID] = _alert_key()
    group_name: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    state: Mapped[str] = mapped_column(choice("alert_state", *STATES))
    since: Mapped[datetime | None]
    count: Mapped[int] = mapped_column(default=0, server_default="0")
    told: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    told_at: Mapped[datetime | None]
    last_value: Mapped[float | None] = mapped_column(sa.Double)
    seen_at: Mapped[datetime | None]

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the alert."""
        return cls.alert_id.in_(sa.select(Alert.id).where(Alert.org_id == org_id))


class AlertRun(Keyed, Owned, Base):
    """What one check saw of one series. One row a slot and group, however often it is tried."""

    __tablename__ = "alert_runs"
    __table_args__ = (sa.UniqueConstraint("alert_id", "slot", "group_name"),)

    alert_id: Mapped[UUID] = mapped_column(sa.ForeignKey("alerts.id", ondelete="CASCADE"))
    slot: Mapped[datetime]
    group_name: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    checked_at: Mapped[datetime] = mapped_column(index=True)
    level: Mapped[str] = mapped_column(
        choice("alert_level", "ok", "bad", "no_data", "unknown", "error")
    )
    state: Mapped[str] = mapped_column(choice("alert_state", *STATES))
    value: Mapped[float | None] = mapped_column(sa.Double)
    expected: Mapped[float | None] = mapped_column(sa.Double)
    threshold: Mapped[float | None] = mapped_column(sa.Double)
    reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    milliseconds: Mapped[int] = mapped_column(default=0, server_default="0")

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the alert."""
        return cls.alert_id.in_(sa.select(Alert.id).where(Alert.org_id == org_id))


class AlertEvent(Keyed, Owned, Base):
    """One time an alert had something to say: at most one of a kind for a slot and group."""

    __tablename__ = "alert_events"
    __table_args__ = (sa.UniqueConstraint("alert_id", "slot", "group_name", "kind"),)

    alert_id: Mapped[UUID] = _alert_key()
    kind: Mapped[str] = mapped_column(
        choice("alert_event_kind", "fired", "recovered", "no_data", "error", "reminder", "failing"),
        default="fired",
        server_default="fired",
    )
    slot: Mapped[datetime | None]
    group_name: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    triggered_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    title: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    message: Mapped[str] = mapped_column(sa.Text)
    why: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    is_read: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the alert."""
        return cls.alert_id.in_(sa.select(Alert.id).where(Alert.org_id == org_id))
