"""A check: run the query as the owner, hold the value against the rule, write what was seen.

What is seen and what is told are committed together. A slot whose outcome is written is never
written again, so that running a batch twice changes nothing.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from core import accounts, audit, jobs, metrics, moving, query
from core.alerts import definition, due, history, outcomes, reasons, rules, values
from core.alerts.definition import Definition
from core.alerts.outcomes import Outcome, Seen
from core.alerts.rules import Verdict
from core.datamind import DataMind
from core.errors import DataMindError, NotAllowed
from core.jobs import Work
from core.query import Shared
from core.security import access
from core.store.tables import Alert
from core.types import Actor, Json, Query

log = structlog.get_logger(__name__)

WRITE_EVERY_SECONDS: Final = 2.0
BATCH_SECONDS: Final = 60.0
MOST_BATCHES: Final = 4
"""Batches at a time on one customer's database."""


@dataclass(frozen=True)
class Due:
    """An alert as it was when its check began."""

    id: UUID
    org_id: UUID
    slot: datetime
    owner_id: UUID | None
    version: int
    definition: Definition
    stood: str


@dataclass
class Knowledge:
    """What the checks of one batch share: who asks, and what is known of the database."""

    actors: dict[UUID, Actor | None] = field(default_factory=dict)
    places: dict[UUID, Shared] = field(default_factory=dict)


def perform(dm: DataMind, job_id: UUID) -> None:
    """The worker's side of `due.claim`.

    A customer's database is asked by at most four batches at a time. What a batch has no time
    for is handed out again, so that slow databases hold no worker for long.
    """

    def do(work: Work) -> Json:
        slots = {UUID(i): datetime.fromisoformat(at) for i, at in work.args["checks"]}
        with audit.together(dm):
            return {"checked": check(dm, slots, work)}

    jobs.perform(dm, job_id, do, most=MOST_BATCHES)


def check(dm: DataMind, slots: Mapping[UUID, datetime], work: Work | None = None) -> int:
    """Check alerts for the given slots; returns how many outcomes were written.

    Alerts that are gone, switched off or already checked for their slot are left alone. Outcomes
    are written every two seconds, so that little is done twice after a kill.
    """
    knowledge, pending, written = Knowledge(), [], 0
    began = wrote = time.monotonic()
    found = _due(dm, slots)
    for number, due_now in enumerate(found):
        if work and time.monotonic() - began >= BATCH_SECONDS:
            _leave(dm, found[number:])
            break
        pending.append(_checked(dm, due_now, knowledge))
        if time.monotonic() - wrote >= WRITE_EVERY_SECONDS:
            written += outcomes.write(dm, pending)
            pending, wrote = [], time.monotonic()
    return written + outcomes.write(dm, pending)


def _leave(dm: DataMind, left: Sequence[Due]) -> None:
    first = left[0]
    due.hand_out_again(
        dm, first.org_id, str(first.definition.connection_id), {d.id: d.slot for d in left}
    )


def look(
    dm: DataMind,
    actor: Actor,
    given: Definition,
    at: datetime,
    *,
    alert_id: UUID | None = None,
    shared: Shared | None = None,
) -> tuple[Seen, ...]:
    """What a check would see now, with nothing written. Raises DataMindError."""
    sql = sql_on(given, dm.clock.today(actor.time_zone))
    result = query.run(
        dm,
        actor,
        Query(given.connection_id, sql, params=given.params, purpose="alert"),
        fresh=True,
        shared=shared,
    )
    zone = actor.time_zone
    measured = values.measure(result, given.rule, given.pick, now=at, time_zone=zone)
    past = history.past(dm, alert_id, given.rule, before=at) if alert_id else {}
    return tuple(
        Seen(
            m.group,
            rules.evaluate(given.rule, m.value, past.get(m.group, ()), at=at, time_zone=zone),
        )
        for m in measured
    )


def sql_on(given: Definition, day: date) -> str:
    """The query of a definition as it is asked on a day: its dates moved along, if they do."""
    held_on = given.dates_held_on
    return moving.moved(given.sql, held_on, day) if held_on else given.sql


def _due(dm: DataMind, slots: Mapping[UUID, datetime]) -> list[Due]:
    asked = sa.select(Alert).where(Alert.id.in_(list(slots)), Alert.is_active)
    with dm.sessions.read() as db:
        return [
            Due(
                row.id,
                row.org_id,
                slots[row.id],
                row.created_by_id,
                row.version,
                definition.read(row),
                row.state,
            )
            for row in db.scalars(asked)
            if row.last_slot is None or row.last_slot < slots[row.id]
        ]


def _checked(dm: DataMind, asked: Due, knowledge: Knowledge) -> Outcome:
    """The outcome of one check, whatever happens: a failure is an outcome too."""
    began = time.monotonic()
    problem: DataMindError | None = None
    seen: tuple[Seen, ...] = ()
    why: tuple[str, ...] = ()
    zone = "UTC"
    try:
        actor = _owner(dm, asked, knowledge)
        zone = actor.time_zone
        shared = _shared(dm, actor, asked.definition.connection_id, knowledge)
        seen = look(dm, actor, asked.definition, asked.slot, alert_id=asked.id, shared=shared)
        if asked.stood != "firing" and [s.verdict.level for s in seen] == ["bad"]:
            why = reasons.contributors(dm, actor, asked.definition, shared)
    except DataMindError as found:
        problem = found
    except Exception:
        log.exception("alert_check_failed", alert=str(asked.id))
        problem = DataMindError(
            "Something went wrong on our side.", "Tell your admin; the log has the reason."
        )
    if problem is not None:
        seen = (Seen("", Verdict("error", problem.message)),)
    metrics.ALERT_CHECKS.labels("error" if problem else "checked").inc()
    metrics.ALERT_LATE.observe(max(0.0, (dm.clock.now() - asked.slot).total_seconds()))
    return Outcome(
        alert_id=asked.id,
        slot=asked.slot,
        version=asked.version,
        seen=seen,
        time_zone=zone,
        checked_at=dm.clock.now(),
        milliseconds=round((time.monotonic() - began) * 1000),
        hint=problem.hint if problem else "",
        rights_lost=isinstance(problem, NotAllowed),
        why=why,
    )


def _owner(dm: DataMind, asked: Due, knowledge: Knowledge) -> Actor:
    """The owner with today's rights. Raises NotAllowed when they no longer suffice."""
    owner_id = asked.owner_id
    if owner_id is None:
        raise NotAllowed("This alert has no owner.", "An admin can take it over.")
    if owner_id not in knowledge.actors:
        knowledge.actors[owner_id] = accounts.actor_of(dm, owner_id, "alert")
    actor = knowledge.actors[owner_id]
    if actor is None:
        raise NotAllowed(
            "The account of this alert's owner is no longer active.", "An admin can take it over."
        )
    access.require(actor, "analyst", "keep alerts")
    return actor


def _shared(dm: DataMind, actor: Actor, connection_id: UUID, knowledge: Knowledge) -> Shared:
    if connection_id not in knowledge.places:
        knowledge.places[connection_id] = query.share(dm, actor, connection_id)
    return knowledge.places[connection_id]
