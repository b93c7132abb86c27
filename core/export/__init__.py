"""Files that people take along. A new format is one module and one line in `FORMATS`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from core.errors import BadInput
from core.export.sheet import Format, Sheet, Writer

__all__ = ["FORMATS", "Format", "Sheet", "to_bytes", "write"]


def _excel() -> Writer:
    from core.export import excel

    return excel.write


def _csv() -> Writer:
    from core.export import csv

    return csv.write


FORMATS: dict[str, Format] = {
    "xlsx": Format(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _excel
    ),
    "csv": Format("CSV", "text/csv", _csv),
}
"""By file extension, in the order in which they are offered."""


def write(sheet: Sheet, table: pa.Table, fmt: str, path: Path) -> None:
    """Write an answer's rows to a file. Raises BadInput for an unknown format, LimitReached."""
    form = FORMATS.get(fmt)
    if form is None:
        raise BadInput(
            f"There is no export as “{fmt}”.", "Choose one of: " + ", ".join(FORMATS) + "."
        )
    form.writer()(sheet, table, path)


def to_bytes(sheet: Sheet, table: pa.Table, fmt: str) -> bytes:
    """The same file in memory, for a download. Raises as `write` does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write(sheet, table, fmt, path)
        return path.read_bytes()
