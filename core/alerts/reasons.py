"""Why a figure moved: which part of the data the change is made of.

The query is asked once more by each of a few columns that tell groups apart, as of now and as of
a day before, and the groups that moved most in the direction of the whole are named. Arithmetic
in SQL: it is only done for sums and counts, where the parts make up the whole.
"""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import sqlglot
from sqlglot import exp

from core import formats, moving, query
from core.alerts import backtest
from core.alerts.definition import Definition
from core.alerts.rules import BACK
from core.datamind import DataMind
from core.errors import DataMindError
from core.query import Shared
from core.types import Actor, DatabaseSchema, Query

MOST_COLUMNS: Final = 4
MOST_GROUPS: Final = 30
MOST_NAMED: Final = 3
SECONDS: Final = 8.0
A_WEEK: Final = timedelta(days=7)
LEAST_SHARE: Final = 0.25
"""A group that makes up less of the change explains nothing."""
_TEXT: Final = ("CHAR", "TEXT", "STRING", "VARCHAR", "ENUM")
_GROUP, _VALUE = "datamind_group", "datamind_value"


@dataclass(frozen=True)
class Part:
    """A group of one column, and what it was and is."""

    column: str
    group: str
    before: float
    now: float

    @property
    def change(self) -> float:
        """By how much it moved."""
        return self.now - self.before


def contributors(dm: DataMind, actor: Actor, given: Definition, shared: Shared) -> tuple[str, ...]:
    """Sentences that name what a change is made of; none where that cannot be told. Never raises.

    At most eight seconds: what is not looked at by then is left out.
    """
    today = dm.clock.today(actor.time_zone)
    back = BACK.get(given.rule.against, A_WEEK) if given.rule.kind == "change_pct" else A_WEEK
    began = time.monotonic()
    best: list[Part] = []
    for column in _columns(given, shared.known):
        if time.monotonic() - began > SECONDS:
            break
        try:
            parts = _parts(dm, actor, given, shared, column, (today - back, today))
        except DataMindError:
            continue
        found = _telling(parts)
        if _share(found, parts) > _share(best, best or parts):
            best = found
    return _said(best, today - back) if best else ()


def by(sql: str, dialect: str, column: exp.Column) -> str | None:
    """A query of one sum or count, by a column; None for any other query."""
    tree = sqlglot.parse_one(sql, dialect=dialect)
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or tree.args.get("group"):
        return None
    value = tree.expressions[0].unalias()
    inner = value.this if isinstance(value, exp.Coalesce | exp.Round) else value
    adds_up = isinstance(inner, exp.Sum) or (
        isinstance(inner, exp.Count) and not isinstance(inner.this, exp.Distinct)
    )
    if not adds_up or tree.args.get("having") or tree.args.get("limit"):
        return None
    tree.set("expressions", [exp.alias_(column.copy(), _GROUP), exp.alias_(value, _VALUE)])
    return tree.group_by(column.copy()).sql(dialect=dialect)


def _columns(given: Definition, known: DatabaseSchema) -> list[exp.Column]:
    """Columns of few different texts in the tables that the query reads, the fewest first."""
    try:
        tree = sqlglot.parse_one(given.sql, dialect=known.dialect)
    except sqlglot.ParseError:
        return []
    found: list[tuple[int, exp.Column]] = []
    for source in tree.find_all(exp.Table):
        table = known.table(source.name)
        for column in table.columns if table else ():
            texts = any(word in column.data_type.upper() for word in _TEXT)
            if texts and 2 <= (column.distinct_count or 0) <= MOST_GROUPS:
                named = exp.column(column.name, table=source.alias_or_name, quoted=True)
                found.append((column.distinct_count or 0, named))
    return [column for _, column in sorted(found, key=lambda pair: pair[0])][:MOST_COLUMNS]


def _parts(
    dm: DataMind,
    actor: Actor,
    given: Definition,
    shared: Shared,
    column: exp.Column,
    days: tuple[date, date],
) -> list[Part]:
    values = []
    for day in days:
        sql = _as_of(given, shared.known, day, dm.clock.today(actor.time_zone))
        grouped = by(sql, shared.known.dialect, column)
        if grouped is None:
            return []
        asked = Query(given.connection_id, grouped, params=given.params, purpose="alert")
        result = query.run(dm, actor, asked, fresh=True, shared=shared, seconds=SECONDS)
        groups = result.table.column(_GROUP).to_pylist()
        amounts = result.table.column(_VALUE).to_pylist()
        values.append({str(g): float(a or 0) for g, a in zip(groups, amounts, strict=True)})
    before, now = values
    names = dict.fromkeys([*now, *before])
    return [Part(column.name, name, before.get(name, 0), now.get(name, 0)) for name in names]


def _as_of(given: Definition, known: DatabaseSchema, day: date, today: date) -> str:
    if day == today and given.dates_held_on:
        return moving.moved(given.sql, given.dates_held_on, day)
    return backtest.sql_as_of(given, known, day, known.dialect)


def _telling(parts: list[Part]) -> list[Part]:
    """The groups that moved most in the direction of the whole, as far as they matter."""
    whole = sum(part.change for part in parts)
    if not whole:
        return []
    along = [part for part in parts if part.change / whole > 0]
    along.sort(key=lambda part: -abs(part.change))
    return [part for part in along[:MOST_NAMED] if part.change / whole >= LEAST_SHARE]


def _share(found: list[Part], parts: list[Part]) -> float:
    """How much of all that moved, up or down, the first of them makes up."""
    moved = sum(abs(part.change) for part in parts)
    return abs(found[0].change) / moved if found and moved else 0.0


def _said(found: list[Part], since: date) -> tuple[str, ...]:
    column = formats.heading(found[0].column).lower()
    told = ", ".join(f"{part.group} {_n(part.before)} to {_n(part.now)}" for part in found)
    return (f"Most of the change since {formats.day(since)} by {column}: {told}.",)


def _n(value: float) -> str:
    return formats.number(int(value) if value == int(value) else round(value, 2))
