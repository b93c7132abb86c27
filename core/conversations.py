"""Conversations: a person's chat sessions and their messages, seen by nobody else."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, charts, organizations, previews, rights
from core.datamind import DataMind
from core.errors import BadInput, NotFound
from core.security import access
from core.store.tables import ChatMessage, ChatSession, Organization
from core.trust import stored
from core.types import (
    Actor,
    Answer,
    ChartSpec,
    Fact,
    Grade,
    Json,
    Option,
    Proof,
    QueryResult,
    Sought,
    Turn,
    Usage,
    VerifiedBy,
)

TITLE_LENGTH: Final = 80
SESSIONS_SHOWN: Final = 100
TURNS_REMEMBERED: Final = 10


@dataclass(frozen=True)
class Conversation:
    """A chat session in the list."""

    id: UUID
    title: str
    connection_id: UUID | None
    is_pinned: bool
    updated_at: datetime


@dataclass(frozen=True)
class Message:
    """A message as the chat shows it; an answer has everything of it, never edited.

    `preview` holds the first 100 rows; `row_count` how many the result had. `chart` is how it is
    drawn; where the person chose another one, `suggested` is what it was before.
    """

    id: UUID
    role: str
    text: str
    created_at: datetime
    sql: str | None = None
    preview: QueryResult | None = None
    row_count: int = 0
    truncated: bool = False
    cached: bool = False
    chart: ChartSpec | None = None
    suggested: ChartSpec | None = None
    milliseconds: int = 0
    error: str = ""
    hint: str = ""
    usage: Usage = Usage()
    reading: str = ""
    assumptions: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    analyst: str = ""
    connection_id: UUID | None = None
    grade: Grade | None = None
    proof: Proof | None = None
    facts: tuple[Fact, ...] = ()
    sought: tuple[Sought, ...] = ()
    session_id: UUID | None = None
    verified: VerifiedBy | None = None
    offers_built_in: bool = False


def sessions(dm: DataMind, actor: Actor, *, search: str = "") -> tuple[Conversation, ...]:
    """The person's own conversations: pinned first, then the newest."""
    query = (
        sa.select(ChatSession)
        .where(ChatSession.user_id == actor.user_id, ChatSession.of_org(actor.org_id))
        .order_by(ChatSession.is_pinned.desc(), ChatSession.updated_at.desc())
        .limit(SESSIONS_SHOWN)
    )
    if search.strip():
        query = query.where(ChatSession.title.icontains(search.strip(), autoescape=True))
    with dm.sessions.read() as db:
        return tuple(_conversation(row) for row in db.scalars(query))


def conversation(dm: DataMind, actor: Actor, session_id: UUID) -> Conversation:
    """One of the person's own conversations. Raises NotFound for anybody else's."""
    with dm.sessions.read() as db:
        return _conversation(own_session(db, actor, session_id))


def messages(dm: DataMind, actor: Actor, session_id: UUID) -> tuple[Message, ...]:
    """All messages of one's own conversation, the oldest first."""
    with dm.sessions.read() as db:
        own_session(db, actor, session_id)
        closed = rights.closed_to(db, actor)
        return tuple(_shown(row, closed) for row in db.scalars(_in_order(session_id)))


def message(dm: DataMind, actor: Actor, message_id: UUID) -> Message:
    """One message of one's own conversation. Raises NotFound."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, ChatMessage, message_id, "message")
        own_session(db, actor, row.session_id)
        return _shown(row, rights.closed_to(db, actor))


def question_of(dm: DataMind, actor: Actor, message_id: UUID) -> str:
    """The words that one's own answer answers."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, ChatMessage, message_id, "message")
        own_session(db, actor, row.session_id)
        before = _in_order(row.session_id).where(
            ChatMessage.role == "user", ChatMessage.created_at <= row.created_at
        )
        asked = list(db.scalars(before))
        return asked[-1].content if asked else ""


def is_first(dm: DataMind, actor: Actor, message_id: UUID) -> bool:
    """Whether one's own answer is the first of its conversation: nothing was said before."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, ChatMessage, message_id, "message")
        own_session(db, actor, row.session_id)
        before = _in_order(row.session_id).where(ChatMessage.created_at < row.created_at)
        return sum(1 for one in db.scalars(before) if one.role == "user") <= 1


def rename(dm: DataMind, actor: Actor, session_id: UUID, title: str) -> None:
    """Give one's own conversation another title (1 to 500 characters)."""
    title = title.strip()
    if not 1 <= len(title) <= 500:
        raise BadInput("A title has 1 to 500 characters.", "Type a title.")
    with dm.sessions.write() as db:
        own_session(db, actor, session_id).title = title


def pin(dm: DataMind, actor: Actor, session_id: UUID, pinned: bool) -> None:
    """Keep one's own conversation at the top, or no longer."""
    with dm.sessions.write() as db:
        own_session(db, actor, session_id).is_pinned = pinned


def draw_as(dm: DataMind, actor: Actor, message_id: UUID, chart: ChartSpec | None) -> None:
    """Draw one's own answer as another chart from now on; None for the one it came with.

    What was answered stays as it is: the choice is kept beside it.
    """
    with dm.sessions.write() as db:
        row = access.own(db, actor, ChatMessage, message_id, "message")
        own_session(db, actor, row.session_id)
        if row.query_result_preview is None:
            raise BadInput("This message has no result.", "Choose an answer that shows a figure.")
        row.answer = {**(row.answer or {}), "drawn_as": charts.to_json(chart)}


