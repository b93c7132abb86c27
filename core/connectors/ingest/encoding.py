"""In which encoding a text file is, and the file anew in UTF-8."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadUpload

CHUNK = 1 << 20
MOST_CONTROLS = 100
MIXED = "utf-8 mixed"
_NAMES = {"cp1252": "Windows (Western European)", "latin-1": "Latin-1"}
_END_OF_FILE = b"\x1a"

# Text has tabs, line ends and page breaks below 32, but not these.
_CONTROLS = bytes([*range(1, 8), *range(14, 26)])


@dataclass(frozen=True)
class Plain:
    """The text in UTF-8, and what had to be done for that."""

    path: Path
    notes: tuple[str, ...]


def plain(source: Path, copy: Path) -> Plain:
    """The file itself when it is UTF-8 without a mark, else a copy of it that is.

    Raises BadUpload for binary content.
    """
    encoding = sniff(source)
    if encoding == "utf-8" and not _ends_as_in_dos(source):
        return Plain(source, ())
    notes = []
    if encoding in _NAMES:
        notes.append(f"The text was read as {_NAMES[encoding]}.")
    odd = _rewrite(source, encoding, copy)
    if odd and encoding == MIXED:
        cells = "1 byte was" if odd == 1 else f"{odd:,} bytes were"
        notes.append(f"The text is UTF-8, but {cells} not and read as Windows-1252.")
    elif odd:
        broken = "1 broken character is" if odd == 1 else f"{odd:,} broken characters are"
        notes.append(f"{broken} shown as \N{REPLACEMENT CHARACTER}.")
    return Plain(copy, tuple(notes))


def sniff(source: Path) -> str:
    """The encoding of the whole file, as Python names it. Raises BadUpload for binary content.

    UTF-8 when every byte agrees; else UTF-16 or UTF-32 by its mark or its zero bytes; else
    Windows-1252, or Latin-1 where a byte has no meaning in that. A file that is mostly good
    UTF-8 with a few other bytes is MIXED.
    """
    with source.open("rb") as file:
        start = file.read(65_536)
    if wide := _wide(start):
        return wide
    if _decodes(source, "utf-8"):
        return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    if _mostly_utf8(source):
        return MIXED
    return "cp1252" if _decodes(source, "cp1252") else "latin-1"


def _wide(start: bytes) -> str:
    """UTF-16 or UTF-32, by the mark or by where the zero bytes are; else nothing."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    odd, even = start[1::2].count(0), start[::2].count(0)
    if odd > len(start) // 5 and even * 10 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > len(start) // 5 and odd * 10 < even else ""


def _decodes(source: Path, encoding: str) -> bool:
    """Whether all bytes agree with the encoding. Raises BadUpload for bytes no text has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    controls = 0
    waiting = False
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
            if b"\0" in chunk or controls > MOST_CONTROLS:
                raise BadUpload(
                    "This file is not text: it has bytes that no text file has.",
                    "Export the table as CSV or Excel (.xlsx) and upload that.",
                )
            if chunk.isascii() and not waiting:
                continue
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            waiting = bool(decoder.getstate()[0])
    return not waiting


def _mostly_utf8(source: Path) -> bool:
    """Whether good sequences of UTF-8 outweigh the bytes that are none, four to one."""
    good = bad = 0
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = chunk.decode("utf-8", errors="replace")
            broken = text.count("\N{REPLACEMENT CHARACTER}")
            bad += broken
            good += sum(map(text.count, set(text) - _ASCII)) - broken
    return good >= 4 * bad


_ASCII = frozenset(map(chr, range(128)))


def _ends_as_in_dos(source: Path) -> bool:
    with source.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 1))
        return file.read(1) == _END_OF_FILE


def _rewrite(source: Path, encoding: str, copy: Path) -> int:
    """Write the text anew in UTF-8; returns how many bytes did not fit the encoding."""
    named = "utf-8-sig" if encoding == MIXED else encoding
    decoder = codecs.getincrementaldecoder(named)(
        errors=_WINDOWS if encoding == MIXED else "replace"
    )
    odd = 0
    with source.open("rb") as old, copy.open("w", encoding="utf-8", newline="") as new:
        while chunk := old.read(CHUNK):
            text = decoder.decode(chunk, final=len(chunk) < CHUNK)
            odd += sum(map(text.count, _STRANGERS)) + text.count("\N{REPLACEMENT CHARACTER}")
            if len(chunk) < CHUNK:
                text = text.removesuffix(_END_OF_FILE.decode())
            new.write(text.translate(_HOME))
    return odd


# Bytes that are no UTF-8 travel through private code points, so that they can be counted.
_FIRST_STRANGER = 0x10FF00
_STRANGERS = [chr(_FIRST_STRANGER + byte) for byte in range(128, 256)]
_HOME = {
    _FIRST_STRANGER + byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
    for byte in range(128, 256)
}
_WINDOWS = "datamind-windows-1252"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(chr(_FIRST_STRANGER + byte) for byte in broken), error.end


codecs.register_error(_WINDOWS, _as_windows)
