"""Open connectors are kept, replaced when the connection changes, and closed when idle."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.connectors.base import Cancel
from core.connectors.pool import Connections, Held
from core.errors import BadInput, QueryCancelled
from tests.connectors.scratch import Scratch, duckdb_file, run


class Watch:
    """A clock in seconds that stands until it is moved."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return duckdb_file(tmp_path)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pool(watch: Watch) -> Iterator[Connections]:
    made = Connections(idle_seconds=60, now=watch)
    yield made
    made.close_all()


def test_the_same_version_gets_the_same_connector(pool: Connections, scratch: Scratch) -> None:
    first = pool.get("duckdb", scratch.target)
    assert pool.get("duckdb", scratch.target) is first
    assert (first.kind, first.dialect) == ("duckdb", "duckdb")
    assert first.check() == 4


def test_a_new_version_replaces_the_old_one(pool: Connections, scratch: Scratch) -> None:
    old = pool.get("duckdb", scratch.target)
    old.check()
    new = pool.get("duckdb", replace(scratch.target, version="2"))
    assert new is not old
    assert len(pool) == 1
    assert run(old, "SELECT 1 AS one").row_count == 1, "who still holds the old one may finish"


def test_a_running_query_outlives_a_new_version(pool: Connections, scratch: Scratch) -> None:
    old = pool.get("duckdb", scratch.target)
    assert isinstance(old, Held)
    cancel, outcome = Cancel(), []

    def work() -> None:
        try:
            run(old, scratch.heavy, cancel=cancel)
        except QueryCancelled:
            outcome.append("stopped")

    thread = threading.Thread(target=work)
    thread.start()
    while not old.running:
        thread.join(0.01)
    pool.get("duckdb", replace(scratch.target, version="2")).check()
    assert old.running == 1
    assert not outcome
    cancel.request()
    thread.join(5)
    assert outcome == ["stopped"]
    assert old.running == 0


def test_idle_connectors_are_closed(pool: Connections, scratch: Scratch, watch: Watch) -> None:
    pool.get("duckdb", scratch.target).check()
    watch.seconds = 59
    assert pool.expire() == 0
    watch.seconds = 61
    assert pool.expire() == 1
    assert len(pool) == 0


def test_one_connection_can_be_let_go(pool: Connections, scratch: Scratch) -> None:
    pool.get("duckdb", scratch.target)
    pool.close(scratch.target.connection_id)
    pool.close("never seen")
    assert len(pool) == 0


def test_an_unknown_kind(pool: Connections, scratch: Scratch) -> None:
    with pytest.raises(BadInput):
        pool.get("oracle", scratch.target)
