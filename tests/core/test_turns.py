"""So many of an organization are at the model at once, whichever process they are in."""

from uuid import uuid4

import pytest

from core.store.turns import MemoryTurns, RedisTurns, Turns


@pytest.fixture(params=["memory", "redis"])
def both(request: pytest.FixtureRequest) -> tuple[Turns, Turns]:
    """Two turns an organization, as two threads or two processes see them."""
    if request.param == "memory":
        turns = MemoryTurns(2)
        return turns, turns
    url = request.getfixturevalue("redis_url")
    return RedisTurns(url, 2), RedisTurns(url, 2)


def test_the_last_turn_is_taken_once_and_comes_back(both: tuple[Turns, Turns]) -> None:
    here, there = both
    acme = uuid4()
    first, second = here.take(acme), there.take(acme)
    assert first
    assert second
    assert here.take(acme) is None
    assert there.take(acme) is None
    assert here.take(uuid4()), "another organization does not wait"
    here.give_back(acme, first)
    assert there.take(acme)
    assert here.take(acme) is None


def test_while_redis_is_away_each_process_counts_its_own() -> None:
    turns, acme = RedisTurns("redis://127.0.0.1:1/0", 1), uuid4()
    taken = turns.take(acme)
    assert taken
    assert turns.take(acme) is None
    turns.give_back(acme, taken)
    assert turns.take(acme)
