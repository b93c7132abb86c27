"""The schema as a model reads it: the same bytes for the same schema, so that it is cached.

Tables are sorted by name, columns keep their order, and nothing moves with the data: no row
counts, no times, samples sorted.
"""

from collections.abc import Iterable
from typing import Final

from core.analyst.claude import fence
from core.types import SchemaColumn, Table

MOST_SAMPLES: Final = 5
LONGEST_SCHEMA: Final = 100_000
"""Characters of a schema that is given whole, about 30,000 tokens."""


def render(tables: Iterable[Table], *, samples: bool = True) -> str:
    """One paragraph a table, one line a column; without `samples` no value of the data."""
    ordered = sorted(tables, key=lambda table: table.name)
    return "\n\n".join(_table(table, samples) for table in ordered)


def _table(table: Table, samples: bool) -> str:
    note = f" -- {fence.quoted(table.description, fence.LONGEST_NOTE)}" if table.description else ""
    lines = [f"{table.kind} {fence.name(table.name)}{note}"]
    return "\n".join(lines + [_column(column, samples) for column in table.columns])


def _column(column: SchemaColumn, samples: bool) -> str:
    parts = [f"  {fence.name(column.name)} {_type(column.data_type)}"]
    if column.primary_key:
        parts.append("primary key")
    if not column.nullable and not column.primary_key:
        parts.append("not null")
    if column.references:
        target = ".".join(fence.name(part) for part in column.references.rsplit(".", 1))
        parts.append(f"-> {target}")
    if column.business_term:
        parts.append(f"means {fence.quoted(column.business_term, fence.LONGEST_NAME)}")
    if column.description:
        parts.append(f"-- {fence.quoted(column.description, fence.LONGEST_NOTE)}")
    if samples and column.samples:
        shown = sorted(column.samples)[:MOST_SAMPLES]
        quoted = ", ".join(fence.quoted(sample, fence.LONGEST_SAMPLE) for sample in shown)
        parts.append(f"e.g. {quoted}")
    return " ".join(parts)


def _type(data_type: str) -> str:
    plain = all(c.isalnum() or c in " _(),[]" for c in data_type)
    if plain and len(data_type) <= fence.LONGEST_TYPE:
        return data_type
    return fence.quoted(data_type, fence.LONGEST_TYPE)
