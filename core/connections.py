"""Connections: where an organization's data is, and the way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, connectors, notices
from core.connectors.base import Connector, Reach, Target
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect, LimitReached
from core.security import access, folders
from core.security.rights import Rights
from core.store.tables import Alert, Connection, Organization, SchemaTable, Upload
from core.types import Actor

FILE_KINDS = ("csv", "excel")

EXAMINED = "examined"
LEFT_OUT = "left_out"
CHECKED = "checked"


@dataclass(frozen=True)
class Checked:
    """When a database was last reached for, and what stood in the way: empty when nothing did."""

    at: datetime
    problem: str


@dataclass(frozen=True)
class ConnectionView:
    """A connection as the list shows it. Never holds a password.

    `holds_data` tells whether the data itself lies with DataMind: uploads do, servers do not.
    `warning` is what the doctor found last and stands: empty for an account that only reads.
    """

    id: UUID
    name: str
    kind: str
    label: str
    tables: int
    last_synced_at: datetime | None
    is_active: bool
    takes_files: bool
    is_server: bool
    suggested: tuple[str, ...]
    warning: str = ""
    checked: Checked | None = None
    holds_data: bool = True


@dataclass(frozen=True)
class Place:
    """A kind of database and where it is. Holds a password in the clear: stays inside core."""

    kind: str
    target: Target
    version: int
    rights: Rights = Rights()


def connections(dm: DataMind, actor: Actor) -> tuple[ConnectionView, ...]:
    """The organization's connections that the actor may ask, the oldest first."""
    tables = (
        sa.select(SchemaTable.connection_id, sa.func.count().label("tables"))
        .group_by(SchemaTable.connection_id)
        .subquery()
    )
    query = (
        sa.select(Connection, tables.c.tables)
        .outerjoin(tables, tables.c.connection_id == Connection.id)
        .where(Connection.of_org(actor.org_id))
        .order_by(Connection.created_at, Connection.name)
    )
    with dm.sessions.read() as db:
        return tuple(
            _view(row, count or 0) for row, count in db.execute(query) if row.open_to(db, actor)
        )


def connection(dm: DataMind, actor: Actor, connection_id: UUID) -> ConnectionView:
    """One connection. Raises NotFound."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        count = db.scalar(
            sa.select(sa.func.count()).where(SchemaTable.connection_id == connection_id)
        )
        return _view(row, count or 0)


def add(
    db: Session, actor: Actor, *, name: str, kind: str, extra: Mapping[str, Any] | None = None
) -> Connection:
    """Add a connection within the caller's transaction.

    Raises BadInput for a name that is empty or taken, LimitReached when the plan is full,
    NotAllowed for viewers.
    """
    access.require(actor, "analyst", "add connections")
    name = check_room(db, actor, name)
    row = Connection(
        org_id=actor.org_id,
        created_by_id=actor.user_id,
        name=name,
        type=kind,
        extra_config=dict(extra or {}),
    )
    db.add(row)
    db.flush()
    return row


def check_room(db: Session, actor: Actor, name: str) -> str:
    """The name that a new connection may have, stripped, when the plan has room for one.

    Raises BadInput for a name that is empty or taken, LimitReached when the plan is full.
    """
    name = _free_name(db, actor, name)
    mine = sa.select(sa.func.count()).where(Connection.of_org(actor.org_id))
    most = db.get_one(Organization, actor.org_id).max_connections
    if (db.scalar(mine) or 0) >= most:
        raise LimitReached(
            f"Your plan allows {most} connections.",
            "Delete one that is no longer used, or add files to an existing one.",
        )
    return name


def _free_name(db: Session, actor: Actor, name: str, but: UUID | None = None) -> str:
    """A name that no other connection has, stripped. Raises BadInput."""
    name = name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("A connection needs a name of 1 to 255 characters.", "Give it a name.")
    others = sa.select(Connection.id).where(
        Connection.of_org(actor.org_id), sa.func.lower(Connection.name) == name.lower()
    )
    if any(found != but for found in db.scalars(others)):
        raise BadInput(f"There is already a connection “{name}”.", "Choose another name.")
    return name


def version(row: Connection) -> int:
    """How often the data's place has changed."""
    return int(row.extra_config.get("version", 0))


def left_out(row: Connection) -> tuple[str, ...]:
    """The schemas of a server whose tables are not to be known."""
    return tuple(row.extra_config.get(LEFT_OUT, ()))


def bump_version(row: Connection) -> None:
    """Say that something of the data's place changed.

    Caches and open handles are left behind, and what the doctor said of the place before.
    """
    kept = {key: value for key, value in row.extra_config.items() if key != EXAMINED}
    row.extra_config = {**kept, "version": version(row) + 1}


