"""The doctor for PostgreSQL: what a credential can do, proved from the catalogue in plain words.

Nothing is tried out: a handful of catalogue queries in a read-only transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

import psycopg
from psycopg.rows import tuple_row

from core.connectors import examination, postgres_findings, postgres_rights, readers
from core.connectors.base import Target
from core.connectors.examination import SECONDS_A_QUERY, SECONDS_IN_ALL, counted
from core.connectors.postgres_rights import Account, Ask, Right
from core.connectors.readers import SECONDS, postgres_name
from core.types import Finding

_PLACE: Final = """
    SELECT pg_catalog.current_database()::text,
           pg_catalog.current_setting('server_version_num')::int
"""
_SCHEMAS: Final = """
    SELECT n.nspname::text,
           EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = ANY(%s))
    FROM pg_namespace n
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%%' ORDER BY 1
"""
_TABLES: Final = """
    SELECT n.nspname::text, c.relname::text,
           has_schema_privilege(n.oid, 'USAGE'), has_table_privilege(c.oid, 'SELECT'),
           has_any_column_privilege(c.oid, 'SELECT'),
           c.relrowsecurity AND row_security_active(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname = ANY(%s)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""
# What the next session of this account starts with, whatever this session was told to be. An
# account's setting for this database comes before its setting for all, and that before others'.
_SETTINGS: Final = """
    SELECT DISTINCT ON (name) name, value FROM (
        SELECT split_part(line, '=', 1) AS name, substr(line, strpos(line, '=') + 1) AS value,
               s.setrole <> 0 AS of_role, s.setdatabase <> 0 AS of_database, 1 AS kept
        FROM pg_db_role_setting s, unnest(s.setconfig) line
        WHERE s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
          AND s.setdatabase IN (0, (SELECT oid FROM pg_database
                                    WHERE datname = current_database()))
        UNION ALL
        SELECT name, setting, false, false, 0 FROM pg_settings
        WHERE source IN ('configuration file', 'command line', 'environment variable', 'global')
    ) known
    WHERE name IN ('default_transaction_read_only', 'statement_timeout')
    ORDER BY name, kept DESC, of_role DESC, of_database DESC
"""
_CIPHER: Final = "SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
_OWNERS: Final = """
    SELECT DISTINCT pg_get_userbyid(c.relowner)::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY(%s) ORDER BY 1
"""
_EVERYBODY: Final = "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'datamind%'"


@dataclass(frozen=True)
class _Patient:
    """Whom the doctor looks at: the account, and the part of the database that it is for."""

    account: Account
    database: str
    schemas: tuple[str, ...]
    missing: tuple[str, ...]
    version: int
    target: Target
    now: datetime | None


def findings(
    connection: "psycopg.Connection[Any]", target: Target, *, now: datetime | None = None
) -> tuple[Finding, ...]:
    """What this account can do and how its sessions are, worst first.

    Anything above a note adds, at the end, the SQL that makes a proper reader. Takes at most
    about ten seconds; a question that the server refuses becomes a note. `now` (aware) is ours,
    to compare the server's clock and version with. Raises psycopg.Error when the connection
    breaks or the account cannot be told.
    """
    cursor = psycopg.Cursor(connection, row_factory=tuple_row)
    with connection.transaction(), cursor:
        ends_at = monotonic() + SECONDS_IN_ALL

        def ask(sql: Any, params: Any = None) -> list[tuple[Any, ...]]:
            left = max(0.001, min(SECONDS_A_QUERY, ends_at - monotonic()))
            cursor.execute(
                "SELECT pg_catalog.set_config('statement_timeout', %s, true)",
                (str(max(1, int(left * 1000))),),
            )
            return cursor.execute(sql, params).fetchall()

        cursor.execute("SET LOCAL transaction_read_only = on")
        patient = _meet(ask, target, now)

        def answered(checks: "_Checks") -> Iterator[Finding]:
            for what, check in checks:
                try:
                    with connection.transaction():
                        yield from tuple(check(ask, patient))
                except psycopg.Error:
                    if connection.closed:
                        raise
                    yield examination.not_checked(what)

        found = [*examination.verdict(tuple(answered(_OF_RIGHTS))), *answered(_OF_THE_REST)]
        try:
            with connection.transaction():
                reader = _reader(ask, patient)
        except psycopg.Error:
            reader = readers.postgres(patient.database, patient.schemas, ())
        return examination.report(found, reader)


def _meet(ask: Ask, target: Target, now: datetime | None) -> _Patient:
    [(database, version)] = ask(_PLACE)
    ask("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)")
    schemas: dict[str, bool] = dict(ask(_SCHEMAS, (list("rpvmf"),)))
    filled = tuple(name for name, has_tables in schemas.items() if has_tables)
    return _Patient(
        account=postgres_rights.account(ask),
        database=database,
        schemas=tuple(s for s in target.schemas if s in schemas) or filled or tuple(schemas),
        missing=tuple(s for s in target.schemas if s not in schemas),
        version=version,
        target=target,
        now=now,
    )


def _rights(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    who = patient.account
    yield from postgres_findings.of_roles(who)
    if who.is_superuser:
        return
    grants = postgres_rights.granted(ask, who)
    yield from postgres_findings.of_ownership(who, postgres_rights.owned(ask, who))
    yield from postgres_findings.of_grants(who, grants)
    if by_name := [r for r in _temporary(grants) if r.grantee != postgres_rights.PUBLIC]:
        yield Finding(
            "warning",
            "This account was granted the right to create temporary tables.",
            "They can fill the server's disk, and a reader needs none.",
            who.cure(by_name),
        )
    elif _temporary(grants) and not _settings(ask).read_only:
        yield Finding(
            "note",
            "Every account of this database can create temporary tables, and so can this one.",
            "In sessions that begin in read-only mode this would be refused. Taken from "
            "everybody, it may stop other programs.",
            who.cure(_temporary(grants)),
        )


def _routines(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    if not patient.account.is_superuser:
        found = postgres_rights.routines(ask, patient.account)
        yield from postgres_findings.of_routines(patient.account, found)


def _reading(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    tables = ask(_TABLES, (list(patient.schemas),))
    shown: dict[tuple[str, str], str] = {
        (schema, name): name if schema == "public" else f"{schema}.{name}"
        for schema, name, *_ in tables
    }
    closed = [(s, n) for s, n, usage, whole, part, _ in tables if not (usage and (whole or part))]
    partly = [(s, n) for s, n, usage, whole, part, _ in tables if usage and part and not whole]
    hidden = [(s, n) for s, n, usage, _, part, rows in tables if usage and part and rows]
    me = postgres_name(patient.account.name)
    if patient.missing:
        yield Finding(
            "warning",
            f"There is no {counted(patient.missing, 'schema')} in this database.",
            "Check the spelling of the schemas in this connection; upper and lower case count.",
        )
    if not tables:
        yield Finding("note", "There are no tables in the schemas of this connection.")
    if closed or partly:
        nothing = len(closed) == len(tables)
        yield Finding(
            "warning" if nothing else "note",
            "This account cannot read any table."
            if nothing
            else f"This account does not read everything in {_tables(shown, closed + partly)}.",
            "Questions about them cannot be answered. If that is intended, all is well.",
            "\n".join(
                [
                    *(
                        f"GRANT USAGE ON SCHEMA {postgres_name(schema)} TO {me};"
                        for schema in sorted({s for s, _ in closed})
                    ),
                    "GRANT SELECT ON TABLE "
                    + ", ".join(postgres_name(*table) for table in closed + partly)
                    + f" TO {me};",
                ]
            ),
        )
    if hidden:
        yield Finding(
            "note",
            f"Row rules hide rows of {_tables(shown, hidden)} from this account.",
            "Totals are those of the rows that it may see.",
        )


def _tables(shown: dict[tuple[str, str], str], which: list[tuple[str, str]]) -> str:
    return counted([shown[table] for table in which], "table")


@dataclass(frozen=True)
class _Settings:
    read_only: bool
    limited: bool


def _settings(ask: Ask) -> _Settings:
    kept: dict[str, str] = dict(ask(_SETTINGS))
    return _Settings(
        read_only=kept.get("default_transaction_read_only", "off").lower()
        in ("on", "true", "yes", "1"),
        limited=kept.get("statement_timeout", "0").strip(" smindh") not in ("", "0"),
    )


def _sessions(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    settings = _settings(ask)
    role = f"ALTER ROLE {postgres_name(patient.account.name)}"
    place = f"{role} IN DATABASE {postgres_name(patient.database)}"
    ours = "-- Holds for every session of this account in this database, other programs' too."
    if settings.read_only:
        yield Finding(
            "good",
            "Sessions of this account begin in read-only mode.",
            "What any account may do here, such as temporary tables, is refused in them too.",
        )
    else:
        yield Finding(
            "note",
            "Sessions of this account do not begin in read-only mode.",
            "DataMind makes each of its sessions read-only itself; this makes it the server's "
            "own rule.",
            f"{ours}\n{place} SET default_transaction_read_only = on;",
        )
    if settings.limited:
        yield Finding("good", "The server ends what runs too long in this account's sessions.")
    else:
        yield Finding(
            "note",
            "Nothing on the server ends a query of this account that runs too long.",
            f"DataMind ends its own after {SECONDS} seconds; this makes it the server's rule.",
            f"{ours}\n{place} SET statement_timeout = '{SECONDS}s';",
        )


def _encryption(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    used = ask(_CIPHER)
    yield examination.encryption(patient.target, " ".join(used[0]) if used else "")


def _clock(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    ours = examination.moment(patient.now)
    [(theirs,)] = ask("SELECT extract(epoch FROM clock_timestamp())::float8")
    yield examination.clock(datetime.fromtimestamp(theirs, UTC), ours)


def _server(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    major, minor = divmod(patient.version, 10_000)
    version = (major,) if major >= 10 else (major, minor // 100)
    today = examination.moment(patient.now).date()
    yield examination.support("PostgreSQL", version, today)
    if ask("SELECT pg_is_in_recovery()") == [(True,)]:
        yield Finding(
            "note",
            "This server is a standby: a copy that nobody can write to.",
            "Good for reporting: questions do not slow down the primary. It may be some seconds "
            "behind. Accounts and rights are changed on the primary.",
        )


def _reader(ask: Ask, patient: _Patient) -> str:
    grants = postgres_rights.granted(ask, patient.account)
    return readers.postgres(
        patient.database,
        patient.schemas,
        [owner for (owner,) in ask(_OWNERS, (list(patient.schemas),))],
        name=readers.free_name(name for (name,) in ask(_EVERYBODY)),
        public_makes_temporary=any(r.grantee == postgres_rights.PUBLIC for r in _temporary(grants)),
        public_creates_in=[
            right.shown
            for right in grants
            if right.kind == "SCHEMA"
            and right.privilege == "CREATE"
            and right.grantee == postgres_rights.PUBLIC
        ],
    )


def _temporary(grants: list[Right]) -> list[Right]:
    return [r for r in grants if (r.kind, r.privilege) == ("DATABASE", "TEMPORARY")]


_Checks = tuple[tuple[str, Callable[[Ask, _Patient], Iterator[Finding]]], ...]

_OF_RIGHTS: Final[_Checks] = (
    ("what this account may change", _rights),
    ("which functions it may run", _routines),
)
_OF_THE_REST: Final[_Checks] = (
    ("which tables it can read", _reading),
    ("the limits of its sessions", _sessions),
    ("whether the connection is encrypted", _encryption),
    ("the server's clock", _clock),
    ("the server's version", _server),
)
