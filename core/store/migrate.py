"""Bring the application database to the newest revision, forward or back."""

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from core.errors import BadSettings
from core.store.session import Sessions

FOLDER: Final = Path(__file__).parents[2] / "migrations"
_LOCK: Final = 4_243_117_001
"""Any fixed number, for PostgreSQL's advisory lock: of several starting processes one migrates."""


def upgrade(sessions: Sessions, revision: str = "head") -> None:
    """Migrate forward. Raises BadSettings when the database cannot be used."""
    _run(sessions, lambda config: command.upgrade(config, revision))


def downgrade(sessions: Sessions, revision: str = "base") -> None:
    """Migrate back; `base` leaves an empty database."""
    _run(sessions, lambda config: command.downgrade(config, revision))


def is_current(sessions: Sessions) -> bool:
    """Whether the database is at the newest revision."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with sessions.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def revision(sessions: Sessions) -> str:
    """The revision that the database is at; empty where it was never migrated."""
    with sessions.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision: str) -> bool:
    """Whether this version has a revision of that name."""
    script = ScriptDirectory.from_config(_config())
    return revision in {one.revision for one in script.walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _run(sessions: Sessions, migrate: Any) -> None:
    config = _config()
    try:
        with sessions.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            config.attributes["connection"] = connection
            migrate(config)
            connection.commit()
    except DBAPIError as error:
        raise BadSettings(
            f"The application database cannot be used: {_first_line(error)}.",
            "Check DATABASE_URL, that the server runs, and that there is space on the disk.",
        ) from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".")
