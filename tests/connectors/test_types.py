"""Types of results: DuckDB's own ones with and without parameters, and SQLite's rule."""
# ruff: noqa: DTZ001  (what a database stores without a zone has none)

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from core import connectors
from core.connectors import arrow, sqlite_columns
from core.connectors.base import Connector, Target
from core.errors import CannotConnect, QueryFailed
from tests.connectors.scratch import run


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Connector]:
    path = tmp_path / "types.duckdb"
    with closing(duckdb.connect(str(path))) as made:
        made.execute("CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (m mood)")
        made.execute("INSERT INTO t VALUES ('good'), (NULL)")
    opened = connectors.open("duckdb", Target("types", "1", paths=(path,)))
    yield opened
    opened.close()


UUID = "4ac7a9e9-607c-4c8a-84f3-843f0191e3fd"
DUCKDB: list[tuple[str, pa.DataType, Any]] = [
    ("12.50::DECIMAL(10, 2)", pa.decimal128(10, 2), Decimal("12.50")),
    ("9223372036854775807", pa.int64(), 9223372036854775807),
    ("9223372036854775808::HUGEINT", pa.decimal128(38, 0), Decimal(9223372036854775808)),
    ("sum(7)", pa.int64(), 7),
    ("DATE '2024-02-29'", pa.date32(), date(2024, 2, 29)),
    ("TIMESTAMP '2024-02-29 01:02:03.5'", pa.timestamp("us"),
     datetime(2024, 2, 29, 1, 2, 3, 500_000)),
    (
        "TIMESTAMPTZ '2024-02-29 01:00:00+02'",
        pa.timestamp("us", "UTC"),
        datetime(2024, 2, 28, 23, tzinfo=UTC),
    ),
    ("TIME '10:30:00'", pa.time64("us"), time(10, 30)),
    ("INTERVAL '1 month 2 days'", pa.string(), "1 month 2 days"),
    ("true", pa.bool_(), True),
    ("'a'::BLOB", pa.binary(), b"a"),
    ("'101'::BIT", pa.string(), "101"),
    (f"'{UUID}'::UUID", pa.string(), UUID),
    ("'{\"a\": 1}'::JSON", pa.string(), '{"a": 1}'),
    ("[1, 2]", pa.list_(pa.field("l", pa.int32())), [1, 2]),
    ("{'a': 1}", pa.struct([("a", pa.int32())]), {"a": 1}),
    ("MAP {'k': 1}", pa.string(), "{k=1}"),
    ("'bad'::mood", pa.string(), "bad"),
    ("'nan'::DOUBLE", pa.float64(), "nan"),
    ("NULL", pa.string(), None),
]  # fmt: skip


@pytest.mark.parametrize("bound", [False, True], ids=["plain", "with a parameter"])
@pytest.mark.parametrize(("sql", "kind", "value"), DUCKDB, ids=[sql for sql, _, _ in DUCKDB])
def test_duckdb_types(
    lake: Connector, sql: str, kind: pa.DataType, value: object, bound: bool
) -> None:
    having = "HAVING $one = 1" if bound else ""
    table = run(lake, f"SELECT {sql} AS v {having}", one=1).table
    assert table.schema.field("v").type == kind
    (found,) = table["v"].to_pylist()
    assert str(found) == value if value == "nan" else found == value


def test_an_order_survives_columns_shown_as_text(lake: Connector) -> None:
    sql = "SELECT range AS n, INTERVAL (range) DAY AS i FROM range(5000) ORDER BY n DESC;"
    table = run(lake, sql, cap=3).table
    assert table.to_pydict() == {
        "n": [4999, 4998, 4997],
        "i": ["4999 days", "4998 days", "4997 days"],
    }


SQLITE: dict[str, tuple[list[Any], pa.DataType, list[Any]]] = {
    "whole": ([1, None, 2**62], pa.int64(), [1, None, 2**62]),
    "numbers": ([1.5, 2.0, None], pa.float64(), [1.5, 2.0, None]),
    "whole and broken numbers": ([1, 2.5], pa.float64(), [1.0, 2.5]),
    "numbers that a float would change": (
        [2**60 + 1, 0.5], pa.string(), ["1152921504606846977", "0.5"],
    ),
    "text": (["a", None], pa.string(), ["a", None]),
    "bytes": ([b"\xff", None], pa.binary(), [b"\xff", None]),
    "a mixture": ([1, "x", b"\xff"], pa.string(), ["1", "x", "ff"]),
    "days": (["2024-02-29", None], pa.date32(), [date(2024, 2, 29), None]),
    "days, one of them impossible": (
        ["2024-02-28", "2023-02-29"], pa.string(), ["2024-02-28", "2023-02-29"],
    ),
    "days and other text": (["2024-02-28", "soon"], pa.string(), ["2024-02-28", "soon"]),
    "months stay text": (["2024-02", "2024-03"], pa.string(), ["2024-02", "2024-03"]),
    "moments": (
        ["2024-01-02 03:04:05.5", "2024-01-02T03:04"],
        pa.timestamp("us"),
        [datetime(2024, 1, 2, 3, 4, 5, 500_000), datetime(2024, 1, 2, 3, 4)],
    ),
    "nothing": ([None, None], pa.string(), [None, None]),
    "no rows": ([], pa.string(), []),
}  # fmt: skip


