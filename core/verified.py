"""Verified answers: questions whose SQL a person with rights stands for, listed and managed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, charts, conversations, glossary, query, rights, schema, stale
from core.analyst.base import BareDesk, Example
from core.datamind import DataMind
from core.errors import BadInput, LimitReached
from core.security import access
from core.store.tables import Connection, User, VerifiedAnswer
from core.types import Actor, ChartSpec, Draft, Query, Question

LONGEST_QUESTION: Final = 500
MOST_KEPT: Final = 500
"""Verified answers of one connection: each question is held against all of them."""


class LeansOnOthers(BadInput):
    """The question is only understood after the ones before it: it must be written out."""


@dataclass(frozen=True)
class Verified:
    """A verified answer as the list shows it. `owner` is empty when the person is gone.

    `asked_on` is the day for which relative dates of the question stand in the SQL; `broken`
    says why the SQL no longer fits the data.
    """

    id: UUID
    question: str
    sql: str
    reading: str
    chart: ChartSpec | None
    connection_id: UUID
    connection: str
    owner: str
    asked_on: date
    verified_at: datetime
    times_used: int
    last_used_at: datetime | None
    broken: str


def answers(
    dm: DataMind, actor: Actor, *, connection_id: UUID | None = None
) -> tuple[Verified, ...]:
    """The organization's verified answers, or those of one connection, the most used first."""
    found = (
        sa.select(VerifiedAnswer, Connection.name, User.full_name)
        .join(Connection, Connection.id == VerifiedAnswer.connection_id)
        .outerjoin(User, User.id == VerifiedAnswer.created_by_id)
        .where(VerifiedAnswer.of_org(actor.org_id))
        .order_by(VerifiedAnswer.times_used.desc(), VerifiedAnswer.created_at.desc())
    )
    with dm.sessions.read() as db:
        if connection_id is not None:
            access.own(db, actor, Connection, connection_id, "connection")
            found = found.where(VerifiedAnswer.connection_id == connection_id)
        found = found.where(rights.visible(db, actor, VerifiedAnswer.connection_id))
        return tuple(_view(*row) for row in db.execute(found.limit(MOST_KEPT)))


def verify(dm: DataMind, actor: Actor, message_id: UUID, question: str = "") -> UUID:
    """Stand for one's own answer: who asks for the same gets its SQL at once.

    The question is the one that was asked, or the given words. One that was verified before is
    replaced. Raises NotAllowed for viewers, LeansOnOthers for a follow-up that nobody else would
    understand, BadInput for a message without a result, LimitReached.
    """
    access.require(actor, "analyst", "verify answers")
    message = conversations.message(dm, actor, message_id)
    if not message.sql or message.preview is None or message.connection_id is None:
        raise BadInput("Only an answer with a result can be verified.", "Choose another answer.")
    asked = conversations.question_of(dm, actor, message_id)
    words = (question or asked).strip()
    if not 1 <= len(words) <= LONGEST_QUESTION:
        raise BadInput(
            f"A verified question has 1 to {LONGEST_QUESTION} characters.", "Write it shorter."
        )
    known = schema.read(dm, actor, message.connection_id)
    query.check(dm, actor, Query(message.connection_id, message.sql), known=known)
    unfit = stale.why(message.sql, known)
    if unfit:
        raise BadInput(unfit, "Ask the question again and verify the new answer.")
    day = message.created_at.astimezone(ZoneInfo(actor.time_zone)).date()
    if not question and not conversations.is_first(dm, actor, message_id):
        own_terms, _ = glossary.of(dm, actor, message.connection_id)
        _stands_alone(dm, Question(words, known, day, terms=own_terms), message.sql)
    with dm.sessions.write() as db:
        row = _row(db, actor, message.connection_id, words)
        row.created_by_id, row.sql_text, row.reading = actor.user_id, message.sql, message.reading
        row.chart_config = charts.to_json(message.chart)
        row.asked_on, row.broken, row.created_at = day, "", dm.clock.now()
        db.flush()
    audit.record(
        dm,
        actor,
        "answer.verify",
        "verified_answer",
        row.id,
        question=words,
        sql=message.sql[:2000],
    )
    return row.id


