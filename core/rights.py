"""The rights on a connection, as its admins set them, and columns that are private."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import audit
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.security import access
from core.security.rights import Rights
from core.store.tables import (
    ChatMessage,
    ChatSession,
    Connection,
    SavedQuery,
    SchemaColumnRow,
    SchemaTable,
    User,
    Widget,
)
from core.types import Actor

MOST_PRIVATE: Final = 1_000
FORGOTTEN: Final = "This answer read a column that is private now. Ask again."


@dataclass(frozen=True)
class ConnectionRights:
    """What holds on a connection now. `columns` are all known ones, as "table.column"."""

    rights: Rights
    private: tuple[str, ...]
    columns: tuple[str, ...]


def of(dm: DataMind, actor: Actor, connection_id: UUID) -> ConnectionRights:
    """The rights on a connection and its columns. Admins only. Raises NotFound."""
    access.require(actor, "admin", "see who may ask a connection")
    with dm.sessions.read() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        known = tuple(f"{table}.{column}" for table, column in db.execute(_columns(connection_id)))
        return ConnectionRights(Rights.of(row.rights), tuple(sorted(row.private_columns)), known)


def grant(dm: DataMind, actor: Actor, connection_id: UUID, rights: Rights) -> None:
    """Set who may ask, write SQL and see private columns; it holds from the next query on.

    Admins only. Raises NotFound for people of another organization too.
    """
    access.require(actor, "admin", "set who may ask a connection")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        for user_id in {*rights.ask.people, *rights.write.people, *rights.unmasked.people}:
            access.own(db, actor, User, user_id, "member")
        before, row.rights = row.rights, rights.as_json()
    audit.record(
        dm,
        actor,
        "connection.rights",
        "connection",
        connection_id,
        before=before,
        after=rights.as_json(),
    )


def make_private(dm: DataMind, actor: Actor, connection_id: UUID, columns: Iterable[str]) -> None:
    """Set which columns ("table.column") are private; others are no longer.

    Their known values are forgotten, and so is what answers in chats kept of columns that become
    private. Admins only. Raises BadInput for a column that is not known.
    """
    access.require(actor, "admin", "make columns private")
    wanted = sorted(set(columns))
    if len(wanted) > MOST_PRIVATE:
        raise BadInput(
            f"At most {MOST_PRIVATE:,} columns can be private.",
            "Leave whole schemas out of the connection instead.",
        )
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        before = set(row.private_columns)
        known = {f"{table}.{column}" for table, column in db.execute(_columns(connection_id))}
        unknown = [one for one in wanted if one not in known | before]
        if unknown:
            raise BadInput(
                f"There is no column “{unknown[0][:100]}”.", "Refresh the connection, then choose."
            )
        row.private_columns = wanted
        for one in set(wanted) - before:
            _forget(db, row, one)
    audit.record(
        dm,
        actor,
        "connection.private",
        "connection",
        connection_id,
        added=sorted(set(wanted) - before)[:100],
        removed=sorted(before - set(wanted))[:100],
    )


def closed_to(db: Session, actor: Actor) -> tuple[UUID, ...]:
    """The organization's connections that the actor may not ask."""
    return tuple(
        row.id
        for row in db.scalars(sa.select(Connection).where(Connection.of_org(actor.org_id)))
        if not row.open_to(db, actor)
    )


def visible(
    db: Session,
    actor: Actor,
    column: "InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]",
) -> sa.ColumnElement[bool]:
    """The condition that a row's connection is one that the actor may ask, or is gone."""
    closed = closed_to(db, actor)
    return sa.or_(column.is_(None), column.not_in(closed)) if closed else sa.true()


def require_text(dm: DataMind, actor: Actor, connection_id: UUID, sql: str) -> None:
    """Raise NotAllowed unless the actor may run this SQL on the connection as his own.

    Whoever may not write SQL there may still keep what he was answered, what a saved query says,
    and what a tile of his organization shows.
    """
    with dm.sessions.read() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        if Rights.of(row.rights).may_write(actor) or _is_known(db, actor, connection_id, sql):
            return
    raise NotAllowed(
        f"You may not write SQL on “{row.name}”.",
        "Ask in words, or ask an admin of your organization for the right.",
    )


def _is_known(db: Session, actor: Actor, connection_id: UUID, sql: str) -> bool:
    text = sql.strip()
    answered = (
        sa.select(ChatMessage.id)
        .join(ChatSession, ChatSession.id == ChatMessage.session_id)
        .where(
            ChatSession.user_id == actor.user_id,
            ChatMessage.generated_sql == text,
            ChatMessage.answer["connection_id"].as_string() == str(connection_id),
        )
    )
    saved = sa.select(SavedQuery.id).where(
        SavedQuery.of_org(actor.org_id),
        SavedQuery.connection_id == connection_id,
        SavedQuery.sql_text == text,
        sa.or_(SavedQuery.is_shared, SavedQuery.created_by_id == actor.user_id),
    )
    shown = sa.select(Widget.id).where(
        Widget.of_org(actor.org_id), Widget.connection_id == connection_id, Widget.query_sql == text
    )
    return any(db.scalar(query.limit(1)) is not None for query in (answered, saved, shown))


def _columns(connection_id: UUID) -> "sa.Select[str, str]":
    return (
        sa.select(SchemaTable.table_name, SchemaColumnRow.column_name)
        .join(SchemaColumnRow, SchemaColumnRow.schema_table_id == SchemaTable.id)
        .where(SchemaTable.connection_id == connection_id)
        .order_by(SchemaTable.table_name, SchemaColumnRow.ordinal_position)
    )


def _forget(db: Session, row: Connection, column: str) -> None:
    """Forget what is kept of a column's values: samples, and answers that may show them."""
    table, _, name = column.rpartition(".")
    samples = (
        sa.select(SchemaColumnRow)
        .join(SchemaTable, SchemaTable.id == SchemaColumnRow.schema_table_id)
        .where(
            SchemaTable.connection_id == row.id,
            SchemaTable.table_name == table,
            SchemaColumnRow.column_name == name,
        )
    )
    for found in db.scalars(samples):
        found.sample_values = []
    sql = ChatMessage.generated_sql
    answers = sa.select(ChatMessage).where(
        ChatMessage.of_org(row.org_id),
        ChatMessage.answer["connection_id"].as_string() == str(row.id),
        sa.or_(sql.icontains(name, autoescape=True), sql.contains("*")),
    )
    for message in db.scalars(answers):
        message.content = message.context_summary = FORGOTTEN
        message.query_result_preview, message.chart_config = None, None
        kept = message.answer or {}
        message.answer = {
            name: kept.get(name) for name in ("connection_id", "reading", "analyst", "milliseconds")
        }