@pytest.mark.parametrize("name", list(SQLITE))
def test_sqlite_columns_get_their_type_from_all_values(name: str) -> None:
    values, kind, expected = SQLITE[name]
    table = sqlite_columns.table(["v"], [(value,) for value in values])
    assert table.schema.field("v").type == kind
    assert table["v"].to_pylist() == expected


def test_text_that_is_not_utf_8_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (v TEXT)")
        made.execute("INSERT INTO t VALUES (CAST(x'63616661e9' AS TEXT))")
        made.commit()
    connector = connectors.open("sqlite", Target("old", "1", paths=(path,)))
    assert run(connector, "SELECT v FROM t").table["v"].to_pylist() == ["cafa\ufffd"]


def test_a_file_in_wal_mode_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wal #1?.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE t (v)")
        made.execute("INSERT INTO t VALUES (1)")
        made.commit()
    connector = connectors.open("sqlite", Target("wal", "1", paths=(path,)))
    assert run(connector, "SELECT v FROM t").table["v"].to_pylist() == [1]


def test_a_broken_view_does_not_hide_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.executescript("CREATE TABLE t (v); CREATE VIEW broken AS SELECT * FROM gone;")
    schema = connectors.open("sqlite", Target("v", "1", paths=(path,))).read_schema()
    assert [table.name for table in schema.tables] == ["t"]


def test_two_files_are_joined_and_equal_names_get_numbers(tmp_path: Path) -> None:
    paths = (tmp_path / "a's.duckdb", tmp_path / "b.duckdb")
    for number, path in enumerate(paths, start=1):
        with closing(duckdb.connect(str(path))) as made:
            made.execute(f"CREATE TABLE sales AS SELECT {number} AS n")
    files = connectors.open("excel", Target("f", "1", paths=paths))
    sql = "SELECT a.n + b.n * 10 AS both FROM sales a CROSS JOIN sales_2 b"
    assert run(files, sql).table["both"].to_pylist() == [21]
    assert [table.name for table in files.read_schema().tables] == ["sales", "sales_2"]
    files.close()


def test_a_file_connection_without_files_has_no_tables() -> None:
    files = connectors.open("csv", Target("f", "1"))
    assert files.check() == 0
    assert files.read_schema().tables == ()
    assert run(files, "SELECT 1 AS one").table["one"].to_pylist() == [1]
    with pytest.raises(QueryFailed, match="sales"):
        run(files, "SELECT * FROM sales")
    files.close()


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_database_needs_its_file(kind: str) -> None:
    with pytest.raises(CannotConnect, match="missing"):
        connectors.open(kind, Target("none", "1")).check()


def test_a_query_cannot_read_variables_of_this_process(lake: Connector) -> None:
    secret = pa.table({"password": ["hunter2"]})
    with pytest.raises(QueryFailed, match="secret does not exist"):
        run(lake, "SELECT * FROM secret")
    assert secret.num_rows == 1


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "A", "a"], ["a", "A_2", "a_3"]),
        (["a", "a", "a_2"], ["a", "a_3", "a_2"]),
    ],
)
def test_names_are_made_unique(names: list[str], expected: list[str]) -> None:
    assert arrow.unique(names) == expected


def test_a_replaced_file_is_seen_though_the_old_one_is_still_open(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"

    def make(value: int) -> None:
        with closing(duckdb.connect(str(tmp_path / "new.duckdb"))) as made:
            made.execute(f"CREATE TABLE t AS SELECT {value} AS v")
        (tmp_path / "new.duckdb").replace(path)

    make(1)
    old = connectors.open("duckdb", Target("d", "1", paths=(path,)))
    assert run(old, "SELECT v FROM t").table["v"].to_pylist() == [1]
    make(2)
    new = connectors.open("duckdb", Target("d", "2", paths=(path,)))
    assert run(new, "SELECT v FROM t").table["v"].to_pylist() == [2]
    assert run(old, "SELECT v FROM t").table["v"].to_pylist() == [1]
    old.close()
    new.close()