def add(
    dm: DataMind, actor: Actor, connection_id: UUID, question: str, draft: Draft, asked_on: date
) -> UUID:
    """Stand for a draft without a conversation, as the demo organization's people do.

    Raises NotAllowed, NotFound, UnsafeSql.
    """
    access.require(actor, "analyst", "verify answers")
    query.check(dm, actor, Query(connection_id, draft.sql))
    with dm.sessions.write() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        row = _row(db, actor, connection_id, question)
        row.created_by_id, row.sql_text, row.reading = actor.user_id, draft.sql, draft.reading
        row.chart_config, row.asked_on = charts.to_json(draft.chart), asked_on
        db.flush()
    audit.record(dm, actor, "answer.verify", "verified_answer", row.id, question=question)
    return row.id


def remove(dm: DataMind, actor: Actor, verified_id: UUID) -> None:
    """Stand for it no longer. Raises NotAllowed for viewers, NotFound."""
    access.require(actor, "analyst", "manage verified answers")
    with dm.sessions.write() as db:
        row = access.own(db, actor, VerifiedAnswer, verified_id, "verified answer")
        question = row.question
        db.delete(row)
    audit.record(dm, actor, "answer.unverify", "verified_answer", verified_id, question=question)


def count_use(dm: DataMind, actor: Actor, verified_id: UUID) -> None:
    """It has answered a question once more; one that was removed meanwhile is left alone."""
    with dm.sessions.write() as db:
        db.execute(
            sa.update(VerifiedAnswer)
            .where(VerifiedAnswer.id == verified_id, VerifiedAnswer.of_org(actor.org_id))
            .values(times_used=VerifiedAnswer.times_used + 1, last_used_at=dm.clock.now())
        )


def stood_for(dm: DataMind, actor: Actor, connection_id: UUID) -> frozenset[str]:
    """The SQL of all verified answers of a connection; empty where there is no such connection,
    since conversations outlive their connections."""
    mine = sa.select(VerifiedAnswer.sql_text).where(
        VerifiedAnswer.of_org(actor.org_id), VerifiedAnswer.connection_id == connection_id
    )
    with dm.sessions.read() as db:
        return frozenset(db.scalars(mine))


def questions(dm: DataMind, actor: Actor, connection_id: UUID) -> tuple[str, ...]:
    """Verified questions of a connection that still work, the most used first."""
    kept = answers(dm, actor, connection_id=connection_id)
    return tuple(one.question for one in kept if not one.broken)


def examples(kept: tuple[Verified, ...]) -> tuple[Example, ...]:
    """Verified answers as analysts see them: question and SQL, of those that still work."""
    return tuple(Example(one.question, one.sql) for one in kept if not one.broken)


def _stands_alone(dm: DataMind, question: Question, sql: str) -> None:
    """The built-in analyst reads the words to the same SQL without what was said before."""
    alone = dm.analysts.local.draft(question, BareDesk(question.schema))
    if not isinstance(alone, Draft) or alone.sql != sql:
        raise LeansOnOthers(
            "This question leans on the ones before it.",
            "Write it out in full, so that it says the same on its own.",
        )


def _row(db: Session, actor: Actor, connection_id: UUID, words: str) -> VerifiedAnswer:
    """The row of this question on this connection, a new one where there is none."""
    mine = sa.select(VerifiedAnswer).where(
        VerifiedAnswer.of_org(actor.org_id), VerifiedAnswer.connection_id == connection_id
    )
    same = mine.where(sa.func.lower(VerifiedAnswer.question) == words.lower())
    row = db.scalar(same.limit(1))
    if row is None:
        held = db.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
        if held >= MOST_KEPT:
            raise LimitReached(
                f"A connection has at most {MOST_KEPT} verified answers.",
                "Remove those that nobody uses.",
            )
        row = VerifiedAnswer(org_id=actor.org_id, connection_id=connection_id, question=words)
        db.add(row)
    return row


def _view(row: VerifiedAnswer, connection: str, owner: str | None) -> Verified:
    return Verified(
        id=row.id,
        question=row.question,
        sql=row.sql_text,
        reading=row.reading,
        chart=charts.from_json(row.chart_config),
        connection_id=row.connection_id,
        connection=connection,
        owner=owner or "",
        asked_on=row.asked_on,
        verified_at=row.created_at,
        times_used=row.times_used,
        last_used_at=row.last_used_at,
        broken=row.broken,
    )
