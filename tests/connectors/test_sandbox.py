"""What a crash, a hang, a memory bomb or a dead parent costs: one query, never the app."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from core.connectors.base import Cancel
from core.connectors.sandbox import wire
from core.connectors.sandbox.children import Children
from core.connectors.sandbox.connector import Sandboxed
from core.errors import DataMindError, QueryCancelled, QueryFailed, QueryTimedOut
from tests.connectors.scratch import Scratch, duckdb_file, run, sqlite_file

COUNT = "SELECT count(*) AS n FROM orders"


@pytest.fixture
def children() -> Iterator[Children]:
    ours = Children(most=2)
    yield ours
    ours.close()


@pytest.fixture(params=[sqlite_file, duckdb_file])
def scratch(request: pytest.FixtureRequest, tmp_path: Path) -> Scratch:
    made: Scratch = request.param(tmp_path, request.getfixturevalue)
    return made


@pytest.fixture
def connector(scratch: Scratch, children: Children) -> Sandboxed:
    return Sandboxed(scratch.kind, scratch.target, children)


def while_running(act: Callable[[], object], ask: Callable[[], object]) -> DataMindError:
    """The error of a question, `act` being done in the middle of it."""
    timer = threading.Timer(0.4, act)
    timer.start()
    with pytest.raises(DataMindError) as caught:
        ask()
    timer.join()
    return caught.value


@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash_costs_one_query(
    connector: Sandboxed, scratch: Scratch, children: Children, by: signal.Signals
) -> None:
    run(connector, COUNT)
    (before,) = children.pids()
    error = while_running(
        lambda: os.kill(before, by), lambda: run(connector, scratch.heavy, seconds=20)
    )
    assert isinstance(error, QueryFailed)
    assert "broke off" in error.message
    assert run(connector, COUNT).table["n"].to_pylist() == [3]
    assert before not in children.pids()


def test_an_engine_that_does_not_heed_the_clock_is_killed(
    connector: Sandboxed, scratch: Scratch, children: Children
) -> None:
    run(connector, COUNT)
    (before,) = children.pids()
    started = time.monotonic()
    error = while_running(
        lambda: os.kill(before, signal.SIGSTOP), lambda: run(connector, scratch.heavy, seconds=1)
    )
    assert isinstance(error, QueryTimedOut)
    assert time.monotonic() - started < 4
    assert run(connector, COUNT).table["n"].to_pylist() == [3]


def test_an_engine_that_does_not_heed_a_stop_is_killed(
    connector: Sandboxed, scratch: Scratch, children: Children
) -> None:
    run(connector, COUNT)
    (before,) = children.pids()
    cancel = Cancel()

    def freeze_and_stop() -> None:
        os.kill(before, signal.SIGSTOP)
        cancel.request()

    started = time.monotonic()
    error = while_running(
        freeze_and_stop, lambda: run(connector, scratch.heavy, seconds=30, cancel=cancel)
    )
    assert isinstance(error, QueryCancelled)
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    ("make", "bomb"),
    [
        (sqlite_file, "SELECT hex(zeroblob(900000000)) || hex(zeroblob(900000000))"),
        (
            sqlite_file,
            "WITH RECURSIVE n(i, t) AS (SELECT 1, 'x' UNION ALL SELECT i + 1, t || t FROM n "
            "WHERE i < 40) SELECT group_concat(t) FROM n",
        ),
        (
            sqlite_file,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000000) "
            "SELECT count(*) FROM (SELECT DISTINCT i, i || 'xxxxxxxxxxxxxxxxxxxxxx' FROM n)",
        ),
        (duckdb_file, "SELECT repeat('x', 3000000000) AS huge"),
        (duckdb_file, "SELECT list(repeat('x', 1000) || i) FROM range(90000000) t(i)"),
    ],
)
def test_a_memory_bomb_costs_one_query(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    children: Children,
    make: Callable[..., Scratch],
    bomb: str,
) -> None:
    scratch = make(tmp_path, request.getfixturevalue)
    connector = Sandboxed(scratch.kind, scratch.target, children)
    with pytest.raises((QueryFailed, QueryTimedOut)):
        run(connector, bomb, seconds=8)
    assert run(connector, COUNT).table["n"].to_pylist() == [3]


def test_queries_run_side_by_side_and_the_rest_waits_its_turn(
    connector: Sandboxed, scratch: Scratch, children: Children
) -> None:
    cancel = Cancel()
    slow = [
        threading.Thread(target=_swallow, args=(connector, scratch.heavy, cancel)) for _ in range(2)
    ]
    slow[0].start()
    assert run(connector, COUNT, seconds=20).table["n"].to_pylist() == [3]
    slow[1].start()
    while len(children.pids()) < 2 or not all(thread.is_alive() for thread in slow):
        pass
    with pytest.raises(QueryTimedOut, match="did not get its turn"):
        _until_full(connector)
    cancel.request()
    for thread in slow:
        thread.join()
    assert run(connector, COUNT).table["n"].to_pylist() == [3]
    assert len(children.pids()) == 2


def _swallow(connector: Sandboxed, sql: str, cancel: Cancel) -> None:
    with pytest.raises(QueryCancelled):
        run(connector, sql, seconds=30, cancel=cancel)


def _until_full(connector: Sandboxed) -> None:
    for _ in range(50):
        run(connector, COUNT, seconds=0.2)


def test_a_changed_file_is_seen_at_once(
    connector: Sandboxed, scratch: Scratch, children: Children, tmp_path: Path
) -> None:
    run(connector, COUNT)
    other = tmp_path / "other"
    other.mkdir()
    path = other / "empty.sqlite"
    if scratch.kind == "sqlite":
        path.write_bytes(b"")
        changed = Sandboxed("sqlite", replace(scratch.target, version="2", paths=(path,)), children)
        assert changed.check() == 0
    moved = replace(scratch.target, version="3", paths=(tmp_path / "gone",))
    with pytest.raises(DataMindError, match="missing"):
        Sandboxed(scratch.kind, moved, children).check()
    assert run(connector, COUNT).table["n"].to_pylist() == [3]


def test_a_child_knows_no_secrets_and_reaches_no_network(
    connector: Sandboxed, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", "very-secret")
    run(connector, COUNT)
    for pid in children.pids():
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert {line.partition(b"=")[0] for line in environment if line} <= {
            b"PYTHONPATH",
            b"LANG",
            b"LC_CTYPE",
        }


def test_closing_lets_go_of_the_files(
    connector: Sandboxed, scratch: Scratch, children: Children
) -> None:
    run(connector, COUNT)
    (pid,) = children.pids()
    connector.close()
    held = {os.path.realpath(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd")}
    assert str(scratch.target.paths[0]) not in held
    assert run(connector, COUNT).table["n"].to_pylist() == [3]


_PARENT = """
import sys, threading, time
from pathlib import Path
from core.connectors.base import Target
from core.connectors.sandbox.children import OURS
from core.connectors.sandbox.connector import Sandboxed
from tests.connectors.scratch import run
connector = Sandboxed("sqlite", Target("c", "1", (Path(sys.argv[1]),)))
connector.check()
print(*OURS.pids(), flush=True)
run(connector, sys.argv[2], seconds=60)
"""


def test_children_die_with_their_parent_even_in_a_query(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    scratch = sqlite_file(tmp_path, request.getfixturevalue)
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(scratch.target.paths[0]), scratch.heavy],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as parent:
        assert parent.stdout is not None
        (child,) = map(int, parent.stdout.readline().split())
        parent.kill()
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        pass
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        1.5,
        "it's",
        b"\x00\xff",
        Decimal("1.10"),
        date(2024, 2, 29),
        datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC),
        UUID(int=7),
    ],
)
def test_parameters_keep_their_types_on_the_way(value: object) -> None:
    back = wire._value(wire._told(value))
    assert (type(back), back) == (type(value), value)
