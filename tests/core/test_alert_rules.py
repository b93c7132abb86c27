"""Rules as a table: a value, its past, and what is said of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from core.alerts import rules, values
from core.alerts.rules import Past, Rule
from core.alerts.values import Measured, Pick
from core.errors import BadInput
from core.types import QueryResult

NOW = datetime(2026, 10, 15, 9, tzinfo=UTC)  # a Thursday
NAN, INFINITE = float("nan"), float("inf")


def hourly(*figures: float) -> list[Past]:
    """Values of the last checks, an hour apart, the newest last."""
    return [Past(NOW - timedelta(hours=len(figures) - i), v) for i, v in enumerate(figures)]


def daily(*figures: float) -> list[Past]:
    """Values of the last days at the same time, the newest last."""
    return [Past(NOW - timedelta(days=len(figures) - i), v) for i, v in enumerate(figures)]


WEEKS = [100.0, 100, 100, 100, 100, 20, 10] * 5  # Thursday to Wednesday: 20 and 10 on two days

TABLE = [
    # rule, value, past, level, what the reason says
    (Rule("above", 10), 11, [], "bad", "11 is above the limit of 10"),
    (Rule("above", 10), 10, [], "ok", "exactly"),
    (Rule("above", 10), 9.5, [], "ok", "9.5 is below"),
    (Rule("above", 10), None, [], "no_data", "no value"),
    (Rule("above", 10), NAN, [], "no_data", "no value"),
    (Rule("above", 10), INFINITE, [], "bad", "above"),
    (Rule("above", 0), 0, [], "ok", "exactly"),
    (Rule("above", -5), -4, [], "bad", "above the limit of -5"),
    (Rule("below", 1000), 999.99, [], "bad", "999.99 is below the limit of 1,000"),
    (Rule("below", 1000), 1000, [], "ok", "exactly"),
    (Rule("below", 1000), -INFINITE, [], "bad", "below"),
    (Rule("outside", low=5, high=9), 5, [], "ok", "within"),
    (Rule("outside", low=5, high=9), 9, [], "ok", "within"),
    (Rule("outside", low=5, high=9), 4.9, [], "bad", "below 5"),
    (Rule("outside", low=5, high=9), 9.1, [], "bad", "above 9"),
    (Rule("outside", low=5), 1e9, [], "ok", "within"),
    (Rule("outside", high=9), -1e9, [], "ok", "within"),
    (Rule("change_pct", 20), 121, hourly(100), "bad", "up 21% from 100 (the check before)"),
    (Rule("change_pct", 20), 120, hourly(100), "ok", "up 20%"),
    (Rule("change_pct", 20), 79, hourly(100), "bad", "down 21%"),
    (Rule("change_pct", 20), -130, hourly(-100), "bad", "down 30%"),
    (Rule("change_pct", 20), 100, hourly(100), "ok", "no change"),
    (Rule("change_pct", 20), 50, hourly(900, 45), "ok", "up 11.1% from 45"),
    (Rule("change_pct", 20), 5, [], "unknown", "no value of the check before"),
    (Rule("change_pct", 20), 5, hourly(0), "unknown", "cannot be told in percent"),
    (Rule("change_pct", 20), 0, hourly(0), "ok", "0, as before"),
    (Rule("change_pct", 20), 0, hourly(8), "bad", "down 100%"),
    (Rule("change_pct", 20, direction="up"), 50, hourly(100), "ok", "down 50%"),
    (Rule("change_pct", 20, direction="down"), 50, hourly(100), "bad", "down 50%"),
    (Rule("change_pct", 20, direction="down"), 200, hourly(100), "ok", "up 100%"),
    (Rule("change_pct", 20, against="week"), 50, daily(*WEEKS), "bad", "from 100 (a week before)"),
    (Rule("change_pct", 20, against="week"), 50, daily(1, 2, 3), "unknown", "a week before"),
    (Rule("change_pct", 20, against="day"), 11, daily(10), "ok", "a day before"),
    (Rule("change_pct", 20, against="day"), 11, hourly(10), "unknown", "a day before"),
    (Rule("change_pct", 20, against="month"), 11, daily(*range(1, 40)), "ok", "from 10 (a month"),
    (Rule("anomaly"), 10, hourly(10, 11), "unknown", "after 3 values; there are 2"),
    (Rule("anomaly"), 10, hourly(10), "unknown", "there is 1"),
    (Rule("anomaly"), 10, hourly(10, 11, 9), "ok", "exactly the average of 10"),
    (Rule("anomaly"), 12, hourly(10, 11, 9), "ok", "(2.0 standard deviations) above"),
    (Rule("anomaly"), 12.1, hourly(10, 11, 9), "bad", "21% (2.1 standard deviations) above"),
    (Rule("anomaly", 3), 12.1, hourly(10, 11, 9), "ok", "2.1 standard"),
    (Rule("anomaly"), 7.9, hourly(10, 11, 9), "bad", "below the average"),
    (Rule("anomaly", direction="up"), 7.9, hourly(10, 11, 9), "ok", "below"),
    (Rule("anomaly", direction="down"), 7.9, hourly(10, 11, 9), "bad", "below"),
    (Rule("anomaly"), 5, hourly(5, 5, 5), "ok", "exactly"),
    (Rule("anomaly"), 0.3, hourly(0.1 + 0.2, 0.3, 0.3), "ok", "the average of 0.3"),
    (Rule("anomaly"), 6, hourly(5, 5, 5), "bad", "never moved before"),
    (Rule("anomaly"), 1, hourly(0, 0, 0), "bad", "above the average of 0, which never moved"),
    (Rule("anomaly"), 10, hourly(NAN, INFINITE, 9, 10, 11), "ok", "exactly"),
    (Rule("anomaly", least_percent=50), 12.1, hourly(10, 11, 9), "ok", "21%"),
    (Rule("anomaly"), 60, hourly(10, 11, 9, 10, 500), "ok", "standard deviations) below"),
    (Rule("anomaly", robust=True), 60, hourly(10, 11, 9, 10, 500), "bad", "above the usual of 10"),
    (Rule("anomaly", robust=True), 60, hourly(10, 10, 10, 10, 11), "bad", "above the usual of 10"),
    (Rule("anomaly", robust=True), 20, daily(*WEEKS), "bad", "below the usual of Thursdays of 100"),
    (Rule("anomaly"), 20, daily(*WEEKS), "ok", "below the average"),
    (Rule("no_rows"), 0, [], "bad", "0 rows"),
    (Rule("no_rows"), 1, [], "ok", "1 row."),
    (Rule("any_rows"), 0, [], "ok", "0 rows"),
    (Rule("any_rows"), 3, [], "bad", "3 rows"),
    (Rule("stale", 24), 24, [], "ok", "24 hours old"),
    (Rule("stale", 24), 72, [], "bad", "3 days old; at most 24 hours"),
    (Rule("stale", 0.5), 0.75, [], "bad", "45 minutes old; at most 30 minutes"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "value", "past", "level", "words"), TABLE)
def test_a_value_is_held_against_a_rule(rule, value, past, level, words):
    verdict = rules.evaluate(rule, value, past, at=NOW)
    assert verdict.level == level, verdict
    assert words in verdict.reason
    assert verdict.reason.endswith(".")


def test_the_past_may_come_in_any_order_and_holds_nothing_later():
    rule = Rule("change_pct", 20)
    past = [*hourly(100, 50), Past(NOW + timedelta(hours=1), 1.0)]
    assert rules.evaluate(rule, 55, past[::-1], at=NOW).expected == 50


def test_weekdays_are_those_of_the_person():
    """At 23:00 UTC on a Wednesday it is Thursday in Berlin."""
    late = datetime(2026, 10, 14, 23, tzinfo=UTC)
    past = [Past(late - timedelta(days=7 * n), 100.0 + n) for n in range(1, 6)]
    rule = Rule("anomaly", robust=True)
    there = rules.evaluate(rule, 50, past, at=late, time_zone="Europe/Berlin")
    assert "Thursdays" in there.reason


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("above"), "no limit"),
        (Rule("below", NAN), "has to be a number"),
        (Rule("above", INFINITE), "has to be a number"),
        (Rule("change_pct"), "no limit"),
        (Rule("change_pct", 0), "more than 0"),
        (Rule("anomaly", -1), "more than 0"),
        (Rule("stale", 0), "more than 0"),
        (Rule("outside"), "no limits"),
        (Rule("outside", low=5, high=5), "not below"),
        (Rule("anomaly", least_percent=-1), "negative"),
    ],
)
def test_a_rule_that_cannot_be_told_is_refused(rule, words):
    with pytest.raises(BadInput, match=words) as caught:
        rules.check(rule)
    assert caught.value.hint


@pytest.mark.parametrize(
    "rule", [Rule("above", 0), Rule("anomaly"), Rule("no_rows"), Rule("outside", low=-1)]
)
def test_a_rule_that_can_be_told_is_taken(rule):
    rules.check(rule)


def result(**columns: list[object]) -> QueryResult:
    return QueryResult(pa.table(columns))


ABOVE, STALE = Rule("above", 1), Rule("stale", 24)
DAY = datetime(2026, 10, 14, 21, tzinfo=UTC)

MEASURED = [
    (result(n=[5, 6]), ABOVE, Pick(), [Measured(5.0)]),
    (result(name=["a"], n=[Decimal("1.5")], m=[2]), ABOVE, Pick(), [Measured(1.5)]),
    (result(name=["a"], n=[1], m=[2]), ABOVE, Pick("m"), [Measured(2.0)]),
    (result(n=[None, 6]), ABOVE, Pick("n"), [Measured(None)]),
    (result(n=[NAN]), ABOVE, Pick(), [Measured(None)]),
    (result(n=[True]), ABOVE, Pick("n"), [Measured(1.0)]),
    (result(n=pa.array([], pa.int64())), ABOVE, Pick(), [Measured(None)]),
    (result(n=pa.array([], pa.int64())), Rule("no_rows"), Pick(), [Measured(0.0)]),
    (result(name=["a", "b"]), Rule("any_rows"), Pick(), [Measured(2.0)]),
    (
        result(region=["N", "S"], n=[1, 2]),
        ABOVE,
        Pick(groups=("region",)),
        [Measured(1.0, "N"), Measured(2.0, "S")],
    ),
    (
        result(year=[2025, 2026], n=[1, 2]),
        ABOVE,
        Pick(groups=("year",)),
        [Measured(1.0, "2025"), Measured(2.0, "2026")],
    ),
    (
        result(region=["N", None], n=[1, 2]),
        ABOVE,
        Pick("n", ("region",)),
        [Measured(1.0, "N"), Measured(2.0, "–")],
    ),
    (result(region=[], n=[]), ABOVE, Pick("n", ("region",)), []),
    (result(at=[DAY - timedelta(days=2), DAY, None]), STALE, Pick(), [Measured(12.0)]),
    (result(at=[date(2026, 10, 14)]), STALE, Pick(), [Measured(9.0)]),
    (result(at=[date(2026, 10, 16)]), STALE, Pick(), [Measured(0.0)]),
    (result(at=pa.array([None], pa.timestamp("us"))), STALE, Pick(), [Measured(None)]),
]


@pytest.mark.parametrize(("found", "rule", "pick", "measured"), MEASURED)
def test_the_value_is_read_out_of_the_result(found, rule, pick, measured):
    assert list(values.measure(found, rule, pick, now=NOW)) == measured


@pytest.mark.parametrize(
    ("found", "rule", "pick", "words"),
    [
        (result(name=["a"]), ABOVE, Pick(), "no column with numbers"),
        (result(name=["a"]), ABOVE, Pick("name"), "holds no numbers"),
        (result(n=[1]), ABOVE, Pick("m"), "no column “m”"),
        (result(n=[1]), ABOVE, Pick("n", ("region",)), "no column “region”"),
        (result(r=["N", "N"], n=[1, 2]), ABOVE, Pick("n", ("r",)), "more than once"),
        (result(r=[str(i) for i in range(1001)], n=[1] * 1001), ABOVE, Pick("n", ("r",)), "1,000"),
        (result(n=[1]), STALE, Pick(), "no column with dates"),
        (result(n=["soon"]), STALE, Pick("n"), "holds no dates"),
    ],
)
def test_a_result_without_the_value_says_what_to_do(found, rule, pick, words):
    with pytest.raises(BadInput, match=words) as caught:
        values.measure(found, rule, pick, now=NOW)
    assert caught.value.hint


def test_a_day_without_a_zone_is_that_of_the_person():
    found = result(at=[date(2026, 10, 14)])
    berlin = values.measure(found, STALE, Pick(), now=NOW, time_zone="Europe/Berlin")
    assert berlin == (Measured(11.0),)
