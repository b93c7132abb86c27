"""The application database goes forward and back, on both engines, and matches the classes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from core.store import migrate
from core.store.session import Sessions
from core.store.tables import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    url = (
        f"sqlite:///{tmp_path}/app.sqlite"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_database")
    )
    opened = Sessions(url)
    yield opened
    opened.close()


def names(sessions: Sessions) -> set[str]:
    return set(sa.inspect(sessions.engine).get_table_names()) - {"alembic_version"}


def test_forward_back_and_forward_again(sessions: Sessions) -> None:
    assert names(sessions) == set()
    migrate.upgrade(sessions)
    assert names(sessions) == set(Base.metadata.tables)
    assert migrate.is_current(sessions)
    migrate.downgrade(sessions)
    assert names(sessions) == set()
    assert not migrate.is_current(sessions)
    migrate.upgrade(sessions)
    assert migrate.is_current(sessions)


def test_the_migrations_and_the_classes_agree(sessions: Sessions) -> None:
    migrate.upgrade(sessions)
    migrate._run(sessions, command.check)
