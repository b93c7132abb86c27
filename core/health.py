"""Whether the installation can do its work."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from core.datamind import DataMind
from core.store import migrate


@dataclass(frozen=True)
class Health:
    """What a health check found. `database` is ok, behind (not migrated) or unreachable."""

    ok: bool
    database: str


def check(dm: DataMind) -> Health:
    """Reach the application database and compare its revision. Never raises."""
    try:
        current = migrate.is_current(dm.sessions)
    except SQLAlchemyError:
        return Health(ok=False, database="unreachable")
    return Health(ok=current, database="ok" if current else "behind")
