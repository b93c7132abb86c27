"""Servers: connections to PostgreSQL, MySQL and MariaDB, from the form to the sealed password."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from core import audit, checkups, connections, connectors, refreshes
from core.checkups import Test
from core.connectors import server_form
from core.connectors.base import FormField, Reach, Target
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect, NotAllowed
from core.security import access, outbound
from core.store.tables import Connection
from core.types import Actor

_WHERE: Final = ("host", "port")
_COLUMNS: Final = {
    "host": "host",
    "port": "port",
    "database": "database_name",
    "username": "username",
    "ssl_mode": "ssl_mode",
}
_CONNECT: Final = "connect databases"
_EDIT: Final = "edit connections"
_READER: Final = (
    FormField("username", "Read-only user"),
    FormField("password", "Password", "password", required=False),
)


@dataclass(frozen=True)
class ServerKind:
    """A kind of database server that can be connected, and the fields of its form."""

    kind: str
    label: str
    fields: tuple[FormField, ...]


def kinds() -> tuple[ServerKind, ...]:
    """The kinds of servers, in the order in which they are offered."""
    return tuple(
        ServerKind(name, connectors.kind(name).label, connectors.kind(name).fields)
        for name in connectors.KINDS
        if name not in connectors.IN_PROCESS
    )


def try_out(
    dm: DataMind,
    actor: Actor,
    kind: str,
    values: Mapping[str, str],
    connection_id: UUID | None = None,
) -> Test:
    """Reach a server with these values and count its tables; nothing is kept.

    With a connection named, an empty password is the stored one where `change` would keep it.
    Raises BadInput, NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", _CONNECT)
    given = _checked(kind, values)
    _refuse_inside(dm, given)
    if connection_id is not None:
        with dm.sessions.read() as db:
            row = _server(db, actor, connection_id)
            if row.type != kind:
                raise BadInput("A connection keeps its kind.", "Add another one instead.")
            given["password"] = _password(dm, row, given)
    outcome = checkups.tried(lambda: _reach(kind, _target(dm, given)))
    audit.record(
        dm,
        actor,
        "connection.try",
        "connection",
        connection_id or "",
        kind=kind,
        host=given["host"],
        port=given["port"],
        ok=outcome.ok,
    )
    return outcome


def connect(dm: DataMind, actor: Actor, *, name: str, kind: str, values: Mapping[str, str]) -> UUID:
    """Add a server as a connection, once it can be reached, and begin to read its schema.

    Raises BadInput, CannotConnect (nothing is kept then), LimitReached, NotAllowed for viewers.
    """
    access.require(actor, "analyst", _CONNECT)
    given = _checked(kind, values)
    _refuse_inside(dm, given)
    with dm.sessions.read() as db:
        connections.check_room(db, actor, name)
    _reach(kind, _target(dm, given))
    with dm.sessions.write() as db:
        row = connections.add(db, actor, name=name, kind=kind)
        _fill(row, given)
        row.password_encrypted = _sealed(dm, given["password"])
    audit.record(
        dm,
        actor,
        "connection.create",
        "connection",
        row.id,
        name=row.name,
        kind=kind,
        host=given["host"],
        port=given["port"],
        database=given["database"],
        username=given["username"],
    )
    refreshes.start(dm, actor, row.id)
    return row.id


def values(dm: DataMind, actor: Actor, connection_id: UUID) -> dict[str, str]:
    """What the form of a connection holds now; never its password.

    Raises NotFound, NotAllowed for viewers, BadInput for a connection to files.
    """
    access.require(actor, "analyst", _EDIT)
    with dm.sessions.read() as db:
        return _values(_server(db, actor, connection_id))


def change(dm: DataMind, actor: Actor, connection_id: UUID, values: Mapping[str, str]) -> None:
    """Give a connection other values, once the server can be reached with them.

    An empty password keeps the stored one, but only while host, port and user stay: else the
    stored password could be sent to a host of somebody's own. For the same reason the read-only
    account must be removed before host or port change.
    Raises BadInput, CannotConnect (nothing is changed then), NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", _EDIT)
    with dm.sessions.read() as db:
        row = _server(db, actor, connection_id)
    given = _checked(row.type, values)
    _refuse_inside(dm, given)
    before = _values(row)
    given["password"] = _password(dm, row, given)
    changed = [field for field in _COLUMNS if given[field] != before[field]]
    if ", ".join(_names(given)) != before[connections.LEFT_OUT]:
        changed.append(connections.LEFT_OUT)
    if values.get("password"):
        changed.append("password")
    if row.readonly_username and {*changed} & {*_WHERE}:
        raise BadInput(
            "The read-only account's password is only used for the host and port that it was "
            "entered for.",
            "Remove the read-only account, change the connection, then enter the account again.",
        )
    target = _target(dm, given)
    _reach(row.type, target)
    if row.readonly_username:
        sealed = row.readonly_password_encrypted
        password = dm.vault.open(sealed) if sealed else ""
        _reach(row.type, replace(target, username=row.readonly_username, password=password))
    if not changed:
        return
    with dm.sessions.write() as db:
        now = _unchanged(db, actor, row)
        _fill(now, given)
        if "password" in changed:
            now.password_encrypted = _sealed(dm, given["password"])
        connections.bump_version(now)
    _left_behind(dm, actor, connection_id, "connection.change", changed=changed)


def reader(dm: DataMind, actor: Actor, connection_id: UUID) -> str:
    """The name of the read-only account that is used instead of the first one, or nothing.

    Raises NotFound, NotAllowed for viewers, BadInput for a connection to files.
    """
    access.require(actor, "analyst", _EDIT)
    with dm.sessions.read() as db:
        return _server(db, actor, connection_id).readonly_username or ""


def set_reader(
    dm: DataMind, actor: Actor, connection_id: UUID, username: str, password: str
) -> None:
    """Use this account, which can only read, for everything from now on, once it is let in.

    Raises BadInput, CannotConnect (nothing is changed then), NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", _EDIT)
    account = server_form.checked(_READER, {"username": username, "password": password})
    with dm.sessions.read() as db:
        row = _server(db, actor, connection_id)
    _reach(row.type, _target(dm, {**_values(row), **account}))
    with dm.sessions.write() as db:
        now = _unchanged(db, actor, row)
        now.readonly_username = account["username"]
        now.readonly_password_encrypted = _sealed(dm, account["password"])
        connections.bump_version(now)
    _left_behind(dm, actor, connection_id, "connection.reader", username=account["username"])


