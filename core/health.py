"""Whether the installation can do its work."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from core import watch
from core.datamind import DataMind
from core.store import migrate


@dataclass(frozen=True)
class Health:
    """What a health check found. `database` is ok, behind (not migrated) or unreachable."""

    ok: bool
    database: str


@dataclass(frozen=True)
class Readiness:
    """What works and what does not. `degraded` are sentences; people can still ask meanwhile."""

    ok: bool
    database: str
    degraded: tuple[str, ...] = ()


def ready(dm: DataMind) -> Readiness:
    """Whether people can be served, and what is missing. Never raises."""
    found = check(dm)
    if not found.ok:
        return Readiness(False, found.database)
    try:
        silent = tuple(silence.sentence for silence in watch.silences(dm))
    except SQLAlchemyError:
        return Readiness(False, "unreachable")
    return Readiness(True, found.database, silent)


def check(dm: DataMind) -> Health:
    """Reach the application database and compare its revision. Never raises."""
    try:
        current = migrate.is_current(dm.sessions)
    except SQLAlchemyError:
        return Health(ok=False, database="unreachable")
    return Health(ok=current, database="ok" if current else "behind")
