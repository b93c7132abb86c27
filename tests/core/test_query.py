"""The road: rights, guard, cache, connector, audit, in this order, on every query."""

import threading
from pathlib import Path
from uuid import UUID

import pytest

from core import audit, checkups, query, uploads
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.errors import CannotConnect, QueryCancelled, QueryTimedOut, UnsafeSql
from core.store.tables import Connection
from core.types import Query
from tests import factories
from tests.factories import Organization
from tests.servers import Redis

COUNT = "SELECT count(*) AS n FROM sales"
ENDLESS = """WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)
SELECT count(*) FROM t AS a CROSS JOIN t AS b"""


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def test_the_second_time_comes_from_the_cache(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    first, second, fresh = (
        query.run(dm, acme.viewer, Query(sales, COUNT), fresh=fresh)
        for fresh in (False, False, True)
    )
    assert [r.cached for r in (first, second, fresh)] == [False, True, False]
    assert first.table.equals(second.table)


def test_new_data_is_seen_at_once(
    dm: DataMind, acme: Organization, sales: UUID, tmp_path: Path
) -> None:
    query.run(dm, acme.viewer, Query(sales, COUNT))
    more = tmp_path / "more.csv"
    more.write_text("a\n1\n")
    uploads.add(dm, acme.analyst, more, "more.csv", connection_id=sales)
    assert not query.run(dm, acme.viewer, Query(sales, COUNT)).cached
    joined = "SELECT count(*) AS n FROM sales CROSS JOIN more"
    assert query.run(dm, acme.viewer, Query(sales, joined)).table.to_pylist() == [{"n": 6}]


def test_rows_are_capped_and_that_is_said(tmp_path: Path) -> None:
    dm = factories.open_house(tmp_path / "home", query_max_rows=4)
    acme = factories.organization(dm)
    sales = factories.sales(dm, acme.analyst, tmp_path)
    for cached in (False, True):
        result = query.run(dm, acme.viewer, Query(sales, "SELECT * FROM sales"))
        assert (result.row_count, result.truncated, result.cached) == (4, True, cached)
    exact = query.run(dm, acme.viewer, Query(sales, "SELECT * FROM sales LIMIT 4"))
    assert (exact.row_count, exact.truncated) == (4, False)
    factories.datamind.close(dm)


def test_a_runaway_query_is_ended(tmp_path: Path) -> None:
    dm = factories.open_house(tmp_path / "home", query_timeout_seconds=0.3)
    acme = factories.organization(dm)
    sales = factories.sales(dm, acme.analyst, tmp_path)
    with pytest.raises(QueryTimedOut):
        query.run(dm, acme.viewer, Query(sales, ENDLESS))
    factories.datamind.close(dm)


def test_stop_ends_it_on_the_database(dm: DataMind, acme: Organization, sales: UUID) -> None:
    cancel = Cancel()
    threading.Timer(0.2, cancel.request).start()
    with pytest.raises(QueryCancelled):
        query.run(dm, acme.viewer, Query(sales, ENDLESS), cancel=cancel)


def test_several_who_want_the_same_ask_once(dm: DataMind, acme: Organization, sales: UUID) -> None:
    gate, results = threading.Barrier(6), []

    def ask() -> None:
        gate.wait()
        results.append(query.run(dm, acme.viewer, Query(sales, COUNT)))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(r.cached for r in results) == [False] + [True] * 5


def test_every_query_is_audited_also_a_refused_one(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    query.run(dm, acme.analyst, Query(sales, COUNT, purpose="explore"))
    with pytest.raises(UnsafeSql):
        query.run(dm, acme.viewer, Query(sales, "DROP TABLE sales"))
    refused, ran = audit.entries(dm, acme.admin, action="query.run")[:2]
    assert (ran.details["sql"], ran.details["rows"], ran.details["purpose"]) == (
        COUNT,
        1,
        "explore",
    )
    assert (refused.who, refused.details["problem"]) == ("Viewer Person", "UnsafeSql")


def test_a_table_that_is_not_there_is_said_with_near_names(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    with pytest.raises(UnsafeSql) as caught:
        query.run(dm, acme.viewer, Query(sales, "SELECT * FROM sale"))
    assert "sale" in caught.value.message
    assert "sales" in caught.value.message + caught.value.hint


def test_parameters_are_bound_not_pasted(dm: DataMind, acme: Organization, sales: UUID) -> None:
    hostile = "North' OR '1'='1"
    sql = "SELECT count(*) AS n FROM sales WHERE region = :region"
    for region, n in (("North", 3), (hostile, 0)):
        result = query.run(dm, acme.viewer, Query(sales, sql, params={"region": region}))
        assert result.table.to_pylist() == [{"n": n}], region


def test_a_connection_that_is_switched_off_answers_nobody(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    with dm.sessions.write() as db:
        db.get_one(Connection, sales).is_active = False
    with pytest.raises(CannotConnect, match="switched off"):
        query.run(dm, acme.admin, Query(sales, COUNT))
    assert not checkups.test(dm, acme.admin, sales).ok


def test_with_redis_gone_answers_come_all_the_same(tmp_path: Path, redis_server: Redis) -> None:
    dm = factories.open_house(tmp_path / "home", redis_url=redis_server.url)
    acme = factories.organization(dm)
    sales = factories.sales(dm, acme.analyst, tmp_path)
    seen = [query.run(dm, acme.viewer, Query(sales, COUNT)).cached for _ in range(2)]
    assert seen == [False, True]
    redis_server.stop()
    try:
        assert not query.run(dm, acme.viewer, Query(sales, COUNT)).cached
        assert dm.cache.failures >= 1  # type: ignore[attr-defined]
    finally:
        redis_server.start()
    factories.datamind.close(dm)


def test_who_waited_for_a_query_that_ran_out_of_time_does_not_wait_once_more() -> None:
    asked, told = [], []
    waiting, late = threading.Event(), threading.Event()

    def ask() -> None:
        try:
            with query._one_flight("the same question"):
                asked.append(1)
                waiting.set()
                late.wait(10)
                raise QueryTimedOut("It took too long.", "Ask for less.")
        except QueryTimedOut as problem:
            told.append(problem.message)

    people = [threading.Thread(target=ask) for _ in range(4)]
    for person in people:
        person.start()
    assert waiting.wait(10)
    while query._flights["the same question"].aboard < 4:
        pass
    late.set()
    for person in people:
        person.join(10)
    assert (len(asked), told) == (1, ["It took too long."] * 4)
    assert query._flights == {}
