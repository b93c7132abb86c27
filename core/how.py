"""How an answer came about: what it read, under which conditions, and its SQL in plain words."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core import conversations, formats, guard, query, schema
from core.datamind import DataMind
from core.errors import BadInput, DataMindError
from core.types import Actor, DatabaseSchema, Query, Reading, ToldClause

COUNTING_SECONDS: Final = 3.0
"""Counting rows is good to know, no more: it may take only this long."""


@dataclass(frozen=True)
class UsedColumn:
    """A column that the answer uses, and what the schema says it means."""

    name: str
    meaning: str = ""


@dataclass(frozen=True)
class UsedTable:
    """A table that the answer reads, with the columns of it that are used."""

    name: str
    meaning: str = ""
    columns: tuple[UsedColumn, ...] = ()


@dataclass(frozen=True)
class Counted:
    """Rows that stand where the query reads, and those of them that meet its conditions.

    None is what could not be counted.
    """

    read: int | None = None
    kept: int | None = None


@dataclass(frozen=True)
class Account:
    """How one answer came about, for a person who wants to know before using it."""

    tables: tuple[UsedTable, ...]
    conditions: tuple[str, ...]
    windows: tuple[str, ...]
    clauses: tuple[ToldClause, ...]
    counted: Counted


def account(dm: DataMind, actor: Actor, message_id: UUID) -> Account:
    """How one's own answer came about, told of its SQL as it would run now.

    Rows are counted by one more query of at most three seconds, cached like any other.
    Raises NotFound, BadInput for a message without SQL, UnsafeSql where the data has changed so
    that the query is no longer allowed.
    """
    message = conversations.message(dm, actor, message_id)
    if not message.sql or message.connection_id is None:
        raise BadInput("This message has no query.", "Choose an answer that shows a figure.")
    known = schema.read(dm, actor, message.connection_id)
    asked = Query(message.connection_id, message.sql, purpose="probe")
    safe = query.check(dm, actor, asked, known=known)
    told = guard.told(safe, known, message.created_at.date())
    return Account(
        tables=_tables(told.reading, known),
        conditions=told.conditions,
        windows=told.windows,
        clauses=told.clauses,
        counted=_counted(dm, actor, asked, told.reading, known),
    )


def _counted(
    dm: DataMind, actor: Actor, asked: Query, reading: Reading, known: DatabaseSchema
) -> Counted:
    sql = guard.counting(asked.text, known.guarded_as, reading)
    if sql is None:
        return Counted()
    small = Query(asked.connection_id, sql, purpose="probe")
    try:
        result = query.run(dm, actor, small, known=known, seconds=COUNTING_SECONDS)
    except DataMindError:
        return Counted()
    figures = {
        name: int(value)
        for name, column in zip(result.columns, result.table.columns, strict=True)
        if len(column) == 1 and isinstance(value := column[0].as_py(), int)
    }
    return Counted(figures.get(guard.READ), figures.get(guard.KEPT))


def _tables(reading: Reading, known: DatabaseSchema) -> tuple[UsedTable, ...]:
    used = _used_columns(reading)
    found: list[UsedTable] = []
    for name in dict.fromkeys(use.name for use in reading.tables):
        table = known.table(name)
        columns = [c.rpartition(".")[2] for c in used if c.rpartition(".")[0] == name]
        found.append(
            UsedTable(
                name=name,
                meaning=_said(name, table.description if table else None),
                columns=tuple(
                    UsedColumn(column, _meaning(known, name, column))
                    for column in dict.fromkeys(columns)
                ),
            )
        )
    return tuple(found)


def _used_columns(reading: Reading) -> list[str]:
    """All real columns that the query uses, those that are shown first."""
    found = [column for output in reading.outputs for column in output.columns]
    found += [column for condition in reading.filters for column in condition.columns]
    found += [column for group in reading.grouping for column in group.columns]
    found += [column for order in reading.order for column in order.columns]
    found += [column for join in reading.joins for pair in join.on for column in pair]
    return list(dict.fromkeys(found))


def _meaning(known: DatabaseSchema, table: str, column: str) -> str:
    held = known.table(table)
    named = held.column(column) if held else None
    if named is None:
        return ""
    told = (_said(column, named.business_term), _said(column, named.description))
    return ". ".join(filter(None, told))


def _said(name: str, meaning: str | None) -> str:
    """A meaning, where it says more than the name does."""
    same = formats.heading(meaning or "").lower() == formats.heading(name).lower()
    return "" if same else meaning or ""
