"""Descriptions of a schema made from its names: cust_nm is the Customer Name."""

from collections.abc import Sequence

from core.analyst.base import Described
from core.analyst.local import roles
from core.analyst.local.lexicon import spoken
from core.analyst.local.roles import Role
from core.types import SchemaColumn, Table

_UPPER = {"id": "ID", "url": "URL", "sku": "SKU", "vat": "VAT", "ip": "IP", "mrr": "MRR",
          "arr": "ARR", "usd": "USD", "eur": "EUR", "csat": "CSAT", "nps": "NPS"}  # fmt: skip


def tables(undescribed: Sequence[Table]) -> tuple[Described, ...]:
    """A description per table and per column, each with its business term."""
    made: list[Described] = []
    for table in undescribed:
        made.append(Described(table.name, None, _table(table), term(table.name)))
        made += [
            Described(table.name, c.name, _column(table, c), term(c.name)) for c in table.columns
        ]
    return tuple(made)


def term(name: str) -> str:
    """A name as a business term: cust_nm is Customer Name."""
    return " ".join(_UPPER.get(w, w.capitalize()) for w in spoken(name)) or name


def _table(table: Table) -> str:
    row = term(table.name).lower()
    parents = [term(c.references.rpartition(".")[0]).lower() for c in table.columns if c.references]
    belongs = f", with its {' and '.join(dict.fromkeys(parents))}" if parents else ""
    return f"One row per {row}{belongs}."


def _column(table: Table, column: SchemaColumn) -> str:
    named = term(column.name)
    role = roles.of(table, column, spoken)
    if column.primary_key:
        return f"Identifies a {term(table.name).lower()}."
    if column.references:
        return f"The {term(column.references.rpartition('.')[0]).lower()} it belongs to."
    if role is Role.TIME:
        return f"When: {named.lower()}."
    if role is Role.FLAG:
        return f"Whether: {named.lower()}."
    if column.samples and role is Role.TEXT and len(column.samples) < 10:
        return f"{named}, such as {', '.join(column.samples[:3])}."
    return f"{named}."
