"""The real tables that a query names, and what each is there for."""

from typing import Literal

from sqlglot import exp

from core.guard.reading.naming import Names
from core.guard.reading.walk import Walk
from core.types import TableUse

_OF_CONDITIONS = ("where:", "having:", "on:", "qualify:")


def of(walk: Walk, names: Names) -> tuple[TableUse, ...]:
    """Every use of a real table, in reading order."""
    found: list[TableUse] = []
    for node in walk.all(exp.Table):
        table = names.table(node)
        if table and not (isinstance(node.parent, exp.Table) and node.arg_key == "indexed"):
            path = walk.path(node)
            found.append(TableUse(table, node.alias_or_name, _role(node, path), path))
    return tuple(found)


def _role(node: exp.Table, path: tuple[str, ...]) -> Literal["read", "joined", "filter"]:
    if any(step.startswith(_OF_CONDITIONS) for step in path):
        return "filter"
    around = node.parent
    while isinstance(around, exp.Subquery | exp.Table):
        around = around.parent
    return "joined" if isinstance(around, exp.Join) else "read"
