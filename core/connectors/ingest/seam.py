"""A loaded table as other programs are told of it: see core.uploads.ingest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from core.connectors.ingest.rows import held
from core.connectors.ingest.tables import LoadedTable


class Told(TypedDict):
    """A table of a file, as `ingest` tells it."""

    name: str
    label: str
    columns: list[list[str]]
    labels: list[str]
    rows: Sequence[list[Any]]
    notes: list[str]
    quarantine: list[dict[str, Any]]
    quarantined: int


def tell_of(made: Path, table: LoadedTable) -> Told:
    """What is told of a table in that DuckDB file."""
    return Told(
        name=table.name,
        label=table.label,
        columns=[[column.name, column.type] for column in table.columns],
        labels=[column.label for column in table.columns],
        rows=held(made, table),
        notes=list(table.notes),
        quarantine=[
            {"row": cell.row, "column": cell.column, "value": cell.value} for cell in table.bad
        ],
        quarantined=table.quarantined,
    )
