"""The quick road for a text file: types by a sample, written in one go, then proven on all values.

Most files hold what their sample promises. Where one does not, more than a few bad cells aside,
nothing stays of this, and the thorough road (`columns.write`) is taken.
"""

import re
from dataclasses import replace

import duckdb
import pyarrow as pa

from core.connectors.duckdb_schema import quoted
from core.connectors.ingest import columns, readings, text
from core.connectors.ingest.columns import Column, Target
from core.connectors.ingest.reading import CODE, MISSING, TEXT, Reading
from core.connectors.ingest.tables import LoadedTable, RawTable

MOST_COLUMNS = 60
LEAST_SAMPLE = 100
MOST_LOOKED_AT = 100_000
_MISFITS = "misfits"
_LOST = '"a value of the row is lost"'


def write(
    database: duckdb.DuckDBPyConnection, file: text.Prepared, label: str, name: str, into: str
) -> LoadedTable | None:
    """Write the typed table, or nothing when the file is not as its sample promises."""
    if not 0 < len(file.layout.headers) <= MOST_COLUMNS or not all(file.layout.headers):
        return None
    rows = text.spread(file)
    if len(rows) < LEAST_SAMPLE:
        return None
    promised = _promised(database, file, label, rows)
    if any(_is_doubtful(column, file, rows) for column in promised):
        return None
    raw = text.view(database, file, label)
    target = Target.of(raw, name, into)
    try:
        everything, missed = _create(database, raw, target, promised)
        proven = _prove(database, raw, target, promised, rows, missed)
    except duckdb.Error:
        proven = None
    if proven is None:
        database.execute(f"DROP TABLE IF EXISTS {target.sql}")
        database.execute("DROP VIEW raw")
        database.execute(f"DROP TABLE IF EXISTS {_MISFITS}")
        return None
    if any(column.bad for column in proven):
        raw = replace(raw, source=_MISFITS, number="n")
    return columns.tell(database, raw, target, proven, everything)


def _is_doubtful(column: Column, file: text.Prepared, rows: list[list[str | None]]) -> bool:
    """Whether all values could tell more about a column than the sample does."""
    if column.ambiguous or column.reading is not TEXT:
        return column.ambiguous
    label, european = file.layout.headers[column.place], file.layout.delimiter == ";"
    return bool(readings.candidates(_values(rows, column.place), european, label))


def _values(rows: list[list[str | None]], place: int) -> list[str]:
    return [value for row in rows if (value := row[place]) is not None]


def _promised(
    database: duckdb.DuckDBPyConnection,
    file: text.Prepared,
    label: str,
    rows: list[list[str | None]],
) -> tuple[Column, ...]:
    """The readings that fit the sample."""
    sample = pa.table(
        [pa.array(values, pa.string()) for values in zip(*rows, strict=True)],
        names=[f"c{place}" for place in range(len(file.layout.headers))],
    )
    database.register("sampled", sample)
    database.execute("CREATE TEMP TABLE sample AS FROM sampled")
    database.unregister("sampled")
    european = file.layout.delimiter == ";"
    raw = RawTable("sample", label, file.layout.headers, 1, european=european)
    decided = columns.decide(database, raw, {})
    database.execute("DROP TABLE sample")
    return decided


def _create(
    database: duckdb.DuckDBPyConnection, raw: RawTable, target: Target, promised: tuple[Column, ...]
) -> tuple[int, list[Column]]:
    """Write the typed table; returns the rows of the file, and the columns that lost values.

    A column beside the others tells of each row which ones did, a bit for each.
    """
    shown = [f"{c.reading.of(f'c{c.place}')} AS {quoted(target.safe[c.place])}" for c in promised]
    typed = [column for column in promised if column.reading is not TEXT]
    lost = " + ".join(f"{1 << bit} * {_misfits(c)}::BIGINT" for bit, c in enumerate(typed)) or "0"
    database.execute(
        f"CREATE TABLE {target.sql} AS SELECT {', '.join(shown)}, ({lost})::BIGINT AS {_LOST} "  # noqa: S608
        f"FROM {raw.source}"
    )
    empty = " AND ".join(f"{quoted(target.safe[c.place])} IS NULL" for c in promised)
    empty = f"{_LOST} = 0 AND {empty}"
    counted = f"SELECT count(*), bit_or({_LOST}), count_if({empty}) FROM {target.sql}"  # noqa: S608
    ((rows, bits, nothing),) = database.execute(counted).fetchall()
    if nothing:
        database.execute(f"DELETE FROM {target.sql} WHERE {empty}")  # noqa: S608
    database.execute(f"ALTER TABLE {target.sql} DROP COLUMN {_LOST}")
    return rows, [column for bit, column in enumerate(typed) if (bits or 0) >> bit & 1]


