"""How the analysts do on what people stand for: verified questions, asked again and compared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa

from core import audit, glossary, guard, query, recall, schema, trust, verified
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.desk import QuestionDesk
from core.errors import DataMindError
from core.jobs import Work
from core.security import access
from core.store.tables import EvaluationRun
from core.types import Actor, DatabaseSchema, Draft, Query, QueryResult, Question
from core.verified import Verified

MOST_SHOWN: Final = 60


@dataclass(frozen=True)
class Verdict:
    """How one verified question went: the same result, or what was different."""

    question: str
    same: bool
    why: str = ""


@dataclass(frozen=True)
class Run:
    """All verified questions asked of an analyst once; `asked` leaves out what could not be."""

    at: datetime
    analyst: str
    asked: int
    same: int
    verdicts: tuple[Verdict, ...] = ()


def run(dm: DataMind, actor: Actor) -> Run:
    """Ask the analyst all verified questions that still work, as if nobody had verified them,
    compare the results with those of the verified SQL, and keep how many were the same.

    Raises NotAllowed for all but admins.
    """
    access.require(actor, "admin", "evaluate the analysts")
    analyst = dm.analysts.choose()
    asked = [one for one in verified.answers(dm, actor) if not one.broken]
    known = {c: schema.read(dm, actor, c).masked for c in {one.connection_id for one in asked}}
    verdicts = [_verdict(dm, actor, one, known[one.connection_id]) for one in asked]
    compared = [v for v in verdicts if v is not None]
    found = Run(
        dm.clock.now(),
        analyst.name,
        len(compared),
        sum(v.same for v in compared),
        tuple(compared),
    )
    with dm.sessions.write() as db:
        row = EvaluationRun(
            org_id=actor.org_id,
            analyst=found.analyst,
            asked=found.asked,
            same=found.same,
            details={
                "verdicts": [{"question": v.question, "same": v.same, "why": v.why}
                             for v in compared]
            },
            created_at=found.at,
        )  # fmt: skip
        db.add(row)
        db.flush()
    audit.record(
        dm, actor, "answer.evaluate", "evaluation_run", row.id, asked=found.asked, same=found.same
    )
    return found


def runs(dm: DataMind, actor: Actor) -> tuple[Run, ...]:
    """The organization's evaluations, the oldest first, at most the last 60. Admins only."""
    access.require(actor, "admin", "see how the analysts do")
    newest = (
        sa.select(EvaluationRun)
        .where(EvaluationRun.of_org(actor.org_id))
        .order_by(EvaluationRun.created_at.desc())
        .limit(MOST_SHOWN)
    )
    with dm.sessions.read() as db:
        return tuple(_run(row) for row in reversed(list(db.scalars(newest))))


def _verdict(dm: DataMind, actor: Actor, one: Verified, known: DatabaseSchema) -> Verdict | None:
    """Ask one question; None where the verified SQL cannot be bound to today."""
    desk = QuestionDesk(dm, actor, Work(dm, uuid4(), {}, Cancel()), one.connection_id, known, ())
    today = dm.clock.today(actor.time_zone)
    own_terms, instructions = glossary.of(dm, actor, one.connection_id)
    question = Question(
        one.question, known, today, time_zone=actor.time_zone, terms=own_terms,
        instructions=instructions,
    )  # fmt: skip
    analyst = dm.analysts.choose()
    try:
        wanted = recall.find(dm, actor, question, desk, [one])
        if wanted is None:
            return None
        right = _ask(dm, actor, one.connection_id, wanted.draft.sql, known)
        drafted = analyst.draft(question, desk)
        if not isinstance(drafted, Draft):
            return Verdict(one.question, False, "It was not understood.")
        found = _ask(dm, actor, one.connection_id, drafted.sql, known)
    except DataMindError as problem:
        return Verdict(one.question, False, problem.message)
    safe = query.check(dm, actor, Query(one.connection_id, wanted.draft.sql), known=known)
    same = trust.same_result(right, found, ordered=bool(guard.reading(safe, known).order))
    return Verdict(one.question, same, "" if same else _difference(right, found))


def _ask(
    dm: DataMind, actor: Actor, connection_id: UUID, sql: str, known: DatabaseSchema
) -> QueryResult:
    return query.run(dm, actor, Query(connection_id, sql, purpose="probe"), known=known)


def _difference(right: QueryResult, found: QueryResult) -> str:
    if right.row_count != found.row_count:
        return f"It has {found.row_count:,} rows, the verified answer {right.row_count:,}."
    if len(right.columns) != len(found.columns):
        return f"It has {len(found.columns)} columns, the verified answer {len(right.columns)}."
    return "It has other values than the verified answer."


def _run(row: EvaluationRun) -> Run:
    kept = row.details.get("verdicts", ())
    return Run(row.created_at, row.analyst, row.asked, row.same, tuple(Verdict(**v) for v in kept))
