"""What only PostgreSQL has: its types, its schemas, its ways to be unreachable, its memory."""

import math
import re
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from core.connectors.base import Cancel, Limits, Reading
from core.connectors.postgres import Postgres
from core.errors import CannotConnect, QueryFailed
from core.types import SafeSelect
from tests.connectors.scratch import Scratch, postgresql, run
from tests.servers import Postgres as Server


@pytest.fixture
def scratch(tmp_path: Path, request: pytest.FixtureRequest) -> Scratch:
    return postgresql(tmp_path, request.getfixturevalue)


@pytest.fixture
def connector(scratch: Scratch) -> Iterator[Postgres]:
    opened = Postgres(scratch.target)
    yield opened
    opened.close()


@contextmanager
def owner(scratch: Scratch, server: Server) -> Iterator[object]:
    with server.connect(scratch.target.database) as connection:
        yield connection


# --- types ------------------------------------------------------------------------------

MONEY = Decimal("12345678901234567890.12")


@pytest.mark.parametrize(
    ("value", "kind", "comes_as"),
    [
        ("1::smallint", pa.int64(), 1),
        ("9223372036854775807", pa.int64(), 9223372036854775807),
        ("1.5::real", pa.float64(), 1.5),
        ("12345678901234567890.12::numeric(22,2)", pa.decimal128(22, 2), MONEY),
        ("12345678901234567890.12::numeric", pa.decimal128(38, 2), MONEY),
        ("sum(x) FROM (VALUES (1::bigint), (2)) v(x)", pa.int64(), 3),
        ("avg(x) FROM (VALUES (1), (2), (2)) v(x)", pa.float64(), 5 / 3),
        ("1e300::numeric", pa.float64(), 1e300),
        ("'NaN'::numeric", pa.float64(), math.nan),
        ("'Infinity'::float8", pa.float64(), math.inf),
        ("'-0.0'::float8", pa.float64(), -0.0),
        ("true", pa.bool_(), True),
        ("'2024-02-29'::date", pa.date32(), date(2024, 2, 29)),
        ("'infinity'::date", pa.date32(), date.max),
        ("'0044-03-15 BC'::date", pa.date32(), date.min),
        ("'0001-01-01'::date", pa.date32(), date(1, 1, 1)),
        (
            "'2024-01-02 03:04:05.678901'::timestamp",
            pa.timestamp("us"),
            datetime(2024, 1, 2, 3, 4, 5, 678901),  # noqa: DTZ001
        ),
        (
            "'2024-07-01 12:00+02'::timestamptz",
            pa.timestamp("us", "UTC"),
            datetime(2024, 7, 1, 10, tzinfo=UTC),
        ),
        ("'1 mon 2 days'::interval", pa.string(), "1 mon 2 days"),
        ("'25:00'::interval", pa.string(), "25:00:00"),
        ("'10:30'::time", pa.string(), "10:30:00"),
        ("""'{"a": [1, 2]}'::jsonb""", pa.string(), '{"a": [1, 2]}'),
        ("ARRAY[1, NULL, 3]", pa.string(), "{1,NULL,3}"),
        ("ARRAY['a b', 'ü']", pa.string(), '{"a b",ü}'),
        ("'[1,5)'::int4range", pa.string(), "[1,5)"),
        (
            "'6f1c2f6e-0000-4000-8000-000000000001'::uuid",
            pa.string(),
            "6f1c2f6e-0000-4000-8000-000000000001",
        ),
        ("'10.0.0.1'::inet", pa.string(), "10.0.0.1"),
        (r"'\x00ff'::bytea", pa.binary(), b"\x00\xff"),
        ("ROW(1, 'x')", pa.string(), "(1,x)"),
        ("'sad'::mood", pa.string(), "sad"),
        ("NULL::int", pa.int64(), None),
        ("NULL::numeric", pa.int64(), None),
    ],
)
def test_types(
    connector: Postgres,
    scratch: Scratch,
    postgres: Server,
    value: str,
    kind: pa.DataType,
    comes_as: object,
) -> None:
    with postgres.connect(scratch.target.database) as made:
        made.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    column = run(connector, f"SELECT {value}").table.column(0)
    assert column.type == kind
    found = column[0].as_py()
    assert found == comes_as or (isinstance(found, float) and math.isnan(found))


# --- schemas ------------------------------------------------------------------------------


