"""The guard as the only lock: what it lets through leaves a database as it was.

Hypothesis writes SQL, the guard decides, and what it accepts runs as a superuser on a scratch
database without any other protection. Then nothing may have changed: no row, sequence, function,
account, setting, lock or file.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlglot
from hypothesis import HealthCheck, given, seed, settings
from sqlglot import exp

from core import guard
from core.errors import UnsafeSql
from tests.connectors import hostile
from tests.connectors.grammar import queries
from tests.connectors.unguarded import OnDuckdb, OnSqlite, Unguarded
from tests.connectors.unguarded_servers import OnMariadb, OnPostgres
from tests.servers import MariaDB, Postgres

MIXED, OF_EACH_PIECE = 120, 16
PIECES = {
    "sqlite": hostile.SQLITE,
    "duckdb": hostile.DUCKDB,
    "postgres": hostile.POSTGRES,
    "mariadb": hostile.MARIADB,
}
COLUMNS = {
    "customers": ("id", "name", "country"),
    "orders": ("id", "customer_id", "total", "status"),
    "marks": ("id",),
}
POLICY = guard.Policy(frozenset(COLUMNS), COLUMNS)
HARMS = [(dialect, sql) for dialect, pieces in PIECES.items() for sql in pieces.harms]
Opener = Callable[[str], Unguarded]


@pytest.fixture(scope="module")
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opener]:
    """Opens the engine of a dialect, once for all tests."""
    opened: dict[str, Unguarded] = {}

    def of(dialect: str) -> Unguarded:
        if dialect not in opened:
            opened[dialect] = _opened(dialect, request, tmp_path_factory.mktemp(dialect))
        return opened[dialect]

    yield of
    for engine in opened.values():
        engine.close()


def _opened(dialect: str, request: pytest.FixtureRequest, folder: Path) -> Unguarded:
    if dialect == "sqlite":
        return OnSqlite(folder)
    if dialect == "duckdb":
        return OnDuckdb(folder)
    if dialect == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        return OnPostgres(request.getfixturevalue("scratch_url"), postgres.folder / "data")
    mariadb: MariaDB = request.getfixturevalue("mariadb")
    return OnMariadb(mariadb, "unguarded")


@pytest.fixture(scope="module")
def scratch_url(postgres: Postgres) -> Iterator[str]:
    with postgres.fresh_database() as url:
        yield url


@pytest.mark.parametrize(("dialect", "sql"), HARMS)
def test_harm_is_seen_where_it_is_done_and_refused_by_the_guard(
    engines: Opener, dialect: str, sql: str
) -> None:
    engine = engines(dialect)
    before = engine.state(deep=True)
    engine.ask(sql)
    assert engine.state(deep=True) != before, "a fingerprint that misses this proves nothing"
    with pytest.raises(UnsafeSql):
        guard.check(sql, dialect, POLICY)


@pytest.mark.parametrize("dialect", PIECES)
def test_what_the_guard_accepts_leaves_everything_as_it_was(engines: Opener, dialect: str) -> None:
    engine, pieces = engines(dialect), PIECES[dialect]
    before = engine.state(deep=True)
    ran = [
        _nothing_changes(engine, dialect, piece, number)
        for number, piece in enumerate(("", *pieces.harmful))
    ]
    assert engine.state(deep=True) == before
    assert ran[0] > MIXED / 4, "reading must get through, or nothing was tried"


def _nothing_changes(engine: Unguarded, dialect: str, piece: str, number: int) -> int:
    """Tries texts with this harmful piece in them, or all kinds; how many ran to their end."""
    seen = [engine.state()]
    ran = 0

    @seed(number)
    @settings(
        max_examples=OF_EACH_PIECE if piece else MIXED,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(sql=queries(PIECES[dialect], piece))
    def holds(sql: str) -> None:
        nonlocal ran
        try:
            safe = guard.check(sql, dialect, POLICY)
        except UnsafeSql:
            return
        (tree,) = sqlglot.parse(safe.sql, dialect="mysql" if dialect == "mariadb" else dialect)
        assert isinstance(tree, exp.Query)
        assert guard.check(safe.sql, dialect, POLICY).sql == safe.sql
        try:
            engine.ask(safe.sql)
            ran += 1
        except engine.problems:
            pass
        seen.append(engine.state())
        assert seen[-1] == seen[-2], safe.sql

    holds()
    return ran
