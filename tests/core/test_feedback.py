"""Thumbs and what went wrong: each cause is found, told to admins only, and nobody is named."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core import conversations, feedback
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.store.tables import ChatMessage
from core.types import Draft
from tests import factories
from tests.factories import Organization, answered


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("average frobnication per quibble", "no such data"),
        ("Wie viele Verkäufe gab es?", "not understood"),
        ("Total amount by product in 2019", "empty"),
        ("Total amount by region", None),
        ("hello", None),
    ],
)
def test_each_answer_keeps_why_it_gives_no_figure(
    dm: DataMind, acme: Organization, sales: UUID, text: str, cause: str | None
) -> None:
    answered(dm, acme.viewer, text, sales)
    found = feedback.wrong(dm, acme.admin)
    assert [(one.cause, one.question) for one in found] == ([(cause, text)] if cause else [])


@pytest.mark.parametrize(
    ("sql", "cause"),
    [
        ("DROP TABLE sales", "refused"),
        ("SELECT nothing FROM sales", "failed"),
        ("SELECT CAST(region AS INTEGER) AS n FROM sales", "failed"),
    ],
)
def test_what_the_guard_or_the_database_refused(
    dm: DataMind, acme: Organization, sales: UUID, monkeypatch: pytest.MonkeyPatch,
    sql: str, cause: str,
) -> None:  # fmt: skip
    """An analyst that writes this SQL, whatever is asked."""
    monkeypatch.setattr(
        dm.analysts.local, "draft", lambda question, desk: Draft(sql, "Odd"), raising=False
    )
    answered(dm, acme.viewer, "Total amount", sales)
    [one] = feedback.wrong(dm, acme.admin)
    assert one.cause == cause
    assert one.why


def test_thumbs_are_given_changed_and_taken_back(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    feedback.rate(dm, acme.viewer, answer.id, liked=True)
    assert feedback.ratings(dm, acme.viewer, session_id) == {answer.id: feedback.Rating(True)}
    assert feedback.wrong(dm, acme.admin) == ()
    feedback.rate(dm, acme.viewer, answer.id, liked=False, reason=" Without tax \0")
    assert feedback.ratings(dm, acme.viewer, session_id)[answer.id].reason == "Without tax"
    [one] = feedback.wrong(dm, acme.admin)
    assert (one.cause, one.why, one.question) == (
        "disliked", "Without tax", "Total amount by region",
    )  # fmt: skip
    assert one.connection == "Sales"
    assert "Person" not in repr(one)
    feedback.rate(dm, acme.viewer, answer.id, liked=None)
    assert feedback.ratings(dm, acme.viewer, session_id) == {}
    assert feedback.wrong(dm, acme.admin) == ()


def test_only_ones_own_answers_and_only_answers(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    with pytest.raises(NotFound):
        feedback.rate(dm, acme.admin, answer.id, liked=True)
    with pytest.raises(NotFound):
        feedback.ratings(dm, acme.admin, session_id)
    asked = conversations.messages(dm, acme.viewer, session_id)[0]
    with pytest.raises(BadInput):
        feedback.rate(dm, acme.viewer, asked.id, liked=True)
    with pytest.raises(BadInput, match="500"):
        feedback.rate(dm, acme.viewer, answer.id, liked=False, reason="x" * 501)
    for who in (acme.analyst, acme.viewer):
        with pytest.raises(NotAllowed):
            feedback.wrong(dm, who)


def test_the_question_is_the_one_before_and_old_ones_are_left_out(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, _ = answered(dm, acme.viewer, "Total amount by region", sales)
    _, lost = answered(dm, acme.viewer, "average frobnication per quibble", sales, session_id)
    answered(dm, acme.viewer, "Total amount", sales, session_id)
    assert [one.question for one in feedback.wrong(dm, acme.admin)] == [
        "average frobnication per quibble"
    ]
    with dm.sessions.write() as db:
        row = db.get_one(ChatMessage, lost.id)
        row.created_at -= timedelta(days=31)
    assert feedback.wrong(dm, acme.admin) == ()


def test_it_goes_with_the_conversation(dm: DataMind, acme: Organization, sales: UUID) -> None:
    session_id, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    feedback.rate(dm, acme.viewer, answer.id, liked=False)
    conversations.delete(dm, acme.viewer, session_id)
    assert feedback.wrong(dm, acme.admin) == ()