def test_tables_of_other_schemas_have_their_schema_before_their_name(
    connector: Postgres, scratch: Scratch, postgres: Server
) -> None:
    with postgres.connect(scratch.target.database) as made:
        made.execute('CREATE SCHEMA "Sales"')
        made.execute('CREATE TABLE "Sales".deals (id int PRIMARY KEY, order_id int)')
        made.execute(
            'ALTER TABLE "Sales".deals ADD FOREIGN KEY (order_id) REFERENCES public.orders'
        )
        made.execute("CREATE MATERIALIZED VIEW totals AS SELECT state FROM orders")
        made.execute(
            "CREATE TABLE days (day date) PARTITION BY RANGE (day);"
            "CREATE TABLE days_2024 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO "
            "('2025-01-01'); CREATE VIEW broken AS SELECT 1 / (quantity - quantity) FROM orders"
        )
    schema = connector.read_schema()
    kinds = {t.name: t.kind for t in schema.tables}
    assert kinds.items() >= {
        ("Sales.deals", "table"),
        ("totals", "view"),
        ("days", "table"),
        ("broken", "view"),
    }
    assert "days_2024" not in kinds
    assert schema.schema == "public"
    deals = schema.table("Sales.deals")
    assert deals is not None
    assert deals.columns[1].references == "orders.id"
    only = Postgres(replace(scratch.target, schemas=("Sales",)))
    assert [t.name for t in only.read_schema().tables] == ["deals"]
    assert only.check() == 1
    only.close()
    without = Postgres(replace(scratch.target, left_out=("Sales", "none such")))
    assert {t.name for t in without.read_schema().tables} == kinds.keys() - {"Sales.deals"}
    without.close()


@pytest.mark.parametrize(
    ("change", "looked_into"),
    [
        ("SELECT 1", ["paid"]),
        ("INSERT INTO customers (id, name) VALUES (9, 'New')", ["paid", "customers"]),
        ("UPDATE orders SET state = 'open'", ["paid", "orders"]),
        ("DELETE FROM orders", ["paid", "orders"]),
        ("TRUNCATE orders", ["paid", "orders"]),
        ("ALTER TABLE orders ADD note text", ["paid", "orders"]),
        ("ALTER TABLE customers ALTER city TYPE varchar(50)", ["paid", "customers"]),
        ("CREATE TABLE fresh AS SELECT 1 AS n", ["paid", "fresh"]),
        ("DROP TABLE größe", ["paid"]),
    ],
)
def test_only_what_changed_is_looked_into_again(
    connector: Postgres, scratch: Scratch, postgres: Server, change: str, looked_into: list[str]
) -> None:
    before = {t.name: t for t in connector.read_schema().tables}
    with postgres.connect(scratch.target.database) as made:
        made.execute(change)
    told: list[tuple[int, int]] = []
    again = connector.read_schema(Reading(before, lambda done, of: told.append((done, of))))
    afresh = connector.read_schema()
    assert [of for _, of in told] == [len(looked_into)] * len(looked_into)
    assert again == afresh


def test_any_number_of_tables_takes_six_statements_and_one_for_each_that_is_looked_into(
    scratch: Scratch, postgres: Server
) -> None:
    name = scratch.target.database
    with postgres.connect(name) as made:
        for number in range(40):
            made.execute(f"CREATE TABLE many_{number} AS SELECT {number} AS n")
        made.execute(f"ALTER DATABASE {name} SET log_statement = 'all'")
        made.execute(f"ALTER DATABASE {name} SET log_min_duration_statement = -1")
    connector = Postgres(scratch.target)

    def said() -> list[str]:
        """What was asked of the server, without what begins and ends a transaction."""
        entries = re.split(r" LOG:  (?:execute [^:]*|statement): ", postgres.log.read_text("utf-8"))
        asked = (entry.split("\n20")[0].strip() for entry in entries[1:])
        return [entry for entry in asked if re.match(r"SELECT(?! pg_catalog\.set_config)", entry)]

    before = len(said())
    known = {t.name: t for t in connector.read_schema().tables}
    first = len(said()) - before
    connector.read_schema(Reading(known))
    again = len(said()) - before - first
    connector.close()
    assert len(known) >= 44
    assert len(known) < first <= len(known) + 6
    assert 1 <= again <= 6 + 1, "the one view is looked into again"


def test_a_replica_or_a_server_that_does_not_count_looks_into_all_tables(
    scratch: Scratch, postgres: Server
) -> None:
    with postgres.connect(scratch.target.database) as made:
        made.execute(f"ALTER DATABASE {scratch.target.database} SET track_counts = off")
    connector = Postgres(scratch.target)
    assert {t.fingerprint for t in connector.read_schema().tables} == {""}
    connector.close()


def test_what_the_user_may_not_read_is_not_shown(scratch: Scratch, postgres: Server) -> None:
    with postgres.connect(scratch.target.database) as made:
        made.execute("DROP ROLE IF EXISTS clerk")
        made.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
        made.execute("GRANT SELECT (id, state) ON orders TO clerk")
    clerk = Postgres(replace(scratch.target, username="clerk", password="clerk"))
    schema = clerk.read_schema()
    assert {t.name: [c.name for c in t.columns] for t in schema.tables} == {
        "orders": ["id", "state"]
    }
    with pytest.raises(QueryFailed, match="permission denied"):
        run(clerk, "SELECT amount FROM orders")
    clerk.close()


