"""Uneven text tables, rewritten so that DuckDB takes them without losing a cell."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.connectors.ingest.tables import MEGABYTE, Layout, UploadLimits
from core.errors import BadUpload

LONGEST_CELL = 16 * 1024 * 1024


@dataclass(frozen=True)
class Even:
    """The rewritten file: comma separated, without a header, every row of this width."""

    path: Path
    width: int
    notes: tuple[str, ...]


def rewrite(source: Path, layout: Layout, width: int, copy: Path, limits: UploadLimits) -> Even:
    """Write the rows of the table anew; uneven ones are kept, and told about.

    `width` is that of the header. Raises BadUpload for a row of far too many cells, and for a
    quotation mark that opens and never closes.
    """
    longer: list[int] = []
    shorter: list[int] = []
    widest = width
    for number, row in _rows_of(source, layout):
        filled = len(row)
        while filled > width and not row[filled - 1].strip():
            filled -= 1
        widest = max(widest, filled)
        if filled > width:
            longer.append(number)
        elif row and len(row) < width:
            shorter.append(number)
    if widest > limits.max_columns:
        raise BadUpload(
            f"Row {longer[0]:,} has {widest:,} cells; the limit is {limits.max_columns:,} columns.",
            "Perhaps a line break is missing there: correct the file and upload it again.",
        )
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for _, row in _rows_of(source, layout):
            if row:
                cells = (row + [""] * widest)[:widest]
                # DuckDB takes a lone carriage return for the end of the row, even in quotes.
                writer.writerow("\n".join(re.split("\r\n?", cell)) for cell in cells)
    notes = []
    if longer:
        notes.append(
            f"{rows(len(longer))} had more cells than the header, e.g. row {longer[0]:,}: "
            "they are in extra columns."
        )
    if shorter:
        notes.append(
            f"{rows(len(shorter))} had fewer cells than the header, e.g. row {shorter[0]:,}: "
            "the missing ones are empty."
        )
    return Even(copy, widest, tuple(notes))


def reader(lines: Iterable[str], delimiter: str, escape: str) -> Iterator[list[str]]:
    """Rows by a reader that forgives. Raises csv.Error."""
    if escape == "\\":
        return csv.reader(lines, delimiter=delimiter, doublequote=False, escapechar=escape)
    return csv.reader(lines, delimiter=delimiter)


def _rows_of(source: Path, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row below the header, by a reader that forgives.

    Raises BadUpload for a quotation mark that opens and never closes.
    """
    csv.field_size_limit(LONGEST_CELL)
    with source.open("r", encoding="utf-8", newline="") as file:
        ended = False

        def lines() -> Iterator[str]:
            nonlocal ended
            yield from file
            ended = True

        found = reader(lines(), layout.delimiter, layout.escape)
        for number in itertools.count(1):
            try:
                row = next(found)
            except StopIteration:
                return
            except csv.Error as error:
                if "field limit" in str(error) and not ended:
                    raise BadUpload(
                        f"In row {number:,} a cell holds more than "
                        f"{LONGEST_CELL // MEGABYTE} MB of text, or a quotation mark opens there "
                        "that never closes.",
                        "Correct the row and upload the file again.",
                    ) from error
                raise never_closes(number) from error
            # Only inside an open quotation mark does the reader look beyond the last line.
            if ended:
                raise never_closes(number)
            if number > layout.first_row:
                yield number, row


def never_closes(number: int) -> BadUpload:
    """The error for a quotation mark that opens in that row and swallows the rest."""
    return BadUpload(
        f"In row {number:,} a quotation mark opens that never closes.",
        "Close or remove it there and upload the file again.",
    )


def rows(count: int) -> str:
    """1 row, 2 rows, 1,000 rows."""
    return "1 row" if count == 1 else f"{count:,} rows"
