"""Connections to customers' data, what is known of their schema, and uploaded files."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.security.rights import Rights
from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key
from core.types import Actor

KINDS = ("postgresql", "mysql", "sqlite", "duckdb", "csv", "excel")


class Connection(Keyed, Timed, Owned, Base):
    """Where an organization's data is and how to get in."""

    __tablename__ = "connections"

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    name: Mapped[str] = mapped_column(sa.String(255))
    type: Mapped[str] = mapped_column(choice("connection_type", *KINDS))
    host: Mapped[str | None] = mapped_column(sa.String(255))
    port: Mapped[int | None]
    database_name: Mapped[str | None] = mapped_column(sa.String(255))
    username: Mapped[str | None] = mapped_column(sa.String(255))
    password_encrypted: Mapped[str | None] = mapped_column(sa.Text)
    readonly_username: Mapped[str | None] = mapped_column(sa.String(255))
    readonly_password_encrypted: Mapped[str | None] = mapped_column(sa.Text)
    ssl_mode: Mapped[str] = mapped_column(sa.String(20), default="prefer", server_default="prefer")
    extra_config: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    file_path: Mapped[str | None] = mapped_column(sa.String(1000))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    rights: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    private_columns: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    last_synced_at: Mapped[datetime | None]
    schema_stamp: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")

    def open_to(self, _db: Session, actor: Actor) -> bool:
        """Whether the actor may ask it."""
        return Rights.of(self.rights).may_ask(actor)


class OfConnection(Owned):
    """A row about the data of one connection: who may not ask that, does not get this."""

    def open_to(self, db: Session, actor: Actor) -> bool:
        """Whether the actor may ask the connection, if there still is one."""
        found = db.get(Connection, self.connection_id)  # type: ignore[attr-defined]
        return found is None or found.open_to(db, actor)


class SchemaTable(Keyed, Timed, Owned, Base):
    """A table or view as it was when the schema was last read."""

    __tablename__ = "schema_tables"
    __table_args__ = (sa.UniqueConstraint("connection_id", "table_name"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    table_name: Mapped[str] = mapped_column(sa.String(255))
    table_type: Mapped[str] = mapped_column(
        choice("table_type", "table", "view"), default="table", server_default="table"
    )
    row_count: Mapped[int | None] = mapped_column(sa.BigInteger)
    ai_description: Mapped[str | None] = mapped_column(sa.Text)
    description_drafted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    described_by: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    fingerprint: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the connection."""
        return cls.connection_id.in_(sa.select(Connection.id).where(Connection.org_id == org_id))


class SchemaColumnRow(Keyed, Timed, Owned, Base):
    """A column of a known table."""

    __tablename__ = "schema_columns"
    __table_args__ = (sa.UniqueConstraint("schema_table_id", "column_name"),)

    schema_table_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("schema_tables.id", ondelete="CASCADE"), index=True
    )
    column_name: Mapped[str] = mapped_column(sa.String(255))
    data_type: Mapped[str] = mapped_column(sa.String(255))
    is_nullable: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_primary_key: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_foreign_key: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    fk_references: Mapped[str | None] = mapped_column(sa.String(511))
    ordinal_position: Mapped[int]
    sample_values: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    ai_description: Mapped[str | None] = mapped_column(sa.Text)
    ai_business_term: Mapped[str | None] = mapped_column(sa.String(255))
    description_drafted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    term_drafted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    distinct_count: Mapped[int | None] = mapped_column(sa.BigInteger)
    null_percentage: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the table."""
        return cls.schema_table_id.in_(sa.select(SchemaTable.id).where(SchemaTable.of_org(org_id)))


class Upload(Keyed, OfConnection, Base):
    """A file that a person brought; its tables are part of a file connection."""

    __tablename__ = "uploads"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    original_filename: Mapped[str] = mapped_column(sa.String(500))
    file_size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    mime_type: Mapped[str] = mapped_column(sa.String(255))
    storage_path: Mapped[str] = mapped_column(sa.String(1000))
    row_count: Mapped[int] = mapped_column(sa.BigInteger)
    column_count: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    created_at: Mapped[datetime]

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """Through the connection."""
        return cls.connection_id.in_(sa.select(Connection.id).where(Connection.org_id == org_id))
