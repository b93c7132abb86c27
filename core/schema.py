"""What is known of a connection's tables: read anew, kept, and given to analysts and screens."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core import accounts, audit, connections, connectors, jobs, stale
from core.analyst.base import Described
from core.datamind import DataMind
from core.errors import DataMindError
from core.jobs import Work
from core.security import access
from core.store.tables import Connection, SchemaColumnRow, SchemaTable, User
from core.types import Actor, DatabaseSchema, Json, SchemaColumn, Table

log = structlog.get_logger(__name__)

REFRESH_EVERY: Final = timedelta(hours=6)


@dataclass(frozen=True)
class Diff:
    """What a refresh found: names of tables, and the verified questions that it broke."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def read(dm: DataMind, actor: Actor, connection_id: UUID) -> DatabaseSchema:
    """The connection's schema as it was last refreshed. Raises NotFound."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        columns = _known_columns(db, connection_id)
        tables = db.execute(
            sa.select(
                SchemaTable.id,
                SchemaTable.table_name,
                SchemaTable.table_type,
                SchemaTable.row_count,
                SchemaTable.ai_description,
            )
            .where(SchemaTable.connection_id == connection_id)
            .order_by(SchemaTable.table_name)
        )
        return DatabaseSchema(
            dialect=connectors.kind(row.type).dialect,
            engine=row.extra_config.get("engine", ""),
            schema=row.extra_config.get("schema", ""),
            tables=tuple(
                Table(
                    name=t.table_name,
                    columns=tuple(columns.get(t.id, ())),
                    kind=t.table_type,
                    row_count=t.row_count,
                    description=t.ai_description,
                )
                for t in tables
            ),
        )


def refresh(dm: DataMind, actor: Actor, connection_id: UUID) -> Diff:
    """Discover the schema and keep it; descriptions that exist stay.

    When the connection is changed meanwhile, its new place is read.
    Raises CannotConnect, NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "refresh the schema")
    place = connections.place(dm, actor, connection_id)
    found = connections.open_place(dm, place).read_schema()
    known = read(dm, actor, connection_id)
    diff = _diff(known, found)
    fresh = [t for t in found.tables if t.name in diff.new]
    described = dm.analysts.local.describe(fresh) if fresh else ()
    broken: tuple[str, ...] = ()
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        moved = str(connections.version(row)) != place.target.version
        if not moved:
            _keep(db, connection_id, found, described)
            broken = stale.mark(db, connection_id, found)
            row.last_synced_at = dm.clock.now()
            row.extra_config = {**row.extra_config, "engine": found.engine, "schema": found.schema}
    if moved:
        return refresh(dm, actor, connection_id)
    audit.record(
        dm,
        actor,
        "schema.refresh",
        "connection",
        connection_id,
        new=len(diff.new),
        changed=len(diff.changed),
        removed=len(diff.removed),
        broken=len(broken),
    )
    return replace(diff, broken=broken)


def start_refresh(dm: DataMind, actor: Actor, connection_id: UUID) -> UUID:
    """Have a worker refresh the schema; returns the job to follow. One at a time a person."""
    access.require(actor, "analyst", "refresh the schema")
    under_way = jobs.active(dm, actor, jobs.REFRESH_SCHEMA, connection_id)
    if under_way:
        return under_way.job_id
    with dm.sessions.write() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        job_id = jobs.create(
            db,
            dm,
            actor,
            jobs.REFRESH_SCHEMA,
            {"connection_id": str(connection_id)},
            subject=connection_id,
        )
    dm.queue.send(jobs.REFRESH_SCHEMA, job_id, urgent=True)
    return job_id


def perform_refresh(
    dm: DataMind, job_id: UUID, again: Callable[[DataMind, Actor, UUID], Diff] = refresh
) -> None:
    """The worker's side of `start_refresh`: acts with the rights that the person has now.

    `again` reads the schema anew: core.drift also tells what a change breaks.
    """

    def do(work: Work) -> Json:
        actor = accounts.actor_of_job(dm, work.job_id)
        work.step("Reading tables and columns")
        connection_id = UUID(work.args["connection_id"])
        diff = again(dm, actor, connection_id)
        if connections.connection(dm, actor, connection_id).is_server:
            work.step("Looking at what the account may do")
            connections.doctor(dm, actor, connection_id)
        return {
            "new": diff.new,
            "changed": diff.changed,
            "removed": diff.removed,
            "broken": diff.broken,
        }

    jobs.perform(dm, job_id, do)


def refresh_due(dm: DataMind) -> int:
    """Start a refresh for each active connection not read for six hours; returns how many.

    A refresh acts as the connection's maker, or as an admin when he has left. One failure
    does not stop the rest.
    """
    due = sa.select(Connection).where(
        Connection.is_active,
        Connection.last_synced_at < dm.clock.now() - REFRESH_EVERY,
    )
    with dm.sessions.read() as db:
        pairs = [(row, _refresher(db, row)) for row in db.scalars(due)]
    started = 0
    for row, user_id in pairs:
        actor = accounts.actor_of(dm, user_id, "system") if user_id else None
        if actor is None:
            continue
        try:
            start_refresh(dm, actor, row.id)
            started += 1
        except DataMindError as problem:
            log.warning("refresh_not_started", connection=str(row.id), problem=problem.message)
    return started


