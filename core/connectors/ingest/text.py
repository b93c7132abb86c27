"""Text files: their encoding, delimiter and header, and the road into DuckDB."""

import csv
import itertools
import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from core.connectors.ingest import encoding, header, uneven
from core.connectors.ingest.tables import Layout, RawTable, UploadLimits
from core.errors import BadUpload

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
SAMPLE_CHARACTERS = 1_000_000
WIDE = 1_000
USUAL_LINE = 1 << 20
SPREAD_PLACES = 20
SPREAD_BYTES = 8_192
SPACES = " \t\r\n\u00a0\u202f\ufeff"


@dataclass(frozen=True)
class Prepared:
    """A text file in UTF-8, how it is laid out, and what had to be done for that."""

    path: Path
    layout: Layout
    notes: tuple[str, ...]


def prepare(source: Path, work: Path, limits: UploadLimits) -> Prepared:
    """Look at encoding and layout. Raises BadUpload. `work` is a folder for a copy in UTF-8."""
    text = encoding.plain(source, work / "utf8.csv")
    layout = sniff_layout(text.path)
    width = len(layout.headers)
    if width > limits.max_columns:
        raise BadUpload(
            f"The file has {width:,} columns; the limit is {limits.max_columns:,}.",
            "Leave out the columns that you do not need.",
        )
    skipped = f"{uneven.rows(layout.titles)} above the table {_were(layout.titles)} skipped."
    return Prepared(text.path, layout, (*text.notes, *([skipped] if layout.titles else ())))


def view(database: duckdb.DuckDBPyConnection, text: Prepared, label: str) -> RawTable:
    """The file as a view named `raw`: read whenever it is asked.

    Uneven rows and very long ones make that fail; DuckDB sets sixteen of the longest lines aside
    for each thread.
    """
    database.execute(f"CREATE VIEW raw AS {_select(text.path, text.layout, USUAL_LINE)}")
    return _raw(text, label, text.layout.headers, text.notes)


def load(
    database: duckdb.DuckDBPyConnection,
    text: Prepared,
    label: str,
    work: Path,
    limits: UploadLimits,
) -> RawTable:
    """Load the file as a table of text named `raw`. Raises BadUpload naming row and reason.

    `work` is a folder for a copy, made when the text is laid out unevenly.
    """
    layout, headers, notes = text.layout, text.layout.headers, text.notes
    if len(headers) > WIDE:
        # DuckDB sets 200 KB aside for a column of text while it loads.
        database.execute(f"SET memory_limit = '{limits.memory_when_wide}'")
    try:
        database.execute(f"CREATE TEMP TABLE raw AS {_select(text.path, layout)}")
    except duckdb.Error:
        even = uneven.rewrite(text.path, layout, len(headers), work / "even.csv", limits)
        notes = (*notes, *even.notes)
        headers = (*headers, *("" for _ in range(even.width - len(headers))))
        rewritten = replace(layout, delimiter=",", escape='"', first_row=0, headers=headers)
        database.execute(f"CREATE TEMP TABLE raw AS {_select(even.path, rewritten)}")
    return _raw(text, label, headers, notes)


def _raw(text: Prepared, label: str, headers: tuple[str, ...], notes: tuple[str, ...]) -> RawTable:
    return RawTable(
        source="raw",
        label=label,
        headers=headers,
        line=text.layout.first_row + 1,
        notes=notes,
        european=text.layout.delimiter == ";",
    )


def spread(text: Prepared) -> list[list[str | None]]:
    """Rows from the beginning and from places all over the file, as far as they can be cut out."""
    size, width = text.path.stat().st_size, len(text.layout.headers)
    found: list[list[str]] = []
    with text.path.open("rb") as file:
        for place in range(SPREAD_PLACES):
            file.seek(size * place // SPREAD_PLACES)
            part = file.read(SPREAD_BYTES).decode("utf-8", errors="ignore")
            lines = part.splitlines(keepends=True)[1:-1]
            rows = _records(lines, text.layout.delimiter, text.layout.escape)
            if place == 0:
                found += rows[text.layout.first_row :]
            # A piece that begins within a quoted cell falls into uneven rows.
            elif '"' not in part or all(len(row) == width for row in rows):
                found += rows
    cut = ([cell.strip(SPACES) or None for cell in row] for row in found if len(row) == width)
    return [row for row in cut if any(row)]


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
    escape = _escape(text)
    options = {mark: _records(lines, mark, escape) for mark in told_mark or DELIMITERS}
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
    return Layout(delimiter, escape, titles, has_header, tuple(names), first_row)


_BACKSLASHED = re.compile(r'\\"(?![,;|\t\r\n]|$)')

_DOUBLED = re.compile(r'(?<=[^,;|\t\r\n])""(?=[^,;|\t\r\n])')


def _escape(text: str) -> str:
    """A backslash where it stands before quotation marks within cells, as Unix programs write."""
    doubled = _DOUBLED.search(text.replace('\\"', ""))
    return "\\" if _BACKSLASHED.search(text) and not doubled else '"'


def _records(lines: list[str], delimiter: str, escape: str) -> list[list[str]]:
    csv.field_size_limit(uneven.LONGEST_CELL)
    try:
        reader = uneven.reader(lines, delimiter, escape)
        return list(itertools.islice(reader, SAMPLE_ROWS))
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


def _select(path: Path, layout: Layout, longest: int = uneven.LONGEST_CELL) -> str:
    """The query that reads the file as trimmed text; NULL where a cell is empty."""
    width = range(len(layout.headers))
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in width)
    spaces = f", {_sql(SPACES)}" if _strange_spaces(path, layout.delimiter) else ""
    cells = ", ".join(f"nullif(trim(c{place}{spaces}), '') AS c{place}" for place in width)
    return f"""
        SELECT {cells} FROM read_csv(
            {_sql(str(path))}, auto_detect = false, header = false, columns = {{{columns}}},
            delim = {_sql(layout.delimiter)}, quote = '"', escape = {_sql(layout.escape)},
            skip = {layout.first_row}, max_line_size = {longest},
            allow_quoted_nulls = false)
        """  # noqa: S608


def _sql(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_WIDE_SPACES = tuple(space.encode() for space in "\u00a0\u202f\ufeff")


def _strange_spaces(path: Path, delimiter: str) -> bool:
    """Whether cells may begin or end in more than plain spaces, which are trimmed quicker."""
    tabs = delimiter != "\t"
    with path.open("rb") as file:
        while chunk := file.read(encoding.CHUNK):
            if tabs and b"\t" in chunk:
                return True
            if not chunk.isascii() and any(mark in chunk for mark in _WIDE_SPACES):
                return True
    return False


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
