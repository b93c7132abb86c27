"""What only MySQL and MariaDB have: their types, their ways to be unreachable, their memory."""

import resource
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from core.connectors.base import Cancel, Reading
from core.connectors.mysql import Mysql
from core.errors import CannotConnect, QueryCancelled, QueryFailed, QueryTimedOut
from tests.connectors.scratch import Scratch, mysql, run
from tests.servers import MariaDB


@pytest.fixture
def scratch(tmp_path: Path, request: pytest.FixtureRequest) -> Scratch:
    return mysql(tmp_path, request.getfixturevalue)


@pytest.fixture
def connector(scratch: Scratch) -> Iterator[Mysql]:
    opened = Mysql(scratch.target)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("declared", "value", "kind", "comes_as"),
    [
        ("TINYINT(1)", "TRUE", pa.int64(), 1),
        ("BIGINT", "-9223372036854775808", pa.int64(), -(2**63)),
        ("BIGINT UNSIGNED", "7", pa.int64(), 7),
        ("BIGINT UNSIGNED", "18446744073709551615", pa.uint64(), 2**64 - 1),
        ("BIT(10)", "b'1000000001'", pa.int64(), 513),
        ("YEAR", "2024", pa.int64(), 2024),
        ("DECIMAL(22,2)", "12345678901234567890.12", None, Decimal("12345678901234567890.12")),
        ("DECIMAL(10,0)", "42", pa.int64(), 42),
        ("DECIMAL(60,0)", "1" + "0" * 59, pa.float64(), 1e59),
        ("DOUBLE", "-1.5e300", pa.float64(), -1.5e300),
        ("FLOAT", "0.5", pa.float64(), 0.5),
        ("DATE", "'2024-02-29'", pa.date32(), date(2024, 2, 29)),
        ("DATE", "'0000-00-00'", pa.date32(), None),
        (
            "DATETIME(6)",
            "'2024-01-02 03:04:05.678901'",
            pa.timestamp("us"),
            datetime(2024, 1, 2, 3, 4, 5, 678901),  # noqa: DTZ001
        ),
        (
            "TIMESTAMP",
            "'2024-07-01 10:00:00'",
            pa.timestamp("us", "UTC"),
            datetime(2024, 7, 1, 10, tzinfo=UTC),
        ),
        ("TIME", "'-30:15:00'", pa.string(), "-30:15:00"),
        ("VARCHAR(50)", "'größer 東京 😀'", pa.string(), "größer 東京 😀"),
        ("TEXT", "'C:\\\\new'", pa.string(), "C:\\new"),
        ("ENUM('sad','ok')", "'ok'", pa.string(), "ok"),
        ("SET('a','b')", "'a,b'", pa.string(), "a,b"),
        ("JSON", """'{"a": [1, 2]}'""", pa.string(), '{"a": [1, 2]}'),
        ("BLOB", "x'00ff'", pa.binary(), b"\x00\xff"),
        ("VARBINARY(4)", "x'00ff'", pa.binary(), b"\x00\xff"),
        ("INT", "NULL", pa.int64(), None),
    ],
)
def test_types(
    connector: Mysql,
    scratch: Scratch,
    mariadb: MariaDB,
    declared: str,
    value: str,
    kind: pa.DataType | None,
    comes_as: object,
) -> None:
    with mariadb.connect() as made, made.cursor() as cursor:
        cursor.execute(f"USE {scratch.target.database}")
        cursor.execute("SET time_zone = '+00:00', sql_mode = ''")
        cursor.execute(f"CREATE TABLE t (v {declared} NULL)")
        cursor.execute(f"INSERT INTO t VALUES ({value})")
    column = run(connector, "SELECT v FROM t").table.column(0)
    assert column[0].as_py() == comes_as
    assert kind is None or column.type == kind


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ("it's", "it's"),
        ("back\\slash", "back\\slash"),
        ("100 %", "100 %"),
        (b"\x00\xff", b"\x00\xff"),
        (Decimal("1.10"), Decimal("1.10")),
        (date(2024, 2, 29), "2024-02-29"),
    ],
)
def test_parameters_come_back_as_they_went(connector: Mysql, value: object, same: object) -> None:
    found = run(connector, "SELECT :given AS v, '%s 50 %' AS other", given=value).table.to_pylist()
    assert found == [{"v": same, "other": "%s 50 %"}]


def test_the_server_says_what_it_is(connector: Mysql, scratch: Scratch) -> None:
    schema = connector.read_schema()
    assert (schema.dialect, schema.guarded_as) == ("mysql", "mariadb")
    assert schema.schema == scratch.target.database


