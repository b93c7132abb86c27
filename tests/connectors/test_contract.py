"""What every connector promises, whatever the engine. A new kind is a row in scratch.MAKERS."""

import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from core import connectors
from core.connectors.base import Cancel, Connector
from core.errors import (
    BadInput,
    CannotConnect,
    DataMindError,
    QueryCancelled,
    QueryFailed,
    QueryTimedOut,
)
from tests.connectors.scratch import MAKERS, Scratch, run


@pytest.fixture(params=list(MAKERS))
def scratch(request: pytest.FixtureRequest, tmp_path: Path) -> Scratch:
    return MAKERS[request.param](tmp_path, request.getfixturevalue)


@pytest.fixture
def connector(scratch: Scratch) -> Iterator[Connector]:
    opened = scratch.open()
    yield opened
    opened.close()


# --- what comes back --------------------------------------------------------------------


def test_rows_come_in_order_with_nulls_and_unicode(connector: Connector) -> None:
    result = run(connector, "SELECT id, name, city FROM customers ORDER BY id")
    assert result.columns == ("id", "name", "city")
    assert result.table.to_pydict() == {
        "id": [1, 2, 3],
        "name": ["Müller & Söhne", "O'Brien", "東京商事"],
        "city": ["Wien", "Dublin", None],
    }
    assert not result.truncated
    assert not result.cached
    assert result.seconds > 0


def test_names_of_tables_and_columns_may_be_anything(connector: Connector) -> None:
    result = run(connector, 'SELECT "wert €" AS "größer als" FROM "größe"')
    assert result.table.to_pydict() == {"größer als": [1]}


def test_numbers_dates_and_text_keep_their_types(connector: Connector) -> None:
    sql = 'SELECT amount, quantity, state, "seit wann ?" AS since FROM orders o JOIN customers c '
    table = run(connector, sql + "ON c.id = o.customer_id ORDER BY o.id").table
    assert table.schema.field("amount").type == pa.float64()
    assert pa.types.is_integer(table.schema.field("quantity").type)
    assert table.schema.field("state").type == pa.string()
    assert table.schema.field("since").type == pa.date32()
    assert table["since"].to_pylist() == [date(2024, 1, 5), date(2024, 1, 5), date(2024, 2, 29)]


def test_a_sum_of_whole_numbers_is_a_whole_number(connector: Connector) -> None:
    table = run(connector, "SELECT sum(quantity) AS n FROM orders").table
    assert table.schema.field("n").type == pa.int64()
    assert table["n"].to_pylist() == [6]


def test_nothing_but_null_and_no_rows_are_text(connector: Connector) -> None:
    assert run(connector, "SELECT NULL AS gap").table.schema.types == [pa.string()]
    empty = run(connector, "SELECT id, name FROM customers WHERE id > 99")
    assert empty.row_count == 0
    assert empty.columns == ("id", "name")


def test_two_columns_of_one_name_are_told_apart(connector: Connector) -> None:
    sql = "SELECT c.id, o.id, o.id AS id_2 FROM customers c JOIN orders o ON o.customer_id = c.id"
    assert run(connector, sql).columns == ("id", "id_3", "id_2")


# --- parameters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "ids"),
    [("O'Brien", [2]), ("東京商事", [3]), ("' OR 1=1 --", []), ("nobody", [])],
)
def test_parameters_are_bound_not_pasted(
    connector: Connector, scratch: Scratch, value: str, ids: list[int]
) -> None:
    sql = f"SELECT id FROM customers WHERE name = {scratch.placeholder}wanted"
    assert run(connector, sql, wanted=value).table["id"].to_pylist() == ids


@pytest.mark.parametrize("value", [Decimal("12.5"), 12.5])
def test_numbers_and_dates_can_be_parameters(
    connector: Connector, scratch: Scratch, value: object
) -> None:
    mark = scratch.placeholder
    sql = (
        "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id "
        f'WHERE amount >= {mark}least AND "seit wann ?" <= {mark}day'
    )
    result = run(connector, sql, least=value, day=date(2024, 1, 31), unused="x")
    assert result.table["id"].to_pylist() == [10]


def test_types_are_the_same_with_parameters(connector: Connector, scratch: Scratch) -> None:
    sql = 'SELECT id, name, "seit wann ?" AS since FROM customers WHERE id >= '
    plain = run(connector, f"{sql} 1 ORDER BY id").table
    bound = run(connector, f"{sql} {scratch.placeholder}first ORDER BY id", first=1).table
    assert bound.equals(plain)


# --- limits ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("cap", "rows", "truncated"), [(2, 2, True), (3, 3, False), (9, 3, False)])
def test_the_row_cap_and_whether_more_was_there(
    connector: Connector, cap: int, rows: int, truncated: bool
) -> None:
    result = run(connector, f"SELECT id FROM customers LIMIT {cap + 1}", cap=cap)
    assert (result.row_count, result.truncated) == (rows, truncated)


def test_the_cap_holds_without_a_limit_in_the_query(connector: Connector) -> None:
    sql = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "SELECT i FROM n"
    )
    result = run(connector, sql, cap=5000)
    assert (result.row_count, result.truncated) == (5000, True)


def test_a_result_of_too_many_bytes_is_refused(connector: Connector) -> None:
    long = "replace('aaaaaaaaaa', 'a', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb')"
    sql = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
        f"SELECT i, {long} AS t FROM n"
    )
    with pytest.raises(QueryFailed, match="larger than the 1 MB"):
        run(connector, sql, cap=10_000, max_bytes=1_000_000)


