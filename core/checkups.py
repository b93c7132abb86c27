"""Whether a connection's database answers, and what the account that is used may do there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import audit, connections
from core.datamind import DataMind
from core.errors import CannotConnect
from core.security import access
from core.store.tables import Connection
from core.types import Actor, Finding


@dataclass(frozen=True)
class Test:
    """How a test of a connection went."""

    ok: bool
    message: str
    hint: str = ""


def tried(reach: Callable[[], int]) -> Test:
    """Call what reaches a database and counts its tables, and tell how it went."""
    try:
        tables = reach()
    except CannotConnect as problem:
        return Test(False, problem.message, problem.hint)
    return Test(True, f"Connected. {tables} {'table' if tables == 1 else 'tables'} found.")


def test(dm: DataMind, actor: Actor, connection_id: UUID) -> Test:
    """Reach the database and count its tables; anybody of the organization may."""
    outcome = tried(lambda: connections.open_connector(dm, actor, connection_id).check())
    keep_checked(dm, actor, connection_id, "" if outcome.ok else outcome.message)
    audit.record(dm, actor, "connection.test", "connection", connection_id, ok=outcome.ok)
    return outcome


def keep_checked(dm: DataMind, actor: Actor, connection_id: UUID, problem: str) -> None:
    """Keep for the list whether the database could be reached just now. Raises NotFound."""
    checked = {"at": dm.clock.now().isoformat(), "problem": problem}
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        row.extra_config = {**row.extra_config, connections.CHECKED: checked}


def doctor(dm: DataMind, actor: Actor, connection_id: UUID) -> tuple[Finding, ...]:
    """Prove what the connection's credential can do, worst first; anybody of the organization may.

    What must be warned of is kept for the list of connections. A database that cannot be
    reached is a finding too, but is not kept. Raises NotFound.
    """
    try:
        where = connections.place(dm, actor, connection_id)
        findings = connections.open_place(dm, where).examine()
    except CannotConnect as problem:
        findings = (Finding("danger", problem.message, problem.hint),)
    else:
        _keep_examined(dm, actor, connection_id, where, findings)
    worst = findings[0].level if findings else "good"
    audit.record(dm, actor, "connection.doctor", "connection", connection_id, worst=worst)
    return findings


def _keep_examined(
    dm: DataMind,
    actor: Actor,
    connection_id: UUID,
    where: connections.Place,
    findings: Sequence[Finding],
) -> None:
    """Keep what must be warned of, unless the place has changed since it was examined."""
    examined = {
        "worst": findings[0].level if findings else "good",
        "titles": [f.title for f in findings if f.level in ("danger", "warning")],
    }
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        if connections.version(row) == where.version:
            row.extra_config = {**row.extra_config, connections.EXAMINED: examined}
