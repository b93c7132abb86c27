"""Alerts as people see them: the list, one with its series, and what they said."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import rights
from core.alerts import definition, outcomes, wording
from core.alerts.definition import Definition
from core.datamind import DataMind
from core.security import access
from core.store.tables import Alert, AlertEvent, AlertSeries, Connection, Delivery, User
from core.types import Actor

PAGE: Final = 20

_FIRST: Final = ("firing", "error", "no_data", "pending", "recovering", "muted", "ok", "paused")


@dataclass(frozen=True)
class AlertView:
    """An alert in the list. `state` is what holds for people: "paused" and "muted" come first.

    `standing` is where its checks stand whoever hears of it. `condition` is the rule in words.
    """

    id: UUID
    name: str
    definition: Definition
    condition: str
    connection: str
    owner: str
    state: str
    standing: str
    state_since: datetime | None
    next_check_at: datetime | None
    last_checked_at: datetime | None
    last_value: Decimal | None
    last_reason: str
    last_hint: str
    failures: int
    snoozed_until: datetime | None
    snoozed_until_fine: bool
    may_change: bool
    is_mine: bool


@dataclass(frozen=True)
class SeriesView:
    """One group of an alert."""

    group: str
    state: str
    since: datetime | None
    last_value: float | None


@dataclass(frozen=True)
class EventView:
    """One time an alert had something to say, and how its messages fared."""

    id: UUID
    alert_id: UUID
    alert: str
    kind: str
    group: str
    title: str
    message: str
    why: tuple[str, ...]
    value: Decimal | None
    at: datetime
    failed_deliveries: tuple[str, ...]


def alerts(dm: DataMind, actor: Actor, *, search: str = "") -> tuple[AlertView, ...]:
    """The organization's alerts, those that need somebody first. Analysts and admins."""
    access.require(actor, "analyst", "see alerts")
    query = _with_names().where(Alert.of_org(actor.org_id))
    if search.strip():
        query = query.where(Alert.name.icontains(search.strip(), autoescape=True))
    now = dm.clock.now()
    with dm.sessions.read() as db:
        query = query.where(rights.visible(db, actor, Alert.connection_id))
        found = [_view(actor, *row, now=now) for row in db.execute(query)]
    return tuple(sorted(found, key=lambda a: (_FIRST.index(a.state), a.name.casefold())))


def alert(dm: DataMind, actor: Actor, alert_id: UUID) -> AlertView:
    """One alert. Raises NotFound for another organization's."""
    access.require(actor, "analyst", "see alerts")
    with dm.sessions.read() as db:
        access.own(db, actor, Alert, alert_id, "alert")
        row = db.execute(_with_names().where(Alert.id == alert_id)).one()
        return _view(actor, *row, now=dm.clock.now())


def series(dm: DataMind, actor: Actor, alert_id: UUID) -> tuple[SeriesView, ...]:
    """Where each group of an alert stands, the worst first."""
    access.require(actor, "analyst", "see alerts")
    with dm.sessions.read() as db:
        access.own(db, actor, Alert, alert_id, "alert")
        rows = db.scalars(sa.select(AlertSeries).where(AlertSeries.alert_id == alert_id))
        found = [SeriesView(r.group_name, r.state, r.since, r.last_value) for r in rows]
    return tuple(sorted(found, key=lambda s: (_FIRST.index(s.state), s.group.casefold())))


def events(
    dm: DataMind, actor: Actor, alert_id: UUID | None = None, *, page: int = 0
) -> tuple[EventView, ...]:
    """What alerts said, 20 a page, the newest first: of one alert, or of the organization."""
    access.require(actor, "analyst", "see alerts")
    query = (
        sa.select(AlertEvent, Alert.name)
        .join(Alert, Alert.id == AlertEvent.alert_id)
        .where(AlertEvent.of_org(actor.org_id))
        .order_by(AlertEvent.created_at.desc(), AlertEvent.id)
        .offset(max(page, 0) * PAGE)
        .limit(PAGE)
    )
    with dm.sessions.read() as db:
        if alert_id is not None:
            access.own(db, actor, Alert, alert_id, "alert")
            query = query.where(AlertEvent.alert_id == alert_id)
        query = query.where(rights.visible(db, actor, Alert.connection_id))
        rows = db.execute(query).all()
        failed: dict[UUID, list[str]] = {}
        wanted = [event.id for event, _ in rows]
        for late in db.scalars(
            sa.select(Delivery).where(Delivery.event_id.in_(wanted), Delivery.last_error != "")
        ):
            if late.event_id and late.state != "sent":
                failed.setdefault(late.event_id, []).append(f"{late.channel}: {late.last_error}")
    return tuple(
        EventView(
            id=event.id,
            alert_id=event.alert_id,
            alert=name,
            kind=event.kind,
            group=event.group_name,
            title=event.title,
            message=event.message,
            why=tuple(event.why),
            value=event.triggered_value,
            at=event.created_at,
            failed_deliveries=tuple(failed.get(event.id, ())),
        )
        for event, name in rows
    )


def counts(dm: DataMind) -> dict[str, int]:
    """How many active alerts of the installation are in each state, for health and metrics."""
    query = sa.select(Alert.state, sa.func.count()).where(Alert.is_active).group_by(Alert.state)
    with dm.sessions.read() as db:
        return dict(db.execute(query).all())


def _with_names() -> sa.Select[Alert, str, str | None]:
    return (
        sa.select(Alert, Connection.name, User.full_name)
        .join(Connection, Connection.id == Alert.connection_id)
        .outerjoin(User, User.id == Alert.created_by_id)
    )


def _view(
    actor: Actor, row: Alert, connection: str, owner: str | None, *, now: datetime
) -> AlertView:
    given = definition.read(row)
    return AlertView(
        id=row.id,
        name=row.name,
        definition=given,
        condition=wording.condition(given.rule),
        connection=connection,
        owner=owner or "",
        state=_state(row, now),
        standing=row.state,
        state_since=row.state_since,
        next_check_at=row.next_check_at if row.is_active else None,
        last_checked_at=row.last_checked_at,
        last_value=row.last_value,
        last_reason=row.last_reason,
        last_hint=row.last_hint,
        failures=row.consecutive_failures,
        snoozed_until=row.snoozed_until,
        snoozed_until_fine=row.snoozed_until_fine,
        is_mine=row.created_by_id == actor.user_id,
        may_change=row.created_by_id == actor.user_id or access.allows(actor, "admin"),
    )


def _state(row: Alert, now: datetime) -> str:
    if not row.is_active:
        return "paused"
    return "muted" if outcomes.is_muted(row, now) else row.state
