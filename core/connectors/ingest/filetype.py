"""Is this file what its name says, and may it come in? The first look at an upload."""

import zipfile
from pathlib import Path
from typing import Literal

from core.connectors.ingest.tables import MEGABYTE, UploadLimits
from core.errors import BadUpload

FileType = Literal["text", "workbook"]

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
MOST_PARTS = 10_000
HIGHEST_RATIO = 200
SMALL_ENOUGH = 50 * MEGABYTE

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed (gzip) file",
    b"7z\xbc\xaf": "a compressed (7z) file",
    b"Rar!": "a compressed (rar) file",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a SQLite database",
    b"{\\rtf": "a text document (RTF)",
}


def check(source: Path, upload_name: str, limits: UploadLimits) -> FileType:
    """Which reader takes the file. Raises BadUpload with what to do instead."""
    ending = Path(upload_name).suffix.lower()
    if ending == ".xls":
        raise BadUpload(
            "This is an Excel file in the old .xls format.",
            "Open it in Excel, save it as .xlsx and upload that.",
        )
    if ending not in TEXT_ENDINGS + WORKBOOK_ENDINGS:
        raise BadUpload(
            f"Files of the type “{ending or 'without ending'}” cannot be read as tables.",
            "Upload a CSV, TSV or Excel (.xlsx) file.",
        )
    size = source.stat().st_size
    if size == 0:
        raise BadUpload("The file is empty.", "Export it again and check that it has rows.")
    if size > limits.max_bytes:
        raise BadUpload(
            f"The file has {size / MEGABYTE:,.0f} MB; "
            f"the limit is {limits.max_bytes / MEGABYTE:,.0f} MB.",
            "Leave out columns or older rows, or connect the database that it comes from.",
        )
    with source.open("rb") as file:
        start = file.read(4096)
    if ending in WORKBOOK_ENDINGS:
        _check_workbook(source, start, limits)
        return "workbook"
    _check_text(start)
    return "text"


def _check_text(start: bytes) -> None:
    if start.startswith(b"PK\x03\x04"):
        raise BadUpload(
            "This file ends like a text file, but it is an Excel workbook or a zip archive.",
            "If it is an Excel file, give it the ending .xlsx and upload it again.",
        )
    if start.startswith(_OLE):
        raise BadUpload(
            "This file ends like a text file, but it is an Office document.",
            "Open it in Excel, save it as .xlsx or CSV and upload that.",
        )
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            raise BadUpload(
                f"This file is {name}, not a table of text.",
                "Upload a CSV, TSV or Excel (.xlsx) file.",
            )


def _check_workbook(source: Path, start: bytes, limits: UploadLimits) -> None:
    if start.startswith(_OLE):
        if _ENCRYPTED in source.read_bytes():
            raise BadUpload(
                "This Excel file is protected by a password.",
                "Open it in Excel, remove the password (File > Info) and upload it again.",
            )
        raise BadUpload(
            "This is an Excel file in the old .xls format with the ending .xlsx.",
            "Open it in Excel, save it as .xlsx and upload that.",
        )
    if not start.startswith(b"PK"):
        raise BadUpload(
            "This file ends like an Excel file, but it is not one.",
            "If it is a text table, give it the ending .csv; or save it as .xlsx in Excel.",
        )
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadUpload(
            "This Excel file is damaged or incomplete.",
            "Perhaps the transfer broke off: upload it again, or open and save it in Excel first.",
        ) from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    suspicious = unpacked / packed > HIGHEST_RATIO and unpacked > SMALL_ENOUGH
    if suspicious or unpacked > limits.max_unpacked_bytes or len(parts) > MOST_PARTS:
        raise BadUpload(
            f"This Excel file unpacks to {unpacked / MEGABYTE:,.0f} MB, "
            "far more than a table of its size needs.",
            "Save the sheet that you need as a CSV file and upload that.",
        )
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise BadUpload(
            "This is a zip archive, but not an Excel workbook.",
            "Unpack it and upload the table in it, or save the table as .xlsx in Excel.",
        )
