"""Is this file what its name says, and may it come in? The first look at an upload."""

import zipfile
from pathlib import Path
from typing import Literal

from core.connectors.ingest import parts
from core.connectors.ingest.tables import MEGABYTE, UploadLimits
from core.errors import BadUpload

FileType = Literal["text", "workbook"]

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
WORKBOOK_ENDINGS = (".xlsx",)
SPREADSHEETS = {
    ".xls": "an Excel file in the old .xls format",
    ".xlsb": "an Excel file in the binary .xlsb format",
    ".xlsm": "an Excel file with macros (.xlsm)",
    ".xltx": "an Excel template (.xltx)",
    ".ods": "an OpenDocument spreadsheet (.ods)",
    ".numbers": "a Numbers file",
}
"""Spreadsheets that are not read, and what they are called."""
ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
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
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a SQLite database",
    b"{\\rtf": "a text document (RTF)",
}
_PACKED = {
    b"\x1f\x8b": "a packed file (gzip)",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"Rar!": "a packed file (rar)",
    b"BZh": "a packed file (bzip2)",
    b"\xfd7zXZ": "a packed file (xz)",
    b"\x28\xb5\x2f\xfd": "a packed file (zstd)",
}
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<body", b"<meta", b"<style")


def check(source: Path, upload_name: str, limits: UploadLimits) -> FileType:
    """Which reader takes the file. Raises BadUpload with what to do instead."""
    ending = ending_of(upload_name)
    with source.open("rb") as file:
        start = file.read(4096)
    if ending in SPREADSHEETS:
        raise _spreadsheet(ending, start)
    if ending in ARCHIVES:
        raise _packed(f"a packed file ({ending})")
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
    if ending in WORKBOOK_ENDINGS:
        _check_workbook(source, start, limits)
        return "workbook"
    _check_text(ending, start)
    return "text"


def ending_of(upload_name: str) -> str:
    """The ending of a file's name in lower case, with its dot; also of a name that is only that."""
    name = Path(upload_name).name
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def _spreadsheet(ending: str, start: bytes) -> BadUpload:
    if _is_markup(start):
        return _web_page(ending)
    return BadUpload(
        f"This is {SPREADSHEETS[ending]}, which cannot be read.",
        "Open it in Excel, save it as .xlsx (Excel workbook) and upload that.",
    )


def _packed(what: str) -> BadUpload:
    return BadUpload(
        f"This is {what}, not a table.", "Unpack it and upload the CSV or Excel file in it."
    )


def _is_markup(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP)


def _web_page(ending: str) -> BadUpload:
    return BadUpload(
        f"This file ends in {ending}, but it is a web page or XML, as some programs export it.",
        "Open it in Excel, save it as .xlsx (Excel workbook) and upload that.",
    )


def _check_text(ending: str, start: bytes) -> None:
    if start.startswith(b"PK\x03\x04"):
        raise BadUpload(
            "This file ends like a text file, but it is an Excel workbook or a zip archive.",
            "If it is an Excel file, give it the ending .xlsx; if it is packed, unpack it first.",
        )
    if start.startswith(_OLE):
        raise BadUpload(
            "This file ends like a text file, but it is an Office document.",
            "Open it in Excel, save it as .xlsx or CSV and upload that.",
        )
    if _is_markup(start):
        raise _web_page(ending)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'{"', b"[{", b"[\n", b"{\n", b"{}")):
        raise BadUpload(
            "This file holds JSON, not a table.",
            "Export the table as CSV or Excel (.xlsx) and upload that.",
        )
    for magic, name in _PACKED.items():
        if start.startswith(magic):
            raise _packed(name)
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
    if _is_markup(start):
        raise _web_page(".xlsx")
    if not start.startswith(b"PK"):
        raise BadUpload(
            "This file ends like an Excel file, but it is not one.",
            "If it is a text table, give it the ending .csv; or save it as .xlsx in Excel.",
        )
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise damaged() from error
    unpacked = sum(part.file_size for part in members)
    packed = max(1, sum(part.compress_size for part in members))
    suspicious = unpacked / packed > HIGHEST_RATIO and unpacked > SMALL_ENOUGH
    if suspicious or unpacked > limits.max_unpacked_bytes or len(members) > MOST_PARTS:
        raise BadUpload(
            f"This Excel file unpacks to {unpacked / MEGABYTE:,.0f} MB, "
            "far more than a table of its size needs.",
            "Save the sheet that you need as a CSV file and upload that.",
        )
    if not any(part.filename.lower() == "xl/workbook.xml" for part in members):
        raise BadUpload(
            "This is a zip archive, but not an Excel workbook.",
            "Unpack it and upload the table in it, or save the table as .xlsx in Excel.",
        )
    try:
        parts.refuse_dangerous(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged() from error


def damaged() -> BadUpload:
    """The error for a workbook that cannot be read to its end."""
    return BadUpload(
        "This Excel file is damaged or incomplete.",
        "Perhaps the transfer broke off: upload it again, or open it and save it again in Excel.",
    )
