"""Rows of Python values as an Arrow table, which the writers take."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from core.errors import BadInput
from core.export import cells


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pa.Table:
    """The rows under these names, which may repeat; a column of mixed kinds becomes text.

    Raises BadInput for a row of another width.
    """
    held = [tuple(row) for row in rows]
    for number, row in enumerate(held, start=1):
        if len(row) != len(columns):
            raise BadInput(
                f"Row {number:,} has {len(row):,} cells, but there are {len(columns):,} columns.",
                "Give each row one cell for each column.",
            )
    filled = zip(*held, strict=True) if held else ([] for _ in columns)
    return pa.Table.from_arrays([_array(list(cells)) for cells in filled], names=list(columns))


def _array(given: list[Any]) -> "pa.Array[Any]":
    # Arrow would take True for 1 among numbers.
    kinds = {type(value) for value in given if value is not None}
    if not (bool in kinds and len(kinds) > 1):
        try:
            found: pa.Array[Any] = pa.array(given)
            return found
        except (pa.ArrowException, OverflowError):
            pass
    return pa.array([None if value is None else cells.text(value) for value in given], pa.string())
