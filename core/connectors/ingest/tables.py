"""What an upload may be, and what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
QUARANTINE = "quarantine"
"""The schema of an upload's DuckDB file that holds its bad cells. No query reaches it."""


@dataclass(frozen=True)
class UploadLimits:
    """Bounds of one upload. Bytes are of the file, and of what an Excel file unpacks to."""

    max_bytes: int = 200 * MEGABYTE
    max_unpacked_bytes: int = 2048 * MEGABYTE
    max_columns: int = 5_000
    memory: str = "240MB"
    memory_when_wide: str = "1200MB"
    threads: int = 2


@dataclass(frozen=True)
class Plan:
    """What a person decided about an upload.

    `types` has one of `choices.CHOICES` by the names of table and column, where it is not the
    one that the values suggest. `name` is that of the table, for a file of one. `onto` is a
    DuckDB file of an earlier upload, to whose tables the rows are added.
    """

    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""
    onto: Path | None = None


@dataclass(frozen=True)
class LoadedColumn:
    """A column as loaded: its safe name, the header it had in the file, its DuckDB type."""

    name: str
    label: str
    type: str


@dataclass(frozen=True)
class BadCell:
    """A value that did not fit its column and was left empty.

    `row` counts as a spreadsheet does (1 is the first of the file), `expected` is a noun:
    numbers, dates.
    """

    row: int
    column: str
    label: str
    value: str
    expected: str


@dataclass(frozen=True)
class LoadedTable:
    """A table as loaded. `notes` are sentences on what was skipped, cleared or assumed.

    `label` is the name of the file or sheet as the person knows it. `quarantined` counts the
    cells that did not fit their column; `bad` has the first of them.
    """

    name: str
    label: str
    columns: tuple[LoadedColumn, ...]
    row_count: int
    notes: tuple[str, ...] = ()
    quarantined: int = 0
    bad: tuple[BadCell, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A table that `load` would make, and its first rows as typed values."""

    table: LoadedTable
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class RawTable:
    """A table loaded as text in the working database, before its columns get types.

    `source` is its name there; its columns are c0, c1, …; `line` is the row of the file from
    which the first data row came, as a spreadsheet counts (1 is the first), and `number` the
    column that counts the rows from there.
    """

    source: str
    label: str
    headers: tuple[str, ...]
    line: int
    number: str = "rowid"
    notes: tuple[str, ...] = ()
    european: bool = False


@dataclass(frozen=True)
class Layout:
    """How the text is laid out: delimiter, rows above the table, header or none.

    `escape` stands before a quotation mark inside a quoted cell: another one, or a backslash.
    `first_row` counts the rows above the data; a row may span lines inside quotation marks.
    """

    delimiter: str
    escape: str
    titles: int
    has_header: bool
    headers: tuple[str, ...]
    first_row: int