def remove_reader(dm: DataMind, actor: Actor, connection_id: UUID) -> None:
    """Go back to the connection's first account. Nothing happens when there is no other.

    Raises NotFound, NotAllowed for viewers, BadInput for a connection to files.
    """
    access.require(actor, "analyst", _EDIT)
    with dm.sessions.write() as db:
        row = _server(db, actor, connection_id)
        if not row.readonly_username:
            return
        row.readonly_username = row.readonly_password_encrypted = None
        connections.bump_version(row)
    _left_behind(dm, actor, connection_id, "connection.reader", username="")


def _checked(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    if kind in connectors.IN_PROCESS:
        raise BadInput("Files are uploaded, not connected.", "Use “Upload a file”.")
    return server_form.checked(connectors.kind(kind).fields, given)


def _refuse_inside(dm: DataMind, given: Mapping[str, str]) -> None:
    """Refuse the application's own database, and addresses that are none of a database.

    Raises NotAllowed. A name that is unknown is told by whoever connects.
    """
    host, port = given["host"], int(given["port"])
    try:
        found = outbound.pin_database(
            host, port, private=dm.settings.private_databases, allowed=dm.settings.outbound
        )
    except CannotConnect:
        return
    own = make_url(dm.settings.database_url)
    if not own.host or (own.port or 5432, own.database) != (port, given["database"]):
        return
    with suppress(CannotConnect):
        if outbound.pin(own.host, port, (outbound.EVERYTHING,)).address == found.address:
            raise NotAllowed(
                "This is the database that DataMind keeps its own things in.",
                "Connect a database with your data.",
            )


def _server(db: Session, actor: Actor, connection_id: UUID) -> Connection:
    row = access.own(db, actor, Connection, connection_id, "connection")
    if row.type in connectors.IN_PROCESS:
        raise BadInput(
            f"“{row.name}” holds files and has no server.", "Add or remove its files instead."
        )
    return row


def _unchanged(db: Session, actor: Actor, seen: Connection) -> Connection:
    """The row to write to, held until the end of the transaction, if it still is as `seen`."""
    row = access.own(db, actor, Connection, seen.id, "connection")
    db.refresh(row, with_for_update=True)
    if connections.version(row) != connections.version(seen):
        raise BadInput(
            "Somebody else changed this connection in the meantime.", "Look at it and try again."
        )
    return row


def _password(dm: DataMind, row: Connection, given: Mapping[str, str]) -> str:
    if given["password"] or not row.password_encrypted:
        return given["password"]
    before = _values(row)
    if any(given[field] != before[field] for field in (*_WHERE, "username")):
        raise BadInput(
            "The stored password is only used for the host, port and user that it was entered for.",
            "Enter the password too.",
        )
    return dm.vault.open(row.password_encrypted)


def _values(row: Connection) -> dict[str, str]:
    values = {field: str(getattr(row, column) or "") for field, column in _COLUMNS.items()}
    return {**values, connections.LEFT_OUT: ", ".join(connections.left_out(row))}


def _fill(row: Connection, given: Mapping[str, str]) -> None:
    for field, column in _COLUMNS.items():
        setattr(row, column, int(given[field]) if field == "port" else given[field])
    names = _names(given)
    row.extra_config = {**row.extra_config, connections.LEFT_OUT: names}


def _names(given: Mapping[str, str]) -> list[str]:
    return list(filter(None, map(str.strip, given.get(connections.LEFT_OUT, "").split(","))))


def _sealed(dm: DataMind, password: str) -> str | None:
    return dm.vault.seal(password) if password else None


def _target(dm: DataMind, given: Mapping[str, str]) -> Target:
    return Target(
        connection_id="trial",
        version="0",
        host=given["host"],
        port=int(given["port"]),
        database=given["database"],
        username=given["username"],
        password=given["password"],
        ssl_mode=given["ssl_mode"],
        left_out=tuple(_names(given)),
        reach=Reach(dm.settings.private_databases, dm.settings.outbound),
    )


def _reach(kind: str, target: Target) -> int:
    """Count the tables over a connector of its own. Raises CannotConnect."""
    trial = connectors.open(kind, target)
    try:
        return trial.check()
    finally:
        trial.close()


def _left_behind(
    dm: DataMind, actor: Actor, connection_id: UUID, action: str, **details: Any
) -> None:
    """What every change is followed by: nothing of the old place is used any more."""
    dm.pool.close(str(connection_id))
    audit.record(dm, actor, action, "connection", connection_id, **details)
    refreshes.start(dm, actor, connection_id)
