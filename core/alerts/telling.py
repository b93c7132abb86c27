"""Who hears of it: the event, the bell, and a delivery for every other place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import jobs, notices, profiles
from core.alerts.definition import EMAIL, IN_APP
from core.datamind import DataMind
from core.store.tables import Alert, AlertEvent, Connection, Delivery, Destination, User

DESTINATION: Final = "destination:"


@dataclass(frozen=True)
class Saying:
    """What an alert has to say once: `kind` is an event's, `text` whole sentences."""

    kind: str
    title: str
    text: str
    group: str = ""
    value: Decimal | None = None
    why: tuple[str, ...] = ()


def tell(
    db: Session,
    alert: Alert,
    saying: Saying,
    *,
    slot: datetime,
    now: datetime,
    owner_only: bool = False,
) -> list[UUID]:
    """Write the event, the notices and the deliveries within the caller's transaction.

    Returns the ids of the deliveries, for `send` after the commit. Failures go to the owner alone,
    and to the admins where there is no owner who can be told.
    """
    event = AlertEvent(
        alert_id=alert.id,
        kind=saying.kind,
        slot=slot,
        group_name=saying.group,
        triggered_value=saying.value,
        title=saying.title,
        message=saying.text,
        why=list(saying.why),
        created_at=now,
    )
    db.add(event)
    db.flush()
    people = _people(db, alert, owner_only=owner_only)
    link = f"alerts?alert={alert.id}"
    if IN_APP in alert.notification_channels or owner_only:
        notices.tell(
            db,
            alert.org_id,
            [user.id for user in people],
            kind=f"alert.{saying.kind}",
            title=saying.title,
            body=saying.text,
            link=link,
            key=f"alert:{event.id}",
            now=now,
        )
    notice = {
        "title": saying.title,
        "text": saying.text,
        "link": link,
        "kind": saying.kind,
        "alert_id": str(alert.id),
        "facts": _facts(db, alert, saying, now),
    }
    deliveries = [
        Delivery(
            org_id=alert.org_id,
            event_id=event.id,
            destination_id=destination_id,
            channel=channel,
            target=target,
            key=f"{event.id}:{destination_id or target}",
            notice=notice,
            next_attempt_at=now,
        )
        for channel, target, destination_id in _places(db, alert, people, owner_only=owner_only)
    ]
    db.add_all(deliveries)
    db.flush()
    return [delivery.id for delivery in deliveries]


def _facts(db: Session, alert: Alert, saying: Saying, now: datetime) -> dict[str, str]:
    """The fields that webhooks get and that templates may name."""
    connection = db.get(Connection, alert.connection_id)
    return {
        "alert": alert.name,
        "group": saying.group,
        "state": saying.kind,
        "value": "" if saying.value is None else str(saying.value),
        "threshold": ""
        if alert.threshold_value is None
        else f"{alert.threshold_value.normalize():f}",
        "reason": saying.text,
        "since": (alert.state_since or now).isoformat(),
        "connection": connection.name if connection else "",
    }


def send(dm: DataMind, delivery_ids: Sequence[UUID]) -> None:
    """Wake the workers for deliveries whose rows are committed; the clock finds them anyway."""
    for delivery_id in delivery_ids:
        dm.queue.send(jobs.DELIVER, delivery_id)


def _people(db: Session, alert: Alert, *, owner_only: bool) -> list[User]:
    wanted = [alert.created_by_id] if alert.created_by_id else []
    if not owner_only:
        wanted += map(UUID, alert.recipients)
    here = sa.select(User).where(User.org_id == alert.org_id, User.is_active)
    found = list(db.scalars(here.where(User.id.in_(wanted))))
    return found or list(db.scalars(here.where(User.role == "admin")))


def _places(
    db: Session, alert: Alert, people: Sequence[User], *, owner_only: bool
) -> list[tuple[str, str, UUID | None]]:
    """Channel, address and destination of every place outside of the app."""
    places: list[tuple[str, str, UUID | None]] = []
    if EMAIL in alert.notification_channels:
        places += [(EMAIL, user.email, None) for user in people if profiles.wants_mail(user)]
    if owner_only:
        return places
    wanted = [
        UUID(channel.removeprefix(DESTINATION))
        for channel in alert.notification_channels
        if channel.startswith(DESTINATION)
    ]
    found = db.scalars(
        sa.select(Destination).where(Destination.org_id == alert.org_id, Destination.id.in_(wanted))
    )
    return places + [(row.kind, "", row.id) for row in found]
