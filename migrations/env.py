"""Alembic's way into the application database; the URL comes from the settings."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from core.config import load
from core.store.tables import Base
from core.store.tables.base import UtcDateTime


def render_item(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Write our own column types as plain SQLAlchemy ones, so that migrations never change."""
    if kind != "type":
        return False
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def compare_type(
    _context: Any, _column: Any, _metadata_column: Any, found: Any, wanted: Any
) -> bool | None:
    """Leave JSON and times to us: their names differ per engine, their meaning does not."""
    if isinstance(wanted, UtcDateTime):
        return not isinstance(found, sa.DateTime)
    if isinstance(wanted, sa.JSON):
        return not isinstance(found, sa.JSON)
    return None


def run(connection: sa.Connection) -> None:
    """Run the migrations over an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    settings = load()
    engine = sa.create_engine(settings.database_url)
    with engine.connect() as connection:
        run(connection)
        connection.commit()
