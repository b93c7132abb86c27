"""Database files on the server's own disk, connected where they lie: never copied, only read."""

from pathlib import Path
from typing import Final
from uuid import UUID

from core import audit, checkups, connections, connectors, refreshes
from core.checkups import Test
from core.connectors.base import FormField, Target
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect
from core.security import access, folders
from core.store.tables import Organization
from core.types import Actor

KIND: Final = "local"
LABEL: Final = "SQLite or DuckDB file on the server"
PATH: Final = FormField(
    "path", "Path", help="Below a folder that is allowed, for example shop/orders.duckdb."
)

_BEGINS: Final = {"sqlite": (0, b"SQLite format 3\x00"), "duckdb": (8, b"DUCK")}
_CONNECT: Final = "connect files of the server"


def reachable(dm: DataMind, actor: Actor) -> bool:
    """Whether there is a folder from which this person may connect files."""
    return access.allows(actor, "admin") and bool(
        folders.allowed(dm.settings.local_files, _org(dm, actor))
    )


def try_out(dm: DataMind, actor: Actor, path: str) -> Test:
    """Open the file and count its tables; nothing is kept.

    Raises BadInput, NotAllowed for a path outside of the allowed folders and for all but admins.
    """
    access.require(actor, "admin", _CONNECT)
    kind, file = _known(dm, actor, path)
    return checkups.tried(lambda: _reach(kind, file))


def connect(dm: DataMind, actor: Actor, *, name: str, path: str) -> UUID:
    """Add a file as a connection, once it can be opened, and begin to read its schema.

    Raises BadInput, CannotConnect (nothing is kept then), LimitReached, NotAllowed for a path
    outside of the allowed folders and for all but admins.
    """
    access.require(actor, "admin", _CONNECT)
    kind, file = _known(dm, actor, path)
    _reach(kind, file)
    with dm.sessions.write() as db:
        row = connections.add(db, actor, name=name, kind=kind)
        row.file_path = str(file)
    audit.record(
        dm, actor, "connection.create", "connection", row.id, name=row.name, path=str(file)
    )
    refreshes.start(dm, actor, row.id)
    return row.id


def _known(dm: DataMind, actor: Actor, path: str) -> tuple[str, Path]:
    """The kind of database in the file, told by how it begins, and where it really is."""
    if not path.strip():
        raise BadInput("“Path” is empty.", "Fill it in.")
    file = folders.below(dm.settings.local_files, _org(dm, actor), path.strip())
    try:
        with file.open("rb") as opened:
            begins = opened.read(16)
    except OSError as error:
        raise CannotConnect(
            "There is no file with this path, or the server may not read it.",
            "Check the path, upper and lower case included.",
        ) from error
    for kind, (at, mark) in _BEGINS.items():
        if begins[at : at + len(mark)] == mark:
            return kind, file
    raise BadInput(
        "This file is neither a SQLite nor a DuckDB database.",
        "Tables in files (CSV, Excel) are uploaded.",
    )


def _reach(kind: str, file: Path) -> int:
    trial = connectors.open(kind, Target("trial", "0", paths=(file,)))
    try:
        return trial.check()
    finally:
        trial.close()


def _org(dm: DataMind, actor: Actor) -> str:
    with dm.sessions.read() as db:
        return db.get_one(Organization, actor.org_id).slug
