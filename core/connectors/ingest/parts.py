"""A look into the parts of an Excel file before anything parses them.

The reader of sheets gives neither cells with errors nor formulas that were never worked out;
both are found here, so that they are told and not lost.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from core.errors import BadUpload

CHUNK = 1 << 20
START = 4_096
MOST_ERRORS = 100_000

_NEVER_WORKED_OUT = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")
_ERROR = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?'
    rb"<v>([^<]{1,20})</v>"
)
_DECLARES = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Oddities:
    """Of one sheet: cells with an error by (row, column) from 0, and formulas without a value."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    never_worked_out: int = 0


def refuse_dangerous(source: Path) -> None:
    """Raise BadUpload for macros, and for XML that declares entities (files within files)."""
    with zipfile.ZipFile(source) as archive:
        for part in archive.infolist():
            name = part.filename.lower()
            if name.endswith("vbaproject.bin"):
                raise BadUpload(
                    "This Excel file has macros, which are not let in.",
                    "Save it in Excel as .xlsx (Excel workbook without macros) and upload that.",
                )
            if name.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    if _DECLARES.search(file.read(START)):
                        raise BadUpload(
                            "This Excel file declares entities in its XML, as attacks do and "
                            "spreadsheets never need.",
                            "Open it in Excel, save it anew as .xlsx and upload that.",
                        )


def oddities(source: Path) -> dict[str, Oddities]:
    """What the reader of sheets would lose, by the name of the sheet."""
    with zipfile.ZipFile(source) as archive:
        return {sheet: _odd(_chunks(archive, part)) for sheet, part in _sheets(archive).items()}


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds each sheet. Empty for a workbook laid out in another way."""
    known = set(archive.namelist())
    try:
        # Entities were refused before: nothing here can refer to another file.
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ElementTree.ParseError, KeyError):
        return {}
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter(f"{_SPREADSHEET}sheet"):
        target = targets.get(sheet.get(_RELATION, ""), "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if part in known and "worksheets" in part:
            found[sheet.get("name", "")] = part
    return found


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a cell ends, as far as cells are short."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            text = rest + chunk
            cut = text.rfind(b"</c>") + 4
            if cut < 4:
                cut = len(text)
            yield text[:cut]
            rest = text[cut:]
    yield rest


def _odd(chunks: Iterator[bytes]) -> Oddities:
    found = Oddities()
    for chunk in chunks:
        if b"</f>" in chunk:
            found.never_worked_out += sum(map(chunk.count, _NEVER_WORKED_OUT))
        if b't="e"' in chunk and len(found.errors) < MOST_ERRORS:
            for column, row, value in _ERROR.findall(chunk):
                found.errors[int(row) - 1, _place(column)] = value.decode()
    return found


def _place(letters: bytes) -> int:
    """A is 0, Z is 25, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
