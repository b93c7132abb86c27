"""The doctor for MySQL and MariaDB: what a credential can do, proved from its own grants.

Nothing is tried out: SHOW GRANTS, a few variables, and roles switched on for a look.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import pymysql
from pymysql.cursors import Cursor

from core.connectors import examination, mysql_findings, mysql_grants, readers
from core.connectors.base import Target
from core.connectors.examination import SECONDS_A_QUERY, SECONDS_IN_ALL
from core.connectors.mysql_findings import SYSTEM, Account, Held
from core.connectors.mysql_grants import PUBLIC, Grant, Grants
from core.connectors.readers import SECONDS, mysql_account, mysql_name, mysql_text
from core.types import Finding

if TYPE_CHECKING:
    from pymysql.connections import Connection

Ask = Callable[[str], list[tuple[str | None, ...]]]


@dataclass(frozen=True)
class _Patient:
    """Whom the doctor looks at: the account, where it comes from, and the server."""

    account: Account
    user: str
    host: str
    comes_from: str
    mariadb: bool
    version: tuple[int, ...]
    cipher: str
    seconds: float
    unread: bool
    target: Target
    now: datetime | None


def findings(
    connection: "Connection[Any]", target: Target, *, now: datetime | None = None
) -> tuple[Finding, ...]:
    """What this account can do and how its sessions are, worst first.

    Anything above a note adds, at the end, the SQL that makes a proper reader. Takes at most
    about ten seconds; a question that the server refuses becomes a note. The session's role and
    time limit are put back. `now` (aware) is ours, to compare the server's clock and version
    with. Raises pymysql.Error when the connection breaks or the account cannot be told.
    """
    ends_at = monotonic() + SECONDS_IN_ALL

    def ask(sql: str) -> list[tuple[str | None, ...]]:
        if monotonic() > ends_at:
            raise pymysql.OperationalError(0, "out of time")
        with Cursor(connection) as cursor:
            cursor.execute(sql)
            return [tuple(map(_text, row)) for row in cursor.fetchall()]

    with _Limited(connection, ask):
        patient = _meet(ask, target, now)

        def answered(checks: "_Checks") -> Iterator[Finding]:
            for what, check in checks:
                try:
                    yield from tuple(check(ask, patient))
                except pymysql.Error:
                    if not connection.open:
                        raise
                    yield examination.not_checked(what)

        found = [*examination.verdict(tuple(answered(_OF_RIGHTS))), *answered(_OF_THE_REST)]
    return examination.report(found, _reader(patient))


class _Limited:
    """Each question of the doctor has its time limit; the session's own comes back after."""

    def __init__(self, connection: "Connection[Any]", ask: Ask) -> None:
        self._connection = connection
        self._ask = ask
        self._back = ""

    def __enter__(self) -> None:
        for name, value in (
            ("max_statement_time", SECONDS_A_QUERY),
            ("max_execution_time", int(SECONDS_A_QUERY * 1000)),
        ):
            with suppress(pymysql.Error):
                [(before,)] = self._ask(f"SELECT @@SESSION.{name}")
                self._ask(f"SET SESSION {name} = {value}")
                self._back = f"SET SESSION {name} = {before or 0}"
                return

    def __exit__(self, *_: object) -> None:
        if self._back and self._connection.open:
            with suppress(pymysql.Error), Cursor(self._connection) as cursor:
                cursor.execute(self._back)


def _text(value: Any) -> str | None:
    """A value as text, whatever the connector told its driver to make of it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None else str(value)


def _meet(ask: Ask, target: Target, now: datetime | None) -> _Patient:
    [(mine, session, version, database, files)] = ask(
        "SELECT CURRENT_USER(), USER(), VERSION(), DATABASE(), @@GLOBAL.secure_file_priv"
    )
    user, _, host = (mine or "").rpartition("@")
    mariadb = "mariadb" in (version or "").lower()
    # MariaDB's bare NULL means no bounds, MySQL's means that nobody may.
    limited = files or "" if mariadb else files
    sql = mysql_account(user, host)
    grants, held, unread = _held(ask, sql, mariadb)
    databases = target.schemas or tuple(filter(None, (target.database or database,)))
    if not databases:
        seen = (name or "" for (name,) in ask("SHOW DATABASES"))
        databases = tuple(n for n in seen if n not in (*SYSTEM, "information_schema"))
    with suppress(pymysql.Error):
        [(_name, cipher)] = ask("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
    numbers = re.findall(r"\d+", (version or "").removeprefix("5.5.5-"))
    return _Patient(
        account=Account(sql, held, databases, limited),
        user=user,
        host=host,
        comes_from=(session or "").rpartition("@")[2],
        mariadb=mariadb,
        version=tuple(map(int, numbers[:2])),
        cipher=cipher or "",
        seconds=grants.seconds,
        unread=unread,
        target=target,
        now=now,
    )


def _held(ask: Ask, me: str, mariadb: bool) -> tuple[Grants, tuple[Held, ...], bool]:
    """The account's own grants and those of its roles, each role looked at by itself."""

    def shown(sql: str = "SHOW GRANTS") -> Grants:
        return mysql_grants.read(line or "" for (line, *_) in ask(sql))

    before = ""
    with suppress(pymysql.Error):
        [(role,)] = ask("SELECT CURRENT_ROLE()")
        ask("SET ROLE NONE")
        before = mysql_name(role) if mariadb and role else role or "NONE"
    own = shown()
    held = [Held(grant) for grant in own.grants]
    unread = own.unread > 0
    base = {(grant.place, privilege) for grant in own.grants for privilege in grant.privileges}
    for role in own.roles:
        try:
            if mariadb:
                ask(f"SET ROLE {role}")
                theirs = shown()
            else:
                theirs = shown(f"SHOW GRANTS FOR CURRENT_USER() USING {role}")
        except pymysql.Error:
            unread = True
            continue
        unread = unread or theirs.unread > 0
        held += [Held(grant, role) for grant in _added(theirs, base, me if mariadb else "")]
    if before and (own.roles or before != "NONE"):
        ask(f"SET ROLE {before}")
    return own, tuple(held), unread


