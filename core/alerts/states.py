"""States: from what a check saw to what people are told. Pure: a state, a verdict and a moment.

People are told of changes, never of checks: when it fires, when it is fine again, when there is
no data or no answer, and after a chosen time that it is still so.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from core.alerts.rules import Level

State = Literal["ok", "pending", "firing", "recovering", "no_data", "error"]
Policy = Literal["alert", "keep", "ok"]
Told = Literal["fired", "recovered", "no_data", "error", "reminder"]
Believed = Literal["", "fired", "no_data", "error"]


@dataclass(frozen=True)
class Policies:
    """How an alert takes what it sees.

    It fires after `fire_after` bad checks in a row and is fine after `fine_after` good ones.
    `no_data` and `error`: tell people, keep the state, or take it as fine. `remind_every`
    repeats what still holds; None never does.
    """

    fire_after: int = 1
    fine_after: int = 1
    no_data: Policy = "alert"
    error: Policy = "keep"
    remind_every: timedelta | None = None


@dataclass(frozen=True)
class Standing:
    """Where one series of an alert stands.

    `count` is the number of checks in a row that point to another state. `told` is what people
    heard last and still believe: empty when they believe that all is well.
    """

    state: State = "ok"
    since: datetime | None = None
    count: int = 0
    told: Believed = ""
    told_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """A new standing, and what people are told of it, if anything."""

    standing: Standing
    told: Told | None = None


def step(
    standing: Standing,
    level: Level,
    policies: Policies,
    now: datetime,
    *,
    muted: bool = False,
) -> Step:
    """Take one verdict. While `muted` the state goes on and nobody is told.

    When it is no longer muted and what holds was never told, that is told then.
    """
    taken = _taken(level, policies)
    moved = _moved(standing, taken, policies, now)
    told = None if muted else _to_tell(moved, policies, now, seen=taken != "unknown")
    if told is None:
        return Step(moved)
    believed = _BELIEVED[told]
    believed = moved.told if believed is None else believed
    return Step(replace(moved, told=believed, told_at=now if told != "recovered" else None), told)


_BELIEVED: Final[dict[Told, Believed | None]] = {
    "fired": "fired",
    "no_data": "no_data",
    "error": "error",
    "recovered": "",
    "reminder": None,
}
"""What people believe after they were told; a reminder changes nothing."""


def _taken(level: Level, policies: Policies) -> Level:
    """The verdict after the alert's policies: `unknown` changes nothing."""
    if level not in ("no_data", "error"):
        return level
    policy = policies.no_data if level == "no_data" else policies.error
    if policy == "alert":
        return level
    return "unknown" if policy == "keep" else "ok"


def _moved(standing: Standing, level: Level, policies: Policies, now: datetime) -> Standing:
    match level:
        case "unknown":
            return standing
        case "bad":
            return _worse(standing, policies, now)
        case "ok":
            return _better(standing, policies, now)
        case "no_data" | "error":
            return _to(standing, level, now)


def _worse(standing: Standing, policies: Policies, now: datetime) -> Standing:
    if standing.state in ("firing", "recovering"):
        return _to(standing, "firing", now)
    count = standing.count + 1 if standing.state == "pending" else 1
    state: State = "firing" if count >= policies.fire_after else "pending"
    return _to(standing, state, now, count)


def _better(standing: Standing, policies: Policies, now: datetime) -> Standing:
    if standing.state not in ("firing", "recovering"):
        return _to(standing, "ok", now)
    count = standing.count + 1 if standing.state == "recovering" else 1
    state: State = "ok" if count >= policies.fine_after else "recovering"
    return _to(standing, state, now, count)


def _to(standing: Standing, state: State, now: datetime, count: int = 0) -> Standing:
    settled = state in ("ok", "firing", "no_data", "error")
    return replace(
        standing,
        state=state,
        since=standing.since if standing.state == state else now,
        count=0 if settled else count,
    )


_HELD: Final[dict[State, Told]] = {"firing": "fired", "no_data": "no_data", "error": "error"}


def _to_tell(standing: Standing, policies: Policies, now: datetime, *, seen: bool) -> Told | None:
    if standing.state in ("pending", "recovering"):
        return None
    if standing.state == "ok":
        return "recovered" if standing.told else None
    holds = _HELD[standing.state]
    if standing.told != holds:
        return holds
    return "reminder" if seen and _reminder_due(standing, policies, now) else None


def _reminder_due(standing: Standing, policies: Policies, now: datetime) -> bool:
    return (
        policies.remind_every is not None
        and standing.told_at is not None
        and now - standing.told_at >= policies.remind_every
    )
