"""The hands and the clock: on this process's memory and on real Redis."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dramatiq
import pytest

from core import datamind, jobs, schedule, schema
from core.datamind import DataMind
from core.store.session import Sessions
from core.store.tables import Schedule
from tests import factories
from tests.factories import TODAY, organization
from workers import broker as brokers
from workers import embedded, scheduler


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
        job_id = schema.start_refresh(dm, acme.analyst, connection_id)
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
    first = schema.start_refresh(dm, acme.analyst, connection_id)
    assert schema.start_refresh(dm, acme.analyst, connection_id) == first


def test_a_refresh_of_somebody_deactivated_fails_with_a_sentence(
    dm: DataMind, tmp_path: Path
) -> None:
    from core import members

    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    job_id = schema.start_refresh(dm, acme.analyst, connection_id)
    members.set_active(dm, acme.admin, acme.analyst.user_id, active=False)
    schema.perform_refresh(dm, job_id)
    now = jobs.follow(dm, acme.analyst, job_id)
    assert (now.state, now.error) == (
        "failed",
        "The account that asked for this is no longer active.",
    )


def test_schemas_are_refreshed_every_six_hours(dm: DataMind, tmp_path: Path) -> None:
    acme = organization(dm)
    factories.sales(dm, acme.analyst, tmp_path)
    assert schema.refresh_due(dm) == 0
    dm.clock.day = TODAY + timedelta(days=1)  # type: ignore[attr-defined]
    assert schema.refresh_due(dm) == 1


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
    from core import accounts

    acme = organization(dm)
    accounts.begin_session(dm, accounts.issue_ticket(dm, acme.admin.user_id))
    accounts.issue_ticket(dm, acme.admin.user_id)
    assert schedule.tidy(dm) == 0
    dm.clock.day = TODAY + timedelta(days=30)  # type: ignore[attr-defined]
    assert schedule.tidy(dm) == 2


def test_a_broker_that_is_away_is_no_harm(dm: DataMind, tmp_path: Path) -> None:
    settings = factories.settings(tmp_path, redis_url="redis://127.0.0.1:1/0")
    broker = brokers.open_broker(settings)
    object.__setattr__(dm, "queue", brokers.WorkerQueue(broker))
    acme = organization(dm)
    connection_id = factories.sales(dm, acme.analyst, tmp_path)
    job_id = schema.start_refresh(dm, acme.analyst, connection_id)
    assert jobs.follow(dm, acme.analyst, job_id).state == "queued"
    with dm.sessions.read() as db:
        assert db.query(Schedule).count() == 0
