"""What earlier checks saw: as the past that rules need, and as the chart beside an alert."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core.alerts.rules import BACK, NEAR, Past, Rule
from core.datamind import DataMind
from core.security import access
from core.store.tables import Alert, AlertRun
from core.types import Actor

MOST_PAST: Final = 2_000
KEPT: Final = timedelta(days=400)
USUAL_WITHIN: Final = timedelta(days=90)


@dataclass(frozen=True)
class Run:
    """One check of one series as people see it."""

    slot: datetime
    checked_at: datetime
    group: str
    level: str
    state: str
    value: float | None
    expected: float | None
    threshold: float | None
    reason: str
    milliseconds: int


def past(
    dm: DataMind, alert_id: UUID, rule: Rule, *, before: datetime
) -> Mapping[str, Sequence[Past]]:
    """The values by group that a rule is held against: at most 2,000, the newest.

    Of a change only those near the moment it is measured from.
    """
    if rule.kind not in ("change_pct", "anomaly"):
        return {}
    found = (
        sa.select(AlertRun.group_name, AlertRun.slot, AlertRun.value)
        .where(AlertRun.alert_id == alert_id, AlertRun.slot < before)
        .order_by(AlertRun.slot.desc())
        .limit(MOST_PAST)
    )
    if rule.kind == "anomaly":
        found = found.where(AlertRun.slot >= before - USUAL_WITHIN)
    elif rule.against != "previous":
        span = BACK[rule.against]
        wanted = before - span
        found = found.where(AlertRun.slot.between(wanted - span * NEAR, wanted + span * NEAR))
    by_group: dict[str, list[Past]] = defaultdict(list)
    with dm.sessions.read() as db:
        for group, slot, value in db.execute(found):
            if value is not None:
                by_group[group].append(Past(slot, value))
    return by_group


def runs(
    dm: DataMind, actor: Actor, alert_id: UUID, *, group: str | None = None, most: int = 500
) -> tuple[Run, ...]:
    """The newest checks of an alert, the newest first. Analysts and admins. Raises NotFound."""
    access.require(actor, "analyst", "see what alerts saw")
    found = sa.select(AlertRun).where(AlertRun.alert_id == alert_id)
    if group is not None:
        found = found.where(AlertRun.group_name == group)
    with dm.sessions.read() as db:
        access.own(db, actor, Alert, alert_id, "alert")
        newest = db.scalars(found.order_by(AlertRun.slot.desc(), AlertRun.group_name).limit(most))
        return tuple(
            Run(
                slot=row.slot,
                checked_at=row.checked_at,
                group=row.group_name,
                level=row.level,
                state=row.state,
                value=row.value,
                expected=row.expected,
                threshold=row.threshold,
                reason=row.reason,
                milliseconds=row.milliseconds,
            )
            for row in newest
        )


def tidy(dm: DataMind) -> int:
    """Forget what was seen more than 400 days ago; returns how many rows went."""
    old = sa.delete(AlertRun).where(AlertRun.checked_at < dm.clock.now() - KEPT)
    with dm.sessions.write() as db:
        return int(db.execute(old).rowcount)  # type: ignore[attr-defined]
