"""What people write about tables and columns: read by analysts and kept over refreshes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import audit
from core.datamind import DataMind
from core.errors import BadInput, NotFound
from core.security import access
from core.store.tables import Connection, SchemaColumnRow, SchemaTable
from core.types import Actor

LONGEST: Final = 2_000
LONGEST_TERM: Final = 255


@dataclass(frozen=True)
class About:
    """What is said of a column: a description, and what people call it."""

    description: str = ""
    term: str = ""


def write(
    dm: DataMind,
    actor: Actor,
    connection_id: UUID,
    table: str,
    description: str,
    columns: Mapping[str, About],
    *,
    confirmed: bool = False,
) -> None:
    """Write what people should know of a table, and of the columns that are named.

    Analysts and admins. Empty text takes a description away. What a person changes is a draft no
    more; `confirmed` says so of all that is given. Raises NotFound, BadInput.
    """
    access.require(actor, "analyst", "describe data")
    _check(description, *(about.description for about in columns.values()))
    if any(len(about.term) > LONGEST_TERM for about in columns.values()):
        raise BadInput(f"A name has at most {LONGEST_TERM} characters.", "Make it shorter.")
    with dm.sessions.write() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        row = db.scalar(
            sa.select(SchemaTable).where(
                SchemaTable.connection_id == connection_id, SchemaTable.table_name == table
            )
        )
        if row is None:
            raise NotFound(f"There is no table “{table[:60]}” any more.", "Refresh the schema.")
        row.description_drafted &= not confirmed and not _changed(row.ai_description, description)
        row.ai_description = description.strip() or None
        known = sa.select(SchemaColumnRow).where(SchemaColumnRow.schema_table_id == row.id)
        for column in db.scalars(known):
            about = columns.get(column.column_name)
            if about is not None:
                _write_column(column, about, confirmed=confirmed)
    audit.record(dm, actor, "schema.describe", "connection", connection_id, table=table)


def _write_column(column: SchemaColumnRow, about: About, *, confirmed: bool) -> None:
    seen = confirmed or _changed(column.ai_description, about.description)
    column.description_drafted &= not seen
    column.ai_description = about.description.strip() or None
    column.term_drafted &= not confirmed and not _changed(column.ai_business_term, about.term)
    column.ai_business_term = about.term.strip() or None


def _changed(kept: str | None, written: str) -> bool:
    return (kept or "") != written.strip()


def _check(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise BadInput(f"A description has at most {LONGEST:,} characters.", "Make it shorter.")
