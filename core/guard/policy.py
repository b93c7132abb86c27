"""What a person may read on a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from core.guard import folding
from core.types import DatabaseSchema


@dataclass(frozen=True)
class Policy:
    """The tables a query may read, their columns where known, private columns and row rules.

    Names are those of the database, in its own case. A table of another schema than the
    connection's is named "schema.table"; `schema` is the schema (on MySQL the database) that
    tables without one are in, where it is not the dialect's usual one.

    `private` holds "table.column": as bare output such a column is masked, anywhere else the
    query is refused. `rows` holds a condition per table: only rows that meet it are read.
    Both need the table's `columns` to be known. Keep one object for many checks: it remembers
    how names are looked up.
    """

    tables: frozenset[str]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    schema: str = ""
    rows: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        schema: DatabaseSchema,
        private: frozenset[str] = frozenset(),
        rows: Mapping[str, str] | None = None,
    ) -> "Policy":
        """All tables of a discovered schema, with their columns."""
        return cls(
            tables=frozenset(table.name for table in schema.tables),
            columns={t.name: tuple(c.name for c in t.columns) for t in schema.tables},
            private=private,
            schema=schema.schema,
            rows=rows or {},
        )

    def table(self, name: str, *, as_written: bool) -> str | None:
        """The table of that name as the policy spells it; `as_written` where case counts."""
        if as_written:
            return name if name in self.tables else None
        return self._lowered.get(folding.lower(name))

    def near(self, table: str) -> tuple[str, ...]:
        """Up to three names of tables that resemble the one asked for, best first."""
        close = get_close_matches(folding.lower(table), list(self._lowered), n=3, cutoff=0.6)
        return tuple(self._lowered[name] for name in close)

    def private_columns(self, table: str) -> tuple[str, ...]:
        """The private columns of a table of the policy; one named without a table is everywhere."""
        return self._private.get(self._key(table), ()) + self._private.get("", ())

    def columns_of(self, table: str) -> tuple[str, ...]:
        """The columns of a table as far as they are known, in their own case and order."""
        known = self.columns.get(table)
        return self._columns.get(self._key(table), ()) if known is None else known

    def rule(self, table: str) -> str | None:
        """The condition that rows of the table must meet; None where all may be read."""
        known = self.rows.get(table)
        return self._rows.get(self._key(table)) if known is None else known

    @cached_property
    def _lowered(self) -> dict[str, str]:
        return {folding.lower(name): name for name in sorted(self.tables)}

    @cached_property
    def _columns(self) -> dict[str, tuple[str, ...]]:
        return {self._key(table): columns for table, columns in self.columns.items()}

    @cached_property
    def _rows(self) -> dict[str, str]:
        return {self._key(table): condition for table, condition in self.rows.items()}

    @cached_property
    def _private(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in sorted(self.private):
            table, _, column = name.rpartition(".")
            found[self._key(table)] = (*found.get(self._key(table), ()), column)
        return found

    def _key(self, table: str) -> str:
        own = f"{self.schema}.".lower()
        key = table.lower()
        return key.removeprefix(own) if self.schema else key