def test_a_query_over_its_time_is_ended(connector: Connector, scratch: Scratch) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimedOut, match=r"longer than 0\.3 seconds"):
        run(connector, scratch.heavy, seconds=0.3)
    assert time.monotonic() - started < 1.3
    assert run(connector, "SELECT count(*) AS n FROM orders").table["n"].to_pylist() == [3]


def test_stop_ends_the_query_within_a_second(connector: Connector, scratch: Scratch) -> None:
    cancel = Cancel()
    threading.Timer(0.2, cancel.request).start()
    started = time.monotonic()
    with pytest.raises(QueryCancelled):
        run(connector, scratch.heavy, cancel=cancel)
    assert time.monotonic() - started < 1.2


def test_stop_pressed_before_the_query_starts(connector: Connector) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(QueryCancelled):
        run(connector, "SELECT 1", cancel=cancel)


def test_threads_share_a_connector(connector: Connector) -> None:
    found: list[object] = []

    def ask() -> None:
        found.append(run(connector, "SELECT count(*) AS n FROM orders").table["n"][0].as_py())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3] * 6


# --- reading only -----------------------------------------------------------------------------


def test_anything_but_reading_is_refused_by_the_session(
    connector: Connector, scratch: Scratch, tmp_path: Path
) -> None:
    before = scratch.content()
    for sql in scratch.refused:
        with pytest.raises(QueryFailed) as caught:
            run(connector, sql)
        assert str(tmp_path) not in caught.value.message, sql
    assert scratch.content() == before
    assert run(connector, "SELECT count(*) AS n FROM orders").table["n"].to_pylist() == [3]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT * FROM nowhere", "nowhere"),
        ("SELECT nope FROM customers", "nope"),
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM customers WHERE", ""),
    ],
)
def test_the_engines_reason_is_passed_on_without_paths(
    connector: Connector, tmp_path: Path, sql: str, says: str
) -> None:
    with pytest.raises(QueryFailed) as caught:
        run(connector, sql)
    assert says in caught.value.message
    assert "/" not in caught.value.message
    assert "LINE 1" not in caught.value.message
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("content", [None, b"garbage " * 1000, b""])
def test_a_missing_or_damaged_file_cannot_be_connected(
    scratch: Scratch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "secret-place" / "broken.db"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    if scratch.on_a_server:
        pytest.skip("a server is no file; see test_servers_unreachable")
    if content == b"" and scratch.kind == "sqlite":
        pytest.skip("an empty file is an empty SQLite database")
    for act in ("check", "read_schema", "run"):
        connector = scratch.broken(path)
        with pytest.raises(DataMindError) as caught:
            run(connector, "SELECT * FROM t") if act == "run" else getattr(connector, act)()
        assert isinstance(caught.value, CannotConnect)
        assert "secret-place" not in caught.value.message + caught.value.hint
        connector.close()


# --- the schema ---------------------------------------------------------------------------------


def test_check_counts_tables_and_views(connector: Connector) -> None:
    assert connector.check() == 4


def test_the_schema_has_tables_columns_and_counts(connector: Connector) -> None:
    schema = connector.read_schema()
    assert schema.dialect == connector.dialect
    assert {(t.name, t.kind, t.row_count) for t in schema.tables} == {
        ("customers", "table", 3),
        ("orders", "table", 3),
        ("größe", "table", 1),
        ("paid", "view", 2),
    }
    customers = schema.table("customers")
    assert customers is not None
    assert [c.name for c in customers.columns] == ["id", "name", "city", "seit wann ?"]
    assert customers.columns[3].data_type == "DATE"
    assert not customers.columns[1].nullable
    assert customers.columns[2].nullable


def test_the_schema_has_keys(connector: Connector, scratch: Scratch) -> None:
    orders = connector.read_schema().table("orders")
    assert orders is not None
    keys = [c.name for c in orders.columns if c.primary_key]
    points_to = {c.name: c.references for c in orders.columns if c.references}
    assert keys == (["id"] if scratch.keys else [])
    assert points_to == ({"customer_id": "customers.id"} if scratch.keys else {})


def test_the_schema_has_a_look_at_the_values(connector: Connector) -> None:
    schema = connector.read_schema()
    orders, customers = schema.table("orders"), schema.table("customers")
    assert orders is not None
    assert customers is not None
    looks = {c.name: (c.samples, c.distinct_count, c.null_percentage) for c in orders.columns}
    assert looks["state"] == (("paid", "open"), 2, 0.0)
    assert looks["amount"] == (("12.5", "7.25"), 2, 33.33)
    assert customers.columns[3].samples == ("2024-01-05", "2024-02-29", "2024-03-01")


def test_comments_become_descriptions_where_the_engine_has_them(
    connector: Connector, scratch: Scratch
) -> None:
    orders = connector.read_schema().table("orders")
    assert orders is not None
    amount = orders.column("amount")
    assert amount is not None
    expected = (None, None) if not scratch.comments else ("What was sold", "Amount in €")
    assert (orders.description, amount.description) == expected


# --- the registry ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(connectors.KINDS))
def test_every_kind_declares_itself(name: str) -> None:
    kind = connectors.kind(name)
    assert kind.label
    assert kind.dialect in ("sqlite", "duckdb", "postgres", "mysql")
    assert kind.fields


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="oracle"):
        connectors.kind("oracle")


def test_moments_are_timestamps(connector: Connector, scratch: Scratch) -> None:
    value = "'2024-01-02 03:04:05'"
    sql = f"SELECT {value} AS t" if scratch.kind == "sqlite" else f"SELECT TIMESTAMP {value} AS t"
    assert run(connector, sql).table.to_pylist() == [{"t": datetime(2024, 1, 2, 3, 4, 5)}]  # noqa: DTZ001
