"""Kills and outages in the middle of checks: `make test` does three kills, `make faults` fifty."""

import os

import pytest

from tests.faults.town import WORKERS, Town, any_of, fill_redis, restart, town
from tests.running import or_give_up
from workers.run import THREADS

KILLS = int(os.environ.get("FAULT_KILLS", "3"))
OUTAGE_SECONDS = 20.0 if KILLS > 3 else 4.0
FULL_SECONDS = 8.0 if KILLS > 3 else 3.0
MOST_KILLS_A_ROUND = 3


@pytest.mark.timeout(3_600 if KILLS > 3 else 600)
def test_no_change_is_lost_and_none_is_told_twice() -> None:
    with or_give_up(), town() as here:
        while sum(here.killed.values()) < KILLS:
            here.round("kill -9", lambda: kill_some(here))
        here.round(
            f"Redis without memory for {FULL_SECONDS:.0f} s, then restarted: what it held is lost",
            lambda: (fill_redis(here, FULL_SECONDS), restart(here.redis, 1)),
        )
        here.round(
            f"PostgreSQL of the application stopped for {OUTAGE_SECONDS:.0f} s",
            lambda: restart(here.application, OUTAGE_SECONDS),
        )
        found = here.counted()
        print(here.table())
        print(f"kills: {dict(here.killed)}; {found}")
        rounds = len(here.lines)
        assert found["changes lost"] == 0
        assert found["told in another order"] == 0
        assert found["slots checked twice"] == 0
        assert found["notices"] == found["messages"] == found["alerts"] * rounds
        # Each thread of a worker may have sent one and not yet written so, when it was killed or
        # when the database went away; it comes again under the same key.
        under_way = THREADS * (here.killed["worker"] + WORKERS)
        assert found["messages that came again after a kill"] <= under_way


def kill_some(here: Town) -> None:
    """Kill a worker and something else in the middle of checks."""
    left = KILLS - sum(here.killed.values())
    names = ["worker 1", any_of("worker 2", "scheduler 1"), "scheduler 2"]
    for name in names[: min(left, MOST_KILLS_A_ROUND)]:
        here.kill(name)
