"""The rows of a loaded table as Python values."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, overload

import duckdb

from core.connectors.duckdb_schema import quoted
from core.connectors.ingest.tables import LoadedTable

AT_ONCE = 2_000
MOST_HELD = 100_000
_ZONED = "TIMESTAMP WITH TIME ZONE"

Row = list[Any]


class Rows(Sequence[Row]):
    """The rows of a table, read from its DuckDB file as they are asked for.

    A file of a million rows is never held in memory. Compares equal to a list of the same rows,
    and to their number.
    """

    def __init__(self, path: Path, table: LoadedTable) -> None:
        self._path = path
        self._table = table

    def __len__(self) -> int:
        return self._table.row_count

    def __iter__(self) -> Iterator[Row]:
        return self._read("")

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            wanted = range(len(self))[place]
            if not wanted:
                return []
            low, high = min(wanted), max(wanted)
            part = list(self._read(f"LIMIT {high - low + 1} OFFSET {low}"))
            return [part[number - low] for number in wanted]
        number = range(len(self))[place]
        return next(self._read(f"LIMIT 1 OFFSET {number}"))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            return len(self) == other
        if isinstance(other, Sequence) and not isinstance(other, str | bytes):
            return len(self) == len(other) and all(
                mine == list(theirs) for mine, theirs in zip(self, other, strict=True)
            )
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self):,} rows of {self._table.name}>"

    def _read(self, bounds: str) -> Iterator[Row]:
        # A zoned moment only becomes a Python value with a package that we do not need otherwise.
        cells = ", ".join(
            f"{quoted(c.name)} AT TIME ZONE 'UTC'" if c.type == _ZONED else quoted(c.name)
            for c in self._table.columns
        )
        zoned = [place for place, c in enumerate(self._table.columns) if c.type == _ZONED]
        with closing(duckdb.connect(str(self._path), read_only=True)) as database:
            found = database.execute(
                f"SELECT {cells} FROM {quoted(self._table.name)} {bounds}"  # noqa: S608
            )
            while part := found.fetchmany(AT_ONCE):
                for values in part:
                    row = list(values)
                    for place in zoned:
                        row[place] = _in_utc(row[place])
                    yield row


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=UTC)


class FewRows(list[Row]):
    """Rows that are few enough to be held; equal to their number too."""

    def __eq__(self, other: object) -> bool:
        return len(self) == other if isinstance(other, int) else super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


def held(path: Path, table: LoadedTable) -> FewRows | Rows:
    """The rows as a list when they are few, else read as they are asked for."""
    rows = Rows(path, table)
    return FewRows(rows) if len(rows) <= MOST_HELD else rows
