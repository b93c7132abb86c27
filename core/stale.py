"""Verified answers that a changed schema has broken: found when the schema is read anew."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import guard
from core.errors import UnsafeSql
from core.store.tables import VerifiedAnswer
from core.types import DatabaseSchema, Reading

_GONE: Final = "The data has no {} any more."


def mark(db: Session, connection_id: UUID, known: DatabaseSchema) -> tuple[str, ...]:
    """Write beside each verified answer of a connection whether it still fits its schema, within
    the caller's transaction. Returns the questions of those that have just broken.
    """
    rows = db.scalars(
        sa.select(VerifiedAnswer).where(VerifiedAnswer.connection_id == connection_id)
    )
    broken: list[str] = []
    for row in rows:
        reason = why(row.sql_text, known)
        if reason and not row.broken:
            broken.append(row.question)
        if reason != row.broken:
            row.broken = reason
    return tuple(broken)


def why(sql: str, known: DatabaseSchema) -> str:
    """Why a query cannot run on this schema, as a sentence; empty where nothing speaks against."""
    try:
        safe = guard.check(sql, known.guarded_as, guard.Policy.of(known))
    except UnsafeSql as refused:
        return refused.message
    missing = [name for name in _names(guard.reading(safe, known)) if not _is_there(name, known)]
    return _GONE.format(" and no ".join(sorted(missing)[:3])) if missing else ""


def _names(reading: Reading) -> set[str]:
    """Every column that the query names, "table.column" or as it is written."""
    found = {name for one in reading.outputs for name in (*one.columns, *one.unresolved)}
    found |= {name for one in reading.filters for name in (*one.columns, *one.unresolved)}
    found |= {name for one in reading.grouping for name in (*one.columns, *one.unresolved)}
    found |= {name for one in reading.order for name in (*one.columns, *one.unresolved)}
    return found | {name for join in reading.joins for pair in join.on for name in pair}


def _is_there(name: str, known: DatabaseSchema) -> bool:
    table, _, column = name.rpartition(".")
    if not table:
        return any(held.column(column) for held in known.tables)
    held = known.table(table)
    return held is not None and held.column(column) is not None
