"""The hands and the clock: on this process's memory and on real Redis."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dramatiq
import pytest
import redis

from core import datamind, health, jobs, notices, refreshes, schedule, sessions, watch
from core.alerts import keeping
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.datamind import DataMind
from core.store import migrate
from core.store.cache import RedisCache
from core.store.session import Sessions
from core.store.tables import Schedule
from core.store.turns import RedisTurns
from tests import factories
from tests.factories import TODAY, organization
from tests.servers import Postgres, Redis
from workers import broker as brokers
from workers import embedded, scheduler

NINE = datetime(2026, 10, 15, 9, tzinfo=UTC)


@pytest.fixture(params=["memory", "redis"])
def house(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[DataMind, dramatiq.Broker]]:
    """A house whose queue is a real broker."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    settings = factories.settings(tmp_path / "home", redis_url=url)
    broker = brokers.open_broker(settings)
    broker.flush_all()
    opened = factories.open_house(tmp_path / "home", redis_url=url)
    object.__setattr__(opened, "queue", brokers.WorkerQueue(broker))
    yield opened, broker
    datamind.close(opened)
    broker.close()


def test_a_refresh_is_done_by_a_worker(
    house: tuple[DataMind, dramatiq.Broker], tmp_path: Path
) -> None:
    dm, broker = house
    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    with embedded.running(dm, broker):
        job_id = refreshes.start(dm, acme.analyst, connection_id)
        over = threading.Event()
        for _ in range(200):
            now = jobs.follow(dm, acme.analyst, job_id)
            if now.over:
                break
            over.wait(0.05)
    assert (now.state, now.result) == (
        "done",
        {"new": [], "changed": [], "removed": [], "broken": []},
    )


def test_asking_twice_for_a_refresh_makes_one_job(dm: DataMind, tmp_path: Path) -> None:
    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    first = refreshes.start(dm, acme.analyst, connection_id)
    assert refreshes.start(dm, acme.analyst, connection_id) == first


def test_a_refresh_of_somebody_deactivated_fails_with_a_sentence(
    dm: DataMind, tmp_path: Path
) -> None:
    from core import members

    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    job_id = refreshes.start(dm, acme.analyst, connection_id)
    members.set_active(dm, acme.admin, acme.analyst.user_id, active=False)
    refreshes.perform(dm, job_id)
    now = jobs.follow(dm, acme.analyst, job_id)
    assert (now.state, now.error) == (
        "failed",
        "The account that asked for this is no longer active.",
    )


def test_schemas_are_refreshed_every_six_hours(dm: DataMind, tmp_path: Path) -> None:
    acme = organization(dm)
    factories.sales(dm, acme.analyst, tmp_path)
    assert refreshes.start_due(dm) == 0
    dm.clock.day = TODAY + timedelta(days=1)  # type: ignore[attr-defined]
    assert refreshes.start_due(dm) == 1


