"""The tables of a connection as they are kept: what the last reading of its schema found."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.analyst.base import Described
from core.store.tables import Connection, SchemaColumnRow, SchemaTable
from core.types import DatabaseSchema, SchemaColumn, Table


@sa.event.listens_for(Session, "before_flush")
def _stamp(db: Session, *_: Any) -> None:
    """Whoever changes a known table or column makes the connection's stamp another one."""
    changed = [*db.new, *db.deleted, *filter(db.is_modified, db.dirty)]
    tables = {row.schema_table_id for row in changed if isinstance(row, SchemaColumnRow)}
    connections = {row.connection_id for row in changed if isinstance(row, SchemaTable)}
    if not tables and not connections:
        return
    through = sa.select(SchemaTable.connection_id).where(SchemaTable.id.in_(tables))
    db.connection().execute(
        sa.update(Connection)
        .where(sa.or_(Connection.id.in_(connections), Connection.id.in_(through)))
        .values(schema_stamp=uuid4().hex)
    )


def of(db: Session, connection_id: UUID) -> tuple[Table, ...]:
    """The tables by name, with their columns."""
    columns = _known_columns(db, connection_id)
    tables = db.execute(
        sa.select(
            SchemaTable.id,
            SchemaTable.table_name,
            SchemaTable.table_type,
            SchemaTable.row_count,
            SchemaTable.ai_description,
            SchemaTable.fingerprint,
            SchemaTable.description_drafted,
        )
        .where(SchemaTable.connection_id == connection_id)
        .order_by(SchemaTable.table_name)
    )
    return tuple(
        Table(
            name=t.table_name,
            columns=tuple(columns.get(t.id, ())),
            kind=t.table_type,
            row_count=t.row_count,
            description=t.ai_description,
            fingerprint=t.fingerprint,
            description_drafted=t.description_drafted,
        )
        for t in tables
    )


def keep(
    db: Session, connection_id: UUID, found: DatabaseSchema, described: Iterable[Described]
) -> None:
    """Keep what was found of a connection's tables; descriptions that exist stay.

    `described` are drafts for tables and columns that are new.
    """
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
        row.fingerprint = table.fingerprint
        _describe_table(row, table, drafted.get((table.name, None)))
        db.flush()
        _keep_columns(db, row, table, columns.get(row.id, []), drafted)


def _describe_table(row: SchemaTable, table: Table, draft: Described | None) -> None:
    """The database's own words before a draft, a person's before both."""
    if _tells(table) and (row.description_drafted or not row.ai_description):
        row.ai_description, row.description_drafted = table.description, False
    elif draft and draft.description and not row.ai_description:
        row.ai_description, row.description_drafted = draft.description, True


def _tells(table: Table) -> bool:
    """Whether the database says more of a table than its name, as a file's own title does not."""
    return bool(table.description) and _letters(table.description or "") != _letters(table.name)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _describe_column(entry: SchemaColumnRow, column: SchemaColumn, draft: Described | None) -> None:
    if column.description and (entry.description_drafted or not entry.ai_description):
        entry.ai_description, entry.description_drafted = column.description, False
    if draft and draft.business_term and not entry.ai_business_term:
        entry.ai_business_term, entry.term_drafted = draft.business_term, True


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
            row.described_by = ""
        entry.data_type = column.data_type[:255]
        entry.is_nullable, entry.is_primary_key = column.nullable, column.primary_key
        entry.is_foreign_key = column.references is not None
        entry.fk_references = column.references
        entry.ordinal_position = position
        entry.sample_values = list(column.samples)
        entry.distinct_count = column.distinct_count
        entry.null_percentage = column.null_percentage  # type: ignore[assignment]
        _describe_column(entry, column, drafted.get((table.name, column.name)))


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
            c.description_drafted,
            c.term_drafted,
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
    description_drafted: bool,
    term_drafted: bool,
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
        description_drafted=description_drafted,
        term_drafted=term_drafted,
    )
