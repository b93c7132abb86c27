"""What is in a MySQL or MariaDB database: three catalogue queries, then one scan per table."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pymysql

from core.connectors import samples
from core.connectors.base import AFRESH, Reading
from core.connectors.looks import SCAN_ROWS, SCAN_SECONDS, Looks, Subject, look
from core.connectors.mysql_session import Connection, Session
from core.errors import CannotConnect
from core.types import DatabaseSchema, SchemaColumn, Table

CATALOGUE_SECONDS: Final = 30.0

# Long texts are cut on the server, and bytes stay there.
_CUT: Final = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "json"})
_LEFT_OUT: Final = frozenset(
    {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "geometry", "point"}
    | {"linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "bit"}
)


@dataclass(frozen=True)
class _Relation:
    """A table or view as the catalogue has it; the estimate is None for views."""

    name: str
    kind: Literal["table", "view"]
    estimate: int | None
    comment: str | None
    fingerprint: str


@dataclass(frozen=True)
class _Column:
    name: str
    data_type: str
    written_type: str
    nullable: bool
    primary: bool
    comment: str | None


def read(session: Session, database: str, reading: Reading = AFRESH) -> DatabaseSchema:
    """The schema with keys, comments, counts and samples. Raises CannotConnect."""
    try:
        with session.reading(CATALOGUE_SECONDS) as connection:
            engine = "mariadb" if connection.is_mariadb else ""
            connection.say(_AS_OF_NOW)
            relations = _relations(connection)
            columns = _columns(connection)
            references = _references(connection)
    except pymysql.Error as error:
        raise CannotConnect(
            "The tables of this database could not be listed.",
            "Check that the user may read the database's catalogue, then refresh again.",
        ) from error
    readable = [r for r in relations if columns[r.name]]
    looks = look(
        reading,
        [_subject(relation, columns[relation.name]) for relation in readable],
        lambda relation: _scan(session, relation, columns[relation.name]),
    )
    return DatabaseSchema(
        dialect="mysql",
        engine=engine,
        schema=database,
        tables=tuple(
            _table(relation, columns[relation.name], its, references)
            for relation, its in zip(readable, looks, strict=True)
        ),
    )


def count(session: Session) -> int:
    """How many tables and views the user may read. Raises CannotConnect."""
    with session.reading(CATALOGUE_SECONDS) as connection:
        return len(_relations(connection))


def quoted(name: str) -> str:
    """The name as a MySQL identifier."""
    return "`" + name.replace("`", "``") + "`"


def _relations(connection: Connection) -> list[_Relation]:
    return [
        _Relation(
            name=str(name),
            kind="view" if kind == "VIEW" else "table",
            estimate=None if estimate is None else int(estimate),
            comment=None if kind == "VIEW" else (comment or None),
            fingerprint=f"{made} {written}" if kind != "VIEW" and written else "",
        )
        for name, kind, estimate, comment, made, written in connection.say(_RELATIONS)
    ]


def _columns(connection: Connection) -> defaultdict[str, list[_Column]]:
    found: defaultdict[str, list[_Column]] = defaultdict(list)
    for table, name, kind, written, nullable, key, comment in connection.say(_COLUMNS):
        found[table].append(
            _Column(name, kind, written, nullable == "YES", key == "PRI", comment or None)
        )
    return found


def _references(connection: Connection) -> dict[tuple[str, str], str]:
    return {
        (table, column): f"{target}.{target_column}"
        for table, column, target, target_column in connection.say(_FOREIGN_KEYS)
    }


def _subject(relation: _Relation, columns: Sequence[_Column]) -> Subject[_Relation]:
    types = {column.name: _upper(column.written_type) for column in columns}
    return Subject(relation, relation.name, relation.fingerprint, types, relation.estimate)


def _table(
    relation: _Relation,
    columns: Sequence[_Column],
    looks: Looks,
    references: dict[tuple[str, str], str],
) -> Table:
    return Table(
        name=relation.name,
        kind=relation.kind,
        row_count=looks.rows,
        description=relation.comment,
        fingerprint=relation.fingerprint,
        columns=tuple(
            SchemaColumn(
                name=column.name,
                data_type=_upper(column.written_type),
                nullable=column.nullable,
                primary_key=column.primary,
                references=references.get((relation.name, column.name)),
                samples=look.samples,
                distinct_count=look.distinct_count,
                null_percentage=look.null_percentage,
                description=column.comment,
            )
            for column, look in zip(columns, looks.columns, strict=True)
        ),
    )


def _upper(written: str) -> str:
    """VARCHAR(200); the words of an ENUM or SET stay as they are."""
    kind, bracket, rest = written.partition("(")
    return kind.upper() + bracket + rest


def _scan(session: Session, relation: _Relation, columns: Sequence[_Column]) -> samples.Scan | None:
    """One bounded pass over some rows; None for a view that is broken or takes too long."""
    shown = ", ".join(_looked_at(column) for column in columns)
    scan = samples.Scan(len(columns))
    try:
        with session.reading(SCAN_SECONDS) as connection:
            rows = connection.say(
                f"SELECT {shown} FROM {quoted(relation.name)} LIMIT {SCAN_ROWS}"  # noqa: S608
            )
    except pymysql.Error:
        return None
    if rows:
        scan.add(list(zip(*rows, strict=True)), len(rows))
    return scan


def _looked_at(column: _Column) -> str:
    if column.data_type in _LEFT_OUT:
        return "NULL"
    if column.data_type in _CUT:
        return f"LEFT({quoted(column.name)}, {samples.LONGEST_SAMPLE})"
    return quoted(column.name)


# MySQL 8 tells times and counts from a cache of a day, unless asked not to.
_AS_OF_NOW: Final = "SET @fresh = 1 /*!80000 , SESSION information_schema_stats_expiry = 0 */"
# The time of the last write is in seconds: a write of just now could be followed by another one.
_RELATIONS: Final = """
    SELECT TABLE_NAME, TABLE_TYPE, TABLE_ROWS, TABLE_COMMENT, CREATE_TIME,
        CASE WHEN UPDATE_TIME < NOW() - INTERVAL 2 SECOND THEN UPDATE_TIME END
    FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE()
        AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
    ORDER BY TABLE_NAME
"""
_COLUMNS: Final = """
    SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COLUMN_KEY, COLUMN_COMMENT
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
    ORDER BY TABLE_NAME, ORDINAL_POSITION
"""
_FOREIGN_KEYS: Final = """
    SELECT TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE()
"""
