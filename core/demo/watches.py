"""The demo's alerts, with what they saw and said in the last month."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from core import notices
from core.alerts import checking, keeping, outcomes
from core.alerts.definition import Definition
from core.alerts.outcomes import Outcome
from core.alerts.rules import Rule
from core.alerts.states import Policies
from core.alerts.values import Pick
from core.clock import FixedDay
from core.datamind import DataMind
from core.types import Actor

DAYS: Final = 35
CHECKED_AT: Final = time(7, tzinfo=UTC)
YESTERDAY: Final = "WHERE {column} >= '{day}' AND {column} < '{today}'"


def keep(dm: DataMind, admin: Actor, connection_id: UUID) -> None:
    """Keep the alerts as the demo's admin, and check them as of each day of the last month."""
    today = dm.clock.today(admin.time_zone)
    kept = [
        (keeping.create(dm, admin, definition), definition)
        for definition in _definitions(connection_id, today, _refunds(dm, admin, connection_id))
    ]
    for back in range(DAYS, -1, -1):
        if back == 0:
            notices.mark_all(dm, admin)
        day = today - timedelta(days=back)
        then = replace(dm, clock=FixedDay(day))
        at = datetime.combine(day, CHECKED_AT)
        outcomes.write(then, [_seen(then, admin, *alert, at) for alert in kept])


def _seen(dm: DataMind, admin: Actor, alert_id: UUID, given: Definition, at: datetime) -> Outcome:
    seen = checking.look(dm, admin, given, at, alert_id=alert_id)
    return Outcome(alert_id, at, 0, seen, checked_at=at, milliseconds=4)


def _definitions(connection_id: UUID, today: date, refunds: float) -> list[Definition]:
    def of(name: str, sql: str, rule: Rule, **more: object) -> Definition:
        days = {"day": today - timedelta(days=1), "today": today}
        where = {
            f"when_{column}": YESTERDAY.format(column=column, **days)
            for column in ("ordered_at", "started_at", "opened_at")
        }
        text = sql.format(**where, week=today - timedelta(days=7), today=today)
        return Definition(
            name, connection_id, text, rule, every_minutes=60, dates_held_on=today,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return [
        of(
            "Refunds of 7 days",
            "SELECT sum(amount) AS refunded FROM refunds "
            "WHERE refunded_on >= '{week}' AND refunded_on < '{today}'",
            Rule("above", refunds),
            description="Refunds above this need a look at the latest deliveries.",
        ),
        of(
            "Revenue of a day",
            "SELECT sum(total) AS revenue FROM orders {when_ordered_at}",
            Rule("anomaly", 3.0, robust=True, least_percent=25),
            description="Unusual for its weekday, by a quarter or more.",
        ),
        of(
            "Daily active users",
            "SELECT count(DISTINCT customer_id) AS users FROM website_sessions {when_started_at}",
            Rule("below", 20),
            policies=Policies(fire_after=2),
        ),
        of(
            "Orders of a day by channel",
            "SELECT channel, count(*) AS orders FROM orders {when_ordered_at} GROUP BY channel",
            Rule("change_pct", 80, against="week", direction="down"),
            pick=Pick(groups=("channel",)),
        ),
        of(
            "Orders arrive",
            "SELECT max(ordered_at) AS newest FROM orders",
            Rule("stale", 48),
            description="The shop's orders are loaded each night.",
        ),
    ]


def _refunds(dm: DataMind, admin: Actor, connection_id: UUID) -> float:
    """A limit that the shop has just passed, in round numbers: somebody should look."""
    today = dm.clock.today(admin.time_zone)
    given = _definitions(connection_id, today, 0)[0]
    (seen,) = checking.look(dm, admin, given, dm.clock.now())
    return float(int((seen.verdict.value or 0) * 0.9) // 50 * 50)
