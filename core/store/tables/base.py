"""What all tables share: names of constraints, UUID keys, times in UTC, JSON."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from core.types import Actor

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def portable_json() -> sa.JSON:
    """JSON where nothing is NULL, for rows that are written without the product's tables."""
    return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime in UTC, on SQLite too, which forgets the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give back UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(name: str, *values: str) -> sa.Enum:
    """A column type for one of a few words, checked by the database."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        UUID: sa.Uuid,
    }


class Keyed:
    """A UUID as primary key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


class Timed:
    """When a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=_now, server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(
        default=_now, onupdate=_now, server_default=sa.func.now()
    )


class Owned:
    """A row of a tenant: says which rows belong to an organization.

    `core.security.access.own` uses it, the one function through which tenants' rows are read.
    """

    @classmethod
    def of_org(cls, org_id: UUID) -> ColumnElement[bool]:
        """The condition that a row belongs to the organization."""
        column: ColumnElement[bool] = cls.org_id == org_id  # type: ignore[attr-defined]
        return column

    def open_to(self, _db: Session, _actor: Actor) -> bool:
        """Whether this person of the organization may have to do with the row at all."""
        return True


def org_key() -> Mapped[UUID]:
    """A required reference to the organization; its deletion takes the row along."""
    return mapped_column(sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True)


def creator_key() -> Mapped[UUID | None]:
    """Who made it; the thing stays when the person goes."""
    return mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
