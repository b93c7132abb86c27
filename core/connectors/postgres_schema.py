"""What is in a PostgreSQL database: three catalogue queries, then one bounded scan per table."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import psycopg
from psycopg.sql import SQL, Composable, Identifier

from core.connectors import samples
from core.connectors.base import AFRESH, Reading, Target
from core.connectors.looks import SCAN_ROWS, SCAN_SECONDS, Looks, Subject, look
from core.connectors.postgres_session import Connection, Session
from core.errors import CannotConnect
from core.types import DatabaseSchema, SchemaColumn, Table

CATALOGUE_SECONDS: Final = 30.0

# Long texts are cut on the server, and bytes stay there.
_CUT: Final = frozenset({"text", "character varying", "character", "json", "jsonb", "xml"})


@dataclass(frozen=True)
class _Relation:
    """A table or view as the catalogue has it; `estimate` is -1 before the first ANALYZE."""

    oid: int
    schema: str
    name: str
    kind: Literal["table", "view"]
    estimate: int
    comment: str | None
    fingerprint: str


@dataclass(frozen=True)
class _Attribute:
    name: str
    data_type: str
    required: bool
    comment: str | None


@dataclass(frozen=True)
class _Keys:
    """Primary key columns by table, and where foreign keys point to by (table, column)."""

    primary: frozenset[tuple[int, str]]
    references: dict[tuple[int, str], tuple[str, str, str]]


def read(session: Session, target: Target, reading: Reading = AFRESH) -> DatabaseSchema:
    """The schema with keys, comments, counts and samples.

    Tables of the target's first schema (else of the one the server itself would look in) have
    their plain name, those of others are named "schema.table". Raises CannotConnect.
    """
    try:
        with session.reading(CATALOGUE_SECONDS) as connection:
            default = target.schemas[0] if target.schemas else _usual(connection)
            relations = _relations(connection, target)
            attributes = _attributes(connection, [r.oid for r in relations])
            keys = _keys(connection, [r.oid for r in relations])
    except psycopg.Error as error:
        raise CannotConnect(
            "The tables of this database could not be listed.",
            "Check that the user may read the database's catalogue, then refresh again.",
        ) from error
    readable = [r for r in relations if attributes[r.oid]]
    looks = look(
        reading,
        [_subject(relation, attributes[relation.oid], default) for relation in readable],
        lambda relation: _scan(session, relation, attributes[relation.oid]),
    )
    return DatabaseSchema(
        dialect="postgres",
        tables=tuple(
            _table(relation, attributes[relation.oid], its, keys, default)
            for relation, its in zip(readable, looks, strict=True)
        ),
        schema=default,
    )


def count(session: Session, target: Target) -> int:
    """How many tables and views the user may read. Raises CannotConnect."""
    with session.reading(CATALOGUE_SECONDS) as connection:
        return len(_relations(connection, target))


def _usual(connection: Connection) -> str:
    """The first schema of the user's own search path that exists, as it was before the pinning."""
    row = connection.execute(_USUAL).fetchone()
    return str(row[0]) if row and row[0] else "public"


def _relations(connection: Connection, target: Target) -> list[_Relation]:
    chosen = {
        "wanted": list(target.schemas),
        "every": not target.schemas,
        "left_out": list(target.left_out),
    }
    rows = connection.execute(_RELATIONS, chosen)
    return [_Relation(*row) for row in rows]


def _attributes(
    connection: Connection, relations: Sequence[int]
) -> defaultdict[int, list[_Attribute]]:
    found: defaultdict[int, list[_Attribute]] = defaultdict(list)
    for oid, *about in connection.execute(_ATTRIBUTES, {"relations": list(relations)}):
        found[oid].append(_Attribute(*about))
    return found


def _keys(connection: Connection, relations: Sequence[int]) -> _Keys:
    primary, references = set(), {}
    for kind, oid, column, *target in connection.execute(_KEYS, {"relations": list(relations)}):
        if kind == "p":
            primary.add((oid, column))
        else:
            references[oid, column] = (target[0], target[1], target[2])
    return _Keys(frozenset(primary), references)


def _subject(
    relation: _Relation, attributes: Sequence[_Attribute], default: str
) -> Subject[_Relation]:
    return Subject(
        relation,
        _shown(relation.schema, relation.name, default),
        relation.fingerprint,
        {attribute.name: attribute.data_type.upper() for attribute in attributes},
        relation.estimate if relation.estimate >= 0 else None,
    )


