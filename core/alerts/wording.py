"""What people read when an alert has something to say."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core import formats
from core.alerts.rules import Rule, Verdict, duration
from core.alerts.states import Told


def title(name: str, group: str, told: str) -> str:
    """One line: what is the matter with which alert."""
    about = f"{name} ({group})" if group else name
    return f"{about}: {_HEADS[told]}"


_HEADS = {
    "fired": "fires",
    "recovered": "fine again",
    "no_data": "no data",
    "error": "cannot be checked",
    "reminder": "still fires",
    "failing": "failed three times in a row",
}


def message(
    told: Told,
    verdict: Verdict,
    *,
    since: datetime | None,
    now: datetime,
    time_zone: str,
    why: Sequence[str] = (),
) -> str:
    """The sentences under the title: what, how much, since when, and why."""
    parts = [verdict.reason]
    if told == "recovered":
        parts = [f"All is fine again. {verdict.reason}"]
    if told == "reminder" and since is not None:
        hours = (now - since).total_seconds() / 3600
        parts.append(f"It has been so for {duration(hours)}, since {moment(since, time_zone)}.")
    elif told in ("fired", "no_data", "error"):
        parts.append(f"Seen at {moment(now, time_zone)}.")
    return " ".join([*parts, *why])


def failing(reason: str, hint: str, times: int) -> str:
    """What the owner reads when checks fail."""
    failed = "The last check failed" if times == 1 else f"The last {times} checks failed"
    return (
        f"{failed}: {reason} {hint} It is tried again at each check; until one works, nobody is "
        "told when the figure turns bad."
    ).replace("  ", " ")


def moment(at: datetime, time_zone: str) -> str:
    """A moment on the clock of a person."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local:%H:%M} on {formats.day(local.date())}"


def condition(rule: Rule) -> str:  # noqa: PLR0911 - one line per kind of rule
    """A rule in words, for lists and forms: "below 1,000"."""
    limit = "" if rule.threshold is None else _n(rule.threshold)
    match rule.kind:
        case "above" | "below":
            return f"{rule.kind} {limit}"
        case "outside":
            bounds = (rule.low, rule.high)
            if None in bounds:
                return f"below {_n(rule.low)}" if rule.low is not None else f"above {_n(rule.high)}"
            return f"outside {_n(rule.low)} to {_n(rule.high)}"
        case "change_pct":
            ways = {"both": "changes", "up": "rises", "down": "falls"}
            return f"{ways[rule.direction]} by more than {limit}% {_AGAINST[rule.against]}"
        case "anomaly":
            usual = "the usual of its weekday" if rule.robust else "its average"
            return f"more than {limit or '2'} standard deviations from {usual}"
        case "no_rows":
            return "no rows"
        case "any_rows":
            return "any rows"
        case "stale":
            return f"newest data older than {duration(rule.threshold or 0)}"


_AGAINST = {
    "previous": "from one check to the next",
    "day": "within a day",
    "week": "against the same time last week",
    "month": "against a month before",
    "year": "against the same weekday last year",
}


def _n(value: float | None) -> str:
    if value is None:
        return formats.NOTHING
    return formats.number(int(value) if value == int(value) else value)
