"""Claude at work: what it makes of replies, good and bad, over HTTP with the real SDK."""

import json
from dataclasses import replace
from typing import Any

import pytest

from core.analyst.base import BareDesk
from core.errors import AnalystFailed, CannotConnect, QueryCancelled
from core.types import (
    Cannot,
    Choice,
    Option,
    Outcome,
    QueryResult,
    Reply,
)
from tests.analyst.claude_says import DRAFT, FACTS, GOOD, SQL, WRONG, claude
from tests.analyst.desk import SHOP, ShopDesk, ask
from tests.fake_anthropic import FakeAnthropic, Turn, says


def drafted(*script: Turn, desk: ShopDesk | None = None, **more: Any) -> Outcome:
    with FakeAnthropic(*script) as api:
        return claude(api, **more).draft(ask("What is the revenue?"), desk or ShopDesk())


# --- outcomes ---

NOTHING = {"reading": "", "assumptions": [], "sql": "", "title": "", "options": []}
OUTCOMES = {
    "a draft": (GOOD, DRAFT),
    "a draft with a semicolon": ({**GOOD, "sql": SQL + ";\n"}, DRAFT),
    "a choice": (
        {
            **NOTHING,
            "kind": "choice",
            "text": "Which revenue?",
            "options": [
                {"label": "Gross", "question": "Gross revenue?"},
                {"label": "Net", "question": "Net revenue?"},
            ],
            "suggestions": [],
        },
        Choice(
            "Which revenue?", (Option("Gross", "Gross revenue?"), Option("Net", "Net revenue?"))
        ),
    ),
    "why not": (
        {**NOTHING, "kind": "cannot", "text": "No costs here.", "suggestions": ["Revenue?"]},
        Cannot("No costs here.", ("Revenue?",)),
    ),
    "a reply": (
        {**NOTHING, "kind": "reply", "text": "Hello!", "suggestions": []},
        Reply("Hello!"),
    ),
}


