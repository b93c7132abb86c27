"""Files that people take along. A new format is one module and one line in `FORMATS`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from core.errors import BadInput
from core.export import values
from core.export.sheet import Format, Sheet, Writer

__all__ = [
    "FORMATS",
    "Format",
    "Sheet",
    "offered",
    "paper_of",
    "table_to_bytes",
    "to_bytes",
    "write",
    "write_sheet",
]


def _excel() -> Writer:
    from core.export import excel

    return excel.write


def _csv() -> Writer:
    from core.export import csv

    return csv.write


def _pdf() -> Writer:
    from core.export import pdf

    return pdf.write


def _png() -> Writer:
    from core.export import png

    return png.write


FORMATS: dict[str, Format] = {
    "xlsx": Format(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _excel
    ),
    "pdf": Format("PDF", "application/pdf", _pdf),
    "csv": Format("CSV", "text/csv", _csv),
    "png": Format("Picture", "image/png", _png, of_chart=True),
}
"""By file extension, in the order in which they are offered."""


def offered(pictured: bool) -> dict[str, Format]:
    """The formats for rows with or without a chart that is a picture."""
    return {fmt: form for fmt, form in FORMATS.items() if pictured or not form.of_chart}


def paper_of(locale: str) -> str:
    """The size of paper that people of a locale print on."""
    country = locale.replace("-", "_").rpartition("_")[2].upper()
    return "letter" if country in ("US", "CA", "MX", "PH", "CL", "CO") else "a4"


def write(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], fmt: str, path: Path | str
) -> None:
    """Write rows of Python values under these column names to a file: the data alone.

    No cell and no heading ever runs as a formula where the file is opened (docs/uploads.md).
    `fmt` is one of FORMATS. Raises BadInput for an unknown format or rows of another width,
    LimitReached for more than the format can hold.
    """
    _writer(fmt)(None, values.table(columns, rows), Path(path))


def write_sheet(sheet: Sheet, table: pa.Table, fmt: str, path: Path) -> None:
    """Write an answer's rows to a file. Raises BadInput for an unknown format, LimitReached."""
    _writer(fmt)(sheet, table, path)


def to_bytes(sheet: Sheet, table: pa.Table, fmt: str) -> bytes:
    """The same file in memory, for a download. Raises as `write_sheet` does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write_sheet(sheet, table, fmt, path)
        return path.read_bytes()


def table_to_bytes(table: pa.Table, fmt: str) -> bytes:
    """The rows of a table alone as a file in memory. Raises as `write` does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        _writer(fmt)(None, table, path)
        return path.read_bytes()


def _writer(fmt: str) -> Writer:
    form = FORMATS.get(fmt)
    if form is None:
        raise BadInput(
            f"There is no export as “{fmt}”.", "Choose one of: " + ", ".join(FORMATS) + "."
        )
    return form.writer()
