"""How tables connect: declared foreign keys, sensible guesses, and the shortest way between."""

from collections import deque
from dataclasses import dataclass

from core.analyst.local import words
from core.types import DatabaseSchema


@dataclass(frozen=True)
class Step:
    """One join from a table to the next. `to_one`: a row finds at most one on the other side."""

    table: str
    column: str
    other: str
    other_column: str
    to_one: bool
    declared: bool


class Joins:
    """The tables of a schema as a graph."""

    def __init__(self, schema: DatabaseSchema) -> None:
        self._steps: dict[str, list[Step]] = {t.name: [] for t in schema.tables}
        self._paths: dict[tuple[str, str, bool], tuple[Step, ...] | None] = {}
        for child, column, parent, key, declared in _links(schema):
            self._steps[child].append(Step(child, column, parent, key, True, declared))
            self._steps[parent].append(Step(parent, key, child, column, False, declared))

    def steps(self, table: str) -> tuple[Step, ...]:
        """The joins that leave a table."""
        return tuple(self._steps[table])

    def path(self, start: str, end: str, only_up: bool = False) -> tuple[Step, ...] | None:
        """The shortest way between two tables, or None when nothing connects them.

        `only_up` follows keys to their one parent only, so that no row is ever doubled.
        """
        asked = (start, end, only_up)
        if asked not in self._paths:
            self._paths[asked] = self._search(*asked)
        return self._paths[asked]

    def distance(self, start: str, end: str) -> float:
        """Joins between two tables; going down to many weighs a bit more. Unreachable: 99."""
        path = self.path(start, end)
        return 99.0 if path is None else sum(1.0 if s.to_one else 1.3 for s in path)

    def sideways(self, start: str, end: str) -> bool:
        """Whether the way goes up to a parent and down to other children of it.

        Then rows of both only share that parent: a customer's subscription and his orders.
        """
        path = self.path(start, end) or ()
        risen = False
        for step in path:
            if risen and not step.to_one:
                return True
            risen = risen or step.to_one
        return False

    def _search(self, start: str, end: str, only_up: bool) -> tuple[Step, ...] | None:
        if start == end:
            return ()
        waiting: deque[tuple[str, tuple[Step, ...]]] = deque([(start, ())])
        seen = {start}
        while waiting:
            at, so_far = waiting.popleft()
            for step in sorted(self._steps[at], key=lambda s: (not s.declared, not s.to_one)):
                if step.other in seen or (only_up and not step.to_one):
                    continue
                if step.other == end:
                    return (*so_far, step)
                seen.add(step.other)
                waiting.append((step.other, (*so_far, step)))
        return None

    def fan_out(self, start: str, end: str) -> bool:
        """Whether joining `end` to `start` can repeat rows of `start`."""
        path = self.path(start, end)
        return path is not None and any(not step.to_one for step in path)


def _links(schema: DatabaseSchema) -> list[tuple[str, str, str, str, bool]]:
    found: list[tuple[str, str, str, str, bool]] = []
    for table in schema.tables:
        for column in table.columns:
            if not column.references:
                continue
            parent_name, _, key = column.references.rpartition(".")
            parent = schema.table(parent_name)
            target = parent.column(key) if parent else None
            if parent and target:
                found.append((table.name, column.name, parent.name, target.name, True))
    linked = {(child, column) for child, column, *_ in found}
    return found + [g for g in _guesses(schema) if (g[0], g[1]) not in linked]


def _guesses(schema: DatabaseSchema) -> list[tuple[str, str, str, str, bool]]:
    """Columns named like another table's key: customer_id, or id_customer, to customers.id."""
    keys: dict[tuple[str, ...], tuple[str, str]] = {}
    for table in schema.tables:
        own = words.name_words(table.name)
        primary = [c.name for c in table.columns if c.primary_key]
        if len(primary) != 1 and table.kind == "table":
            primary = [c.name for c in table.columns if words.name_words(c.name) == (*own, "id")]
        if len(primary) != 1:
            continue
        named = words.name_words(primary[0])
        keys.setdefault(named if named != ("id",) else (*own, "id"), (table.name, primary[0]))
        keys.setdefault((*own, "id"), (table.name, primary[0]))
        keys.setdefault(("id", *own), (table.name, primary[0]))
    guesses = []
    for table in schema.tables:
        for column in table.columns:
            named = words.name_words(column.name)
            target = keys.get(named)
            if target and target[0] != table.name and len(named) > 1:
                guesses.append((table.name, column.name, target[0], target[1], False))
    return guesses