def _added(theirs: Grants, base: set[tuple[str, str]], me: str) -> Iterator[Grant]:
    """What a role adds. MariaDB names the role in its grants; MySQL puts all in one account."""
    for grant in theirs.grants:
        if me and grant.grantee in (me, PUBLIC):
            continue
        new = tuple(p for p in grant.privileges if me or (grant.place, p) not in base)
        if new:
            yield replace(grant, privileges=new)


def _rights(_ask: Ask, patient: _Patient) -> Iterator[Finding]:
    yield from mysql_findings.of_grants(patient.account)
    if patient.unread:
        yield examination.not_checked("some grants or roles of this account")


def _account(_ask: Ask, patient: _Patient) -> Iterator[Finding]:
    if "%" in patient.host:
        there = mysql_account(patient.user, patient.comes_from)
        yield Finding(
            "note",
            "This account can sign in from any machine."
            if patient.host == "%"
            else "This account can sign in from a whole range of machines.",
            f"Its host is “{patient.host}”. Bound to DataMind's address, a leaked password is "
            "of no use elsewhere.",
            "-- Only if no other machine signs in with this account: it could not any more.\n"
            f"RENAME USER {patient.account.sql} TO {there};",
        )
    if not patient.mariadb:
        yield Finding(
            "good",
            f"DataMind limits its own queries to {SECONDS} seconds.",
            "MySQL has no time limit per account, so each session sets max_execution_time.",
        )
    elif patient.seconds:
        yield Finding("good", "The server ends what runs too long in this account's sessions.")
    else:
        yield Finding(
            "note",
            "Nothing on the server ends a query of this account that runs too long.",
            f"DataMind ends its own after {SECONDS} seconds; this makes it the server's rule.",
            "-- Holds for every session of this account, other programs' too.\n"
            f"ALTER USER {patient.account.sql} WITH MAX_STATEMENT_TIME {SECONDS};",
        )


def _reading(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    wanted = ", ".join(map(mysql_text, patient.account.databases))
    [(tables,)] = ask(
        "SELECT count(*) FROM information_schema.tables "  # noqa: S608
        f"WHERE table_schema IN ({wanted or 'NULL'})"
    )
    if not int(tables or 0):
        yield Finding(
            "note",
            "This account sees no tables in the databases of this connection.",
            "Check the spelling of the database, or grant it SELECT on the tables.",
        )


def _server(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    product = "MariaDB" if patient.mariadb else "MySQL"
    today = examination.moment(patient.now).date()
    yield examination.support(product, patient.version, today)
    [(local, read_only)] = ask("SELECT @@GLOBAL.local_infile, @@GLOBAL.read_only")
    writes = patient.account.has(mysql_findings.changing)
    if local not in ("0", "OFF", None) and writes:
        yield Finding(
            "note",
            "The server lets accounts that can change data load files from their own machine.",
            "DataMind refuses when asked for one (local_infile).",
        )
    if read_only not in ("0", "OFF", None):
        yield Finding(
            "note",
            "This server takes no changes from ordinary accounts: it may be a replica.",
            "Good for reporting: questions do not slow down the primary. Accounts and rights "
            "are changed there.",
        )


def _clock(ask: Ask, patient: _Patient) -> Iterator[Finding]:
    ours = examination.moment(patient.now)
    [(theirs,)] = ask("SELECT UNIX_TIMESTAMP(SYSDATE(6))")
    yield examination.clock(datetime.fromtimestamp(float(theirs or 0), UTC), ours)


def _encryption(_ask: Ask, patient: _Patient) -> Iterator[Finding]:
    yield examination.encryption(patient.target, patient.cipher)


def _reader(patient: _Patient) -> str:
    return readers.mysql(
        patient.account.databases,
        patient.comes_from,
        mariadb=patient.mariadb,
        encrypted=bool(patient.cipher),
        name=readers.free_name({patient.user}),
    )


_Checks = tuple[tuple[str, Callable[[Ask, _Patient], Iterator[Finding]]], ...]

_OF_RIGHTS: Final[_Checks] = (("what this account may do", _rights),)
_OF_THE_REST: Final[_Checks] = (
    ("the limits of this account", _account),
    ("which tables it can read", _reading),
    ("whether the connection is encrypted", _encryption),
    ("the server's clock", _clock),
    ("the server's version", _server),
)
