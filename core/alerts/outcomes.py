"""What checks saw, written: runs, states, events and what people are told, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.alerts import definition, states, telling, wording
from core.alerts.rules import Level, Verdict
from core.alerts.states import Standing, Step, Told
from core.datamind import DataMind
from core.store.tables import Alert, AlertRun, AlertSeries

LONGEST_GROUP: Final = 500
FAILURES_TOLD: Final = 3
LARGEST_VALUE: Final = Decimal(10) ** 16

_WORST_FIRST: Final = ("firing", "error", "no_data", "recovering", "pending", "ok")


@dataclass(frozen=True)
class Seen:
    """What a check saw of one series; `group` is empty for the whole."""

    group: str
    verdict: Verdict


@dataclass(frozen=True)
class Outcome:
    """One check of one alert. `hint` says what to do about a failure.

    `rights_lost`: the owner may no longer ask this.
    `why` tells for a group what the change is made of.
    """

    alert_id: UUID
    slot: datetime
    version: int
    seen: tuple[Seen, ...]
    checked_at: datetime
    milliseconds: int
    time_zone: str = "UTC"
    hint: str = ""
    rights_lost: bool = False
    why: tuple[str, ...] = ()


def write(dm: DataMind, found: Sequence[Outcome]) -> int:
    """Write the outcomes of checks; returns how many were new.

    An outcome is left out when its slot is written already, or when the alert was edited, switched
    off or deleted since the check began: it says nothing of the alert as it is now.
    """
    if not found:
        return 0
    by_alert = {outcome.alert_id: outcome for outcome in found}
    with dm.sessions.write() as db:
        rows = db.scalars(
            sa.select(Alert)
            .where(Alert.id.in_(list(by_alert)))
            .order_by(Alert.id)
            .with_for_update()
        )
        current = [(row, by_alert[row.id]) for row in rows if _still_new(row, by_alert[row.id])]
        standings = _standings(db, [row.id for row, _ in current])
        runs: list[dict[str, Any]] = []
        waiting = [
            delivery
            for row, outcome in current
            for delivery in _take(db, row, outcome, standings.get(row.id, {}), runs)
        ]
        if runs:
            db.execute(sa.insert(AlertRun), runs)
    telling.send(dm, waiting)
    return len(current)


def _still_new(row: Alert, outcome: Outcome) -> bool:
    fresh = row.last_slot is None or row.last_slot < outcome.slot
    return fresh and row.is_active and row.version == outcome.version


def _standings(db: Session, alert_ids: Iterable[UUID]) -> dict[UUID, dict[str, AlertSeries]]:
    found: dict[UUID, dict[str, AlertSeries]] = {}
    for series in db.scalars(sa.select(AlertSeries).where(AlertSeries.alert_id.in_(alert_ids))):
        found.setdefault(series.alert_id, {})[series.group_name] = series
    return found


def _take(
    db: Session,
    row: Alert,
    outcome: Outcome,
    known: Mapping[str, AlertSeries],
    runs: list[dict[str, Any]],
) -> list[UUID]:
    """Write one outcome, but for its runs, which are added; returns what waits to be sent."""
    policies = definition.policies_of(row)
    muted = is_muted(row, outcome.checked_at)
    waiting: list[UUID] = []
    series = dict(known)
    for seen in _all_series(row, outcome, known):
        before = series.get(seen.group)
        step = states.step(
            _standing(before), seen.verdict.level, policies, outcome.checked_at, muted=muted
        )
        series[seen.group] = _kept(db, row, before, seen, step, outcome)
        runs.append(_run(row, seen, step, outcome))
        if step.told:
            waiting += _tell(db, row, seen, step.told, step.standing, outcome)
    waiting += _failures(db, row, outcome)
    _settle(row, outcome, series.values())
    return waiting


def _all_series(row: Alert, outcome: Outcome, known: Mapping[str, AlertSeries]) -> list[Seen]:
    """What was seen, and for groups what is no longer there.

    A failed check says something of the whole alert, nothing of its groups; once it works again
    the whole is fine.
    """
    seen = [Seen(s.group[:LONGEST_GROUP], s.verdict) for s in outcome.seen]
    if not row.group_columns or (len(seen) == 1 and seen[0].verdict.level == "error"):
        return seen
    if not seen:
        return [Seen("", Verdict("no_data", "The query gave no rows."))]
    here = {s.group for s in seen}
    if "" in known and known[""].state != "ok":
        seen.append(Seen("", Verdict("ok", "The query gives rows again.")))
    gone = Verdict("no_data", "This group is no longer in the result.")
    return seen + [Seen(group, gone) for group in known if group and group not in here]


def is_muted(row: Alert, now: datetime) -> bool:
    """Whether nobody is to be told just now."""
    return row.snoozed_until_fine or (row.snoozed_until is not None and row.snoozed_until > now)


def _standing(series: AlertSeries | None) -> Standing:
    if series is None:
        return Standing()
    return Standing(
        state=series.state,  # type: ignore[arg-type]  # the database's check holds it
        since=series.since,
        count=series.count,
        told=series.told,  # type: ignore[arg-type]
        told_at=series.told_at,
    )


def _kept(
    db: Session,
    row: Alert,
    before: AlertSeries | None,
    seen: Seen,
    step: Step,
    outcome: Outcome,
) -> AlertSeries:
    series = before or AlertSeries(alert_id=row.id, group_name=seen.group)
    standing = step.standing
    series.state, series.since, series.count = standing.state, standing.since, standing.count
    series.told, series.told_at = standing.told, standing.told_at
    if seen.verdict.value is not None:
        series.last_value, series.seen_at = seen.verdict.value, outcome.checked_at
    if before is None:
        db.add(series)
    return series


def _run(row: Alert, seen: Seen, step: Step, outcome: Outcome) -> dict[str, Any]:
    verdict = seen.verdict
    return {
        "id": uuid4(),
        "alert_id": row.id,
        "slot": outcome.slot,
        "group_name": seen.group,
        "checked_at": outcome.checked_at,
        "level": verdict.level,
        "state": step.standing.state,
        "value": verdict.value,
        "expected": verdict.expected,
        "threshold": verdict.threshold,
        "reason": verdict.reason,
        "milliseconds": outcome.milliseconds,
    }


def _tell(
    db: Session, row: Alert, seen: Seen, told: Told, standing: Standing, outcome: Outcome
) -> list[UUID]:
    text = wording.message(
        told,
        seen.verdict,
        since=standing.since,
        now=outcome.checked_at,
        time_zone=outcome.time_zone,
        why=outcome.why if told == "fired" else (),
    )
    return telling.tell(
        db,
        row,
        telling.Saying(
            kind=told,
            group=seen.group,
            title=wording.title(row.name, seen.group, told),
            text=text,
            value=_decimal(seen.verdict.value),
            why=outcome.why if told == "fired" else (),
        ),
        slot=outcome.slot,
        now=outcome.checked_at,
    )


def _failures(db: Session, row: Alert, outcome: Outcome) -> list[UUID]:
    """Count failed checks, and tell the owner of the third in a row, or of rights that are lost."""
    failed = next((s.verdict for s in outcome.seen if s.verdict.level == "error"), None)
    if failed is None:
        row.consecutive_failures = 0
        return []
    row.consecutive_failures += 1
    told_now = 1 if outcome.rights_lost else FAILURES_TOLD
    if row.consecutive_failures != told_now:
        return []
    return telling.tell(
        db,
        row,
        telling.Saying(
            kind="failing",
            title=wording.title(row.name, "", "error" if outcome.rights_lost else "failing"),
            text=wording.failing(failed.reason, outcome.hint, row.consecutive_failures),
        ),
        slot=outcome.slot,
        now=outcome.checked_at,
        owner_only=True,
    )


def _settle(row: Alert, outcome: Outcome, series: Iterable[AlertSeries]) -> None:
    """What the list shows of the alert, taken from all of its series: the worst."""
    worst = min((s.state for s in series), key=_WORST_FIRST.index, default="ok")
    if worst != row.state or row.state_since is None:
        row.state, row.state_since = worst, outcome.checked_at
    if worst == "ok":
        row.snoozed_until_fine = False
    shown = _shown(outcome.seen)
    row.last_slot, row.last_checked_at = outcome.slot, outcome.checked_at
    row.last_reason = shown.verdict.reason if shown else "The query gave no rows."
    row.last_hint = outcome.hint
    if shown and shown.verdict.value is not None:
        row.last_value = _decimal(shown.verdict.value)


def _shown(seen: Sequence[Seen]) -> Seen | None:
    """The series that matters most: the first that is bad, else the first."""
    order: dict[Level, int] = {"bad": 0, "error": 1, "no_data": 2, "unknown": 3, "ok": 4}
    return min(seen, key=lambda s: order[s.verdict.level], default=None)


def _decimal(value: float | None) -> Decimal | None:
    """A value as the table keeps it; None where it has no room for it."""
    if value is None:
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() and abs(exact) < LARGEST_VALUE else None
