"""What the names after FROM mean: a WITH step that is in scope there, or a real table."""

import re
from functools import cached_property
from typing import Final

from sqlglot import exp

from core.types import DatabaseSchema, Reads, SchemaColumn, Table

_MYSQL: Final = ("mysql", "mariadb")
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?$")
_DAY: Final = len("2025-03-01")


class Names:
    """The steps and the real tables of one query, and what the schema knows of them."""

    def __init__(self, dialect: str, reads: Reads, schema: DatabaseSchema | None) -> None:
        self.dialect = dialect
        self.schema = schema
        self._read = {name.lower(): name for name in reads.tables}
        self._read |= {name: name for name in reads.tables}
        self._steps: dict[int, exp.CTE | None] = {}

    def step(self, table: exp.Table) -> exp.CTE | None:
        """The WITH step that the name means at this place, by the guard's own rule."""
        if id(table) not in self._steps:
            self._steps[id(table)] = None if table.args.get("db") else self._in_scope(table)
        return self._steps[id(table)]

    def table(self, node: exp.Table) -> str:
        """The real table, spelled as the schema has it; empty for a step, a series or DUAL."""
        name, schema = node.name, node.db
        if not isinstance(node.this, exp.Identifier) or self.step(node) is not None:
            return ""
        if self.dialect in _MYSQL and name.lower() == "dual" and not schema:
            return ""
        full = f"{schema}.{name}"
        named = full if schema and full.lower() in self._read else name
        known = self.known(named)
        return known.name if known else self._read.get(named, self._read.get(named.lower(), named))

    def known(self, table: str) -> Table | None:
        """What the schema says of a table, None where it says nothing."""
        return self._tables.get(table) or self._tables.get(table.lower())

    def column(self, column: str) -> SchemaColumn | None:
        """What the schema says of a "table.column"."""
        table, _, name = column.rpartition(".")
        known = self.known(table)
        return known.column(name) if known else None

    def holds_times(self, column: str) -> bool:
        """Whether a "table.column" surely holds days or moments: by its type, or all samples."""
        known = self.column(column)
        if known is None:
            return False
        kind = known.data_type.upper()
        if kind.startswith(("DATE", "TIMESTAMP")):
            return True
        return bool(known.samples) and all(_TIME.match(sample) for sample in known.samples)

    def holds_moments(self, column: str) -> bool:
        """Whether its values are known to be finer than days."""
        known = self.column(column)
        if known is None:
            return False
        kind = known.data_type.upper()
        if kind.startswith(("DATETIME", "TIMESTAMP")) and not known.samples:
            return True
        return any(_TIME.match(sample) and len(sample) > _DAY for sample in known.samples)

    @cached_property
    def _tables(self) -> dict[str, Table]:
        tables = self.schema.tables if self.schema else ()
        return {t.name.lower(): t for t in tables} | {t.name: t for t in tables}

    def _in_scope(self, table: exp.Table) -> exp.CTE | None:
        wanted = self._folded(table.this)
        below: exp.Expr = table
        above = table.parent
        while above is not None:
            steps: list[exp.CTE] = []
            if isinstance(above, exp.With):
                steps = above.expressions
                if not above.args.get("recursive") and self.dialect != "sqlite":
                    before = next((i for i, step in enumerate(steps) if step is below), 0)
                    steps = steps[:before]
                # The query that owns this WITH has no other.
                below, above = above, above.parent or above
            elif above.args.get("with_") is not None:
                steps = above.args["with_"].expressions
            for step in steps:
                if self._folded(step.args["alias"].this) == wanted:
                    return step
            below, above = above, above.parent
        return None

    def _folded(self, name: exp.Expr) -> str:
        exact = self.dialect in _MYSQL or (self.dialect == "postgres" and name.args.get("quoted"))
        return name.name if exact else name.name.lower()
