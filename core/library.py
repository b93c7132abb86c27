"""The library: queries that people keep, of their own or shared with the organization."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core import audit, conversations, moving, parameters, query, rights
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.parameters import Parameter
from core.security import access
from core.store.tables import SavedQuery, User
from core.types import Actor, Draft, Query

MOST_SHOWN: Final = 200
MOST_TAGS: Final = 12


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
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    owner: str = ""
    may_change: bool = False
    dates_held_on: date | None = None


@dataclass(frozen=True)
class Kept:
    """SQL as a person wants it kept."""

    connection_id: UUID
    sql: str
    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    shared: bool = False
    parameters: tuple[Parameter, ...] = ()
    dates_held_on: date | None = None


def saved_queries(dm: DataMind, actor: Actor, *, search: str = "") -> tuple[Saved, ...]:
    """One's own saved queries and those shared with the organization, by name.

    `search` is looked for in names, descriptions, tags and SQL.
    """
    visible = (
        sa.select(SavedQuery, User.full_name)
        .outerjoin(User, User.id == SavedQuery.created_by_id)
        .where(SavedQuery.of_org(actor.org_id), _visible(actor))
        .order_by(sa.func.lower(SavedQuery.name))
    )
    today = dm.clock.today(actor.time_zone)
    with dm.sessions.read() as db:
        visible = visible.where(rights.visible(db, actor, SavedQuery.connection_id))
        every = [_saved(actor, row, today, owner or "") for row, owner in db.execute(visible)]
    wanted = search.strip().lower()
    return tuple(one for one in every if wanted in _searched(one))[:MOST_SHOWN]


def saved_query(dm: DataMind, actor: Actor, saved_id: UUID) -> Saved:
    """One saved query that the actor may see. Raises NotFound."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, SavedQuery, saved_id, "saved query")
    if not row.is_shared and row.created_by_id != actor.user_id:
        raise NotFound("There is no such saved query.", "Choose one from the list.")
    return _saved(actor, row, dm.clock.today(actor.time_zone))


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
        held_on = message.created_at.astimezone(ZoneInfo(actor.time_zone)).date()
        row = SavedQuery(
            dates_held_on=held_on if moving.dates(message.sql) else None,
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


def keep(dm: DataMind, actor: Actor, given: Kept, saved_id: UUID | None = None) -> UUID:
    """Keep SQL under a name, or change what is kept: one's own, or as an admin any shared one.

    The guard checks it first, with its parameters' defaults or stand-ins for them. Raises
    BadInput, UnsafeSql, NotFound, NotAllowed.
    """
    access.require(actor, "analyst", "save queries")
    given = _checked(given)
    rights.require_text(dm, actor, given.connection_id, given.sql)
    query.check(dm, actor, _stood_in(given))
    before = saved_query(dm, actor, saved_id) if saved_id else None
    if before and not before.may_change:
        raise NotAllowed(
            "Only the person who saved this, or an admin, can change it.", "Save it as a new one."
        )
    with dm.sessions.write() as db:
        row = (
            access.own(db, actor, SavedQuery, saved_id, "saved query")
            if saved_id
            else SavedQuery(org_id=actor.org_id, created_by_id=actor.user_id)
        )
        row.connection_id, row.name, row.sql_text = given.connection_id, given.name, given.sql
        row.description, row.tags = given.description or None, list(given.tags)
        row.is_shared, row.parameters = given.shared, parameters.as_json(given.parameters)
        row.dates_held_on = given.dates_held_on if moving.dates(given.sql) else None
        db.add(row)
        db.flush()
    what = "saved_query.edit" if saved_id else "saved_query.create"
    audit.record(dm, actor, what, "saved_query", row.id, name=given.name, shared=given.shared)
    return row.id


def delete(dm: DataMind, actor: Actor, saved_id: UUID) -> None:
    """Delete a saved query: one's own, or as an admin any shared one."""
    saved = saved_query(dm, actor, saved_id)
    if not saved.may_change:
        raise NotAllowed(
            "Only the person who saved this, or an admin, can delete it.", "Ask one of them."
        )
    with dm.sessions.write() as db:
        db.delete(access.own(db, actor, SavedQuery, saved_id, "saved query"))
    audit.record(dm, actor, "saved_query.delete", "saved_query", saved_id, name=saved.name)


def draft(dm: DataMind, actor: Actor, saved_id: UUID) -> Draft:
    """A saved query as a draft to run: nothing is read into it anew."""
    saved = saved_query(dm, actor, saved_id)
    if saved.parameters:
        raise BadInput(
            "This saved query asks for values.", "Open it in Explore, where they are given."
        )
    return Draft(
        sql=saved.sql,
        reading=saved.description or f"The saved query “{saved.name}”",
        title=saved.name,
    )


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(SavedQuery.is_shared, SavedQuery.created_by_id == actor.user_id)


def _searched(saved: Saved) -> str:
    return " ".join((saved.name, saved.description, *saved.tags, saved.sql)).lower()


def _checked(given: Kept) -> Kept:
    name = given.name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("A saved query needs a name of 1 to 255 characters.", "Give it a name.")
    tags = tuple(dict.fromkeys(tag.strip().lower()[:50] for tag in given.tags if tag.strip()))
    if len(tags) > MOST_TAGS:
        raise BadInput(f"A saved query has at most {MOST_TAGS} tags.", "Use fewer.")
    found = parameters.of(given.sql, given.parameters)
    description = given.description.strip()
    return replace(given, name=name, tags=tags, parameters=found, description=description)


def _stood_in(given: Kept) -> Query:
    stand_ins = {p.name: p.default or _STAND_INS[p.kind] for p in given.parameters}
    sql, params = parameters.bound(given.sql, given.parameters, stand_ins)
    return Query(given.connection_id, sql, params=params)


_STAND_INS: Final = {"text": "x", "number": "1", "date": "2000-01-01", "list": "x"}


def _saved(actor: Actor, row: SavedQuery, today: date, owner: str = "") -> Saved:
    """A saved query as of a day: dates that move along with time are that day's."""
    held_on = row.dates_held_on
    mine = row.created_by_id == actor.user_id
    return Saved(
        id=row.id,
        name=row.name,
        description=row.description or "",
        sql=moving.moved(row.sql_text, held_on, today) if held_on else row.sql_text,
        dates_held_on=today if held_on else None,
        connection_id=row.connection_id,
        is_shared=row.is_shared,
        is_mine=mine,
        tags=tuple(row.tags),
        parameters=parameters.from_json(row.parameters),
        owner=owner,
        may_change=mine or access.allows(actor, "admin"),
    )
