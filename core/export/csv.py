"""CSV files that Excel opens right and that run nothing there."""

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa

from core import columns
from core.export import cells
from core.export.sheet import Sheet

BATCH_ROWS = 10_000


def write(sheet: Sheet | None, table: pa.Table, path: Path) -> None:
    """The rows alone, UTF-8 with a byte order mark, dates in ISO form, lines ending in CR LF.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay
    numbers. The sheet's words have no place in a table of rows.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, lineterminator="\r\n")
        rows.writerow([cells.harmless(name) for name in table.column_names])
        for start in range(0, table.num_rows, BATCH_ROWS):
            part = table.slice(start, BATCH_ROWS)
            rows.writerows(zip(*(map(_cell, columns.plain(c)) for c in part.columns), strict=True))


def _cell(value: Any) -> str:
    written = cells.text(value)
    return written if isinstance(value, int | float) else cells.harmless(written)