def test_names_are_looked_up_where_the_guard_looked_them_up(
    connector: Postgres, scratch: Scratch, postgres: Server
) -> None:
    """Neither the user's own search path nor a temporary table changes what a name means."""
    with postgres.connect(scratch.target.database) as made:
        made.execute("CREATE SCHEMA decoy; CREATE TABLE decoy.orders AS SELECT 666 AS id")
        made.execute(
            "CREATE FUNCTION decoy.lower(text) RETURNS text LANGUAGE sql AS $$SELECT 'decoy'$$"
        )
        made.execute(
            f"ALTER DATABASE {scratch.target.database} SET search_path = decoy, public, pg_catalog"
        )
    safe = SafeSelect("SELECT count(*) AS n, lower('A') AS low FROM orders", "postgres", 10)
    for schema, rows in (("", 3), ("public", 3), ("decoy", 1)):
        result = connector.run(replace(safe, schema=schema), Limits(), Cancel())
        assert result.table.to_pylist() == [{"n": rows, "low": "a"}]


def test_nothing_survives_a_query(connector: Postgres) -> None:
    for leftover in (
        "SELECT set_config('work_mem', '1GB', false)",
        "SELECT pg_advisory_lock(42)",
    ):
        run(connector, leftover)
    assert run(connector, "SELECT current_setting('work_mem') AS w").table["w"][0].as_py() == "4MB"
    held = run(connector, "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'")
    assert held.table["n"].to_pylist() == [0]


# --- limits ------------------------------------------------------------------------------


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT repeat('x', 400000000) AS huge",
        "SELECT repeat('x', 90000000) FROM generate_series(1, 50)",
        "SELECT string_agg(repeat('x', 1000), '') FROM generate_series(1, 500000)",
    ],
)
def test_huge_values_are_refused_before_they_fill_the_memory(connector: Postgres, sql: str) -> None:
    before = peak_megabytes()
    with pytest.raises(QueryFailed, match="larger than the"):
        run(connector, sql, max_bytes=20_000_000, seconds=20)
    # The driver alone takes such a value three times: as bytes, copied, and as text.
    assert peak_megabytes() - before < 450
    assert run(connector, "SELECT 1 AS one").table["one"].to_pylist() == [1]


def test_a_lock_held_by_another_is_not_waited_for(
    connector: Postgres, scratch: Scratch, postgres: Server
) -> None:
    with postgres.connect(scratch.target.database) as other, other.transaction():
        other.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        with pytest.raises(QueryFailed, match="lock timeout"):
            run(connector, "SELECT * FROM orders")
        assert time.monotonic() - started < 5


def test_a_stopped_query_is_gone_from_the_server(
    connector: Postgres, scratch: Scratch, postgres: Server
) -> None:
    cancel = Cancel()
    ended = threading.Event()

    def ask() -> None:
        try:
            run(connector, scratch.heavy, cancel=cancel)
        except Exception:
            ended.set()

    asking = threading.Thread(target=ask)
    asking.start()
    with postgres.connect(scratch.target.database) as looking:

        def busy() -> int:
            row = looking.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
                "AND application_name = 'DataMind' AND datname = current_database()"
            ).fetchone()
            return int(row[0]) if row else 0

        until = time.monotonic() + 5
        while not busy() and time.monotonic() < until:
            pass
        assert busy() == 1
        cancel.request()
        assert ended.wait(1.0)
        asking.join()
        assert busy() == 0


# --- what cannot be reached ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "did not accept the user"),
        ({"username": "nobody"}, "did not accept the user"),
        ({"database": "nowhere"}, "no database “nowhere”"),
        ({"host": "nowhere.invalid"}, "“nowhere.invalid” was not found"),
        ({"host": ""}, "was not found"),
        ({"host": "/var/run/postgresql"}, "was not found"),
        ({"port": 1}, "Nothing answers at 127.0.0.1, port 1"),
        ({"ssl_mode": "require"}, "no encrypted connection"),
        ({"ssl_mode": "verify-full"}, "no encrypted connection"),
    ],
)
def test_why_it_cannot_be_reached(scratch: Scratch, change: dict[str, object], says: str) -> None:
    connector = Postgres(replace(scratch.target, **change))  # type: ignore[arg-type]
    with pytest.raises(CannotConnect) as caught:
        connector.check()
    assert says in caught.value.message
    assert scratch.target.password not in caught.value.message.replace("“datamind”", "")
    assert "wrong" not in caught.value.message
    connector.close()


def test_a_host_that_does_not_answer_costs_five_seconds(scratch: Scratch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        connector = Postgres(replace(scratch.target, port=port))
        started = time.monotonic()
        with pytest.raises(CannotConnect, match="did not answer within 5 seconds"):
            connector.check()
        assert time.monotonic() - started < 7


def test_a_restarted_server_is_found_again(
    connector: Postgres, scratch: Scratch, postgres: Server
) -> None:
    run(connector, "SELECT 1")
    with postgres.connect() as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'DataMind'"
        )
    assert run(connector, "SELECT 1 AS one").table["one"].to_pylist() == [1]