@pytest.mark.parametrize(("said", "outcome"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_an_outcome_is_what_the_model_said(said: dict[str, Any], outcome: Outcome) -> None:
    assert drafted(says(said)) == outcome


def test_the_schema_of_the_output_and_no_sampling_settings_are_sent() -> None:
    with FakeAnthropic(says(GOOD)) as api:
        claude(api, max_tokens_sql=777).draft(ask("Revenue?"), ShopDesk())
    sent = api.requests[0]
    assert sent["model"] == "big"
    assert sent["max_tokens"] == 777
    assert sent["stream"] is True
    form = sent["output_config"]["format"]
    assert form["type"] == "json_schema"
    assert form["schema"]["additionalProperties"] is False
    assert set(form["schema"]["required"]) == set(GOOD)
    assert not {"temperature", "top_p", "top_k"} & set(sent)


# --- replies that do not fit ---

WRAPPED = {
    "in a code fence": "```json\n{}\n```",
    "in words": "Of course {{here}} you are: {} Ask again any time.",
}


@pytest.mark.parametrize("wrapping", WRAPPED.values(), ids=WRAPPED.keys())
def test_a_json_object_is_found_in_what_a_lesser_server_says(wrapping: str) -> None:
    assert drafted(says(wrapping.replace("{}", json.dumps(GOOD)))) == DRAFT


UNUSABLE = {
    "prose": says("The revenue is 57.50."),
    "half an object": says('{"kind": "draft", "sql": "SEL'),
    "another kind": says({**GOOD, "kind": "query"}),
    "a draft without sql": says({**GOOD, "sql": "  "}),
    "a choice of one": says(
        {**GOOD, "kind": "choice", "text": "?", "options": [{"label": "a", "question": "b"}]}
    ),
    "sql that is a list": says({**GOOD, "sql": ["SELECT 1"]}),
    "nothing": says(""),
    "a list": says("[1, 2]"),
    "cut at the limit": says('{"kind": "draft", "reading": "Rev', stop="max_tokens"),
}


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_reply_is_asked_for_once_more(bad: Turn) -> None:
    desk = ShopDesk()
    with FakeAnthropic(bad, says(GOOD)) as api:
        assert claude(api).draft(ask("Revenue?"), desk) == DRAFT
    assert len(api.requests) == 2
    assert "cannot be used" in api.requests[1]["messages"][-1]["content"]
    assert len(desk.spent) == 2


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_two_unusable_replies_fail(bad: Turn) -> None:
    with FakeAnthropic(bad) as api, pytest.raises(AnalystFailed, match=r"too long|a form"):
        claude(api).draft(ask("Revenue?"), ShopDesk())
    assert len(api.requests) == 2


def test_the_model_is_told_why_its_reply_was_unusable() -> None:
    cut = UNUSABLE["cut at the limit"]
    with FakeAnthropic(cut, says(GOOD)) as api:
        claude(api, max_tokens_sql=1234).draft(ask("Revenue?"), ShopDesk())
    assert "its limit of 1,234 tokens" in api.requests[1]["messages"][-1]["content"]


def test_a_refusal_is_not_asked_again() -> None:
    with FakeAnthropic(says("{}", stop="refusal")) as api:
        with pytest.raises(AnalystFailed, match="declined"):
            claude(api).draft(ask("Revenue?"), ShopDesk())
        with pytest.raises(AnalystFailed, match="declined"):
            claude(api).explain(ask("Revenue?"), DRAFT, FACTS, ShopDesk())
    assert len(api.requests) == 2


# --- repair ---


def test_a_query_that_fails_is_repaired_with_the_databases_words() -> None:
    desk = ShopDesk()
    with FakeAnthropic(says(WRONG), says(GOOD)) as api:
        assert claude(api).draft(ask("Revenue?"), desk) == DRAFT
    assert desk.tried == [WRONG["sql"], SQL]
    asked, answered, told = api.requests[1]["messages"]
    assert asked == api.requests[0]["messages"][0]
    assert "amout" in answered["content"]
    assert "The database said: no such column: amout." in told["content"]
    assert "did you mean orders.amount instead of amout?" in told["content"]
    assert "Correcting the query" in desk.steps


def test_after_two_repairs_the_last_error_is_told() -> None:
    failed = pytest.raises(AnalystFailed, match="no such column: amout")
    with FakeAnthropic(says(WRONG)) as api, failed:
        claude(api).draft(ask("Revenue?"), ShopDesk())
    assert len(api.requests) == 3


def test_a_repair_may_find_that_it_cannot_be_answered() -> None:
    outcome = drafted(says(WRONG), says(OUTCOMES["why not"][0]))
    assert outcome == Cannot("No costs here.", ("Revenue?",))


@pytest.mark.parametrize("end", [CannotConnect("Gone."), QueryCancelled("Stopped.")])
def test_what_no_query_can_mend_is_not_repaired(end: Exception) -> None:
    class BrokenDesk(ShopDesk):
        def try_sql(self, sql: str) -> QueryResult:
            raise end

    with FakeAnthropic(says(GOOD)) as api, pytest.raises(type(end)):
        claude(api).draft(ask("Revenue?"), BrokenDesk())
    assert len(api.requests) == 1


# --- descriptions ---


def test_tables_and_columns_are_described_and_inventions_left_out() -> None:
    said = {
        "tables": [
            {
                "table": "customers",
                "description": "Who bought.",
                "columns": [
                    {"column": "cntry", "description": "Where from.", "business_term": "Country"},
                    {"column": "id", "description": "", "business_term": ""},
                    {"column": "age", "description": "Invented.", "business_term": "Age"},
                ],
            },
            {"table": "invented", "description": "?", "columns": []},
        ]
    }
    with FakeAnthropic(says(said)) as api:
        described = claude(api).describe(SHOP.tables, BareDesk(SHOP))
    assert [(d.table, d.column, d.description, d.business_term) for d in described] == [
        ("customers", None, "Who bought.", None),
        ("customers", "cntry", "Where from.", "Country"),
    ]
    assert api.requests[0]["model"] == "small"


def test_a_wide_database_is_described_in_batches_and_a_lost_batch_does_not_cost_the_rest() -> None:
    tables = [replace(SHOP.tables[0], name=f"orders_{n}") for n in range(11)]
    last = {"tables": [{"table": "orders_10", "description": "Orders.", "columns": []}]}
    with FakeAnthropic(says("no"), says("no"), says(last)) as api:
        described = claude(api).describe(tables, BareDesk(SHOP))
    assert [d.table for d in described] == ["orders_10"]
    assert len(api.requests) == 3
