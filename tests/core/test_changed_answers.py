"""An answer corrected by its chips: a new turn, without asking any analyst."""

from datetime import date
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest

from core import answers, ask, conversations
from core.conversations import Message
from core.datamind import DataMind
from core.errors import BadInput, NotFound
from core.store.tables import ChatMessage
from tests import factories
from tests.factories import Organization, answered


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


@pytest.fixture
def answer(dm: DataMind, acme: Organization, sales: UUID) -> Message:
    _, told = answered(dm, acme.viewer, "Amount by region last quarter", sales)
    assert told.sql, told.text
    return told


def changed(
    dm: DataMind, acme: Organization, answer: Message, key: str, *values: object
) -> Message:
    asked = ask.start_changed(dm, acme.viewer, answer.id, key, values)
    factories.wait(dm, asked.job_id)
    assert asked.session_id == answer.session_id
    return conversations.messages(dm, acme.viewer, asked.session_id)[-1]


def figures(message: Message) -> dict[str, float]:
    assert message.preview is not None, message.error
    return {str(row[0]): float(row[1]) for row in
            zip(*(c.to_pylist() for c in message.preview.table.columns), strict=True)}  # fmt: skip


def test_the_chips_of_an_answer(dm: DataMind, acme: Organization, answer: Message) -> None:
    found = answers.reading_chips(dm, acme.viewer, answer.id)
    assert [chip.label for chip in found][1:] == ["by region", "Jul 1 – Sep 30, 2026"]
    assert found[0].label == "sum of amount"


def test_a_changed_chip_is_a_new_turn_with_its_own_reading(
    dm: DataMind, acme: Organization, answer: Message
) -> None:
    assert answer.session_id is not None
    time = next(c for c in answers.reading_chips(dm, acme.viewer, answer.id) if c.kind == "time")
    began = monotonic()
    found = changed(dm, acme, answer, time.key, date(2026, 10, 1), date(2026, 10, 31))
    assert monotonic() - began < 2
    assert figures(found) == {"South": 150.0}
    assert found.reading == "Sum of amount by region, Oct 1 – Oct 31, 2026"
    assert "150" in found.text
    assert found.grade is not None
    assert found.proof is not None
    assert (found.analyst, found.usage.total) == ("local", 0)
    told = conversations.messages(dm, acme.viewer, answer.session_id)
    assert [m.role for m in told] == ["user", "assistant", "user", "assistant"]
    assert told[2].text == found.reading
    # And once more, from the changed one.
    group = next(c for c in answers.reading_chips(dm, acme.viewer, found.id) if c.kind == "group")
    again = changed(dm, acme, found, group.key, next(k for k, _ in group.options if "product" in k))
    assert figures(again) == {"Chair": 150.0}


def test_the_values_of_a_filter_are_those_of_the_data(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, only = answered(dm, acme.viewer, "Total amount for Lamp", sales)
    chip = next(c for c in answers.reading_chips(dm, acme.viewer, only.id) if c.kind == "filter")
    values = answers.chip_values(dm, acme.viewer, only.id, chip.column)
    assert values == ("Chair", "Lamp", "Table")
    assert answers.chip_values(dm, acme.viewer, only.id, "sales.gone") == ()
    assert answers.chip_values(dm, acme.viewer, only.id, "gone") == ()
    found = changed(dm, acme, only, chip.key, "Table", "Chair")
    assert found.preview is not None
    assert float(found.preview.table.column(0)[0].as_py()) == pytest.approx(1000.25)


def test_a_value_that_is_nowhere_says_so(dm: DataMind, acme: Organization, sales: UUID) -> None:
    _, only = answered(dm, acme.viewer, "Total amount for Lamp", sales)
    chip = next(c for c in answers.reading_chips(dm, acme.viewer, only.id) if c.kind == "filter")
    found = changed(dm, acme, only, chip.key, "<b>Lmap</b>")
    assert "Lmap" in found.text
    assert found.grade is not None
    assert found.grade.level != "checked"


def test_what_cannot_be_changed_is_refused_before_anything_is_written(
    dm: DataMind, acme: Organization, answer: Message
) -> None:
    assert answer.session_id is not None
    before = conversations.messages(dm, acme.viewer, answer.session_id)
    with pytest.raises(BadInput, match="certainty"):
        ask.start_changed(dm, acme.viewer, answer.id, "limit:", (5,))
    with pytest.raises(NotFound):
        ask.start_changed(dm, acme.admin, answer.id, "limit:", (5,))
    assert conversations.messages(dm, acme.viewer, answer.session_id) == before


def test_an_answer_without_a_query_has_no_chips(
    dm: DataMind, acme: Organization, answer: Message
) -> None:
    with dm.sessions.write() as db:
        db.get_one(ChatMessage, answer.id).generated_sql = None
    assert answers.reading_chips(dm, acme.viewer, answer.id) == ()
    with pytest.raises(BadInput, match="no query"):
        ask.start_changed(dm, acme.viewer, answer.id, "limit:", (5,))
