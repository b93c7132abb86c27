"""Text files: their encoding, delimiter and header, and the road into DuckDB."""

import codecs
import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core.connectors.ingest import header, uneven
from core.connectors.ingest.tables import RawTable, UploadLimits
from core.errors import BadUpload

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
SAMPLE_CHARACTERS = 1_000_000
CHUNK = 1 << 20
MOST_CONTROLS = 100

_ENCODING_NAMES = {
    "cp1252": "Windows (Western European)",
    "latin-1": "Latin-1",
}


@dataclass(frozen=True)
class Layout:
    """How the text is laid out: delimiter, rows above the table, header or none.

    `first_row` counts the rows above the data; a row may span lines inside quotation marks.
    """

    delimiter: str
    titles: int
    has_header: bool
    headers: tuple[str, ...]
    first_row: int


def load(
    database: duckdb.DuckDBPyConnection, source: Path, label: str, work: Path, limits: UploadLimits
) -> RawTable:
    """Load the file as a table of text named `raw`. Raises BadUpload naming row and reason.

    `work` is a folder for a copy, made when the text is not UTF-8 or is laid out unevenly.
    """
    encoding = sniff_encoding(source)
    notes: list[str] = []
    if encoding != "utf-8":
        source = _as_utf8(source, encoding, work / "utf8.csv")
        if encoding in _ENCODING_NAMES:
            notes.append(f"The text was read as {_ENCODING_NAMES[encoding]}.")
    layout = sniff_layout(source)
    width = len(layout.headers)
    if width > limits.max_columns:
        raise BadUpload(
            f"The file has {width:,} columns; the limit is {limits.max_columns:,}.",
            "Leave out the columns that you do not need.",
        )
    if layout.titles:
        notes.append(
            f"{uneven.rows(layout.titles)} above the table {_were(layout.titles)} skipped."
        )
    headers = layout.headers
    try:
        _read(database, source, layout.delimiter, width, layout.first_row)
    except duckdb.Error:
        even = uneven.rewrite(
            source, layout.delimiter, width, layout.first_row, work / "even.csv", limits
        )
        notes += even.notes
        headers = (*headers, *("" for _ in range(even.width - width)))
        _read(database, even.path, ",", even.width, 0)
    return RawTable(
        source="raw",
        label=label,
        headers=headers,
        line=layout.first_row + 1,
        notes=tuple(notes),
        european=layout.delimiter == ";",
    )


def sniff_encoding(source: Path) -> str:
    """The encoding of the whole file, as Python names it. Raises BadUpload for binary content.

    UTF-8 when every byte agrees; else UTF-16 by its mark or its zero bytes; else Windows-1252,
    or Latin-1 where a byte has no meaning in that.
    """
    with source.open("rb") as file:
        start = file.read(65_536)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start:
        odd, even = start[1::2].count(0), start[::2].count(0)
        if odd > len(start) // 5 and even * 10 < odd:
            return "utf-16-le"
        if even > len(start) // 5 and odd * 10 < even:
            return "utf-16-be"
    if _decodes(source, "utf-8"):
        return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    return "cp1252" if _decodes(source, "cp1252") else "latin-1"


