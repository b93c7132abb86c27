"""What an alert would have done: its query asked as of each day of the past.

The query is asked again with another day in place of today. It sees the data as it is now, not
as it was then: rows that were changed or came late are seen as they are, and that is said.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Final
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from core import moving, query, rights, schema
from core.alerts import rules, states, values
from core.alerts.definition import Definition, checked
from core.alerts.rules import Past, Rule
from core.alerts.states import Policies, Standing
from core.datamind import DataMind
from core.errors import BadInput, DataMindError
from core.security import access
from core.types import Actor, DatabaseSchema, Query

DAYS: Final = 90
SECONDS: Final = 15.0
"""For all of them: a slow database is asked for fewer days, the newest first."""
_DATED: Final = ("DATE", "TIMESTAMP", "DATETIME")


@dataclass(frozen=True)
class DayValue:
    """The figure as of the end of a day."""

    at: datetime
    value: float | None


@dataclass(frozen=True)
class Firing:
    """From when to when it would have fired, and what was seen first."""

    since: datetime
    until: datetime | None
    reason: str


def ask(dm: DataMind, actor: Actor, given: Definition, *, days: int = DAYS) -> tuple[DayValue, ...]:
    """The figure as of each of the last days, the oldest first.

    Raises BadInput where the query says nothing of the past: it has no time in it, or groups,
    or its figure is the number of rows or an age.
    """
    access.require(actor, "analyst", "keep alerts")
    given = checked(given)
    if given.pick.groups:
        raise BadInput("The past is shown for one figure.", "Test it without groups.")
    known = schema.read(dm, actor, given.connection_id)
    asked = Query(given.connection_id, given.sql, params=given.params, purpose="alert")
    rights.require_text(dm, actor, given.connection_id, given.sql)
    query.check(dm, actor, asked, known=known)
    today = dm.clock.today(actor.time_zone)
    began, found = time.monotonic(), []
    for back in range(1, days + 1):
        if time.monotonic() - began > SECONDS:
            break
        day = today - timedelta(days=back)
        found.append(_as_of(dm, actor, given, known, day))
    return tuple(reversed(found))


def fired(
    found: Sequence[DayValue], rule: Rule, policies: Policies, time_zone: str
) -> tuple[Firing, ...]:
    """When it would have fired, were it checked at the end of each day."""
    standing = Standing()
    past: list[Past] = []
    firings: list[Firing] = []
    for day in found:
        verdict = rules.evaluate(rule, day.value, past, at=day.at, time_zone=time_zone)
        before, standing = standing, states.step(standing, verdict.level, policies, day.at).standing
        if standing.state == "firing" and before.state not in ("firing", "recovering"):
            firings.append(Firing(day.at, None, verdict.reason))
        elif firings and firings[-1].until is None and _over(standing):
            firings[-1] = Firing(firings[-1].since, day.at, firings[-1].reason)
        if day.value is not None:
            past.append(Past(day.at, day.value))
    return tuple(firings)


def sql_as_of(given: Definition, known: DatabaseSchema, day: date, dialect: str) -> str:
    """The query as it would have been asked on a day. Raises BadInput when it has no time in it."""
    dated = given.dates_held_on is not None and bool(moving.dates(given.sql))
    asks = moving.says_today(given.sql)
    if dated and not asks:
        assert given.dates_held_on is not None
        return moving.moved(given.sql, given.dates_held_on, day)
    tree = sqlglot.parse_one(moving.on(given.sql, day), dialect=dialect)
    if not _bounded(tree, known, day):
        raise BadInput(
            "The past of this figure cannot be told: its query reads no table with one date.",
            "It works once a condition names a date, for example created_at >= CURRENT_DATE - 30.",
        )
    return tree.sql(dialect=dialect)


def _as_of(
    dm: DataMind, actor: Actor, given: Definition, known: DatabaseSchema, day: date
) -> DayValue:
    sql = sql_as_of(given, known, day, known.dialect)
    zone = ZoneInfo(actor.time_zone)
    at = datetime.combine(day, clock_time(23, 59), zone).astimezone(UTC)
    asked = Query(given.connection_id, sql, params=given.params, purpose="alert")
    try:
        result = query.run(dm, actor, asked, known=known)
        (measured,) = values.measure(
            result, given.rule, given.pick, now=at, time_zone=actor.time_zone
        )
    except DataMindError as problem:
        raise BadInput(
            f"The past of this figure cannot be told: {problem.message}", problem.hint
        ) from problem
    return DayValue(at, measured.value)


def _over(standing: Standing) -> bool:
    return standing.state not in ("firing", "recovering", "pending")


def _bounded(tree: exp.Expr, known: DatabaseSchema, day: date) -> bool:
    """Let every part of the query that reads a table with a date end with that day."""
    bounded = False
    for select in tree.find_all(exp.Select):
        columns = [c for source in _sources(select) if (c := _date_of(select, source, known))]
        for column in columns[:1]:
            until = exp.cast(exp.Literal.string((day + timedelta(days=1)).isoformat()), "date")
            select.where(exp.LT(this=column, expression=until), copy=False)
            bounded = True
    return bounded


def _sources(select: exp.Select) -> list[exp.Table]:
    joined = [join.this for join in select.args.get("joins") or ()]
    first = select.args.get("from_") or select.args.get("from")
    tables = [first.this, *joined] if first else []
    return [table for table in tables if isinstance(table, exp.Table)]


def _date_of(select: exp.Select, source: exp.Table, known: DatabaseSchema) -> exp.Column | None:
    """The date of a table that the query goes by: named in its conditions, else its only one."""
    table = known.table(source.name)
    if table is None:
        return None
    dated = [c.name for c in table.columns if c.data_type.upper().startswith(_DATED)]
    where = select.args.get("where")
    named = [c.name for c in where.find_all(exp.Column)] if where else []
    used = next((name for name in dated if name.lower() in {n.lower() for n in named}), None)
    name = used or (dated[0] if len(dated) == 1 else None)
    return exp.column(name, table=source.alias_or_name, quoted=True) if name else None
