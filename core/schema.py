"""What is known of a connection's tables, as it is given to analysts and screens."""

from dataclasses import replace
from uuid import UUID

from core import connectors, known_tables
from core.datamind import DataMind
from core.security import access
from core.security.rights import Rights
from core.store.tables import Connection
from core.types import Actor, DatabaseSchema, Table


def read(dm: DataMind, actor: Actor, connection_id: UUID) -> DatabaseSchema:
    """The connection's schema as it was last refreshed. Raises NotFound."""
    with dm.sessions.read() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        stamp = row.schema_stamp
        tables = dm.known.get(connection_id, stamp)
        if tables is None:
            tables = known_tables.of(db, connection_id)
            dm.known.keep(connection_id, stamp, tables)
        private = frozenset(row.private_columns)
        given = Rights.of(row.rights)
        return DatabaseSchema(
            dialect=connectors.kind(row.type).dialect,
            engine=row.extra_config.get("engine", ""),
            schema=row.extra_config.get("schema", ""),
            tables=without_values(tables, private),
            private=private,
            sees_private=given.sees_private(actor),
            values_stay=given.values_stay,
        )


def without_values(tables: tuple[Table, ...], private: frozenset[str]) -> tuple[Table, ...]:
    """The tables without the sample values of private columns, whoever asks."""
    if not private:
        return tables
    return tuple(
        replace(
            table,
            columns=tuple(
                replace(c, samples=()) if f"{table.name}.{c.name}" in private else c
                for c in table.columns
            ),
        )
        for table in tables
    )