def test_only_what_changed_is_looked_into_again(
    connector: Mysql, scratch: Scratch, mariadb: MariaDB
) -> None:
    deadline = time.monotonic() + 20
    known = connector.read_schema().tables
    while not all(t.fingerprint for t in known if t.kind == "table"):
        assert time.monotonic() < deadline, "the last writes never become old enough to be told"
        known = connector.read_schema().tables
    for change, looked_into in (("SELECT 1", 1), ("UPDATE orders SET state = 'open'", 2)):
        with mariadb.connect() as made, made.cursor() as cursor:
            cursor.execute(f"USE `{scratch.target.database}`")
            cursor.execute(change)
        told: list[int] = []
        again = connector.read_schema(
            Reading({t.name: t for t in known}, lambda _, of, told=told: told.append(of))
        )
        assert told == [looked_into] * looked_into
        assert again.table("orders") == connector.read_schema().table("orders")


def test_nothing_survives_a_query(connector: Mysql) -> None:
    run(connector, "SELECT @mine := 42, GET_LOCK('mine', 1)")
    left = run(connector, "SELECT @mine AS v, IS_FREE_LOCK('mine') AS free").table.to_pylist()
    assert left == [{"v": None, "free": 1}]


@pytest.mark.parametrize("mode", ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT"])
def test_a_text_means_the_same_whatever_the_servers_mode(
    scratch: Scratch, mariadb: MariaDB, mode: str
) -> None:
    with mariadb.connect() as made, made.cursor() as cursor:
        cursor.execute("SELECT @@GLOBAL.sql_mode")
        before = cursor.fetchall()[0][0]
        cursor.execute("SET GLOBAL sql_mode = %s", (mode,))
        try:
            connector = Mysql(scratch.target)
            found = run(connector, "SELECT 'a\\\\b' AS v, 1 || 0 AS either").table.to_pylist()
            connector.close()
        finally:
            cursor.execute("SET GLOBAL sql_mode = %s", (before,))
    assert found == [{"v": "a\\b", "either": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT REPEAT('x', 15000000) AS a, REPEAT('y', 15000000) AS b, REPEAT('z', 15000000) AS c",
        "SELECT REPEAT('x', 15000000) AS huge FROM seq_1_to_100",
    ],
)
def test_huge_values_are_refused_before_they_fill_the_memory(connector: Mysql, sql: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(QueryFailed, match="larger than the"):
        run(connector, sql, max_bytes=10_000_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    assert run(connector, "SELECT 1 AS one").table["one"].to_pylist() == [1]


def test_a_sleep_that_is_stopped_is_no_answer(connector: Mysql) -> None:
    cancel = Cancel()
    threading.Timer(0.3, cancel.request).start()
    with pytest.raises(QueryCancelled):
        run(connector, "SELECT SLEEP(20) AS slept", cancel=cancel)
    with pytest.raises(QueryTimedOut):
        run(connector, "SELECT SLEEP(20) AS slept", seconds=0.3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "did not accept the user"),
        ({"username": "nobody"}, "did not accept the user"),
        ({"database": "nowhere"}, "no database “nowhere”"),
        ({"host": "nowhere.invalid"}, "“nowhere.invalid” was not found"),
        ({"host": ""}, "was not found"),
        ({"port": 1}, "Nothing answers at 127.0.0.1, port 1"),
        ({"ssl_mode": "require"}, "no encrypted connection"),
        ({"ssl_mode": "verify-full"}, "no encrypted connection"),
    ],
)
def test_why_it_cannot_be_reached(scratch: Scratch, change: dict[str, object], says: str) -> None:
    connector = Mysql(replace(scratch.target, **change))  # type: ignore[arg-type]
    with pytest.raises(CannotConnect) as caught:
        connector.check()
    assert says in caught.value.message
    assert "wrong" not in caught.value.message
    connector.close()


def test_a_host_that_does_not_answer_costs_five_seconds(scratch: Scratch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connector = Mysql(replace(scratch.target, port=silent.getsockname()[1]))
        started = time.monotonic()
        with pytest.raises(CannotConnect, match="did not answer within 5 seconds"):
            connector.check()
        assert time.monotonic() - started < 7


def test_a_connection_that_the_server_closed_is_opened_anew(
    connector: Mysql, mariadb: MariaDB
) -> None:
    mine = run(connector, "SELECT CONNECTION_ID() AS id").table["id"][0].as_py()
    with mariadb.connect() as other, other.cursor() as cursor:
        cursor.execute(f"KILL {mine}")
    assert run(connector, "SELECT 1 AS one").table["one"].to_pylist() == [1]