def _table(
    relation: _Relation,
    attributes: Sequence[_Attribute],
    looks: Looks,
    keys: _Keys,
    default: str,
) -> Table:
    return Table(
        name=_shown(relation.schema, relation.name, default),
        kind=relation.kind,
        row_count=looks.rows,
        description=relation.comment,
        fingerprint=relation.fingerprint,
        columns=tuple(
            SchemaColumn(
                name=column.name,
                data_type=column.data_type.upper(),
                nullable=not column.required,
                primary_key=(relation.oid, column.name) in keys.primary,
                references=_target(keys.references.get((relation.oid, column.name)), default),
                samples=look.samples,
                distinct_count=look.distinct_count,
                null_percentage=look.null_percentage,
                description=column.comment,
            )
            for column, look in zip(attributes, looks.columns, strict=True)
        ),
    )


def _shown(schema: str, name: str, default: str) -> str:
    return name if schema == default else f"{schema}.{name}"


def _target(points_to: tuple[str, str, str] | None, default: str) -> str | None:
    if points_to is None:
        return None
    schema, table, column = points_to
    return f"{_shown(schema, table, default)}.{column}"


def _scan(
    session: Session, relation: _Relation, attributes: Sequence[_Attribute]
) -> samples.Scan | None:
    """One bounded pass over some rows; None for a view that is broken or takes too long."""
    query = SQL("SELECT {} FROM {} LIMIT {}").format(
        SQL(", ").join(_looked_at(column) for column in attributes),
        Identifier(relation.schema, relation.name),
        SCAN_ROWS,
    )
    scan = samples.Scan(len(attributes))
    try:
        with session.reading(SCAN_SECONDS) as connection:
            rows = connection.execute(query).fetchall()
    except psycopg.Error:
        return None
    if rows:
        scan.add(list(zip(*rows, strict=True)), len(rows))
    return scan


def _looked_at(column: _Attribute) -> Composable:
    name = Identifier(column.name)
    kind = column.data_type.partition("(")[0]
    if kind == "bytea":
        return SQL("NULL::text")
    if kind in _CUT or kind.endswith("[]"):
        return SQL("left({}::text, {})").format(name, samples.LONGEST_SAMPLE)
    return name


_USUAL: Final = """
    SELECT n.nspname
    FROM unnest(string_to_array(
        (SELECT reset_val FROM pg_settings WHERE name = 'search_path'), ',')) WITH ORDINALITY
        AS path(part, place)
    JOIN pg_namespace n
        ON n.nspname = replace(btrim(btrim(part), '"'), '$user', current_user::text)
    WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
        AND has_schema_privilege(n.oid, 'USAGE')
    ORDER BY place LIMIT 1
"""
# The server counts what is written to a table, but not on a replica, and anew after a start.
_RELATIONS: Final = """
    SELECT c.oid::int8, n.nspname, c.relname,
        CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END,
        c.reltuples::int8, obj_description(c.oid, 'pg_class'),
        CASE WHEN c.relkind IN ('r', 'm') AND current_setting('track_counts')::bool
                AND NOT pg_is_in_recovery()
            THEN concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()),
                extract(epoch FROM pg_stat_get_db_stat_reset_time(
                    (SELECT oid FROM pg_database WHERE datname = current_database()))),
                c.oid, pg_relation_filenode(c.oid), pg_stat_get_tuples_inserted(c.oid),
                pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid))
            ELSE '' END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
        AND (%(every)s OR n.nspname = ANY(%(wanted)s)) AND n.nspname <> ALL(%(left_out)s)
        AND has_schema_privilege(n.oid, 'USAGE')
        AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
        AND NOT EXISTS (
            SELECT FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY n.nspname, c.relname
"""
_ATTRIBUTES: Final = """
    SELECT a.attrelid::int8, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        col_description(a.attrelid, a.attnum)
    FROM pg_attribute a
    WHERE a.attrelid = ANY(%(relations)s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
        AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    ORDER BY a.attrelid, a.attnum
"""
_KEYS: Final = """
    SELECT k.contype::text, k.conrelid::int8, own.attname, n.nspname, t.relname, far.attname
    FROM pg_constraint k
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(own, far)
    JOIN pg_attribute own ON own.attrelid = k.conrelid AND own.attnum = pair.own
    LEFT JOIN pg_class t ON t.oid = k.confrelid
    LEFT JOIN pg_namespace n ON n.oid = t.relnamespace
    LEFT JOIN pg_attribute far ON far.attrelid = k.confrelid AND far.attnum = pair.far
    WHERE k.contype IN ('p', 'f') AND k.conrelid = ANY(%(relations)s::oid[])
"""
