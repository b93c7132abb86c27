"""What every test may ask for. A server starts when first asked for and ends with the run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import datamind
from core.datamind import DataMind
from core.security import passwords
from tests import factories
from tests.running import find, or_give_up
from tests.servers import MariaDB, Postgres, Redis

passwords.COST = 4  # the least that bcrypt does: tests make hundreds of accounts


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with or_give_up(), Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    with or_give_up(), MariaDB() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    with or_give_up(), Redis() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    return postgres.url


@pytest.fixture(scope="session")
def mariadb_url(mariadb: MariaDB) -> str:
    return mariadb.url


@pytest.fixture(scope="session")
def redis_url(redis_server: Redis) -> str:
    return redis_server.url


@pytest.fixture
def postgres_database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    with or_give_up():
        return find("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def dm(tmp_path: Path) -> Iterator[DataMind]:
    """An opened house on an empty SQLite database."""
    house = factories.open_house(tmp_path / "home")
    yield house
    datamind.close(house)


@pytest.fixture
def acme(dm: DataMind) -> factories.Organization:
    """An organization with an admin, an analyst and a viewer."""
    return factories.organization(dm)
