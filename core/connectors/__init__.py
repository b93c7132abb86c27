"""The kinds of databases that DataMind can connect to, loaded when first asked for.

A new kind is one file in this package, one line in KINDS and one row in
tests/connectors/test_contract.py; docs/connectors.md shows how.
"""

from importlib import import_module
from typing import Any

from core.connectors.base import Connector, Target
from core.errors import BadInput

KINDS: dict[str, str] = {
    "postgresql": "core.connectors.postgres:Postgres",
    "mysql": "core.connectors.mysql:Mysql",
    "sqlite": "core.connectors.sqlite:Sqlite",
    "duckdb": "core.connectors.duckdb_file:DuckdbFile",
    "csv": "core.connectors.files:Files",
    "excel": "core.connectors.files:Files",
}

# Engines without a server: they parse and run SQL in the process that opens them.
IN_PROCESS = frozenset({"sqlite", "duckdb", "csv", "excel"})


def kind(name: str) -> type[Connector]:
    """The connector class of a kind. Raises BadInput for a kind that is not in KINDS."""
    place = KINDS.get(name)
    if place is None:
        raise BadInput(
            f"DataMind cannot connect to databases of the type “{name}”.",
            "Choose one of: " + ", ".join(KINDS) + ".",
        )
    module, class_name = place.split(":")
    found: type[Connector] = getattr(import_module(module), class_name)
    return found


def open(name: str, target: Target) -> Connector:
    """A connector to this target. Raises BadInput (unknown kind) or CannotConnect.

    An engine that parses SQL in the process that runs it is given a process of its own.
    """
    if name in IN_PROCESS:
        opened: Connector = import_module("core.connectors.sandbox").Sandboxed(name, target)
        return opened
    return kind(name)(target)


def warm() -> None:
    """Have an engine ready before the first question on a file."""
    import_module("core.connectors.sandbox").warm()


def run_checked(sql: str, dialect: str) -> list[tuple[Any, ...]]:
    """See core.connectors.checked, which is loaded when first asked for."""
    found: list[tuple[Any, ...]] = import_module("core.connectors.checked").run_checked(
        sql, dialect
    )
    return found
