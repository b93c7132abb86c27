"""Alerts as people keep them: create, edit, switch off, snooze, take over, delete."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, formats, notices, query, rights
from core.alerts import checking, definition
from core.alerts.definition import Definition
from core.alerts.outcomes import Seen
from core.alerts.telling import DESTINATION
from core.datamind import DataMind
from core.errors import BadInput, LimitReached, NotAllowed
from core.security import access
from core.store.tables import Alert, AlertRun, AlertSeries, Connection, Destination, User
from core.types import Actor, Query

MOST_ALERTS: Final = 2_000
"""Of one organization."""
SNOOZES: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


def create(dm: DataMind, actor: Actor, given: Definition) -> UUID:
    """Keep a new alert and check it at the next minute.

    The guard checks its SQL first. Raises BadInput, UnsafeSql, NotFound, LimitReached.
    """
    access.require(actor, "analyst", "keep alerts")
    given = definition.checked(given)
    _check_query(dm, actor, given)
    with dm.sessions.write() as db:
        _check_room(db, actor)
        _check_places(db, actor, given)
        row = Alert(org_id=actor.org_id, created_by_id=actor.user_id)
        definition.write(row, given)
        row.next_check_at = dm.clock.now()
        db.add(row)
        db.flush()
    audit.record(
        dm, actor, "alert.create", "alert", row.id, name=given.name, condition=given.rule.kind
    )
    return row.id


def edit(dm: DataMind, actor: Actor, alert_id: UUID, given: Definition) -> None:
    """Change an alert: its owner or an admin. What it watches anew begins anew.

    A check under way says nothing of the alert as it is now and is left out.
    """
    access.require(actor, "analyst", "keep alerts")
    given = definition.checked(given)
    _check_query(dm, actor, given)
    with dm.sessions.write() as db:
        row = _changeable(db, actor, alert_id)
        _check_places(db, actor, given)
        before = definition.read(row)
        definition.write(row, given)
        row.version += 1
        row.next_check_at = dm.clock.now() if row.is_active else None
        if _another_figure(before, given):
            db.execute(sa.delete(AlertRun).where(AlertRun.alert_id == alert_id))
        if _another_figure(before, given) or before.rule != given.rule:
            _begin_anew(db, row)
    audit.record(
        dm, actor, "alert.edit", "alert", alert_id, name=given.name, condition=given.rule.kind
    )


def switch(dm: DataMind, actor: Actor, alert_id: UUID, active: bool) -> None:
    """Pause an alert or let it go on: its owner or an admin. It goes on as it stood."""
    access.require(actor, "analyst", "keep alerts")
    with dm.sessions.write() as db:
        row = _changeable(db, actor, alert_id)
        row.is_active = active
        row.version += 1
        row.next_check_at = dm.clock.now() if active else None
    audit.record(dm, actor, "alert.resume" if active else "alert.pause", "alert", alert_id)


def snooze(dm: DataMind, actor: Actor, alert_id: UUID, how_long: str) -> None:
    """Tell nobody for an "hour", a "day", a "week", until it is "fine"; "over" ends it."""
    access.require(actor, "analyst", "snooze alerts")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Alert, alert_id, "alert")
        quiet(row, how_long, dm.clock.now())
    audit.record(dm, actor, "alert.snooze", "alert", alert_id, how_long=how_long)


def quiet(row: Alert, how_long: str, now: datetime) -> None:
    """Put a snooze into an alert's row. Raises BadInput for words it does not know."""
    if how_long not in (*SNOOZES, "fine", "over"):
        raise BadInput("This is no time to be quiet for.", "Choose an hour, a day or until fine.")
    row.snoozed_until = now + SNOOZES[how_long] if how_long in SNOOZES else None
    row.snoozed_until_fine = how_long == "fine"


def take_over(dm: DataMind, actor: Actor, alert_id: UUID) -> None:
    """Become the owner of an alert: it runs with one's own rights from now on. Admins only."""
    access.require(actor, "admin", "take over alerts")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Alert, alert_id, "alert")
        row.created_by_id = actor.user_id
        row.version += 1
    audit.record(dm, actor, "alert.take_over", "alert", alert_id)


def delete(dm: DataMind, actor: Actor, alert_id: UUID) -> None:
    """Delete an alert with all it saw: its owner or an admin."""
    access.require(actor, "analyst", "keep alerts")
    with dm.sessions.write() as db:
        row = _changeable(db, actor, alert_id)
        name = row.name
        db.delete(row)
    audit.record(dm, actor, "alert.delete", "alert", alert_id, name=name)