def rename(dm: DataMind, actor: Actor, connection_id: UUID, name: str) -> None:
    """Give a connection another name.

    Raises BadInput for a name that is empty or taken, NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "rename connections")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        before, row.name = row.name, _free_name(db, actor, name, but=connection_id)
    audit.record(dm, actor, "connection.rename", "connection", connection_id, before=before)


def delete(dm: DataMind, actor: Actor, connection_id: UUID) -> None:
    """Delete a connection with its schema, uploads, files and alerts; chats stay. Admins only.

    The owners of its alerts are told: none ends silently.
    """
    access.require(actor, "admin", "delete connections")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        name = row.name
        _tell_owners(db, dm, row)
        db.delete(row)
    dm.pool.close(str(connection_id))
    dm.files.remove(actor.org_id, connection_id)
    audit.record(dm, actor, "connection.delete", "connection", connection_id, name=name)


def _tell_owners(db: Session, dm: DataMind, row: Connection) -> None:
    """Tell who kept an alert on a connection that is being deleted."""
    for alert in db.scalars(sa.select(Alert).where(Alert.connection_id == row.id)):
        notices.tell(
            db,
            row.org_id,
            [alert.created_by_id] if alert.created_by_id else [],
            kind="alert.deleted",
            title=f"{alert.name}: no longer checked",
            body=f"The connection “{row.name}” was deleted, and the alert with it.",
            link="alerts",
            now=dm.clock.now(),
        )


def open_connector(dm: DataMind, actor: Actor, connection_id: UUID) -> Connector:
    """The open way to the actor's connection. Raises NotFound, CannotConnect."""
    return open_place(dm, place(dm, actor, connection_id))


def place(dm: DataMind, actor: Actor, connection_id: UUID) -> Place:
    """Where the actor's connection is. Raises NotFound, CannotConnect when it is switched off."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        if not row.is_active:
            raise CannotConnect(
                f"The connection “{row.name}” is switched off.", "Choose another one."
            )
        return Place(row.type, _target(dm, db, row), version(row), Rights.of(row.rights))


def open_place(dm: DataMind, where: Place) -> Connector:
    """The open connector there. Raises CannotConnect at its first use."""
    return dm.pool.get(where.kind, where.target)


def _warning(row: Connection) -> str:
    titles = row.extra_config.get(EXAMINED, {}).get("titles", [])
    more = len(titles) - 1
    found = "finding" if more == 1 else "findings"
    return " ".join((*titles[:1], *((f"And {more} more {found}.",) if more > 0 else ())))


def _checked(row: Connection) -> Checked | None:
    kept = row.extra_config.get(CHECKED)
    return Checked(datetime.fromisoformat(kept["at"]), kept["problem"]) if kept else None


def _file(dm: DataMind, db: Session, org_id: UUID, kept: str) -> Path:
    """An uploaded database file, or one on the server's disk that must still be allowed."""
    if not Path(kept).is_absolute():
        return dm.files.path(kept)
    return folders.below(dm.settings.local_files, db.get_one(Organization, org_id).slug, kept)


def _elsewhere(row: Connection) -> bool:
    """Whether this is a file of the server's own disk that is read where it lies."""
    return Path(row.file_path or "").is_absolute()


def _place_version(row: Connection, paths: Sequence[Path]) -> str:
    """A file that its owner has replaced is another place: what was open of it is let go."""
    if _elsewhere(row) and paths[0].is_file():
        return f"{version(row)} {paths[0].stat().st_mtime_ns} {paths[0].stat().st_size}"
    return str(version(row))


def _target(dm: DataMind, db: Session, row: Connection) -> Target:
    if row.type in FILE_KINDS:
        stored = db.scalars(
            sa.select(Upload.storage_path)
            .where(Upload.connection_id == row.id)
            .order_by(Upload.created_at)
        )
        paths = tuple(dm.files.path(path) for path in stored)
    else:
        paths = (_file(dm, db, row.org_id, row.file_path),) if row.file_path else ()
    target = Target(
        connection_id=str(row.id),
        version=_place_version(row, paths),
        paths=paths,
        host=row.host or "",
        port=row.port or 0,
        database=row.database_name or "",
        username=row.readonly_username or row.username or "",
        ssl_mode=row.ssl_mode,
        left_out=left_out(row),
        reach=Reach(dm.settings.private_databases, dm.settings.outbound),
    )
    sealed = row.readonly_password_encrypted if row.readonly_username else row.password_encrypted
    return replace(target, password=dm.vault.open(sealed)) if sealed else target


def _view(row: Connection, tables: int) -> ConnectionView:
    return ConnectionView(
        id=row.id,
        name=row.name,
        kind=row.type,
        label=connectors.kind(row.type).label,
        tables=tables,
        last_synced_at=row.last_synced_at,
        is_active=row.is_active,
        takes_files=row.type in FILE_KINDS,
        is_server=row.type not in connectors.IN_PROCESS,
        suggested=tuple(row.extra_config.get("suggested", ())),
        warning=_warning(row),
        checked=_checked(row),
        holds_data=row.type in connectors.IN_PROCESS and not _elsewhere(row),
    )
