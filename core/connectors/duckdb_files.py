"""Making and rewriting DuckDB files that others may be reading at the same time."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from core.errors import DataMindError

_PREFIX: Final = ".rewriting-"
_LEFTOVER_SECONDS: Final = 3600


class Rewriting:
    """A private copy of a DuckDB file that replaces it at the end, if anything was changed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.changed = False

    def first_row(self, sql: str) -> tuple[Any, ...] | None:
        """The first row of a small query; None when there is none or the query cannot run."""
        try:
            rows = self._connection.execute(sql).fetchall()
        except duckdb.Error:
            return None
        return rows[0] if rows else None

    def execute(self, statements: Sequence[str]) -> None:
        """Run statements that create or describe tables."""
        self.changed = True
        for statement in statements:
            self._connection.execute(statement)

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows to a table, matching columns by name."""
        self.changed = True
        self._connection.register("arriving", rows)
        self._connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM arriving')  # noqa: S608
        self._connection.unregister("arriving")


@contextmanager
def rewriting(path: Path, *, afresh: bool = False) -> Iterator[Rewriting]:
    """Change a DuckDB file as a whole: all of it becomes visible at once, or nothing does.

    Work happens on a copy beside the file (`afresh`: on an empty one), which is then moved
    over it, so handles that are open on the old file stay valid and a kill leaves the old
    file as it was. A file that DuckDB cannot open counts as empty. Raises DataMindError when
    the rows break a key or type, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=path.parent) as folder:
            copy = Path(folder) / path.name
            if path.exists() and not afresh:
                shutil.copyfile(path, copy)
            with closing(_opened(copy)) as connection:
                work = Rewriting(connection)
                yield work
                connection.execute("CHECKPOINT")
            if work.changed:
                os.replace(copy, path)
    except (duckdb.Error, OSError) as error:
        raise DataMindError(
            f"The file “{path.name}” could not be written.",
            "Check that there is room on the disk, then try again.",
        ) from error


def _opened(copy: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(copy)
    except duckdb.Error:
        copy.unlink()
        return duckdb.connect(copy)


def _sweep(folder: Path) -> None:
    """Remove what a killed process left behind."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
