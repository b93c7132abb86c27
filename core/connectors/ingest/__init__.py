"""Uploaded CSV, TSV and Excel files become typed tables in a DuckDB file of their own.

`load` does it; the product calls it in a child process (`sandbox.loading`). Everything heavy
happens inside DuckDB: the file is loaded as text, types are decided on all values of a column,
and the typed table is written in one statement. Nothing is lost silently: what did not fit its
column, or was skipped, is counted in the notes of its table.
"""

from core.connectors.ingest.again import TableChange
from core.connectors.ingest.choices import CHOICES
from core.connectors.ingest.rows import Rows
from core.connectors.ingest.tables import (
    BadCell,
    LoadedColumn,
    LoadedTable,
    Plan,
    Preview,
    UploadLimits,
)
from core.connectors.ingest.upload import load

__all__ = [
    "CHOICES",
    "BadCell",
    "LoadedColumn",
    "LoadedTable",
    "Plan",
    "Preview",
    "Rows",
    "TableChange",
    "UploadLimits",
    "load",
]
