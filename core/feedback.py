"""Thumbs up and down for answers, and for admins the questions that went wrong, by cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core import audit, conversations
from core.datamind import DataMind
from core.errors import BadInput
from core.security import access
from core.store.tables import ChatMessage, ChatSession, Connection, Feedback
from core.types import Actor, Cause

LONGEST_REASON: Final = 500
MOST_SHOWN: Final = 200
LOOKED_BACK: Final = timedelta(days=30)
DISLIKED: Final = "disliked"


@dataclass(frozen=True)
class Rating:
    """What a person says of an answer, and why."""

    liked: bool
    reason: str = ""


@dataclass(frozen=True)
class Wrong:
    """A question that went wrong: what was asked, of which data, and what happened.

    It does not say who asked. `why` is the answer's own sentence, or the reason that was given
    with a thumbs down. The connection is None where it is gone.
    """

    message_id: UUID
    cause: Cause
    question: str
    why: str
    at: datetime
    connection_id: UUID | None
    connection: str


def rate(
    dm: DataMind, actor: Actor, message_id: UUID, *, liked: bool | None, reason: str = ""
) -> None:
    """Say whether one's own answer is good, and why; None takes it back. Raises NotFound,
    BadInput for a question or a reason that is too long."""
    reason = reason.replace("\0", "").strip()
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"A reason has at most {LONGEST_REASON} characters.", "Write it shorter.")
    message = conversations.message(dm, actor, message_id)
    if message.role != "assistant":
        raise BadInput("Only answers are rated.", "Choose an answer.")
    with dm.sessions.write() as db:
        row = db.scalar(sa.select(Feedback).where(Feedback.message_id == message_id))
        if liked is None:
            if row is not None:
                db.delete(row)
        elif row is None:
            db.add(Feedback(message_id=message_id, liked=liked, reason=reason))
        else:
            row.liked, row.reason = liked, reason
    audit.record(dm, actor, "chat.rate", "chat_message", message_id, liked=liked)


def ratings(dm: DataMind, actor: Actor, session_id: UUID) -> Mapping[UUID, Rating]:
    """What the person has said of the answers of one of his own conversations, by message."""
    query = (
        sa.select(Feedback)
        .join(ChatMessage, ChatMessage.id == Feedback.message_id)
        .where(ChatMessage.session_id == session_id)
    )
    with dm.sessions.read() as db:
        conversations.own_session(db, actor, session_id)
        return {row.message_id: Rating(row.liked, row.reason) for row in db.scalars(query)}


def wrong(dm: DataMind, actor: Actor) -> tuple[Wrong, ...]:
    """The organization's questions that went wrong in the last 30 days, the newest first, at
    most 200. Admins only."""
    access.require(actor, "admin", "see which questions went wrong")
    asked = aliased(ChatMessage)
    question = (
        sa.select(asked.content)
        .where(
            asked.session_id == ChatMessage.session_id,
            asked.role == "user",
            asked.created_at <= ChatMessage.created_at,
        )
        .order_by(asked.created_at.desc())
        .limit(1)
        .correlate(ChatMessage)
        .scalar_subquery()
    )
    disliked = sa.and_(Feedback.id.is_not(None), Feedback.liked.is_(False))
    found = (
        sa.select(ChatMessage, question, Connection.id, Connection.name, Feedback.reason, disliked)
        .join(ChatSession, ChatSession.id == ChatMessage.session_id)
        .outerjoin(Connection, Connection.id == ChatSession.connection_id)
        .outerjoin(Feedback, Feedback.message_id == ChatMessage.id)
        .where(
            ChatMessage.of_org(actor.org_id),
            ChatMessage.role == "assistant",
            ChatMessage.created_at > dm.clock.now() - LOOKED_BACK,
            sa.or_(ChatMessage.cause.is_not(None), disliked),
        )
        .order_by(ChatMessage.created_at.desc())
        .limit(MOST_SHOWN)
    )
    with dm.sessions.read() as db:
        return tuple(
            Wrong(
                message_id=row.id,
                cause=DISLIKED if down else row.cause,
                question=words or "",
                why=(reason or "") if down else (row.error_message or row.content),
                at=row.created_at,
                connection_id=connection_id,
                connection=name or "",
            )
            for row, words, connection_id, name, reason, down in db.execute(found)
        )