def test_of_many_schedulers_one_fires(dm: DataMind) -> None:
    """Eight threads with connections of their own ask at once, again and again."""
    every = timedelta(seconds=1)
    fired: list[int] = []
    gate = threading.Barrier(8)
    rounds = 10

    def ask(sessions: Sessions) -> None:
        mine = factories.datamind.DataMind(**{**vars(dm), "sessions": sessions})
        for number in range(rounds):
            gate.wait()
            if schedule.claim(mine, f"round-{number}", every):
                fired.append(number)

    pools = [Sessions(dm.settings.database_url) for _ in range(8)]
    threads = [threading.Thread(target=ask, args=(pool,)) for pool in pools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pool in pools:
        pool.close()
    assert sorted(fired) == list(range(rounds))


def test_missed_times_are_made_up_once(dm: DataMind) -> None:
    every = timedelta(minutes=10)
    assert schedule.claim(dm, "work", every)
    assert not schedule.claim(dm, "work", every)
    dm.clock.day = TODAY + timedelta(days=3)  # type: ignore[attr-defined]
    assert [schedule.claim(dm, "work", every) for _ in range(3)] == [True, False, False]


def test_one_failing_piece_does_not_stop_the_rest(
    dm: DataMind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: DataMind) -> int:
        raise RuntimeError("out of order")

    second = scheduler.Regular("second", timedelta(hours=1), lambda _: 0)
    work = (scheduler.Regular("first", timedelta(hours=1), broken), second)
    monkeypatch.setattr(scheduler, "REGULAR", work)
    assert scheduler.tick(dm) == ["second"]
    assert scheduler.tick(dm) == []


def test_ended_sessions_are_tidied_away(dm: DataMind) -> None:

    acme = organization(dm)
    sessions.begin_session(dm, sessions.issue_ticket(dm, acme.admin.user_id))
    sessions.issue_ticket(dm, acme.admin.user_id)
    assert schedule.tidy(dm) == 0
    dm.clock.day = TODAY + timedelta(days=30)  # type: ignore[attr-defined]
    assert schedule.tidy(dm) == 2


def test_a_broker_that_is_away_is_no_harm(dm: DataMind, tmp_path: Path) -> None:
    settings = factories.settings(tmp_path, redis_url="redis://127.0.0.1:1/0")
    broker = brokers.open_broker(settings)
    object.__setattr__(dm, "queue", brokers.WorkerQueue(broker))
    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    job_id = refreshes.start(dm, acme.analyst, connection_id)
    assert jobs.follow(dm, acme.analyst, job_id).state == "queued"
    with dm.sessions.read() as db:
        assert db.query(Schedule).count() == 0


def test_a_clock_that_was_set_back_stops_nothing(dm: DataMind) -> None:
    every = timedelta(minutes=10)
    assert schedule.claim(dm, "work", every)
    dm.clock.day = TODAY - timedelta(days=3)  # type: ignore[attr-defined]
    assert [schedule.claim(dm, "work", every) for _ in range(2)] == [True, False]


def test_what_a_person_waits_for_does_not_wait_behind_checks(
    house: tuple[DataMind, dramatiq.Broker], tmp_path: Path
) -> None:
    """Every thread of the background is held; an interactive job is done all the same."""
    dm, broker = house
    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    held, go_on = threading.Semaphore(0), threading.Event()

    def hold(_: str) -> None:
        held.release()
        go_on.wait(30)

    dramatiq.actor(actor_name="hold", queue_name="alerts", broker=broker, max_retries=0)(hold)
    with embedded.running(dm, broker):
        for _ in range(50):
            broker.enqueue(dramatiq.Message("alerts", "hold", ("",), {}, {}))
        for _ in range(embedded.THREADS):
            assert held.acquire(timeout=10)
        job_id = refreshes.start(dm, acme.analyst, connection_id)
        over = threading.Event()
        while not jobs.follow(dm, acme.analyst, job_id).over:
            assert not over.wait(0.02)
        go_on.set()
    assert jobs.follow(dm, acme.analyst, job_id).state == "done"


def test_alerts_are_checked_and_told_by_workers(
    house: tuple[DataMind, dramatiq.Broker], tmp_path: Path
) -> None:
    dm, broker = house
    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    sql = "SELECT sum(amount) AS total FROM sales"
    definition = Definition("Sales", connection_id, sql, Rule("below", 2000))
    keeping.create(dm, acme.analyst, definition)
    over = threading.Event()
    with embedded.running(dm, broker):
        for _ in range(300):
            if notices.unread(dm, acme.analyst):
                break
            over.wait(0.05)
    assert [n.title for n in notices.notices(dm, acme.analyst)] == ["Sales: fires"]


def test_of_two_apps_without_redis_one_keeps_the_time(dm: DataMind) -> None:
    assert watch.hold(dm, scheduler.LEASE, "first")
    assert watch.hold(dm, scheduler.LEASE, "first")
    assert not watch.hold(dm, scheduler.LEASE, "second")
    watch.let_go(dm, scheduler.LEASE, "first")
    assert watch.hold(dm, scheduler.LEASE, "second")


def test_the_lease_of_a_killed_app_passes_on(dm: DataMind) -> None:
    clock = factories.SetClock(NINE)
    dm = replace(dm, clock=clock)
    assert watch.hold(dm, scheduler.LEASE, "killed")
    clock.forward(timedelta(seconds=31))
    assert watch.hold(dm, scheduler.LEASE, "next")


def test_silence_is_noticed_after_two_minutes(dm: DataMind) -> None:
    clock = factories.SetClock(NINE)
    dm = replace(dm, clock=clock)
    assert [s.role for s in watch.silences(dm)] == ["scheduler", "worker"]
    watch.say_alive(dm, "scheduler", "one")
    watch.say_alive(dm, "worker", "one")
    assert watch.silences(dm) == ()
    clock.forward(timedelta(seconds=100))
    watch.say_alive(dm, "worker", "two")
    clock.forward(timedelta(seconds=30))
    (silent,) = watch.silences(dm)
    assert (silent.role, silent.since) == ("scheduler", NINE)
    assert "alerts are not checked" in silent.sentence
    assert [found.holder for found in watch.seen(dm)] == ["two"]


def test_of_one_database_few_are_asked_at_a_time(dm: DataMind) -> None:
    acme = organization(dm)
    with dm.sessions.write() as db:
        ids = [
            jobs.create_for(db, dm, acme.admin.org_id, jobs.CHECK_ALERTS, {}, subject="shop")
            for _ in range(3)
        ]
    begun = []

    def do(work: jobs.Work) -> dict[str, object]:
        begun.append(work.job_id)
        if len(begun) < 3:
            jobs.perform(dm, ids[len(begun)], do, most=2)
        return {}

    jobs.perform(dm, ids[0], do, most=2)
    assert begun == ids[:2]
    jobs.perform(dm, ids[2], do, most=2)
    assert begun == ids


def test_readiness_names_who_is_missing(dm: DataMind) -> None:
    missing = health.ready(dm)
    assert (missing.ok, len(missing.degraded)) == (True, 2)
    watch.say_alive(dm, "scheduler", "one")
    watch.say_alive(dm, "worker", "one")
    assert health.ready(dm) == health.Readiness(True, "ok")


def test_readiness_tells_what_stands_in_the_way_and_what_is_only_degraded(
    postgres: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    with postgres.fresh_database() as url:
        dm = factories.open_house(tmp_path, database_url=url, redis_url=redis_server.url)
        for role in ("scheduler", "worker"):
            watch.say_alive(dm, role, "one")
        assert health.ready(dm) == health.Readiness(True, "ok")
        away = replace(dm, cache=RedisCache("redis://127.0.0.1:1/0"))
        assert "not cached" in health.ready(away).degraded[0]
        away = replace(dm, turns=RedisTurns("redis://127.0.0.1:1/0", 4))
        assert "background waits" in health.ready(away).degraded[0]
        with redis.Redis.from_url(redis_server.url) as client:
            client.config_set("maxmemory", "1")  # it answers, and takes nothing any more
            assert "background waits" in health.ready(dm).degraded[0]
            client.config_set("maxmemory", "0")
        lost = replace(
            dm, settings=dm.settings.model_copy(update={"datamind_home": tmp_path / "x"})
        )
        assert "cannot be read" in health.ready(lost).degraded[0]
        migrate.downgrade(dm.sessions, "0018")
        assert health.ready(dm) == health.Readiness(False, "behind")
        dm.sessions.close()
    assert health.ready(dm) == health.Readiness(False, "unreachable")
    with pytest.raises(Exception) as away:  # noqa: PT011 (of whatever kind: it is known again)
        watch.seen(dm)
    assert health.is_database_away(away.value)
    assert not health.is_database_away(ValueError("something else"))
    datamind.close(dm)
