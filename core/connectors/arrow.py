"""Arrow tables as every connector hands them out: plain types, each column name once."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa


def unique(names: Iterable[str]) -> list[str]:
    """The names, with _2, _3 … where one comes again (whatever its case).

    A query may give two columns one name; charts, tables and exports cannot tell them apart.
    """
    given = list(names)
    taken = {name.lower() for name in given}
    seen: set[str] = set()
    result = []
    for name in given:
        fresh, number = name, 2
        while fresh.lower() in seen or (fresh != name and fresh.lower() in taken):
            fresh, number = f"{name}_{number}", number + 1
        seen.add(fresh.lower())
        result.append(fresh)
    return result


def table(
    names: Iterable[str], columns: "Sequence[pa.ChunkedArray[Any] | pa.Array[Any]]"
) -> pa.Table:
    """A table of simplified columns under unique names."""
    return pa.table(list(map(simple, columns)), names=unique(names))


def simple(
    column: "pa.ChunkedArray[Any] | pa.Array[Any]",
) -> "pa.ChunkedArray[Any] | pa.Array[Any]":
    """The column in a type that screens and exports know.

    Dictionaries become text, a column of nothing but NULL becomes text, and whole numbers
    kept in 38 digits (sums in DuckDB) become int64 where all of them fit.
    """
    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_decimal(kind) and kind.precision == 38 and kind.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column
    return column


def size(batch: pa.RecordBatch) -> int:
    """Bytes that a batch occupies."""
    return int(batch.nbytes)
