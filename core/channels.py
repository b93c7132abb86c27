"""The organization's destinations: where its messages can go outside of the app."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core import audit, destinations
from core.datamind import DataMind
from core.destinations import Message, Outside, Undelivered
from core.errors import BadInput
from core.security import access
from core.store.tables import Delivery, Destination
from core.types import Actor


@dataclass(frozen=True)
class DestinationView:
    """A destination in lists. `hint` says where it goes without giving its address away."""

    id: UUID
    name: str
    kind: str
    label: str
    hint: str
    last_error: str
    last_sent_at: datetime | None


@dataclass(frozen=True)
class DeadLetter:
    """A message that did not get there, with what was wrong."""

    id: UUID
    title: str
    channel: str
    target: str
    attempts: int
    reason: str
    at: datetime


def outside(dm: DataMind) -> Outside:
    """What senders know of this installation."""
    return Outside(dm.settings, dm.settings.outbound)


def can_mail(dm: DataMind) -> bool:
    """Whether a mail server is set."""
    return bool(dm.settings.smtp_host)


def listed(dm: DataMind, actor: Actor) -> tuple[DestinationView, ...]:
    """The organization's destinations by name. Analysts and admins."""
    access.require(actor, "analyst", "see destinations")
    query = sa.select(Destination).where(Destination.of_org(actor.org_id))
    with dm.sessions.read() as db:
        return tuple(
            DestinationView(
                id=row.id,
                name=row.name,
                kind=row.kind,
                label=destinations.kind(row.kind).LABEL,
                hint=row.hint,
                last_error=row.last_error,
                last_sent_at=row.last_sent_at,
            )
            for row in db.scalars(query.order_by(sa.func.lower(Destination.name)))
        )


def add(dm: DataMind, actor: Actor, name: str, kind: str, config: Mapping[str, str]) -> UUID:
    """Keep a destination, its address and secret sealed. Admins: it takes data out of the house.

    Raises BadInput, NotAllowed for an address of the inside, CannotConnect for none at all.
    """
    access.require(actor, "admin", "add destinations")
    name = name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("A destination needs a name of 1 to 255 characters.", "Give it a name.")
    channel = destinations.kind(kind)
    known = {field.name for field in channel.FIELDS}
    kept = {field: text.strip() for field, text in config.items() if field in known}
    hint = channel.check(kept, outside(dm))
    try:
        with dm.sessions.write() as db:
            row = Destination(
                org_id=actor.org_id,
                created_by_id=actor.user_id,
                name=name,
                kind=kind,
                hint=hint[:255],
                config_encrypted=dm.vault.seal(json.dumps(kept)),
            )
            db.add(row)
            db.flush()
    except IntegrityError as error:
        raise BadInput(
            f"There is a destination “{name[:60]}” already.", "Choose another name."
        ) from error
    audit.record(dm, actor, "destination.create", "destination", row.id, name=name, kind=kind)
    return row.id


def remove(dm: DataMind, actor: Actor, destination_id: UUID) -> None:
    """Delete a destination; messages on their way there are dropped. Admins."""
    access.require(actor, "admin", "remove destinations")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Destination, destination_id, "destination")
        name = row.name
        db.delete(row)
    audit.record(dm, actor, "destination.delete", "destination", destination_id, name=name)


def send_test(dm: DataMind, actor: Actor, destination_id: UUID) -> None:
    """Send a test message at once. Raises BadInput with what was wrong when it does not arrive."""
    access.require(actor, "admin", "test destinations")
    with dm.sessions.read() as db:
        row = access.own(db, actor, Destination, destination_id, "destination")
    problem = ""
    try:
        destinations.kind(row.kind).send(config_of(dm, row), _greeting(dm), outside(dm))
    except Undelivered as undelivered:
        problem = undelivered.reason
    with dm.sessions.write() as db:
        row = access.own(db, actor, Destination, destination_id, "destination")
        row.last_error = problem
        row.last_sent_at = row.last_sent_at if problem else dm.clock.now()
    audit.record(dm, actor, "destination.test", "destination", destination_id, problem=problem)
    if problem:
        raise BadInput(f"The test message did not arrive: {problem}", "Check the address.")


def mail_test(dm: DataMind, actor: Actor, address: str) -> None:
    """Send a test mail to a member's own address. Raises BadInput when it was not taken."""
    access.require(actor, "admin", "test mail")
    try:
        destinations.kind("email").send({"address": address}, _greeting(dm), outside(dm))
    except Undelivered as undelivered:
        raise BadInput(
            f"The test mail was not taken: {undelivered.reason}",
            "Check the SMTP settings of the server.",
        ) from undelivered
    audit.record(dm, actor, "mail.test", "user", actor.user_id)


def config_of(dm: DataMind, row: Destination) -> dict[str, str]:
    """The opened form of a destination."""
    return dict(json.loads(dm.vault.open(row.config_encrypted)))


def dead_letters(dm: DataMind, actor: Actor) -> tuple[DeadLetter, ...]:
    """The organization's 100 newest messages that did not get there. Admins."""
    access.require(actor, "admin", "see messages that did not arrive")
    query = (
        sa.select(Delivery)
        .where(Delivery.of_org(actor.org_id), Delivery.state == "dead")
        .order_by(Delivery.created_at.desc(), Delivery.id)
        .limit(100)
    )
    with dm.sessions.read() as db:
        return tuple(
            DeadLetter(
                id=row.id,
                title=str(row.notice.get("title", "")),
                channel=row.channel,
                target=row.target,
                attempts=row.attempts,
                reason=row.last_error,
                at=row.created_at,
            )
            for row in db.scalars(query)
        )


def send_again(dm: DataMind, actor: Actor, delivery_id: UUID) -> None:
    """Try a message again that did not get there. Admins. Raises NotFound, BadInput."""
    access.require(actor, "admin", "send messages again")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Delivery, delivery_id, "message")
        if row.state != "dead":
            raise BadInput("This message is on its way or has arrived.", "Look at the list again.")
        row.state, row.attempts, row.next_attempt_at = "waiting", 0, dm.clock.now()
    audit.record(dm, actor, "delivery.again", "delivery", delivery_id)


def _greeting(dm: DataMind) -> Message:
    return Message(
        key=f"test-{uuid4()}",
        title="DataMind: this is a test",
        text="Messages of DataMind arrive here.",
        link=dm.settings.address,
    )
