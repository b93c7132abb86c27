"""Rules: what makes a value bad. Pure functions over a value, its past and a moment."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from core import formats
from core.alerts import anomalies
from core.errors import BadInput

Kind = Literal[
    "above", "below", "outside", "change_pct", "anomaly", "no_rows", "any_rows", "stale"
]  # fmt: skip
Against = Literal["previous", "day", "week", "month", "year"]
Direction = Literal["both", "up", "down"]
Level = Literal["ok", "bad", "no_data", "unknown", "error"]

BACK: Final[dict[Against, timedelta]] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=364),
}
"""How far back a value is looked up: 364 days keep the weekday."""

NEAR: Final = 1 / 8
"""A value of the past counts as that of a moment when it is at most this part of the way off."""

DEFAULT_SIGMAS: Final = 2.0
FEWEST_PAST: Final = anomalies.FEWEST_PAST


@dataclass(frozen=True)
class Rule:
    """The condition of an alert.

    `threshold` is a value (above, below), percent (change_pct), standard deviations (anomaly)
    or hours (stale). `low` and `high` bound outside. `against` says what a change is measured
    from. `robust` compares with the median of the same weekday instead of the mean of all;
    `least_percent` is the smallest distance from what is usual, in percent of it, that counts
    as an anomaly.
    """

    kind: Kind
    threshold: float | None = None
    low: float | None = None
    high: float | None = None
    against: Against = "previous"
    direction: Direction = "both"
    robust: bool = False
    least_percent: float = 0.0


@dataclass(frozen=True)
class Past:
    """A value that an earlier check saw."""

    at: datetime
    value: float


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a value, with the figures it went by.

    `unknown` means that there is too little past to tell: nothing changes. `reason` is a
    sentence without the alert's name. `expected` is what the value was compared with and
    `threshold` the bound that it was held against, where the rule has them.
    """

    level: Level
    reason: str
    value: float | None = None
    expected: float | None = None
    threshold: float | None = None


def check(rule: Rule) -> None:
    """Refuse a rule that could never be told, with what to do. Raises BadInput."""
    problem = _problem(rule)
    if problem:
        raise BadInput(*problem)


def evaluate(
    rule: Rule,
    value: float | None,
    past: Sequence[Past] = (),
    *,
    at: datetime,
    time_zone: str = "UTC",
) -> Verdict:
    """Hold a value against a rule.

    For no_rows and any_rows the value is the number of rows, for stale the age in hours. None
    and NaN are no value. `past` may be in any order; only what is before `at` counts.
    """
    if value is None or math.isnan(value):
        return Verdict("no_data", "The query gave no value.")
    before = sorted((p for p in past if p.at < at and math.isfinite(p.value)), key=lambda p: p.at)
    if rule.kind == "change_pct":
        return _change(rule, value, before, at)
    if rule.kind == "anomaly":
        return _anomaly(rule, value, before, at, time_zone)
    return _PRESENT[rule.kind](rule, value)


def _problem(rule: Rule) -> tuple[str, str] | None:
    figures = (rule.threshold, rule.low, rule.high, rule.least_percent)
    if any(n is not None and not math.isfinite(n) for n in figures):
        return "A limit has to be a number.", "Write it in digits, for example 1000 or 2.5."
    if rule.least_percent < 0:
        return "The smallest effect cannot be negative.", "Write 0 or more percent."
    if rule.kind == "outside":
        return _range_problem(rule)
    if rule.kind in _NEEDS_LIMIT and rule.threshold is None:
        return "The alert has no limit.", _NEEDS_LIMIT[rule.kind]
    if rule.kind in _POSITIVE and rule.threshold is not None and rule.threshold <= 0:
        return "The limit has to be more than 0.", "Write a positive number."
    return None


_NEEDS_LIMIT: Final[dict[Kind, str]] = {
    "above": "Say above which number people are told.",
    "below": "Say below which number people are told.",
    "change_pct": "Say how many percent of change are too much.",
    "stale": "Say how many hours are too old.",
}
_POSITIVE: Final = ("change_pct", "stale", "anomaly")


def _range_problem(rule: Rule) -> tuple[str, str] | None:
    if rule.low is None and rule.high is None:
        return "The range has no limits.", "Give the lowest or the highest value that is fine."
    if rule.low is not None and rule.high is not None and rule.low >= rule.high:
        return (
            "The lowest value that is fine is not below the highest.",
            "Swap the two, or widen the range.",
        )
    return None


def _limit(rule: Rule, value: float) -> Verdict:
    limit = rule.threshold
    assert limit is not None
    bad = value > limit if rule.kind == "above" else value < limit
    side = _side(value, limit)
    return Verdict(
        "bad" if bad else "ok",
        f"{_n(value)} is {side} the limit of {_n(limit)}.",
        value,
        threshold=limit,
    )


def _side(value: float, limit: float) -> str:
    if value == limit:
        return "exactly"
    return "above" if value > limit else "below"


def _range(rule: Rule, value: float) -> Verdict:
    if rule.low is not None and value < rule.low:
        return Verdict(
            "bad",
            f"{_n(value)} is below {_n(rule.low)}, the lowest that is fine.",
            value,
            threshold=rule.low,
        )
    if rule.high is not None and value > rule.high:
        return Verdict(
            "bad",
            f"{_n(value)} is above {_n(rule.high)}, the highest that is fine.",
            value,
            threshold=rule.high,
        )
    return Verdict("ok", f"{_n(value)} is within the range.", value)


