"""How often something may be done: sign-ins, questions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import accounts, ask, explore, limits
from core.datamind import DataMind
from core.errors import LimitReached
from tests import factories
from tests.factories import PASSWORD, Organization, SetClock

EMAIL = "analyst@acme.example"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 10, 15, 9, tzinfo=UTC))


@pytest.fixture
def house(dm: DataMind, clock: SetClock) -> DataMind:
    return replace(dm, clock=clock)


def fail(dm: DataMind, times: int, email: str, address: str = "") -> None:
    for _ in range(times):
        assert accounts.sign_in(dm, email=email, password="wrong one", address=address) is None


@pytest.mark.parametrize("email", ["admin@acme.example", "nobody@nowhere.example"])
def test_after_ten_failures_nobody_gets_in_for_a_while(
    house: DataMind, acme: Organization, clock: SetClock, email: str
) -> None:
    """An unknown email sounds the same as a known one, the right password as a wrong one."""
    fail(house, 10, email)
    clock.forward(timedelta(minutes=5))
    with pytest.raises(LimitReached) as refused:
        accounts.sign_in(house, email=email.upper(), password=PASSWORD)
    assert refused.value.hint == "Try again in 601 s."
    clock.forward(timedelta(minutes=10))
    found = accounts.sign_in(house, email=email, password=PASSWORD)
    assert (found is not None) == email.endswith("acme.example")


def test_a_sign_in_that_goes_well_begins_anew(house: DataMind, acme: Organization) -> None:
    for _ in range(3):
        fail(house, 9, "admin@acme.example")
        assert accounts.sign_in(house, email="admin@acme.example", password=PASSWORD)


def test_one_address_cannot_try_many_accounts(house: DataMind, acme: Organization) -> None:
    for number in range(30):
        fail(house, 1, f"person{number}@acme.example", "198.51.100.7")
    with pytest.raises(LimitReached):
        accounts.sign_in(
            house, email="admin@acme.example", password=PASSWORD, address="198.51.100.7"
        )
    assert accounts.sign_in(
        house, email="admin@acme.example", password=PASSWORD, address="203.0.113.9"
    )


def test_a_hundred_questions_a_minute(
    house: DataMind, acme: Organization, clock: SetClock, tmp_path: Path
) -> None:
    sales = factories.sales(house, acme.analyst, tmp_path)
    for _ in range(100):
        limits.count(house, limits.QUESTIONS_OF, str(acme.analyst.user_id))
    with pytest.raises(LimitReached, match="Too many questions"):
        ask.start(house, acme.analyst, "Total amount", connection_id=sales)
    with pytest.raises(LimitReached):
        explore.start(house, acme.analyst, sales, "SELECT 1 AS n")
    explore.start(house, acme.admin, sales, "SELECT 1 AS n", wait=True)
    clock.forward(timedelta(seconds=61))
    explore.start(house, acme.analyst, sales, "SELECT 1 AS n", wait=True)
    clock.forward(timedelta(days=2))
    assert limits.tidy(house) == 2
