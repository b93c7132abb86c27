"""Verified answers: who asks for the same gets them at once, and nobody else ever does."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core import (
    accounts,
    ask,
    connections,
    datamind,
    installation,
    query,
    recall,
    refreshes,
    schema,
    verified,
)
from core.analyst.local import lexicon, sameness, wording
from core.clock import FixedDay
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.demo import organization as demo
from core.desk import QuestionDesk
from core.errors import BadInput, NotAllowed
from core.jobs import Work
from core.recall import Recalled
from core.store.queue import SilentQueue
from core.store.tables import VerifiedAnswer
from core.types import Draft, Query, Question
from tests import factories
from tests.factories import Organization, answered

TODAY = date(2026, 11, 23)
CASES = tomllib.loads((Path(__file__).parent / "paraphrases.toml").read_text("utf-8"))["question"]
UNDERSTOOD = [case for case in CASES if case.get("understood", True)]


class Shop:
    """The demo shop, its analyst, and one verified answer at a time."""

    def __init__(self, dm: DataMind) -> None:
        self.dm = dm
        self.actor = accounts.actor_of(dm, demo.user(dm, "analyst"), "user")
        self.connection = next(
            c.id for c in connections.connections(dm, self.actor) if c.name == demo.SHOP
        )
        self.schema = schema.read(dm, self.actor, self.connection)
        work = Work(dm, UUID(int=0), {}, Cancel())
        self.desk = QuestionDesk(dm, self.actor, work, self.connection, self.schema)

    def asked(self, text: str, today: date = TODAY) -> Question:
        return Question(text, self.schema, today)

    def drafted(self, text: str, today: date = TODAY) -> Draft | None:
        outcome = self.dm.analysts.local.draft(self.asked(text, today), self.desk)
        return outcome if isinstance(outcome, Draft) else None

    def stood_for(self, text: str, sql: str | None = None, on: date = TODAY) -> verified.Verified:
        """A verified answer as `recall` gets it; nothing is kept."""
        draft = self.drafted(text, on)
        return verified.Verified(
            id=UUID(int=1), question=text, sql=sql or (draft.sql if draft else "SELECT 1 AS n"),
            reading="", chart=None, connection_id=self.connection, connection=demo.SHOP,
            owner="Jonas Brandt", asked_on=on, verified_at=self.dm.clock.now(), times_used=0,
            last_used_at=None, broken="",
        )  # fmt: skip

    def recalled(self, one: verified.Verified, text: str, today: date = TODAY) -> Recalled | None:
        return recall.find(self.dm, self.actor, self.asked(text, today), self.desk, [one])

    def rows(self, sql: str) -> list[dict[str, object]]:
        found = query.run(self.dm, self.actor, Query(self.connection, sql))
        return sorted(found.table.to_pylist(), key=repr)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("shop")
    settings = factories.settings(home, datamind_demo="on")
    dm = datamind.build(settings, SilentQueue(), FixedDay(TODAY))
    installation.prepare(dm)
    yield Shop(dm)
    datamind.close(dm)


def pairs(kind: str) -> list[object]:
    return [
        pytest.param(case["verified"], other, id=other) for case in CASES for other in case[kind]
    ]


@pytest.mark.parametrize(("known", "other"), pairs("same"))
def test_the_same_in_other_words_gets_it_unchanged(shop: Shop, known: str, other: str) -> None:
    one = shop.stood_for(known)
    found = shop.recalled(one, other)
    assert found is not None
    assert (found.draft.sql, found.bound) == (one.sql, ())


@pytest.mark.parametrize(("known", "other"), pairs("rebound"))
def test_another_period_or_value_gets_its_own_figures(shop: Shop, known: str, other: str) -> None:
    """The SQL is bound anew; its rows are those that the question itself would get."""
    found = shop.recalled(shop.stood_for(known), other)
    assert found is not None
    assert found.bound
    own = shop.drafted(other)
    assert own is not None
    assert shop.rows(found.draft.sql) == shop.rows(own.sql)


@pytest.mark.parametrize(("known", "other"), pairs("other"))
def test_what_only_looks_alike_gets_nothing(shop: Shop, known: str, other: str) -> None:
    assert shop.recalled(shop.stood_for(known), other) is None


@pytest.mark.parametrize(("known", "other"), pairs("other"))
def test_what_only_looks_alike_gets_nothing_by_words_alone(
    shop: Shop, known: str, other: str
) -> None:
    """Also where the built-in analyst understands neither: words must be enough to refuse."""
    words = lexicon.of(shop.schema)
    found = sameness.alike(sameness.Asked(known, TODAY), sameness.Asked(other, TODAY), words)
    assert found is None


def test_no_score_of_words_alone_could_tell_them_apart() -> None:
    """Why every word must find its like: the share of words in common overlaps by far."""
    same = [wording.nearness(c["verified"], other) for c in CASES for other in c["same"]]
    others = [wording.nearness(c["verified"], other) for c in CASES for other in c["other"]]
    assert min(same) < max(others)


def test_what_is_alike_lies_well_above_the_threshold(shop: Shop) -> None:
    words = lexicon.of(shop.schema)
    found = [
        sameness.score(c["verified"], other, words, TODAY) for c in CASES for other in c["same"]
    ]
    above = [score for score in found if score]
    assert min(above) > sameness.THRESHOLD + 0.05
    assert len(above) >= 0.8 * len(found)


def test_a_relative_period_moves_with_the_days(shop: Shop) -> None:
    """Last quarter, verified in November, is another quarter in January."""
    one = shop.stood_for("Revenue by country last quarter", on=date(2026, 8, 3))
    assert "2026-04-01" in one.sql
    found = shop.recalled(one, "Revenue by country last quarter")
    assert found is not None
    assert "2026-07-01" in found.draft.sql
    assert "2026-04-01" not in found.draft.sql
    assert found.bound == ("Jul 1 – Sep 30, 2026",)


def test_a_query_that_moves_by_itself_is_left_alone(shop: Shop) -> None:
    moving = "SELECT COUNT(*) AS n FROM orders WHERE ordered_at >= CURRENT_DATE - INTERVAL 30 DAY"
    one = shop.stood_for("Orders that we got in the last 30 days", moving, TODAY - timedelta(9))
    found = shop.recalled(one, "Orders that we got in the past 30 days")
    assert found is not None
    assert found.draft.sql == moving
    fixed = replace(one, question="Orders that we got in October 2026")
    assert shop.recalled(fixed, "Orders that we got in October 2026") is None


def test_a_period_that_stands_twice_is_not_bound_anew(shop: Shop) -> None:
    sql = (
        "SELECT SUM(total) AS revenue FROM orders WHERE ordered_at >= DATE '2026-07-01' AND "
        "ordered_at < DATE '2026-10-01' AND customer_id IN (SELECT customer_id FROM orders "
        "WHERE ordered_at >= DATE '2026-07-01' AND ordered_at < DATE '2026-10-01')"
    )
    one = shop.stood_for("Revenue last quarter", sql)
    assert shop.recalled(one, "revenue in the last quarter") is not None
    assert shop.recalled(one, "revenue last month") is None


def test_a_broken_one_is_never_recalled(shop: Shop) -> None:
    one = replace(shop.stood_for("Revenue by country last quarter"), broken="It is gone.")
    assert shop.recalled(one, "Revenue by country last quarter") is None


# --- in conversations ------------------------------------------------------------------------


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


Verify = Callable[[str], UUID]


@pytest.fixture
def verify(dm: DataMind, acme: Organization, sales: UUID) -> Verify:
    """Ask a question and stand for its answer."""

    def do(text: str) -> UUID:
        _, answer = answered(dm, acme.analyst, text, sales)
        return verified.verify(dm, acme.analyst, answer.id)

    return do


def test_everybody_gets_it_with_the_question_it_matches(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    verify("Total amount by region")
    _, answer = answered(dm, acme.viewer, "total amount per region", sales)
    assert answer.grade is not None
    assert answer.grade.level == "verified"
    assert "Total amount by region" in answer.grade.reasons[0].text
    assert answer.verified is not None
    assert answer.verified.question == "Total amount by region"
    assert answer.verified.owner == "Analyst Person"
    assert "770.25" in answer.text
    [kept] = verified.answers(dm, acme.viewer)
    assert kept.times_used == 1
    assert kept.last_used_at is not None


def test_another_value_is_another_figure(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    verify("Total amount in North")
    _, north = answered(dm, acme.viewer, "total amount in North", sales)
    _, south = answered(dm, acme.viewer, "total amount in South", sales)
    assert "529.75" in north.text
    assert "770.25" in south.text
    assert south.verified is not None
    assert south.verified.bound == ("South",)
    assert "South" in south.grade.reasons[1].text
    _, most = answered(dm, acme.viewer, "highest amount in North", sales)
    assert most.verified is None


def test_another_period_is_another_figure(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    verify("Total amount in August 2026")
    _, august = answered(dm, acme.viewer, "total amount in august 2026", sales)
    _, september = answered(dm, acme.viewer, "total amount in September 2026", sales)
    assert "310" in august.text
    assert "639.5" in september.text
    assert "310" not in september.text


def test_a_follow_up_is_not_taken_for_a_question_of_its_own(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    verify("Total amount by product")
    session_id, _ = answered(dm, acme.viewer, "Total amount in North", sales)
    _, further = answered(dm, acme.viewer, "by product", sales, session_id)
    assert further.verified is None
    rows = further.preview.table.to_pylist() if further.preview else []
    assert all("540" not in str(row) for row in rows), "the table of the South is not of the North"


def test_a_follow_up_is_verified_only_when_written_out(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, _ = answered(dm, acme.analyst, "Total amount by region", sales)
    _, further = answered(dm, acme.analyst, "only North", sales, session_id)
    with pytest.raises(verified.LeansOnOthers, match="leans"):
        verified.verify(dm, acme.analyst, further.id)
    verified.verify(dm, acme.analyst, further.id, "Total amount by region in North")
    assert verified.questions(dm, acme.viewer, sales) == ("Total amount by region in North",)


def test_a_later_question_of_its_own_is_verified_in_one_go(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, _ = answered(dm, acme.analyst, "Total amount by region", sales)
    _, further = answered(dm, acme.analyst, "How many orders by product?", sales, session_id)
    verified.verify(dm, acme.analyst, further.id)
    assert verified.questions(dm, acme.viewer, sales) == ("How many orders by product?",)


def test_who_may_verify_and_what(dm: DataMind, acme: Organization, sales: UUID) -> None:
    _, seen = answered(dm, acme.viewer, "Total amount by region", sales)
    with pytest.raises(NotAllowed):
        verified.verify(dm, acme.viewer, seen.id)
    _, nothing = answered(dm, acme.analyst, "hello", sales)
    with pytest.raises(BadInput, match="with a result"):
        verified.verify(dm, acme.analyst, nothing.id)


def test_verifying_again_replaces(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    assert verify("Total amount by region") == verify("total amount by REGION")
    assert len(verified.answers(dm, acme.admin)) == 1


def test_it_is_suggested_and_an_example_until_it_is_removed(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    made = verify("Total amount by region in September 2026")
    assert ask.suggestions(dm, acme.viewer, sales)[0] == "Total amount by region in September 2026"
    desk = QuestionDesk(
        dm, acme.viewer, Work(dm, UUID(int=0), {}, Cancel()), sales,
        schema.read(dm, acme.viewer, sales),
    )  # fmt: skip
    [example] = desk.verified("amount by region last year")
    assert example.question == "Total amount by region in September 2026"
    _, lost = answered(
        dm, acme.viewer, "average frobnication of the amount by region per quibble", sales
    )
    assert lost.suggestions[0] == "Total amount by region in September 2026"
    with pytest.raises(NotAllowed):
        verified.remove(dm, acme.viewer, made)
    verified.remove(dm, acme.analyst, made)
    assert desk.__class__(dm, acme.viewer, Work(dm, UUID(int=0), {}, Cancel()), sales,
                          desk.schema).verified("amount by region") == ()  # fmt: skip


def test_what_a_changed_schema_breaks_is_marked_and_mended(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    made = verify("Total amount by region")
    with dm.sessions.write() as db:
        row = db.get_one(VerifiedAnswer, made)
        good, row.sql_text = row.sql_text, row.sql_text.replace("region", "district")
    diff = refreshes.refresh(dm, acme.analyst, sales)
    assert diff.broken == ("Total amount by region",)
    [kept] = verified.answers(dm, acme.admin)
    assert "district" in kept.broken
    _, answer = answered(dm, acme.viewer, "total amount by region", sales)
    assert answer.verified is None
    assert "770.25" in answer.text
    with dm.sessions.write() as db:
        db.get_one(VerifiedAnswer, made).sql_text = good
    assert refreshes.refresh(dm, acme.analyst, sales).broken == ()
    assert verified.answers(dm, acme.admin)[0].broken == ""


def test_sql_that_the_guard_refuses_today_does_not_run(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    made = verify("Total amount by region")
    with dm.sessions.write() as db:
        db.get_one(VerifiedAnswer, made).sql_text = "DELETE FROM sales"
    _, answer = answered(dm, acme.viewer, "total amount by region", sales)
    assert answer.verified is None
    assert "770.25" in answer.text


def test_it_goes_with_its_connection(
    dm: DataMind, acme: Organization, sales: UUID, verify: Verify
) -> None:
    verify("Total amount by region")
    connections.delete(dm, acme.admin, sales)
    assert verified.answers(dm, acme.admin) == ()
