"""The glossary: what words mean in an organization, and instructions, for both analysts."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, connections, schema
from core.analyst.base import BareDesk
from core.analyst.local import terms
from core.datamind import DataMind
from core.errors import BadInput, LimitReached
from core.security import access
from core.store.tables import Connection, GlossaryEntry, User
from core.types import Actor, Question, Term

LONGEST_TERM: Final = 100
LONGEST_MEANING: Final = 300
LONGEST_INSTRUCTIONS: Final = 2_000
MOST_TERMS: Final = 200

_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")


@dataclass(frozen=True)
class Entry:
    """A term as the list shows it. Without a connection it holds for all of them."""

    id: UUID
    term: str
    meaning: str
    connection_id: UUID | None
    connection: str
    owner: str
    changed_at: datetime


@dataclass(frozen=True)
class Understood:
    """What the built-in analyst makes of a term; `reading` is empty where it makes nothing."""

    reading: str = ""
    connection: str = ""


def entries(dm: DataMind, actor: Actor) -> tuple[Entry, ...]:
    """The organization's terms, by name."""
    found = (
        sa.select(GlossaryEntry, Connection.name, User.full_name)
        .outerjoin(Connection, Connection.id == GlossaryEntry.connection_id)
        .outerjoin(User, User.id == GlossaryEntry.created_by_id)
        .where(GlossaryEntry.of_org(actor.org_id), GlossaryEntry.kind == "term")
        .order_by(sa.func.lower(GlossaryEntry.term))
    )
    with dm.sessions.read() as db:
        return tuple(
            Entry(row.id, row.term, row.meaning, row.connection_id, connection or "",
                  owner or "", row.changed_at)
            for row, connection, owner in db.execute(found)
        )  # fmt: skip


def save(
    dm: DataMind, actor: Actor, term: str, meaning: str, connection_id: UUID | None = None
) -> UUID:
    """Say what a term means, in the whole organization or for one connection; a meaning that it
    had there before is replaced. Raises NotAllowed for viewers, BadInput, LimitReached, NotFound.
    """
    access.require(actor, "analyst", "edit the glossary")
    term, meaning = _clean(term), _clean(meaning)
    if not 2 <= len(term) <= LONGEST_TERM:
        raise BadInput(f"A term has 2 to {LONGEST_TERM} characters.", "Write it shorter.")
    if not 1 <= len(meaning) <= LONGEST_MEANING:
        raise BadInput(f"A meaning has 1 to {LONGEST_MEANING} characters.", "Write it shorter.")
    if term.lower() == meaning.lower():
        raise BadInput("A term cannot mean itself.", "Say it in other words.")
    with dm.sessions.write() as db:
        row = _row(db, actor, "term", connection_id, term)
        row.term, row.meaning = term, meaning
        row.created_by_id, row.changed_at = actor.user_id, dm.clock.now()
        db.flush()
    audit.record(dm, actor, "glossary.save", "glossary_entry", row.id, term=term, meaning=meaning)
    return row.id


def remove(dm: DataMind, actor: Actor, entry_id: UUID) -> None:
    """Take a term out. Raises NotAllowed for viewers, NotFound."""
    access.require(actor, "analyst", "edit the glossary")
    with dm.sessions.write() as db:
        row = access.own(db, actor, GlossaryEntry, entry_id, "term")
        term = row.term
        db.delete(row)
    audit.record(dm, actor, "glossary.remove", "glossary_entry", entry_id, term=term)


def instructions(dm: DataMind, actor: Actor, connection_id: UUID | None = None) -> str:
    """The instructions of the organization, or those of one connection. Raises NotFound."""
    with dm.sessions.read() as db:
        if connection_id is not None:
            access.own(db, actor, Connection, connection_id, "connection")
        row = db.scalar(_of(actor, "instructions", connection_id))
        return row.meaning if row else ""


def instruct(dm: DataMind, actor: Actor, text: str, connection_id: UUID | None = None) -> None:
    """Write the instructions; empty ones are taken away. Raises NotAllowed, BadInput, NotFound."""
    access.require(actor, "analyst", "write instructions")
    text = text.strip()
    if len(text) > LONGEST_INSTRUCTIONS:
        raise BadInput(
            f"Instructions have at most {LONGEST_INSTRUCTIONS:,} characters.", "Write them shorter."
        )
    with dm.sessions.write() as db:
        row = _row(db, actor, "instructions", connection_id)
        row.meaning, row.created_by_id, row.changed_at = text, actor.user_id, dm.clock.now()
        if not text:
            db.flush()
            db.delete(row)
    audit.record(
        dm, actor, "glossary.instruct", "connection", connection_id or "", characters=len(text)
    )


def of(dm: DataMind, actor: Actor, connection_id: UUID) -> tuple[tuple[Term, ...], str]:
    """The terms and the instructions for questions to a connection. A term that the connection
    has a meaning for of its own has that one. Raises NotFound."""
    with dm.sessions.read() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        rows = list(
            db.scalars(
                sa.select(GlossaryEntry).where(
                    GlossaryEntry.of_org(actor.org_id),
                    sa.or_(
                        GlossaryEntry.connection_id.is_(None),
                        GlossaryEntry.connection_id == connection_id,
                    ),
                )
            )
        )
    rows.sort(key=lambda row: (row.connection_id is not None, row.term.lower()))
    found = {
        r.term.lower(): Term(r.term, r.meaning, r.changed_at) for r in rows if r.kind == "term"
    }
    told = "\n".join(r.meaning for r in rows if r.kind == "instructions")
    return tuple(found.values()), told


def understood(
    dm: DataMind, actor: Actor, term: str, meaning: str, connection_id: UUID | None = None
) -> Understood:
    """What the built-in analyst makes of a term, on its connection or the first that it fits."""
    for view in connections.connections(dm, actor):
        if connection_id not in (None, view.id) or not view.tables:
            continue
        known = schema.read(dm, actor, view.id)
        asked = Question("", known, dm.clock.today(actor.time_zone))
        meant = terms.read(
            dm.analysts.local, asked, Term(_clean(term), _clean(meaning)), BareDesk(known)
        )
        if meant is not None:
            return Understood(meant.told, view.name)
    return Understood()


def _clean(text: str) -> str:
    return " ".join(_INVISIBLE.sub(" ", text).split())


def _of(
    actor: Actor, kind: str, connection_id: UUID | None, term: str = ""
) -> sa.Select[GlossaryEntry]:
    same_place = (
        GlossaryEntry.connection_id.is_(None)
        if connection_id is None
        else GlossaryEntry.connection_id == connection_id
    )
    return sa.select(GlossaryEntry).where(
        GlossaryEntry.of_org(actor.org_id),
        GlossaryEntry.kind == kind,
        same_place,
        sa.func.lower(GlossaryEntry.term) == term.lower(),
    )


def _row(
    db: Session, actor: Actor, kind: str, connection_id: UUID | None, term: str = ""
) -> GlossaryEntry:
    if connection_id is not None:
        access.own(db, actor, Connection, connection_id, "connection")
    row = db.scalar(_of(actor, kind, connection_id, term))
    if row is None:
        held = sa.select(sa.func.count()).where(GlossaryEntry.of_org(actor.org_id))
        if (db.scalar(held) or 0) >= MOST_TERMS:
            raise LimitReached(
                f"A glossary has at most {MOST_TERMS} entries.", "Remove one that nobody needs."
            )
        row = GlossaryEntry(org_id=actor.org_id, connection_id=connection_id, kind=kind, term=term)
        db.add(row)
    return row
