"""Words about tables and columns, drafted by the model where no person has written any yet."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from core import accounts, audit, jobs, schema, usage
from core.analyst.base import BareDesk, Described
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.errors import AnalystFailed
from core.jobs import Work
from core.security import access
from core.store.tables import Connection, SchemaColumnRow, SchemaTable
from core.types import Actor, DatabaseSchema, Json, ModelCall, Table

log = structlog.get_logger(__name__)

TABLES_AT_ONCE: Final = 10
MOST_TABLES: Final = 200
"""Described by one job; the next refresh goes on with the others."""


class _Scribe(BareDesk):
    """What the model gets beside the tables: whether it may see values, who pays, and Stop."""

    def __init__(self, dm: DataMind, actor: Actor, known: DatabaseSchema, cancel: Cancel) -> None:
        super().__init__(known)
        self._dm, self._actor, self._cancel = dm, actor, cancel

    @property
    def shows_values(self) -> bool:
        """Not where values stay."""
        return not self.schema.values_stay

    def spend(self, call: ModelCall) -> None:
        """Count it for the organization."""
        usage.record(self._dm, self._actor, call)

    def cancelled(self) -> bool:
        """Whether the job was stopped."""
        return self._cancel.requested


def start(dm: DataMind, actor: Actor, connection_id: UUID) -> UUID | None:
    """Have a worker ask the model about tables that it has not described yet.

    None without a model, or where nothing is missing. Analysts and admins; one job at a time.
    """
    access.require(actor, "analyst", "describe data")
    if not _waiting(dm, actor, connection_id) or dm.analysts.claude is None:
        return None
    if under_way := jobs.active(dm, actor, jobs.DESCRIBE_TABLES, connection_id):
        return under_way.job_id
    args = {"connection_id": str(connection_id)}
    with dm.sessions.write() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        job_id = jobs.create(db, dm, actor, jobs.DESCRIBE_TABLES, args, subject=connection_id)
    dm.queue.send(jobs.DESCRIBE_TABLES, job_id)
    return job_id


def perform(dm: DataMind, job_id: UUID) -> None:
    """The worker's side of `start`: acts with the rights that the person has now."""

    def do(work: Work) -> Json:
        actor = accounts.actor_of_job(dm, work.job_id)
        return {"described": _describe(dm, actor, UUID(work.args["connection_id"]), work)}

    jobs.perform(dm, job_id, do)


def _describe(dm: DataMind, actor: Actor, connection_id: UUID, work: Work) -> int:
    """How many tables were described. Where the model cannot be used the next refresh goes on."""
    access.require(actor, "analyst", "describe data")
    known = schema.read(dm, actor, connection_id)
    desk = _Scribe(dm, actor, known, work.cancel)
    waiting = _waiting(dm, actor, connection_id)[:MOST_TABLES]
    by_name = {table.name: table for table in known.tables}
    tables = [_undrafted(by_name[name]) for name in waiting if name in by_name]
    done = 0
    for first in range(0, len(tables), TABLES_AT_ONCE):
        batch = tables[first : first + TABLES_AT_ONCE]
        work.count("Describing tables", done, len(tables))
        try:
            described = _asked(dm, actor, batch, desk)
        except AnalystFailed as problem:
            log.warning("tables_not_described", left=len(tables) - done, problem=problem.message)
            break
        _keep(dm, actor, connection_id, batch, described)
        done += len(batch)
    if done:
        audit.record(dm, actor, "schema.drafted", "connection", connection_id, tables=done)
    return done


def _asked(
    dm: DataMind, actor: Actor, batch: Sequence[Table], desk: _Scribe
) -> tuple[Described, ...]:
    claude = dm.analysts.claude
    if claude is None:
        raise AnalystFailed("There is no model any more.")
    usage.allow(dm, actor)
    with usage.turn(dm, actor, desk.cancelled):
        return claude.describe(batch, desk)


def _waiting(dm: DataMind, actor: Actor, connection_id: UUID) -> list[str]:
    """The tables that the model was not asked about and that lack words of a person's."""
    column = SchemaColumnRow
    lacking = sa.exists().where(
        column.schema_table_id == SchemaTable.id,
        sa.or_(
            column.ai_description.is_(None),
            column.ai_business_term.is_(None),
            column.description_drafted,
            column.term_drafted,
        ),
    )
    query = sa.select(SchemaTable.table_name).where(
        SchemaTable.connection_id == connection_id,
        SchemaTable.described_by == "",
        sa.or_(SchemaTable.ai_description.is_(None), SchemaTable.description_drafted, lacking),
    )
    with dm.sessions.read() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        return list(db.scalars(query.order_by(SchemaTable.table_name)))


def _undrafted(table: Table) -> Table:
    """The table with what people and the database say of it: drafts would only be repeated."""
    return replace(
        table,
        description=None if table.description_drafted else table.description,
        columns=tuple(
            replace(
                column,
                description=None if column.description_drafted else column.description,
                business_term=None if column.term_drafted else column.business_term,
            )
            for column in table.columns
        ),
    )


def _keep(
    dm: DataMind,
    actor: Actor,
    connection_id: UUID,
    batch: Sequence[Table],
    described: Sequence[Described],
) -> None:
    """Keep drafts where there is nothing better; what a person wrote meanwhile stays."""
    drafts = {(one.table, one.column): one for one in described}
    names = [table.name for table in batch]
    with dm.sessions.write() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        tables = sa.select(SchemaTable).where(
            SchemaTable.connection_id == connection_id, SchemaTable.table_name.in_(names)
        )
        for row in db.scalars(tables).all():
            row.described_by = "claude"
            draft = drafts.get((row.table_name, None))
            if draft and (row.description_drafted or not row.ai_description):
                row.ai_description, row.description_drafted = draft.description, True
            columns = sa.select(SchemaColumnRow).where(SchemaColumnRow.schema_table_id == row.id)
            for column in db.scalars(columns):
                if draft := drafts.get((row.table_name, column.column_name)):
                    _keep_column(column, draft)


def _keep_column(column: SchemaColumnRow, draft: Described) -> None:
    if draft.description and (column.description_drafted or not column.ai_description):
        column.ai_description, column.description_drafted = draft.description, True
    if draft.business_term and (column.term_drafted or not column.ai_business_term):
        column.ai_business_term, column.term_drafted = draft.business_term[:255], True