def _change(rule: Rule, value: float, past: Sequence[Past], at: datetime) -> Verdict:
    assert rule.threshold is not None
    base = past[-1] if past and rule.against == "previous" else _back(rule.against, past, at)
    if base is None:
        when = _WHEN[rule.against]
        return Verdict(
            "unknown", f"{_n(value)}. There is no value of {when} to compare it with yet.", value
        )
    if base.value == 0:
        if value == 0:
            return Verdict("ok", "0, as before.", value, 0.0, rule.threshold)
        return Verdict(
            "unknown",
            f"{_n(value)}. The value of {_WHEN[rule.against]} was 0, and a change from 0 cannot "
            "be told in percent.",
            value,
            0.0,
            rule.threshold,
        )
    percent = (value - base.value) / abs(base.value) * 100
    towards = percent if rule.direction == "up" else -percent
    size = abs(percent) if rule.direction == "both" else towards
    how = "up" if percent > 0 else "down"
    moved = f"{how} {_percent(percent)}" if percent else "no change"
    return Verdict(
        "bad" if size > rule.threshold else "ok",
        f"{_n(value)}, {moved} from {_n(base.value)} ({_WHEN[rule.against]}).",
        value,
        base.value,
        rule.threshold,
    )


_WHEN: Final[dict[Against, str]] = {
    "previous": "the check before",
    "day": "a day before",
    "week": "a week before",
    "month": "a month before",
    "year": "a year before",
}


def _back(against: Against, past: Sequence[Past], at: datetime) -> Past | None:
    """The value nearest to the moment that far back, when it is near enough."""
    if against == "previous":
        return None
    span = BACK[against]
    wanted = at - span
    nearest = min(past, key=lambda p: abs(p.at - wanted), default=None)
    return nearest if nearest and abs(nearest.at - wanted) <= span * NEAR else None


def _anomaly(
    rule: Rule, value: float, past: Sequence[Past], at: datetime, time_zone: str
) -> Verdict:
    sigmas = rule.threshold or DEFAULT_SIGMAS
    if len(past) < FEWEST_PAST:
        return Verdict(
            "unknown",
            f"{_n(value)}. An anomaly can be told after {FEWEST_PAST} values; there "
            f"{'is' if len(past) == 1 else 'are'} {len(past)}.",
            value,
            threshold=sigmas,
        )
    usual, name = _usual(rule, past, at, ZoneInfo(time_zone))
    score = usual.score(value)
    percent = usual.percent(value)
    far = abs(score) > sigmas and (percent is None or abs(percent) >= rule.least_percent)
    aside = {"both": True, "up": score > 0, "down": score < 0}[rule.direction]
    still = ", which never moved before" if math.isinf(score) else ""
    return Verdict(
        "bad" if far and aside else "ok",
        f"{_n(value)} is {_distance(score, percent)} the {name} of {_n(usual.middle)}{still}.",
        value,
        usual.middle,
        sigmas,
    )


def _usual(
    rule: Rule, past: Sequence[Past], at: datetime, zone: ZoneInfo
) -> tuple[anomalies.Usual, str]:
    """What is usual and its name: of the same weekday once enough of them are known."""
    if not rule.robust:
        return anomalies.plain([p.value for p in past]), "average"
    local = at.astimezone(zone)
    earlier = [p for p in past if p.at.astimezone(zone).date() != local.date()] or past
    alike = [p for p in earlier if p.at.astimezone(zone).weekday() == local.weekday()]
    if len({p.at.astimezone(zone).date() for p in alike}) < FEWEST_PAST:
        return anomalies.robust([p.value for p in earlier]), "usual"
    return anomalies.robust([p.value for p in alike]), f"usual of {local:%A}s"


def _distance(score: float, percent: float | None) -> str:
    if score == 0:
        return "exactly"
    side = "above" if score > 0 else "below"
    share = "" if percent is None else f"{_percent(percent)} "
    sigmas = "" if math.isinf(score) else f"({abs(score):.1f} standard deviations) "
    return f"{share}{sigmas}{side}"


def _rows(rule: Rule, value: float) -> Verdict:
    count = int(value)
    words = f"The query gave {count:,} {'row' if count == 1 else 'rows'}."
    bad = count == 0 if rule.kind == "no_rows" else count > 0
    return Verdict("bad" if bad else "ok", words, value)


def _stale(rule: Rule, value: float) -> Verdict:
    assert rule.threshold is not None
    return Verdict(
        "bad" if value > rule.threshold else "ok",
        f"The newest data is {duration(value)} old; at most {duration(rule.threshold)} are fine.",
        value,
        threshold=rule.threshold,
    )


_PRESENT: Final[dict[Kind, Callable[[Rule, float], Verdict]]] = {
    "above": _limit,
    "below": _limit,
    "outside": _range,
    "no_rows": _rows,
    "any_rows": _rows,
    "stale": _stale,
}
"""Rules that need no past."""


def duration(hours: float) -> str:
    """Hours as people say them: 45 minutes, 6 hours, 3 days."""
    if hours < 1:
        minutes = round(hours * 60)
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    if hours < 48:
        count = formats.number(round(hours, 1))
        return f"{count} hour{'' if count == '1' else 's'}"
    return f"{formats.number(round(hours / 24, 1))} days"


def _n(value: float) -> str:
    whole = math.isfinite(value) and value == int(value)
    return formats.number(int(value) if whole else value)


def _percent(value: float) -> str:
    return f"{formats.number(round(abs(value), 1))}%"
