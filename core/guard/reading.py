"""What a checked query reads and assumes, told from its tree."""

from dataclasses import dataclass

from sqlglot import exp

from core.guard import lists, parsing, text
from core.types import SafeSelect


@dataclass(frozen=True)
class Reading:
    """Tables and columns read, conditions and grouping as SQL text, and the row limit asked for.

    `filters` are the single conditions of every WHERE and HAVING, joined by AND in the query.
    """

    tables: tuple[str, ...]
    columns: tuple[str, ...]
    filters: tuple[str, ...]
    grouping: tuple[str, ...]
    limit: int | None


def reading(safe: SafeSelect) -> Reading:
    """What the query reads and assumes. `limit` is None when only the cap ends it.

    Thin for now: no lineage of columns to the output, no time window of its own.
    """
    root = parsing.parse(text.split(safe.sql, safe.dialect), safe.sql, safe.dialect)
    dialect = lists.PARSED_AS[safe.dialect]
    filters: list[str] = []
    grouping: list[str] = []
    for node in root.find_all(exp.Where, exp.Having, exp.Group):
        if isinstance(node, exp.Group):
            grouping += [part.sql(dialect) for part in node.expressions]
        else:
            condition = node.this
            parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
            filters += [part.sql(dialect) for part in parts]
    asked = root.args.get("limit")
    rows = int(asked.expression.name) if asked else None
    return Reading(
        tables=safe.reads.tables,
        columns=safe.reads.columns,
        filters=tuple(dict.fromkeys(filters)),
        grouping=tuple(dict.fromkeys(grouping)),
        limit=None if rows is None or rows > safe.cap else rows,
    )
