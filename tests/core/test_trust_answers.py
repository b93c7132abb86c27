"""A whole answer: what an analyst writes is proven before it is kept, with its grade and facts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from core import datamind
from core.datamind import DataMind
from tests import factories
from tests.factories import Organization, answered
from tests.fake_anthropic import FakeAnthropic, Turn, says

SQL = "SELECT region, SUM(amount) AS amount FROM sales GROUP BY region ORDER BY amount DESC"


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def test_an_answer_keeps_its_grade_its_facts_and_where_its_figures_come_from(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    assert answer.grade is not None
    assert answer.grade.level == "checked", answer.grade
    assert answer.proof is not None
    assert answer.proof.dropped == 0
    figures = {s.text: s.source for s in answer.proof.spans}
    source = figures["770.25"]
    assert source is not None
    assert (source.kind, source.row) == ("cell", 0)
    assert all(answer.text[s.start : s.end] == s.text for s in answer.proof.spans)
    assert "total of" in " ".join(f.name for f in answer.facts)


def test_an_empty_answer_says_what_there_is(dm: DataMind, acme: Organization, sales: UUID) -> None:
    _, answer = answered(dm, acme.viewer, "Total amount by region in 2019", sales)
    assert answer.text.startswith("Nothing was found. I looked for: ")
    assert "from Jul 3, 2026 to Oct 2, 2026" in answer.text
    assert answer.grade is not None
    assert answer.grade.level == "guess"


def test_a_cut_result_is_told_as_a_whole(tmp_path: Path, acme: Organization, dm: DataMind) -> None:
    house = factories.open_house(tmp_path / "small", query_max_rows=2)
    try:
        who = factories.organization(house, "small").analyst
        connection = factories.sales(house, who, tmp_path)
        _, answer = answered(house, who, "Total amount by product", connection)
        assert (answer.row_count, answer.truncated) == (2, True)
        assert next(f.text for f in answer.facts if f.kind == "rows") == "3"
        assert next(f.text for f in answer.facts if f.kind == "total") == "1,300"
    finally:
        datamind.close(house)


def claude_says(text: str, summary: str = "") -> tuple[Turn, Turn]:
    drafted = {"kind": "draft", "reading": "Amount by region", "assumptions": [], "sql": SQL,
               "title": "Amount", "text": "", "options": [], "suggestions": []}  # fmt: skip
    chart = {"kind": "bar", "x": "region", "y": ["amount"], "color": "", "title": "Amount"}
    insight = {"text": text, "summary": summary or text, "follow_ups": [], "chart": chart}
    return says(json.dumps(drafted)), says(json.dumps(insight))


@contextmanager
def house_with(tmp_path: Path, *script: Turn) -> Iterator[Callable[[str], object]]:
    with FakeAnthropic(*script) as api:
        house = factories.open_house(
            tmp_path / "claude", anthropic_api_key="sk-x", anthropic_base_url=api.base_url
        )
        try:
            who = factories.organization(house, "claude").analyst
            connection = factories.sales(house, who, tmp_path)
            yield lambda text: answered(house, who, text, connection)[1]
        finally:
            datamind.close(house)


WRITTEN = [
    ("South leads with **770.25**, ahead of North with 529.75.",
     "South leads with **770.25**, ahead of North with 529.75.", 0),
    ("South leads with **770.25**. That is $1 million more than last year.",
     "South leads with **770.25**.", 1),
    ("South leads with **529.75**.\\n\\n- North has 529.75.\\n- West has 12.".replace("\\n", "\n"),
     "- North has 529.75.", 2),
    ("South makes up 59 % of the amount. North makes up 12 %.",
     "South makes up 59 % of the amount.", 1),
]  # fmt: skip


@pytest.mark.parametrize(("written", "kept", "dropped"), WRITTEN)
def test_what_the_result_does_not_say_is_left_out(
    tmp_path: Path, written: str, kept: str, dropped: int
) -> None:
    with house_with(tmp_path, *claude_says(written)) as ask:
        answer = ask("Amount by region?")
        assert (answer.text, answer.error) == (kept, "")
        assert answer.proof.dropped == dropped
        assert answer.analyst == "claude"


def test_where_nothing_is_proven_the_rules_write(tmp_path: Path) -> None:
    with house_with(tmp_path, *claude_says("West leads with 12,345.", "West has 12,345.")) as ask:
        answer = ask("Amount by region?")
        assert answer.text.startswith("**South** has the highest amount: **770.25**.")
        assert answer.proof.dropped == 1
