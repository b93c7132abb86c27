"""What an alert is, as people define it, and how that is kept in its row."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from core.alerts import rules
from core.alerts.rules import Rule
from core.alerts.states import Policies
from core.alerts.values import Pick
from core.errors import BadInput
from core.store.tables import Alert
from core.types import Json

IN_APP: Final = "in_app"
EMAIL: Final = "email"
LONGEST_INTERVAL: Final = 1440
LARGEST_LIMIT: Final = Decimal(10) ** 16


@dataclass(frozen=True)
class Definition:
    """An alert as its owner defines it.

    `channels` are "in_app", "email" and "destination:<id>"; the owner and `recipients` get what
    goes to people. `every_minutes` is 1 to 1440. Dates in the query move along with time when
    `dates_held_on` says on which day they were right (core/moving).
    """

    name: str
    connection_id: UUID
    sql: str
    rule: Rule
    pick: Pick = Pick()
    policies: Policies = Policies()
    every_minutes: int = 60
    channels: tuple[str, ...] = (IN_APP,)
    recipients: tuple[UUID, ...] = ()
    description: str = ""
    params: Json = field(default_factory=dict)
    dates_held_on: date | None = None


def checked(given: Definition) -> Definition:
    """The definition with its words stripped. Raises BadInput with what to do."""
    name = given.name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("An alert needs a name of 1 to 255 characters.", "Give it a name.")
    if not given.sql.strip():
        raise BadInput("The alert has no query.", "Write the SQL of the figure to watch.")
    if not 1 <= given.every_minutes <= LONGEST_INTERVAL:
        raise BadInput("An alert is checked every 1 to 1,440 minutes.", "1,440 minutes are a day.")
    rules.check(given.rule)
    limit = given.rule.threshold
    if limit is not None and abs(limit) >= LARGEST_LIMIT:
        raise BadInput("This limit is too large.", "Write a number of at most 16 digits.")
    _check_policies(given.policies)
    if not given.channels:
        raise BadInput("Nobody would be told.", "Choose at least one way to be told.")
    return replace(given, name=name, description=given.description.strip())


def write(row: Alert, given: Definition) -> None:
    """Put a definition into its row."""
    rule = given.rule
    row.name, row.description = given.name, given.description or None
    row.connection_id, row.query_sql = given.connection_id, given.sql
    row.condition_type = rule.kind
    row.threshold_value = None if rule.threshold is None else Decimal(str(rule.threshold))
    kept = asdict(rule)
    held_on = given.dates_held_on.isoformat() if given.dates_held_on else None
    row.rule = {**kept, "params": dict(given.params), "dates_held_on": held_on}
    row.value_column, row.group_columns = given.pick.value, list(given.pick.groups)
    row.policies = _policies_as_json(given.policies)
    row.check_interval_minutes = given.every_minutes
    row.notification_channels = list(given.channels)
    row.recipients = [str(user_id) for user_id in given.recipients]


def read(row: Alert) -> Definition:
    """The definition that a row keeps."""
    return Definition(
        name=row.name,
        connection_id=row.connection_id,
        sql=row.query_sql,
        rule=rule_of(row),
        pick=Pick(row.value_column, tuple(row.group_columns)),
        policies=policies_of(row),
        every_minutes=row.check_interval_minutes,
        channels=tuple(row.notification_channels),
        recipients=tuple(map(UUID, row.recipients)),
        description=row.description or "",
        params=dict(row.rule.get("params", {})),
        dates_held_on=_day(row.rule.get("dates_held_on")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def rule_of(row: Alert) -> Rule:
    """The rule that a row keeps: its threshold is the column that people may query."""
    more = {key: row.rule[key] for key in _KEPT if key in row.rule}
    threshold = None if row.threshold_value is None else float(row.threshold_value)
    return Rule(row.condition_type, threshold, **more)  # type: ignore[arg-type]  # checked by the database


_KEPT: Final = ("low", "high", "against", "direction", "robust", "least_percent")


def policies_of(row: Alert) -> Policies:
    """The policies that a row keeps."""
    kept: dict[str, Any] = dict(row.policies)
    minutes = kept.pop("remind_minutes", None)
    return Policies(**kept, remind_every=timedelta(minutes=minutes) if minutes else None)


def _policies_as_json(policies: Policies) -> Json:
    kept = asdict(policies)
    every = kept.pop("remind_every")
    return {**kept, "remind_minutes": every.total_seconds() / 60 if every else None}


def _check_policies(policies: Policies) -> None:
    if not (1 <= policies.fire_after <= 100 and 1 <= policies.fine_after <= 100):
        raise BadInput(
            "An alert changes its state after 1 to 100 checks in a row.", "Write such a number."
        )
    if policies.remind_every is not None and policies.remind_every < timedelta(minutes=5):
        raise BadInput("Reminders are at least 5 minutes apart.", "Choose a longer time.")


def number(text: str) -> float:
    """A limit as people type it: 1000, 1,000.5, -3. Raises BadInput."""
    plain = text.strip().replace(",", "").replace(" ", "").removesuffix("%")
    try:
        return float(Decimal(plain))
    except InvalidOperation as error:
        raise BadInput(
            f"“{text.strip()[:40]}” is not a number.",
            "Write it in digits, for example 1000 or 2.5.",
        ) from error