def _decodes(source: Path, encoding: str) -> bool:
    """Whether all bytes agree with the encoding. Raises BadUpload for bytes no text has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    controls = 0
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
            if b"\0" in chunk or controls > MOST_CONTROLS:
                raise BadUpload(
                    "This file is not text: it has bytes that no text file has.",
                    "Export the table as CSV or Excel (.xlsx) and upload that.",
                )
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# Text has tabs, line ends and page breaks below 32, but not these.
_CONTROLS = bytes([*range(1, 8), *range(14, 26)])


def _as_utf8(source: Path, encoding: str, copy: Path) -> Path:
    with (
        source.open("r", encoding=encoding, errors="replace", newline="") as old,
        copy.open("w", encoding="utf-8", newline="") as new,
    ):
        while part := old.read(CHUNK):
            new.write(part)
    return copy


def sniff_layout(source: Path) -> Layout:
    """Delimiter, titles above the table and header. Raises BadUpload for a file of no rows."""
    with source.open("r", encoding="utf-8", newline="") as file:
        text = file.read(SAMPLE_CHARACTERS)
    lines = text.splitlines(keepends=True)
    told = lines[0].strip().lower() if lines else ""
    told_mark = (told[4:] or "\t") if told.startswith("sep=") and len(told) <= 5 else ""
    above = int(bool(told_mark))
    lines = lines[above:]
    if not any(line.strip().strip('",;|') for line in lines):
        raise BadUpload("The file has no rows.", "Export it again and check that it has data.")
    options = {mark: _records(lines, mark) for mark in told_mark or DELIMITERS}
    delimiter = max(options, key=lambda mark: _evenness(options[mark]))
    rows = options[delimiter]
    if not rows:
        raise uneven.never_closes(1 + above)
    titles = header.first_row(rows)
    table = rows[titles:]
    has_header = header.is_header(table)
    width = max(len(table[0]), _usual_width(table))
    names = [cell.strip() for cell in table[0]] if has_header else []
    names += [""] * (width - len(names))
    first_row = above + titles + int(has_header)
    return Layout(delimiter, titles, has_header, tuple(names), first_row)


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    csv.field_size_limit(uneven.LONGEST_CELL)
    try:
        return list(itertools.islice(csv.reader(lines, delimiter=delimiter), SAMPLE_ROWS))
    except csv.Error:
        return []


def _usual_width(rows: list[list[str]]) -> int:
    widths = [len(row) for row in rows if row]
    return max(sorted(set(widths)), key=widths.count) if widths else 0


def _evenness(rows: list[list[str]]) -> tuple[float, bool, int]:
    """How well a delimiter explains the rows.

    The share of rows of the usual width, whether the first has it too (decimal commas do
    not split the header), then the width. For a table of one column the mark that splits
    the fewest cells is best.
    """
    width = _usual_width(rows)
    if width < 2:
        return (0.0, False, -max(map(len, rows), default=0))
    filled = [row for row in rows if row]
    if len(filled[0]) == 1 and all(map(_cut_number, filled[1:])):
        return (-1.0, False, 0)
    share = round(sum(len(row) == width for row in filled) / len(filled), 1)
    return (share, len(filled[0]) == width, width)


def _cut_number(row: list[str]) -> bool:
    """Whether the row could be one number in two parts: the comma in 1,5 is no delimiter."""
    return len(row) == 1 or (
        len(row) == 2 and row[0].lstrip("-").replace(".", "").isdigit() and row[1].isdigit()
    )


def _read(
    database: duckdb.DuckDBPyConnection, path: Path, delimiter: str, width: int, skip: int
) -> None:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    spaces = ", ' \t\r\n\u00a0\u202f\ufeff'" if _strange_spaces(path, delimiter) else ""
    cells = ", ".join(f"nullif(trim(c{place}{spaces}), '') AS c{place}" for place in range(width))
    database.execute("DROP TABLE IF EXISTS raw")
    database.execute(
        f"""
        CREATE TEMP TABLE raw AS SELECT {cells} FROM read_csv(
            $path, auto_detect = false, header = false, columns = {{{columns}}},
            delim = $delimiter, quote = '"', escape = '"', skip = {skip},
            max_line_size = {uneven.LONGEST_CELL}, allow_quoted_nulls = false)
        """,  # noqa: S608
        {"path": str(path), "delimiter": delimiter},
    )


_WIDE_SPACES = tuple(space.encode() for space in "\u00a0\u202f\ufeff")


def _strange_spaces(path: Path, delimiter: str) -> bool:
    """Whether cells may begin or end in more than plain spaces, which are trimmed quicker."""
    tabs = delimiter != "\t"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if tabs and b"\t" in chunk:
                return True
            if not chunk.isascii() and any(mark in chunk for mark in _WIDE_SPACES):
                return True
    return False


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
