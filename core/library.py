"""The library: queries that people keep, of their own or shared with the organization."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import audit, conversations, query
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.security import access
from core.store.tables import SavedQuery
from core.types import Actor, Draft, Query

MOST_SHOWN: Final = 200


@dataclass(frozen=True)
class Saved:
    """A saved query in the list."""

    id: UUID
    name: str
    description: str
    sql: str
    connection_id: UUID | None
    is_shared: bool
    is_mine: bool


def saved_queries(dm: DataMind, actor: Actor) -> tuple[Saved, ...]:
    """One's own saved queries and those shared with the organization, by name."""
    visible = (
        sa.select(SavedQuery)
        .where(SavedQuery.of_org(actor.org_id), _visible(actor))
        .order_by(sa.func.lower(SavedQuery.name))
        .limit(MOST_SHOWN)
    )
    with dm.sessions.read() as db:
        return tuple(_saved(actor, row) for row in db.scalars(visible))


def saved_query(dm: DataMind, actor: Actor, saved_id: UUID) -> Saved:
    """One saved query that the actor may see. Raises NotFound."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, SavedQuery, saved_id, "saved query")
    if not row.is_shared and row.created_by_id != actor.user_id:
        raise NotFound("There is no such saved query.", "Choose one from the list.")
    return _saved(actor, row)


def save(dm: DataMind, actor: Actor, message_id: UUID, *, name: str, shared: bool = False) -> UUID:
    """Keep the SQL of one's own answer under a name; the guard checks it again first."""
    access.require(actor, "analyst", "save queries")
    name = name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("A saved query needs a name of 1 to 255 characters.", "Give it a name.")
    message = conversations.message(dm, actor, message_id)
    if not message.sql or message.connection_id is None:
        raise BadInput("This message has no SQL to save.", "Save an answer that shows a figure.")
    query.check(dm, actor, Query(message.connection_id, message.sql))
    with dm.sessions.write() as db:
        row = SavedQuery(
            org_id=actor.org_id,
            created_by_id=actor.user_id,
            connection_id=message.connection_id,
            name=name,
            description=message.reading or None,
            sql_text=message.sql,
            is_shared=shared,
        )
        db.add(row)
        db.flush()
    audit.record(dm, actor, "saved_query.create", "saved_query", row.id, name=name, shared=shared)
    return row.id


def delete(dm: DataMind, actor: Actor, saved_id: UUID) -> None:
    """Delete a saved query: one's own, or as an admin any shared one."""
    saved = saved_query(dm, actor, saved_id)
    if not saved.is_mine and not access.allows(actor, "admin"):
        raise NotAllowed(
            "Only the person who saved this, or an admin, can delete it.", "Ask one of them."
        )
    with dm.sessions.write() as db:
        db.delete(access.own(db, actor, SavedQuery, saved_id, "saved query"))
    audit.record(dm, actor, "saved_query.delete", "saved_query", saved_id, name=saved.name)


def draft(dm: DataMind, actor: Actor, saved_id: UUID) -> Draft:
    """A saved query as a draft to run: nothing is read into it anew."""
    saved = saved_query(dm, actor, saved_id)
    return Draft(
        sql=saved.sql,
        reading=saved.description or f"The saved query “{saved.name}”",
        title=saved.name,
    )


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(SavedQuery.is_shared, SavedQuery.created_by_id == actor.user_id)


def _saved(actor: Actor, row: SavedQuery) -> Saved:
    return Saved(
        id=row.id,
        name=row.name,
        description=row.description or "",
        sql=row.sql_text,
        connection_id=row.connection_id,
        is_shared=row.is_shared,
        is_mine=row.created_by_id == actor.user_id,
    )
