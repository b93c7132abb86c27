"""Messages on their way: each a row, sent after its event is committed, tried again while it fails.

One place that is down stops no other. A message is handed out by compare-and-set, so that no two
workers send it; one that a killed worker had begun is sent again once its minutes are over, under
the same key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core import channels, destinations, jobs, letters, metrics, notices
from core.alerts import pictures, snoozing
from core.datamind import DataMind
from core.destinations import Attachment, Message, Undelivered
from core.store.tables import Delivery, Destination, User

log = structlog.get_logger(__name__)

WAITS: Final = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1_800, 7_200, 21_600, 43_200))
"""After the first failure, the second, …: nearly a day in all."""
TAKEN_FOR: Final = timedelta(minutes=2)
"""How long a worker may take: senders give up after seconds."""
MOST_WOKEN: Final = 500
KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Letter:
    """A delivery that is ours to send now."""

    id: UUID
    event_id: UUID | None
    channel: str
    target: str
    key: str
    attempts: int
    notice: Mapping[str, Any]
    config: Mapping[str, str] | None


def wake(dm: DataMind) -> int:
    """Wake workers for every message that is due; returns how many."""
    now = dm.clock.now()
    due = (
        sa.select(Delivery.id)
        .where(Delivery.state.in_(("waiting", "sending")), Delivery.next_attempt_at <= now)
        .order_by(Delivery.next_attempt_at)
        .limit(MOST_WOKEN)
    )
    with dm.sessions.read() as db:
        found = list(db.scalars(due))
    for delivery_id in found:
        dm.queue.send(jobs.DELIVER, delivery_id)
    return len(found)


def perform(dm: DataMind, delivery_id: UUID) -> None:
    """Send one message if it is due and nobody else has it; its row says how it went."""
    letter = _take(dm, delivery_id)
    if letter is None:
        return
    with structlog.contextvars.bound_contextvars(delivery=str(delivery_id), kind=jobs.DELIVER):
        outcome = _try(dm, letter)
    metrics.SENDINGS.labels(letter.channel, outcome).inc()


def _try(dm: DataMind, letter: Letter) -> str:
    try:
        _send(dm, letter)
    except Undelivered as problem:
        _failed(dm, letter, problem.reason, lasting=problem.lasting)
        return "refused" if problem.lasting else "failed"
    except Exception:
        log.exception("delivery_failed")
        _failed(dm, letter, "Something went wrong on our side.", lasting=False)
        return "failed"
    _sent(dm, letter)
    return "sent"


def tidy(dm: DataMind) -> int:
    """Forget messages of more than 90 days ago; returns how many."""
    old = sa.delete(Delivery).where(Delivery.created_at < dm.clock.now() - KEPT)
    with dm.sessions.write() as db:
        return int(db.execute(old).rowcount)  # type: ignore[attr-defined]


def _take(dm: DataMind, delivery_id: UUID) -> Letter | None:
    now = dm.clock.now()
    take = (
        sa.update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state.in_(("waiting", "sending")),
            Delivery.next_attempt_at <= now,
        )
        .values(state="sending", attempts=Delivery.attempts + 1, next_attempt_at=now + TAKEN_FOR)
    )
    with dm.sessions.write() as db:
        if db.execute(take).rowcount != 1:  # type: ignore[attr-defined]
            return None
        row = db.get_one(Delivery, delivery_id)
        place = db.get(Destination, row.destination_id) if row.destination_id else None
    return Letter(
        id=row.id,
        event_id=row.event_id,
        channel=row.channel,
        target=row.target,
        key=row.key,
        attempts=row.attempts,
        notice=row.notice,
        config=channels.config_of(dm, place) if place else None,
    )


def _send(dm: DataMind, letter: Letter) -> None:
    config = letter.config if letter.config is not None else {"address": letter.target}
    destinations.kind(letter.channel).send(config, _message(dm, letter), channels.outside(dm))


def _message(dm: DataMind, letter: Letter) -> Message:
    told = letter.notice
    address = dm.settings.address
    link = f"{address}/{told['link']}" if told.get("link") else address
    if letters.SEALED in told:
        link = dm.vault.open(told[letters.SEALED])
    mailed = letter.channel == "email"
    return Message(
        key=letter.key,
        title=str(told.get("title", "")),
        text=str(told.get("text", "")),
        link=link,
        actions=snoozing.actions(dm, told) if mailed else (),
        facts={name: str(value) for name, value in told.get("facts", {}).items()},
        attachment=_attached(dm, told) if mailed else None,
        picture=pictures.of_event(dm, letter.event_id) if mailed and letter.event_id else None,
    )


def _attached(dm: DataMind, told: Mapping[str, Any]) -> Attachment | None:
    """The file that goes along; a mail without it would say less than it promises."""
    kept = told.get("attachment")
    if not kept:
        return None
    path = dm.files.path(kept["path"])
    if not path.exists():
        raise Undelivered("The file of this report is no longer kept.", lasting=True)
    return Attachment(kept["name"], kept["mime"], path.read_bytes())


def _sent(dm: DataMind, letter: Letter) -> None:
    with dm.sessions.write() as db:
        row = db.get(Delivery, letter.id)
        if row is not None:
            row.state, row.last_error, row.sent_at = "sent", "", dm.clock.now()
            _mark(db, row, "", dm)


def _failed(dm: DataMind, letter: Letter, reason: str, *, lasting: bool) -> None:
    with dm.sessions.write() as db:
        row = db.get(Delivery, letter.id)
        if row is None:
            return
        row.last_error = reason
        _mark(db, row, reason, dm)
        if lasting or letter.attempts > len(WAITS):
            row.state, row.next_attempt_at = "dead", None
            _tell_admins(db, dm, row)
        else:
            row.state = "waiting"
            row.next_attempt_at = dm.clock.now() + WAITS[letter.attempts - 1]


def _mark(db: Session, row: Delivery, problem: str, dm: DataMind) -> None:
    place = db.get(Destination, row.destination_id) if row.destination_id else None
    if place is not None:
        place.last_error = problem
        place.last_sent_at = place.last_sent_at if problem else dm.clock.now()


def _tell_admins(db: Session, dm: DataMind, row: Delivery) -> None:
    admins = sa.select(User.id).where(User.org_id == row.org_id, User.role == "admin")
    where = row.target or destinations.kind(row.channel).LABEL
    notices.tell(
        db,
        row.org_id,
        db.scalars(admins),
        kind="delivery.dead",
        title=f"A message did not arrive: {row.notice.get('title', '')}",
        body=f"{where}: {row.last_error} Send it again from Alerts, Destinations.",
        link="alerts?view=destinations",
        key=f"dead:{row.id}:{row.attempts}",
        now=dm.clock.now(),
    )
