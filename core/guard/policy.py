"""What a person may read on a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from core.types import DatabaseSchema


@dataclass(frozen=True)
class Policy:
    """The tables a query may read, their columns where known, and the private ones.

    Names are compared whatever their case. A table of another schema than the connection's own
    is named "schema.table". `private` holds "table.column": a query that mentions such a column,
    also through a star or a whole row, is refused. `schema` is the schema (on MySQL the database)
    that tables without one are in, where it is not the dialect's usual one.
    """

    tables: frozenset[str]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    schema: str = ""

    @classmethod
    def of(cls, schema: DatabaseSchema, private: frozenset[str] = frozenset()) -> "Policy":
        """All tables of a discovered schema, with their columns."""
        return cls(
            tables=frozenset(table.name for table in schema.tables),
            columns={t.name: tuple(c.name for c in t.columns) for t in schema.tables},
            private=private,
            schema=schema.schema,
        )

    def allows(self, table: str) -> bool:
        """Whether a table of that name may be read."""
        return table.lower() in self._tables

    def near(self, table: str) -> tuple[str, ...]:
        """Up to three names of tables that resemble the one asked for, best first."""
        close = get_close_matches(table.lower(), list(self._tables), n=3, cutoff=0.6)
        return tuple(self._tables[name] for name in close)

    def private_columns(self, table: str) -> frozenset[str]:
        """The private columns of a table, in lower case."""
        return self._private.get(table.lower(), frozenset())

    def columns_of(self, table: str) -> tuple[str, ...]:
        """The columns of a table as far as they are known, in lower case."""
        return self._columns.get(table.lower(), ())

    @cached_property
    def _tables(self) -> dict[str, str]:
        return {name.lower(): name for name in sorted(self.tables)}

    @cached_property
    def _columns(self) -> dict[str, tuple[str, ...]]:
        return {
            table.lower(): tuple(column.lower() for column in columns)
            for table, columns in self.columns.items()
        }

    @cached_property
    def _private(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name in self.private:
            table, _, column = name.lower().rpartition(".")
            found.setdefault(table, set()).add(column)
        return {table: frozenset(columns) for table, columns in found.items()}