def delete(dm: DataMind, actor: Actor, session_id: UUID) -> None:
    """Delete one's own conversation with its messages."""
    with dm.sessions.write() as db:
        db.delete(own_session(db, actor, session_id))
    audit.record(dm, actor, "chat.delete", "chat_session", session_id)


def own_session(db: Session, actor: Actor, session_id: UUID) -> ChatSession:
    """The actor's own session; a colleague's is not found either."""
    row = access.own(db, actor, ChatSession, session_id, "conversation")
    if row.user_id != actor.user_id:
        raise NotFound("There is no such conversation.", "Choose one from the list.")
    return row


def tidy(dm: DataMind) -> int:
    """Delete chats that were not used for as long as their organization keeps them; returns how
    many. Pinned ones stay."""
    gone = 0
    with dm.sessions.read() as db:
        every = db.scalars(sa.select(Organization))
        kept = {org.id: org.settings.get(organizations.CHAT_DAYS, 0) for org in every}
    for org_id, days in kept.items():
        if not days:
            continue
        old = sa.delete(ChatSession).where(
            ChatSession.of_org(org_id),
            ~ChatSession.is_pinned,
            ChatSession.updated_at < dm.clock.now() - timedelta(days=days),
        )
        with dm.sessions.write() as db:
            forgotten = int(db.execute(old).rowcount)  # type: ignore[attr-defined]
        if forgotten:
            audit.record(dm, None, "chat.forget", org_id=org_id, chats=forgotten, days=days)
        gone += forgotten
    return gone


def turns(db: Session, session_id: UUID, connection_id: UUID) -> tuple[Turn, ...]:
    """The last ten turns, condensed: the person's words in full, of each answer its summary.

    Queries and plans only of what was asked of this connection: others have other tables.
    """
    found: list[Turn] = []
    asked: str | None = None
    for row in db.scalars(_in_order(session_id)):
        if row.role == "user":
            asked = row.content
        elif asked is not None:
            kept = row.answer or {}
            same = kept.get("connection_id") == str(connection_id)
            sql, plan = (row.generated_sql, kept.get("plan")) if same else (None, None)
            found.append(Turn(asked, row.context_summary or "", sql, plan))
            asked = None
    return tuple(found[-TURNS_REMEMBERED:])


def details(answer: Answer, connection_id: UUID, *, milliseconds: int) -> Json:
    """What only an answer's own view needs, as it is kept in `chat_messages.answer`."""
    return {
        "reading": answer.reading,
        "assumptions": list(answer.assumptions),
        "suggestions": list(answer.suggestions),
        "options": [asdict(option) for option in answer.options],
        "plan": answer.plan,
        "hint": answer.hint,
        "truncated": bool(answer.result and answer.result.truncated),
        "cached": bool(answer.result and answer.result.cached),
        "analyst": answer.analyst,
        "connection_id": str(connection_id),
        "milliseconds": milliseconds,
        "verified": asdict(answer.verified) if answer.verified else None,
        "offers_built_in": answer.offers_built_in,
        **stored.pack(answer.grade, answer.proof, answer.facts),
    }


def _in_order(session_id: UUID) -> sa.Select[ChatMessage]:
    return (
        sa.select(ChatMessage)
        .where(ChatMessage.session_id == session_id)
        .order_by(ChatMessage.created_at)
    )


def _conversation(row: ChatSession) -> Conversation:
    return Conversation(row.id, row.title, row.connection_id, row.is_pinned, row.updated_at)


def _shown(row: ChatMessage, closed: Collection[UUID]) -> Message:
    """The message, but for what it says of data that the person may no longer ask."""
    message = _message(row)
    if message.connection_id not in closed:
        return message
    return Message(
        row.id,
        row.role,
        "You may no longer ask the data of this answer.",
        row.created_at,
        connection_id=message.connection_id,
        session_id=row.session_id,
    )


def _message(row: ChatMessage) -> Message:
    kept: dict[str, Any] = row.answer or {}
    asked_of = kept.get("connection_id")
    given, chosen = charts.from_json(row.chart_config), charts.from_json(kept.get("drawn_as"))
    return Message(
        id=row.id,
        role=row.role,
        text=row.content,
        created_at=row.created_at,
        sql=row.generated_sql,
        preview=previews.unpack(row.query_result_preview) if row.query_result_preview else None,
        row_count=row.full_result_row_count or 0,
        truncated=kept.get("truncated", False),
        cached=kept.get("cached", False),
        chart=chosen or given,
        suggested=given if chosen else None,
        milliseconds=kept.get("milliseconds", 0),
        error=row.error_message or "",
        hint=kept.get("hint", ""),
        usage=Usage(**row.token_usage) if row.token_usage else Usage(),
        reading=kept.get("reading", ""),
        assumptions=tuple(kept.get("assumptions", ())),
        suggestions=tuple(kept.get("suggestions", ())),
        options=tuple(Option(**option) for option in kept.get("options", ())),
        analyst=kept.get("analyst", ""),
        connection_id=UUID(asked_of) if asked_of else None,
        grade=stored.grade(kept),
        proof=stored.proof(kept),
        facts=stored.facts(kept),
        sought=stored.sought(kept),
        session_id=row.session_id,
        verified=_verified_by(kept.get("verified")),
        offers_built_in=kept.get("offers_built_in", False),
    )


def _verified_by(kept: Json | None) -> VerifiedBy | None:
    return VerifiedBy(**{**kept, "bound": tuple(kept["bound"])}) if kept else None
