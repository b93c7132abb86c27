"""What holds for every analyst, whoever thinks. The turns are what Claude's server says;
the built-in analyst needs none."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import sqlglot

from core.analyst.base import Analyst, BareDesk, Desk
from core.analyst.local import LocalAnalyst
from core.errors import QueryCancelled
from core.types import Cannot, ColumnFacts, Draft, Facts, Reply, Turn
from tests.analyst.claude_says import GOOD, claude
from tests.analyst.desk import SHOP, ShopDesk, ask
from tests.fake_anthropic import FakeAnthropic, says
from tests.fake_anthropic import Turn as Says

Hire = Callable[..., Analyst]

PER_COUNTRY = {
    **GOOD,
    "reading": "Amount of orders per country",
    "sql": "SELECT c.cntry AS country, SUM(o.amount) AS total_amount "
    "FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.cntry ORDER BY 2 DESC",
}
HELLO = {**GOOD, "kind": "reply", "sql": "", "text": "Hello! Ask me about orders."}
NO_DATA = {**GOOD, "kind": "cannot", "sql": "", "text": "There is nothing on the weather."}
INSIGHT = {
    "text": "DE leads with 42.5, before AT with 15.",
    "summary": "DE leads with 42.5.",
    "chart": {"kind": "bar", "x": "country", "y": ["total_amount"], "color": "", "title": "Total"},
    "follow_ups": ["And per month?"],
}
DICTIONARY = {
    "tables": [
        {
            "table": "orders",
            "description": "What was bought.",
            "columns": [
                {"column": "amount", "description": "What was paid.", "business_term": "Amount"}
            ],
        }
    ]
}
FACTS = Facts(
    2,
    False,
    (
        ColumnFacts("country", "category", 0),
        ColumnFacts("total_amount", "measure", 0, 57.5, 15.0, 42.5, "AT", "DE"),
    ),
    (("DE", 42.5), ("AT", 15.0)),
)


@pytest.fixture(params=["local", "claude"])
def hire(request: pytest.FixtureRequest) -> Iterator[Hire]:
    """Gives the analyst under test, for whom these are the turns of the server."""
    with ExitStack() as open_servers:

        def local(*turns: Says) -> Analyst:
            return LocalAnalyst()

        def remote(*turns: Says) -> Analyst:
            return claude(open_servers.enter_context(FakeAnthropic(*turns)))

        yield {"local": local, "claude": remote}[request.param]


def test_a_question_on_the_data_becomes_one_query_that_runs(hire: Hire) -> None:
    desk = ShopDesk()
    draft = hire(says(PER_COUNTRY)).draft(ask("total amount of orders per country"), desk)
    assert isinstance(draft, Draft)
    assert draft.reading
    (tree,) = sqlglot.parse(draft.sql, read="sqlite")
    assert isinstance(tree, sqlglot.exp.Query)
    assert sorted(map(sorted_values, rows(desk, draft.sql))) == [[15.0, "AT"], [42.5, "DE"]]


def test_a_follow_up_is_understood_with_the_turn_before(hire: Hire) -> None:
    only = {**PER_COUNTRY, "sql": PER_COUNTRY["sql"].replace("GROUP", "WHERE c.cntry='DE' GROUP")}
    analyst, desk = hire(says(PER_COUNTRY), says(only)), ShopDesk()
    first = analyst.draft(ask("total amount of orders per country"), desk)
    assert isinstance(first, Draft)
    turn = Turn("total amount of orders per country", "DE leads.", first.sql, first.plan)
    second = analyst.draft(ask("only DE", turn), desk)
    assert isinstance(second, Draft)
    assert [sorted_values(row) for row in rows(desk, second.sql)] == [[42.5, "DE"]]


def test_a_greeting_gets_a_reply(hire: Hire) -> None:
    outcome = hire(says(HELLO)).draft(ask("hello"), ShopDesk())
    assert isinstance(outcome, Reply)
    assert outcome.text


def test_what_the_data_does_not_hold_is_not_made_up(hire: Hire) -> None:
    outcome = hire(says(NO_DATA)).draft(ask("how warm was it in Paris yesterday"), ShopDesk())
    assert isinstance(outcome, Cannot)
    assert outcome.reason


def test_the_answer_uses_the_facts_and_draws_columns_that_are_there(hire: Hire) -> None:
    draft = Draft(PER_COUNTRY["sql"], "Amount per country", title="Amount per country")
    asked = ask("total amount of orders per country")
    insight = hire(says(INSIGHT)).explain(asked, draft, FACTS, ShopDesk())
    assert "42.5" in insight.text
    assert 0 < len(insight.summary) <= 500
    assert "\n" not in insight.summary
    if insight.chart:
        drawn = {insight.chart.x, insight.chart.color, *insight.chart.y} - {None}
        assert drawn <= {"country", "total_amount"}


def test_descriptions_are_of_tables_and_columns_that_are_there(hire: Hire) -> None:
    described = hire(says(DICTIONARY)).describe(SHOP.tables, BareDesk(SHOP))
    assert described
    for entry in described:
        table = SHOP.table(entry.table)
        assert table is not None
        assert entry.column is None or table.column(entry.column) is not None
        assert entry.description or entry.business_term


def test_after_stop_no_query_is_drafted(hire: Hire) -> None:
    desk = ShopDesk()
    desk.stopped = True
    with pytest.raises(QueryCancelled):
        hire(says(PER_COUNTRY)).draft(ask("total amount of orders per country"), desk)
    assert desk.tried == []


def test_nothing_of_one_question_is_left_for_the_next(hire: Hire) -> None:
    analyst, desk = hire(says(PER_COUNTRY)), ShopDesk()
    asked = ask("total amount of orders per country")
    assert analyst.draft(asked, desk) == analyst.draft(asked, ShopDesk())


def rows(desk: Desk, sql: str) -> list[list[object]]:
    table = desk.try_sql(sql).table
    return [list(row.values()) for row in table.to_pylist()]


def sorted_values(row: list[object]) -> list[object]:
    """The values of a row, numbers first: which column comes first is the analyst's choice."""
    return sorted(row, key=lambda value: isinstance(value, str))
