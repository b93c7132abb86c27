"""Cells that did not fit their column: kept beside the tables, to be seen and downloaded.

They lie in a schema of their own in the upload's DuckDB file, which no query reaches.
"""

from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa

from core.connectors.duckdb_schema import quoted
from core.connectors.ingest.reading import MISSING, Reading
from core.connectors.ingest.tables import QUARANTINE, BadCell, RawTable

SHOWN = 100
_CELLS = f"{QUARANTINE}.cells"


def put(
    database: duckdb.DuckDBPyConnection,
    into: str,
    raw: RawTable,
    table: str,
    column: tuple[str, str],
    place: int,
    reading: Reading,
) -> int:
    """Keep the values of a column that its reading does not fit; returns how many there are.

    `column` is its name and its label. Marks of missing values (n/a, -) are no bad cells.
    """
    database.execute(f"CREATE SCHEMA IF NOT EXISTS {into}.{QUARANTINE}")
    database.execute(
        f"CREATE TABLE IF NOT EXISTS {into}.{_CELLS} (table_name VARCHAR, row_number BIGINT, "
        "column_name VARCHAR, label VARCHAR, value VARCHAR, expected VARCHAR)"
    )
    value = f"c{place}"
    done = database.execute(
        f"INSERT INTO {into}.{_CELLS} "  # noqa: S608
        f"SELECT $table, {raw.number} + {raw.line}, $name, $label, {value}, $noun "
        f"FROM {raw.source} "
        f"WHERE {value} IS NOT NULL AND {reading.of(value)} IS NULL "
        f"AND NOT list_contains($missing, lower({value})) ORDER BY {raw.number}",
        {
            "table": table,
            "name": column[0],
            "label": column[1],
            "noun": reading.noun,
            "missing": list(MISSING),
        },
    ).fetchone()
    return int(done[0]) if done else 0


def first(
    database: duckdb.DuckDBPyConnection, of: str, table: str, most: int = SHOWN
) -> tuple[BadCell, ...]:
    """The first bad cells of a table, a few of each column, in the order of the rows."""
    rows = database.execute(
        f"SELECT row_number, column_name, label, value, expected FROM {of}.{_CELLS} "  # noqa: S608
        "WHERE table_name = $table QUALIFY row_number() OVER "
        f"(PARTITION BY column_name ORDER BY row_number) <= {most} ORDER BY ALL LIMIT {most}",
        {"table": table},
    ).fetchall()
    return tuple(BadCell(*row) for row in rows)


def everything(path: Path) -> pa.Table:
    """All bad cells of an upload's DuckDB file: table, row, column, value, what was expected."""
    with closing(duckdb.connect(":memory:")) as database:
        attached = str(path).replace("'", "''")
        database.execute(f"ATTACH '{attached}' AS made (READ_ONLY)")
        shown = ", ".join(
            f"{name} AS {quoted(label)}"
            for name, label in (
                ("table_name", "table"),
                ("row_number", "row"),
                ("label", "column"),
                ("value", "value"),
                ("expected", "expected"),
            )
        )
        known = database.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'made' "
            "AND schema_name = $schema",
            {"schema": QUARANTINE},
        ).fetchall()
        source = f"made.{_CELLS}" if known[0][0] else _NOTHING
        found: pa.Table = database.sql(
            f"SELECT {shown} FROM {source} ORDER BY ALL"  # noqa: S608
        ).to_arrow_table()
        return found


_NOTHING = (
    "(SELECT '' AS table_name, 0 AS row_number, '' AS label, '' AS value, '' AS expected "
    "WHERE false)"
)
