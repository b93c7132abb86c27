"""A question answered by Claude, from the words to the kept message; and when Claude fails."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core import ask, conversations, datamind, jobs, notices, rights, uploads, usage
from core.conversations import Message
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.security.rights import Rights
from core.store.queue import SilentQueue
from core.types import Actor, ModelCall, Usage
from core.usage import Budget
from tests import factories
from tests.analyst.claude_says import GOOD
from tests.factories import Organization, SetClock
from tests.fake_anthropic import FakeAnthropic, Turn, calls, fails, says

SQL = "SELECT region, SUM(amount) AS total FROM sales GROUP BY region ORDER BY total DESC"
BY_REGION = {**GOOD, "sql": SQL, "reading": "Amount by region", "assumptions": []}
NO_SUCH = {**BY_REGION, "sql": SQL.replace("GROUP", "WHERE region = 'Nroth' GROUP")}
INSIGHT = {
    "text": "South leads with 770.25, before North with 529.75.",
    "summary": "South leads.",
    "chart": {"kind": "bar", "x": "region", "y": ["total"], "color": "", "title": "Total"},
    "follow_ups": ["And by month?"],
}
Asks = Callable[..., Message]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[[FakeAnthropic], DataMind]]:
    """Opens a house whose Claude is the given server."""
    opened: list[DataMind] = []

    def build(api: FakeAnthropic) -> DataMind:
        dm = factories.open_house(
            tmp_path / "home",
            anthropic_api_key="sk-test",
            anthropic_base_url=api.base_url,
            model_strong="claude-sonnet-5-5",
            model_fast="claude-haiku-5-5",
        )
        opened.append(dm)
        return dm

    yield build
    for dm in opened:
        datamind.close(dm)


def answered(dm: DataMind, who: Actor, place: UUID, text: str, **more: Any) -> Message:
    asked = ask.start(dm, who, text, connection_id=place, wait=True, **more)
    return conversations.messages(dm, who, asked.session_id)[-1]


Town = tuple[DataMind, Organization, UUID]


def town(house: Callable[[FakeAnthropic], DataMind], api: FakeAnthropic, tmp_path: Path) -> Town:
    dm = house(api)
    acme = factories.organization(dm)
    return dm, acme, factories.sales(dm, acme.analyst, tmp_path)


def test_a_question_is_looked_up_drafted_run_and_explained(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path
) -> None:
    looks = calls("find_values", {"texts": ["north"]})
    with FakeAnthropic(looks, says(BY_REGION), says(INSIGHT)) as api:
        dm, acme, place = town(house, api, tmp_path)
        answer = answered(dm, acme.viewer, place, "Who leads, north or south, by amount?")
    assert (answer.error, answer.analyst, answer.sql) == ("", "claude", SQL)
    assert "South leads with" in answer.text
    assert answer.usage.total == 3 * 130
    assert 'region: \\"North\\"' in json.dumps(api.requests[1]["messages"][-1])
    spent = usage.month(dm, acme.admin)
    assert (spent.total.calls, spent.unpriced) == (3, 0)
    assert [(one.name, one.calls) for one in spent.by_person] == [("Viewer Person", 3)]
    assert spent.total.cost == sum(
        usage.cost(model, Usage(100, 20, 3, 7)) or 0
        for model in ("claude-sonnet-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
    )


def test_a_value_that_is_not_in_the_data_is_told_and_corrected(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path
) -> None:
    with FakeAnthropic(says(NO_SUCH), says(BY_REGION), says(INSIGHT)) as api:
        dm, acme, place = town(house, api, tmp_path)
        answer = answered(dm, acme.viewer, place, "Amount of the northern region?")
    assert answer.sql == SQL
    told = api.requests[1]["messages"][-1]["content"]
    assert "Nroth" in told
    assert "near is North" in told


def test_where_values_stay_the_model_gets_names_and_the_answer_is_written_here(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path
) -> None:
    looks = calls("try_sql", {"sql": "SELECT * FROM sales"})
    with FakeAnthropic(looks, says(NO_SUCH), says(BY_REGION), says(INSIGHT)) as api:
        dm, acme, place = town(house, api, tmp_path)
        rights.grant(dm, acme.admin, place, Rights(values_stay=True))
        answer = answered(dm, acme.viewer, place, "Amount by region?")
    assert (answer.error, answer.sql) == ("", SQL)
    assert "770.25" in answer.text
    assert len(api.requests) == 3
    sent = json.dumps(api.requests)
    for value in ("South", '\\"North', "Lamp", "120.5", "770", "2026-07-03"):
        assert value not in sent


def test_a_thousand_tables_cost_no_more_than_those_that_matter(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path
) -> None:
    many = tmp_path / "many.sqlite"
    with sqlite3.connect(many) as db:
        db.execute("CREATE TABLE ledger (region text, amount real)")
        db.executemany("INSERT INTO ledger VALUES (?, ?)", [("North", 3), ("South", 4)])
        for n in range(1_000):
            columns = ", ".join(f"measurement_of_sensor_{n}_{c} real" for c in range(12))
            db.execute(f"CREATE TABLE sensor_{n} ({columns})")
    db.close()
    sql = "SELECT region, SUM(amount) AS total FROM ledger GROUP BY region ORDER BY total DESC"
    finds = calls("search_schema", {"words": "sensor 77"})
    insight = {**INSIGHT, "text": "South leads with 4."}
    with FakeAnthropic(finds, says({**BY_REGION, "sql": sql}), says(insight)) as api:
        dm = house(api)
        acme = factories.organization(dm)
        place = uploads.add_database(dm, acme.analyst, many, "many.sqlite", new_name="Many")
        answer = answered(dm, acme.viewer, place, "Ledger amount by region?")
    assert (answer.error, answer.row_count) == ("", 2)
    shown = api.requests[0]["system"][1]["text"]
    assert "table ledger" in shown
    assert "part of the database" in shown
    assert shown.count("\ntable ") <= 15
    assert "table sensor_77 " in api.requests[1]["messages"][-1]["content"][0]["content"]
    assert max(len(json.dumps(request)) for request in api.requests) < 60_000


TROUBLE = {
    "overload": fails(529),
    "no credit": fails(402),
    "a wrong key": fails(401),
    "a limit": fails(429),
    "a refusal": says("{}", stop="refusal"),
    "nonsense": says("?"),
}


@pytest.mark.parametrize("turn", TROUBLE.values(), ids=TROUBLE.keys())
def test_when_claude_fails_the_built_in_analyst_is_offered_and_answers(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path, turn: Turn
) -> None:
    with FakeAnthropic(turn.but(headers=(("retry-after-ms", "1"),))) as api:
        dm, acme, place = town(house, api, tmp_path)
        failed = answered(dm, acme.viewer, place, "total amount by region")
        asked = len(api.requests)
        assert failed.offers_built_in
        assert failed.error
        answer = answered(
            dm,
            acme.viewer,
            place,
            "total amount by region",
            session_id=failed.session_id,
            built_in=True,
        )
        assert len(api.requests) == asked, "the model is left alone"
    assert (answer.error, answer.analyst, answer.offers_built_in) == ("", "local", False)
    assert answer.row_count == 2


def test_a_query_that_the_guard_refuses_is_not_the_models_failure(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path
) -> None:
    drop = {**BY_REGION, "sql": "DROP TABLE sales"}
    with FakeAnthropic(says(drop)) as api:
        dm, acme, place = town(house, api, tmp_path)
        answer = answered(dm, acme.viewer, place, "Drop it all")
        assert "DROP is not a query" in answer.error
        assert answer.preview is None
        assert len(api.requests) == 3


# --- budgets ---


def spend(dm: DataMind, who: Actor, dollars: int, model: str = "claude-sonnet-5-5") -> None:
    tokens = Usage(input=dollars * 1_000_000 // 3)
    usage.record(dm, who, ModelCall("draft", model, tokens, 1.0, "req_1"))


def test_the_hard_budget_ends_the_models_work_for_the_month(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path
) -> None:
    with FakeAnthropic(says(BY_REGION), says(INSIGHT)) as api:
        dm, acme, place = town(house, api, tmp_path)
        usage.set_budget(dm, acme.admin, Budget(hard=Decimal(5)))
        spend(dm, acme.viewer, 6)
        answer = answered(dm, acme.viewer, place, "total amount by region")
        assert answer.error == "The budget of this month for the model, $5.00, is used up."
        assert answer.offers_built_in
        assert api.requests == []
        other = factories.organization(dm, "globex")
        usage.allow(dm, other.viewer)
        in_november = replace(dm, clock=SetClock(dm.clock.now() + timedelta(days=31)))
        assert answered(in_november, acme.viewer, place, "Amount by region?").error == ""


def test_the_soft_budget_is_told_to_admins_once_a_month(dm: DataMind, acme: Organization) -> None:
    usage.set_budget(dm, acme.admin, Budget(Decimal(2), Decimal(9)))
    for dollars in (1, 2, 3):
        spend(dm, acme.viewer, dollars)
    told = [n for n in notices.notices(dm, acme.admin) if n.kind == "usage.budget"]
    assert [n.body for n in told] == ["$3.00 were used since October 01. The budget ends at $9.00."]
    assert notices.notices(dm, acme.viewer) == ()
    in_november = replace(dm, clock=SetClock(dm.clock.now() + timedelta(days=31)))
    assert usage.month(in_november, acme.admin).total.calls == 0


@pytest.mark.parametrize(
    ("model", "counted", "dollars"),
    [
        ("claude-sonnet-5-5", Usage(1_000_000, 0), "3.00"),
        ("claude-sonnet-5-5", Usage(0, 1_000_000), "15.00"),
        ("claude-haiku-5-5", Usage(0, 0, cache_read=1_000_000), "0.10"),
        ("claude-haiku-5-5", Usage(0, 0, cache_write=1_000_000), "1.25"),
        ("claude-opus-5", Usage(1_000_000, 1_000_000), "30.00"),
        ("qwen3:8b", Usage(1_000_000, 0), None),
    ],
)
def test_a_call_costs_what_the_table_says(model: str, counted: Usage, dollars: str | None) -> None:
    assert usage.cost(model, counted) == (Decimal(dollars) if dollars else None)


@pytest.mark.parametrize(
    "budget", [Budget(Decimal(-1)), Budget(Decimal(9), Decimal(5)), Budget(hard=Decimal(10**9))]
)
def test_a_budget_that_makes_no_sense_is_a_sentence(
    dm: DataMind, acme: Organization, budget: Budget
) -> None:
    with pytest.raises(BadInput):
        usage.set_budget(dm, acme.admin, budget)


def test_only_admins_see_the_cost_and_set_budgets(dm: DataMind, acme: Organization) -> None:
    for who in (acme.analyst, acme.viewer):
        with pytest.raises(NotAllowed):
            usage.month(dm, who)
        with pytest.raises(NotAllowed):
            usage.set_budget(dm, who, Budget())
    spend(dm, acme.viewer, 3, model="qwen3:8b")
    month = usage.month(dm, acme.admin)
    assert (month.total.cost, month.unpriced) == (0, 1)


@pytest.mark.parametrize("in_time", [True, False], ids=["it finishes", "it is stopped"])
def test_a_server_that_stops_lets_a_question_finish_or_says_what_became_of_it(
    house: Callable[[FakeAnthropic], DataMind], tmp_path: Path, in_time: bool
) -> None:
    with FakeAnthropic(says(BY_REGION, hangs_after=0), says(INSIGHT)) as api:
        dm, acme, place = town(house, api, tmp_path)
        asked = ask.start(dm, acme.viewer, "Amount by region?", connection_id=place)
        if in_time:
            api.release()
        datamind.close(dm, patience=30.0 if in_time else 0.0)
        api.release()
    again = datamind.build(dm.settings, SilentQueue())
    kept = conversations.messages(again, acme.viewer, asked.session_id)[-1]
    state = jobs.follow(again, acme.viewer, asked.job_id).state
    datamind.close(again)
    if in_time:
        assert (kept.error, state) == ("", "done")
    else:
        assert kept.error == "The server was stopped before this was answered."
        assert state == "interrupted"