def _prove(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    target: Target,
    promised: tuple[Column, ...],
    rows: list[list[str | None]],
    missed: list[Column],
) -> tuple[Column, ...] | None:
    """The columns with what does not fit them counted; nothing when others could fit better."""
    if missed:
        _keep_misfits(database, raw, missed)
    proven = []
    for column in promised:
        known: Column | None = replace(column, filled=1, bad=0, missing=0)
        if known and column in missed:
            known = _looked_at(database, raw, target, known, rows)
        if known is None:
            return None
        proven.append(known)
    return tuple(proven)


def _misfits(column: Column) -> str:
    value = f"c{column.place}"
    return f"({value} IS NOT NULL AND {column.reading.of(value)} IS NULL)"


def _keep_misfits(database: duckdb.DuckDBPyConnection, raw: RawTable, missed: list[Column]) -> None:
    """The rows with values that do not fit, by their place in the file."""
    shown = ", ".join(f"c{column.place}" for column in missed)
    some = " OR ".join(map(_misfits, missed))
    database.execute(
        f"CREATE TEMP TABLE {_MISFITS} (n BIGINT, "
        + ", ".join(f"c{column.place} VARCHAR" for column in missed)
        + ")"
    )
    numbered = f"SELECT row_number() OVER () - 1 AS n, {shown} FROM {raw.source}"  # noqa: S608
    first = f"LIMIT {MOST_LOOKED_AT + 1}"
    database.execute(
        f"INSERT INTO {_MISFITS} SELECT n, {shown} FROM ({numbered}) WHERE {some} {first}"  # noqa: S608
    )


def _looked_at(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    target: Target,
    column: Column,
    rows: list[list[str | None]],
) -> Column | None:
    """The column with its bad cells counted; nothing when another reading could fit better."""
    value = f"c{column.place}"
    found = database.execute(
        f"SELECT {value} FROM {_MISFITS} WHERE {value} IS NOT NULL "  # noqa: S608
        f"AND {column.reading.of(value)} IS NULL"
    ).fetchall()
    misfits = [text for (text,) in found]
    if len(misfits) > MOST_LOOKED_AT // 2:
        return None
    bad = [text for text in misfits if text.lower() not in MISSING]
    name = quoted(target.safe[column.place])
    ((fits,),) = database.execute(f"SELECT count({name}) FROM {target.sql}").fetchall()  # noqa: S608
    if len(bad) > columns.MOST_MISFITS * (fits + len(bad)):
        return None
    sample = _values(rows, column.place)
    others = readings.candidates(sample, raw.european, raw.headers[column.place])
    if any(re.match(CODE, text) for text in bad) or _fit_any(database, bad, others):
        return None
    return replace(column, bad=len(bad), missing=len(misfits) - len(bad))


def _fit_any(
    database: duckdb.DuckDBPyConnection, values: list[str], others: tuple[Reading, ...]
) -> bool:
    """Whether one of the readings fits any of these values."""
    if not values or not others:
        return False
    fits = " OR ".join(f"({reading.of('v')} IS NOT NULL)" for reading in others)
    found = database.execute(
        f"SELECT count_if({fits}) FROM (SELECT unnest($values) AS v)",  # noqa: S608
        {"values": values},
    ).fetchall()
    return bool(found[0][0])