def _refresher(db: Session, row: Connection) -> UUID | None:
    fit = sa.select(User.id).where(
        User.org_id == row.org_id, User.is_active, User.role.in_(("admin", "analyst"))
    )
    maker = db.scalar(fit.where(User.id == row.created_by_id))
    return maker or db.scalar(fit.where(User.role == "admin").order_by(User.created_at).limit(1))


def _diff(known: DatabaseSchema, found: DatabaseSchema) -> Diff:
    before = {t.name: _shape(t) for t in known.tables}
    after = {t.name: _shape(t) for t in found.tables}
    return Diff(
        new=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(n for n in after.keys() & before.keys() if after[n] != before[n])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def _shape(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((c.name, c.data_type) for c in table.columns)


def _keep(
    db: Session, connection_id: UUID, found: DatabaseSchema, described: Iterable[Described]
) -> None:
    drafted = {(d.table, d.column): d for d in described}
    kept = {
        t.table_name: t
        for t in db.scalars(
            sa.select(SchemaTable).where(SchemaTable.connection_id == connection_id)
        )
    }
    for name in kept.keys() - {t.name for t in found.tables}:
        db.delete(kept[name])
    columns = _columns_by_table(db, connection_id)
    for table in found.tables:
        row = kept.get(table.name)
        if row is None:
            row = SchemaTable(connection_id=connection_id, table_name=table.name)
            db.add(row)
        row.table_type, row.row_count = table.kind, table.row_count
        draft = drafted.get((table.name, None))
        row.ai_description = (
            row.ai_description or table.description or (draft.description if draft else None)
        )
        db.flush()
        _keep_columns(db, row, table, columns.get(row.id, []), drafted)


def _keep_columns(
    db: Session,
    row: SchemaTable,
    table: Table,
    known: Iterable[SchemaColumnRow],
    drafted: dict[tuple[str, str | None], Described],
) -> None:
    kept = {c.column_name: c for c in known}
    for name in kept.keys() - {c.name for c in table.columns}:
        db.delete(kept[name])
    for position, column in enumerate(table.columns):
        entry = kept.get(column.name)
        if entry is None:
            entry = SchemaColumnRow(schema_table_id=row.id, column_name=column.name)
            db.add(entry)
        draft = drafted.get((table.name, column.name))
        entry.data_type = column.data_type[:255]
        entry.is_nullable, entry.is_primary_key = column.nullable, column.primary_key
        entry.is_foreign_key = column.references is not None
        entry.fk_references = column.references
        entry.ordinal_position = position
        entry.sample_values = list(column.samples)
        entry.distinct_count = column.distinct_count
        entry.null_percentage = column.null_percentage  # type: ignore[assignment]
        entry.ai_description = entry.ai_description or column.description
        entry.ai_business_term = entry.ai_business_term or (draft.business_term if draft else None)


def _columns_by_table(db: Session, connection_id: UUID) -> dict[UUID, list[SchemaColumnRow]]:
    query = (
        sa.select(SchemaColumnRow)
        .join(SchemaTable, SchemaTable.id == SchemaColumnRow.schema_table_id)
        .where(SchemaTable.connection_id == connection_id)
        .order_by(SchemaColumnRow.ordinal_position)
    )
    grouped: dict[UUID, list[SchemaColumnRow]] = {}
    for column in db.scalars(query):
        grouped.setdefault(column.schema_table_id, []).append(column)
    return grouped


def _known_columns(db: Session, connection_id: UUID) -> dict[UUID, list[SchemaColumn]]:
    """The columns by table. Every query asks this: plain rows take a third of what objects do."""
    c = SchemaColumnRow
    query = (
        sa.select(
            c.schema_table_id,
            c.column_name,
            c.data_type,
            c.is_nullable,
            c.is_primary_key,
            c.fk_references,
            c.sample_values,
            c.distinct_count,
            c.null_percentage,
            c.ai_description,
            c.ai_business_term,
        )
        .join(SchemaTable, SchemaTable.id == c.schema_table_id)
        .where(SchemaTable.connection_id == connection_id)
        .order_by(c.ordinal_position)
    )
    grouped: dict[UUID, list[SchemaColumn]] = {}
    for table_id, *known in db.execute(query):
        grouped.setdefault(table_id, []).append(_column(*known))
    return grouped


def _column(
    name: str,
    data_type: str,
    nullable: bool,
    primary_key: bool,
    references: str | None,
    samples: list[Any],
    distinct_count: int | None,
    null_percentage: Decimal | None,
    description: str | None,
    business_term: str | None,
) -> SchemaColumn:
    return SchemaColumn(
        name=name,
        data_type=data_type,
        nullable=nullable,
        primary_key=primary_key,
        references=references,
        samples=tuple(map(str, samples)),
        distinct_count=distinct_count,
        null_percentage=float(null_percentage) if null_percentage is not None else None,
        description=description,
        business_term=business_term,
    )