def try_now(dm: DataMind, actor: Actor, given: Definition) -> tuple[Seen, ...]:
    """What a check would say now, with nothing kept and nobody told. Raises DataMindError."""
    access.require(actor, "analyst", "keep alerts")
    return checking.look(dm, actor, definition.checked(given), dm.clock.now())


def check_now(dm: DataMind, actor: Actor, alert_id: UUID) -> None:
    """Make an alert due at once; the workers check it within seconds."""
    access.require(actor, "analyst", "check alerts")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Alert, alert_id, "alert")
        if not row.is_active:
            raise BadInput("This alert is paused.", "Let it go on first.")
        row.next_check_at = dm.clock.now()


def hand_over(dm: DataMind) -> int:
    """Pass alerts whose owner is gone to an admin of theirs, and tell all admins; how many.

    A check never stops silently: it goes on with the admin's rights.
    """
    gone = (
        sa.select(Alert)
        .outerjoin(User, User.id == Alert.created_by_id)
        .where(Alert.is_active, sa.or_(User.id.is_(None), ~User.is_active))
        .limit(500)
    )
    with dm.sessions.read() as db:
        if not db.scalar(sa.select(gone.exists())):
            return 0
    passed = 0
    with dm.sessions.write() as db:
        for row in db.scalars(gone.with_for_update(skip_locked=True, of=Alert)):
            admins = list(
                db.scalars(
                    sa.select(User)
                    .where(User.org_id == row.org_id, User.role == "admin", User.is_active)
                    .order_by(User.created_at, User.id)
                )
            )
            if not admins:
                continue
            row.created_by_id = admins[0].id
            row.version += 1
            passed += 1
            notices.tell(
                db,
                row.org_id,
                [admin.id for admin in admins],
                kind="alert.owner",
                title=f"{row.name}: its owner is gone",
                body=f"The alert now belongs to {admins[0].full_name} and runs with those rights.",
                link=f"alerts?alert={row.id}",
                now=dm.clock.now(),
            )
    return passed


def _check_query(dm: DataMind, actor: Actor, given: Definition) -> None:
    rights.require_text(dm, actor, given.connection_id, given.sql)
    query.check(
        dm, actor, Query(given.connection_id, given.sql, params=given.params, purpose="alert")
    )


def _check_room(db: Session, actor: Actor) -> None:
    kept = sa.select(sa.func.count()).where(Alert.of_org(actor.org_id))
    if (db.scalar(kept) or 0) >= MOST_ALERTS:
        raise LimitReached(
            f"An organization keeps at most {MOST_ALERTS:,} alerts.", "Delete one first."
        )


def _check_places(db: Session, actor: Actor, given: Definition) -> None:
    """The connection, the people and the destinations have to be of the actor's organization."""
    access.own(db, actor, Connection, given.connection_id, "connection")
    for user_id in given.recipients:
        access.own(db, actor, User, user_id, "member")
    for channel in given.channels:
        if channel.startswith(DESTINATION):
            wanted = UUID(channel.removeprefix(DESTINATION))
            access.own(db, actor, Destination, wanted, "destination")
        elif channel not in (definition.IN_APP, definition.EMAIL):
            raise BadInput(
                f"There is no way “{formats.shortened(channel, 40)}” to be told.",
                "Choose one from the list.",
            )


def _changeable(db: Session, actor: Actor, alert_id: UUID) -> Alert:
    row = access.own(db, actor, Alert, alert_id, "alert")
    if row.created_by_id != actor.user_id and not access.allows(actor, "admin"):
        raise NotAllowed("Only its owner or an admin can change this alert.", "Ask one of them.")
    return row


def _another_figure(before: Definition, now: Definition) -> bool:
    def watched(given: Definition) -> tuple[object, ...]:
        held_on = given.dates_held_on
        return given.sql, given.connection_id, given.pick, given.params, held_on is None

    return watched(before) != watched(now)


def _begin_anew(db: Session, row: Alert) -> None:
    db.execute(sa.delete(AlertSeries).where(AlertSeries.alert_id == row.id))
    row.state, row.state_since = "ok", None
    row.last_reason, row.last_hint, row.last_value = "", "", None
    row.consecutive_failures = 0
    row.snoozed_until, row.snoozed_until_fine = None, False
