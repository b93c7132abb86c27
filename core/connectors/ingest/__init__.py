"""Uploaded CSV, TSV and Excel files become typed tables in a DuckDB file of their own.

`load` is the road for an upload, `preview` shows what it would make. Everything heavy happens
inside DuckDB: the file is loaded as text, types are decided on all values of a column, and the
typed table is written in one statement. Nothing is lost silently: what did not fit its column,
or was skipped, is counted in the notes of its table.
"""

from core.connectors.ingest.rows import Rows, held
from core.connectors.ingest.tables import (
    BadCell,
    LoadedColumn,
    LoadedTable,
    Preview,
    UploadLimits,
)
from core.connectors.ingest.upload import load, preview

__all__ = [
    "BadCell",
    "LoadedColumn",
    "LoadedTable",
    "Preview",
    "Rows",
    "UploadLimits",
    "held",
    "load",
    "preview",
]
