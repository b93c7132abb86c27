"""The written answer: streamed, in the wrong form, cut, and with charts that cannot be drawn."""

import json
from typing import Any

import pytest

from core.errors import AnalystFailed
from core.types import (
    ChartSpec,
    Insight,
)
from tests.analyst.claude_says import DRAFT, FACTS, INSIGHT, claude
from tests.analyst.desk import ShopDesk, ask
from tests.fake_anthropic import FakeAnthropic, Turn, says


def explained(*script: Turn, desk: ShopDesk | None = None, **more: Any) -> Insight:
    with FakeAnthropic(*script) as api:
        asked = ask("What is the revenue?")
        return claude(api, **more).explain(asked, DRAFT, FACTS, desk or ShopDesk())


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_the_text_is_streamed_as_it_is_written(piece: int) -> None:
    desk = ShopDesk()
    insight = explained(says(INSIGHT, piece=piece), desk=desk)
    assert insight == Insight(
        INSIGHT["text"],
        "Revenue was 57.50.",
        ChartSpec("kpi", None, ("revenue",), None, "Revenue"),
        ("And by country?",),
    )
    assert "".join(desk.streamed) == INSIGHT["text"]
    assert piece > 100 or len(desk.streamed) > 5


def test_escaped_text_is_streamed_whole() -> None:
    desk = ShopDesk()
    explained(says(json.dumps(INSIGHT, ensure_ascii=True), piece=1), desk=desk)
    assert "".join(desk.streamed) == INSIGHT["text"]


def test_an_insight_in_the_wrong_form_keeps_its_text_and_has_no_chart() -> None:
    desk = ShopDesk()
    said = "Revenue was 57.50. It came from four orders."
    assert explained(says(said), desk=desk) == Insight(said, "Revenue was 57.50.")
    assert "".join(desk.streamed) == said


def test_an_insight_that_was_cut_keeps_what_was_written() -> None:
    insight = explained(says('{"text": "Revenue was 57.50. It came fr', stop="max_tokens"))
    assert insight == Insight("Revenue was 57.50. It came fr …", "Revenue was 57.50.")


def test_an_insight_without_a_word_fails() -> None:
    with pytest.raises(AnalystFailed, match="wrote no answer"):
        explained(says('{"summary": "", "text": ""}'))


BAD_CHARTS = {
    "a column that is not there": {**INSIGHT["chart"], "y": ["profit"]},
    "a kind that is not ours": {**INSIGHT["chart"], "kind": "sunburst"},
    "nothing to draw": {**INSIGHT["chart"], "y": []},
    "not an object": "bar",
}


@pytest.mark.parametrize("chart", BAD_CHARTS.values(), ids=BAD_CHARTS.keys())
def test_a_chart_that_cannot_be_drawn_is_left_out(chart: Any) -> None:
    insight = explained(says({**INSIGHT, "chart": chart}))
    assert insight.chart is None
    assert insight.text == INSIGHT["text"]
