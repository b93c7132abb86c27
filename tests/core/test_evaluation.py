"""`make eval`: which results say the same, and the trend of how the analysts do."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from core import evaluation, trust, verified
from core.datamind import DataMind
from core.errors import NotAllowed
from core.store.tables import VerifiedAnswer
from core.types import QueryResult
from tests import factories
from tests.factories import Organization, answered

A = {"region": ["North", "South"], "amount": [529.75, 770.25]}


def result(columns: dict[str, list[Any]]) -> QueryResult:
    return QueryResult(pa.table(columns))


@pytest.mark.parametrize(
    ("other", "ordered", "same"),
    [
        (A, True, True),
        ({"r": ["North", "South"], "total": [529.75, 770.25]}, True, True),
        ({"total": [529.75, 770.25], "r": ["North", "South"]}, True, True),
        ({"region": ["South", "North"], "amount": [770.25, 529.75]}, False, True),
        ({"region": ["South", "North"], "amount": [770.25, 529.75]}, True, False),
        ({"region": ["North", "South"], "amount": [529.7500001, 770.25]}, True, True),
        ({"region": ["North", "South"], "amount": [529.8, 770.25]}, True, False),
        ({"region": ["North", "South"], "amount": [770.25, 529.75]}, False, False),
        ({"region": ["North"], "amount": [529.75]}, False, False),
        ({"region": ["North", "South"]}, False, False),
        ({"region": ["North", "South"], "amount": [529.75, None]}, False, False),
        ({"region": ["North", "South"], "amount": [Decimal("529.75"), Decimal("770.25")]},
         True, True),
        ({"region": ["North", "North"], "amount": [529.75, 529.75]}, False, False),
    ],
)  # fmt: skip
def test_which_results_say_the_same(other: dict[str, list[Any]], ordered: bool, same: bool) -> None:
    assert trust.same_result(result(A), result(other), ordered=ordered) is same
    assert trust.same_result(result(other), result(A), ordered=ordered) is same


def test_days_and_midnights_are_the_same() -> None:
    midnight = datetime.combine(date(2026, 7, 1), time())
    days = result({"d": [date(2026, 7, 1), None], "n": [1, 2]})
    moments = result({"d": [midnight, None], "n": [1.0, 2.0]})
    assert trust.same_result(days, moments, ordered=True)
    later = result({"d": [midnight + timedelta(hours=5), None], "n": [1.0, 2.0]})
    assert not trust.same_result(days, later, ordered=True)


def test_the_trend_shows_when_an_analyst_gets_worse(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    sales = factories.sales(dm, acme.analyst, tmp_path)
    for text in ("Total amount by region", "Number of orders by product"):
        _, answer = answered(dm, acme.analyst, text, sales)
        made = verified.verify(dm, acme.analyst, answer.id)
    first = evaluation.run(dm, acme.admin)
    assert (first.asked, first.same, first.analyst) == (2, 2, "local")
    with dm.sessions.write() as db:
        row = db.get_one(VerifiedAnswer, made)
        row.sql_text = "SELECT product, 7 AS n FROM sales GROUP BY product"
    second = evaluation.run(dm, acme.admin)
    assert (second.asked, second.same) == (2, 1)
    [worse] = [v for v in second.verdicts if not v.same]
    assert worse.question == "Number of orders by product"
    assert worse.why == "It has other values than the verified answer."
    assert [run.same for run in evaluation.runs(dm, acme.admin)] == [2, 1]
    assert verified.answers(dm, acme.admin)[0].times_used == 0, "a test is no use"


def test_only_admins(dm: DataMind, acme: Organization) -> None:
    for do in (evaluation.run, evaluation.runs):
        with pytest.raises(NotAllowed):
            do(dm, acme.analyst)
