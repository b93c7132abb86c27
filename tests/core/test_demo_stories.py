"""The demo organization has something to look at from the first minute, made without a model."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core import (
    accounts,
    conversations,
    datamind,
    evaluation,
    feedback,
    glossary,
    installation,
    verified,
)
from core.clock import FixedDay
from core.datamind import DataMind
from core.demo import organization as demo
from core.store.queue import SilentQueue
from core.types import Actor
from tests import factories


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataMind]:
    home: Path = tmp_path_factory.mktemp("demo")
    settings = factories.settings(home, datamind_demo="on")
    dm = datamind.build(settings, SilentQueue(), FixedDay(date(2026, 11, 23)))
    installation.prepare(dm)
    yield dm
    datamind.close(dm)


@pytest.fixture
def admin(house: DataMind) -> Actor:
    found = accounts.actor_of(house, demo.user(house, "admin"), "user")
    assert found is not None
    return found


def test_a_conversation_worth_reading(house: DataMind, admin: Actor) -> None:
    [session] = conversations.sessions(house, admin)
    assert (session.title, session.is_pinned) == ("Quarterly review", True)
    told = [m for m in conversations.messages(house, admin, session.id) if m.role == "assistant"]
    assert [m.error for m in told] == [""] * 5
    assert all(m.preview is not None and m.text for m in told)
    assert {m.grade.level for m in told if m.grade} >= {"verified", "checked"}


def test_verified_answers_terms_and_what_went_wrong(house: DataMind, admin: Actor) -> None:
    kept = verified.answers(house, admin)
    assert len(kept) == 5
    assert not any(one.broken for one in kept)
    assert len(glossary.entries(house, admin)) == 3
    causes = {one.cause for one in feedback.wrong(house, admin)}
    assert causes == {"disliked", "no such data", "empty"}
    [run] = evaluation.runs(house, admin)
    assert (run.asked, run.same) == (5, 5)


def test_it_is_told_once(house: DataMind, admin: Actor) -> None:
    for one in verified.answers(house, admin)[:1]:
        verified.remove(house, admin, one.id)
    demo.ensure(house)
    assert len(verified.answers(house, admin)) == 4
    assert len(conversations.sessions(house, admin)) == 1
