"""Answers on real databases, told in order and carried on; test_local_questions has the tables."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.demo.questions import SUGGESTED
from core.types import Draft
from tests.analyst import local_data
from tests.analyst.local_data import Place


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("shop")
    if request.param == "duckdb":
        place = local_data.duckdb_shop(folder)
    else:
        place = local_data.sqlite_place(folder, "shop", local_data.SHOP)
    yield place
    place.database.close()


def test_months_are_in_order_and_the_running_one_is_told(shop: Place) -> None:
    draft = shop.ask("revenue by month this year")
    assert isinstance(draft, Draft)
    assert [row[1] for row in shop.rows(draft)] == [40, 20, 60, 50, 30]
    assert "Nov 2026 is not over yet." in draft.assumptions
    assert draft.chart is not None
    assert draft.chart.kind == "line"


def test_growth_leaves_the_running_month_out(shop: Place) -> None:
    draft = shop.ask("revenue month over month this year")
    assert isinstance(draft, Draft)
    rows = shop.rows(draft)
    assert [row[1:] for row in rows[1:]] == [[20, 40, -50], [60, 20, 200], [50, 60, -16.67]]
    assert len(rows) == 4


FOLLOW_UPS = [
    (("revenue last quarter", "and by channel?"), [["Web", 100.0], ["App", 20.0]]),
    (("revenue last quarter", "and by channel?", "only Germany"), [["Web", 40.0], ["App", 20.0]]),
    (("revenue by channel", "top 1"), [["Web", 170.0]]),
    (("top 2 products by revenue last quarter", "make it the top 3"),
     [["Lamp", 50.0], ["Gizmo", 40.0], ["Widget", 30.0]]),
    (("revenue this year", "last year instead"), [[20.0]]),
    (("how many customers do we have", "by segment"), [["Consumer", 3.0], ["Business", 1.0]]),
    (("how many customers do we have", "by segment", "only those who signed up this year"),
     [["Business", 1.0], ["Consumer", 2.0]]),
    (("revenue in october", "what about september"), [[60.0]]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("turns", "wanted"), FOLLOW_UPS, ids=[" > ".join(t) for t, _ in FOLLOW_UPS]
)
def test_a_follow_up_edits_the_plan_before(
    shop: Place, turns: tuple[str, ...], wanted: list[list[Any]]
) -> None:
    draft = shop.ask(*turns)
    assert isinstance(draft, Draft), draft
    assert sorted(shop.rows(draft), key=str) == sorted(wanted, key=str), draft.sql


@pytest.mark.parametrize(
    ("words", "kind"),
    [("as a heatmap", "heatmap"), ("as a funnel", "funnel"), ("on a map", "map")],
)
def test_other_kinds_of_charts_are_asked_for_by_name(shop: Place, words: str, kind: str) -> None:
    draft = shop.ask("revenue by channel", words)
    assert isinstance(draft, Draft)
    assert draft.chart is not None
    assert draft.chart.kind == kind


def test_a_follow_up_changes_only_the_picture(shop: Place) -> None:
    before = shop.ask("revenue by channel")
    after = shop.ask("revenue by channel", "as a pie")
    assert isinstance(before, Draft)
    assert isinstance(after, Draft)
    assert after.sql == before.sql
    assert after.chart is not None
    assert after.chart.kind == "pie"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = local_data.demo_shop(tmp_path_factory.mktemp("demo"))
    yield place
    place.database.close()


@pytest.mark.parametrize("text", SUGGESTED)
def test_every_suggested_question_of_the_demo_is_answered_with_rows(demo: Place, text: str) -> None:
    draft = demo.ask(text)
    assert isinstance(draft, Draft), draft
    assert demo.rows(draft)


def test_the_first_question_of_the_demo_gives_ten_products_best_first(demo: Place) -> None:
    draft = demo.ask("What were our top 10 products by revenue last quarter?")
    assert isinstance(draft, Draft)
    assert demo.rows(draft) == local_data.plain(
        demo.database.execute(
            "SELECT p.name, SUM(i.revenue) FROM order_items i JOIN orders o USING (order_id) "
            "JOIN products p USING (product_id) WHERE o.ordered_at >= '2026-07-01' "
            "AND o.ordered_at < '2026-10-01' GROUP BY p.product_id, p.name ORDER BY 2 DESC LIMIT 10"
        ).fetchall()
    )
    assert draft.reading == "Sum of revenue by product, top 10, Jul 1 – Sep 30, 2026"
    assert draft.chart is not None
    assert (draft.chart.kind, draft.chart.x, draft.chart.y) == (
        "horizontal_bar", "product", ("revenue",),
    )  # fmt: skip
