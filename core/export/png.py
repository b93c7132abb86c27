"""The chart of an answer as a picture file."""

from pathlib import Path

import pyarrow as pa

from core.errors import BadInput
from core.export import pictures
from core.export.sheet import Sheet
from core.types import QueryResult

WIDTH = 960


def write(sheet: Sheet | None, table: pa.Table, path: Path) -> None:
    """The chart alone as a PNG of twice 960 pixels in width, in light colours on white.

    Raises BadInput where there is no chart, or it is one that only a table can show.
    """
    chart = sheet.chart if sheet is not None else None
    today = sheet.made_at.date() if sheet is not None else None
    made = pictures.picture(chart, QueryResult(table), width=WIDTH, today=today) if chart else None
    if made is None:
        raise BadInput("There is no chart to take a picture of.", "Choose Excel, PDF or CSV.")
    path.write_bytes(made)
