"""The door for checks from outside: the product's own guard and connectors, nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import connectors
from core.connectors import checked
from core.errors import BadInput, UnsafeSql
from tests.connectors.scratch import sqlite_file


@pytest.fixture(autouse=True)
def shop(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    made = sqlite_file(tmp_path, request.getfixturevalue)
    monkeypatch.setenv("CHECKED_SQLITE", str(made.target.paths[0]))
    checked._opened.cache_clear()
    yield
    checked._opened.cache_clear()


def test_rows_of_a_query_come_back() -> None:
    rows = connectors.run_checked("SELECT id, state FROM orders ORDER BY id", "sqlite")
    assert rows == [(10, "paid"), (11, "paid"), (12, "open")]


@pytest.mark.parametrize("sql", ["DELETE FROM orders", "SELECT * FROM nowhere"])
def test_the_guard_and_the_tables_of_the_database_are_asked(sql: str) -> None:
    with pytest.raises(UnsafeSql):
        connectors.run_checked(sql, "sqlite")


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(BadInput, match="oracle"):
        connectors.run_checked("SELECT 1", "oracle")
