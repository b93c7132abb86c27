"""Mails to a person about his account, and the outbox of those that could not be mailed.

The link in such a mail lets its reader in, so that it is kept sealed. Where there is no mail
server, the letter waits in the outbox: an admin reads the link there and passes it on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, jobs, notices
from core.datamind import DataMind
from core.errors import NotFound
from core.security import access
from core.store.tables import Delivery, User
from core.types import Actor

MOST: Final = 100
SEALED: Final = "sealed"
UNTIL: Final = "until"
NO_SERVER: Final = "No mail server is set."


@dataclass(frozen=True)
class Waiting:
    """A mail that has not been sent. `has_link` tells whether an admin can pass its link on."""

    id: UUID
    title: str
    to: str
    reason: str
    at: datetime
    is_dead: bool
    has_link: bool


def write(
    db: Session,
    dm: DataMind,
    org_id: UUID,
    *,
    to: str,
    title: str,
    text: str,
    link: str,
    until: datetime,
) -> UUID | None:
    """Put a mail with a secret link on its way, within the caller's transaction.

    Returns the id to hand to `send`, or None where it waits in the outbox.
    """
    can_go = bool(dm.settings.smtp_host)
    now = dm.clock.now()
    row = Delivery(
        org_id=org_id,
        channel="email",
        target=to,
        key=f"account-{uuid4()}",
        notice={
            "title": title,
            "text": text,
            SEALED: dm.vault.seal(link),
            UNTIL: until.isoformat(),
        },
        state="waiting" if can_go else "dead",
        next_attempt_at=now if can_go else None,
        last_error="" if can_go else NO_SERVER,
        created_at=now,
    )
    db.add(row)
    db.flush()
    if can_go:
        return row.id
    admins = sa.select(User.id).where(User.org_id == org_id, User.role == "admin", User.is_active)
    notices.tell(
        db,
        org_id,
        db.scalars(admins),
        kind="letter.waiting",
        title=f"A mail waits in the outbox: {title}",
        body=f"To {to}. No mail server is set: pass its link on.",
        link="organization?view=outbox",
        key=f"letter:{row.id}",
        now=now,
    )
    return None


def send(dm: DataMind, letter_id: UUID | None) -> None:
    """Wake a worker for a letter that was written, after its transaction."""
    if letter_id is not None:
        dm.queue.send(jobs.DELIVER, letter_id)


def outbox(dm: DataMind, actor: Actor) -> tuple[Waiting, ...]:
    """The organization's mails that were not sent, the newest first, at most 100. Admins only."""
    access.require(actor, "admin", "see the outbox")
    query = (
        sa.select(Delivery)
        .where(Delivery.of_org(actor.org_id), Delivery.channel == "email", Delivery.state != "sent")
        .order_by(Delivery.created_at.desc(), Delivery.id)
        .limit(MOST)
    )
    now = dm.clock.now()
    with dm.sessions.read() as db:
        return tuple(
            Waiting(
                id=row.id,
                title=str(row.notice.get("title", "")),
                to=row.target,
                reason=row.last_error,
                at=row.created_at,
                is_dead=row.state == "dead",
                has_link=_works(row, now),
            )
            for row in db.scalars(query)
        )


def link(dm: DataMind, actor: Actor, letter_id: UUID) -> str:
    """The link of a letter that waits, for an admin to pass on by another way; audited.

    Raises NotFound for a letter without a link, or with one that is over.
    """
    access.require(actor, "admin", "read letters")
    with dm.sessions.read() as db:
        row = access.own(db, actor, Delivery, letter_id, "letter")
    if not _works(row, dm.clock.now()):
        raise NotFound("This letter has no link that works.", "Make a new one.")
    audit.record(dm, actor, "letter.read", "delivery", letter_id, to=row.target)
    return dm.vault.open(row.notice[SEALED])


def discard(dm: DataMind, actor: Actor, letter_id: UUID) -> None:
    """Take a letter out of the outbox; its link keeps working until it is over. Admins only."""
    access.require(actor, "admin", "discard letters")
    with dm.sessions.write() as db:
        db.delete(access.own(db, actor, Delivery, letter_id, "letter"))
    audit.record(dm, actor, "letter.discard", "delivery", letter_id)


def _works(row: Delivery, now: datetime) -> bool:
    return SEALED in row.notice and datetime.fromisoformat(row.notice[UNTIL]) > now
