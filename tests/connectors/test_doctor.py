"""The connection doctor on real servers: what it says of an account, and that its cures cure.

Names hold quotes, spaces and umlauts throughout: what is quoted wrongly fails here.
"""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import psycopg
import pymysql
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import make_url

from core import audit, checkups
from core.connectors import (
    examination,
    mysql_doctor,
    mysql_grants,
    postgres_doctor,
    postgres_types,
    readers,
    server_versions,
)
from core.connectors.base import Target
from core.datamind import DataMind
from core.store.tables import Connection
from core.types import Finding
from tests import factories
from tests.running import ROOT, find
from tests.servers import MariaDB, Postgres

SECRET = "s3cr\\et'x"
LEVELS = ("danger", "warning", "note", "good")
Words = tuple[str, str]


@dataclass
class OnPostgres:
    """PostgreSQL: a schema and tables with difficult names; {me} is the account."""

    server: Postgres
    database: str
    user: str = field(default_factory=lambda: f'le"ser ü {uuid4().hex[:8]}')
    problems: tuple[type[Exception], ...] = (psycopg.Error,)

    def __post_init__(self) -> None:
        with self.server.connect(self.database) as session:
            session.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(self.user), sql.Literal(SECRET)
                )
            )
        self.admin(
            "CREATE TABLE orders (id int, note text)",
            "INSERT INTO orders VALUES (1, 'first')",
            'CREATE SCHEMA "Kü ""x"" y"',
            'CREATE TABLE "Kü ""x"" y"."t ""1""" (id int)',
            'GRANT USAGE ON SCHEMA "Kü ""x"" y" TO {me}',
            'GRANT SELECT ON orders, "Kü ""x"" y"."t ""1""" TO {me}',
        )

    def admin(self, *statements: str) -> None:
        me, group = self.names()
        with self.server.connect(self.database) as session:
            for statement in statements:
                session.execute(
                    statement.replace("{me}", me)
                    .replace("{group}", group)
                    .replace("{db}", readers.postgres_name(self.database))
                    .encode()
                )

    def names(self) -> tuple[str, str]:
        return readers.postgres_name(self.user), readers.postgres_name(f"Gruppe {self.user}")

    @contextmanager
    def session(self, user: str = "") -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=user or self.user,
            password=SECRET,
            dbname=self.database,
            autocommit=True,
        ) as connection:
            yield connection

    def examine(self, user: str = "", now: datetime | None = None) -> tuple[Finding, ...]:
        target = Target("c", "1", host="127.0.0.1", password=SECRET)
        with self.session(user) as connection:
            # The connector's own ways with types must not confuse the doctor.
            postgres_types.register(connection)
            return postgres_doctor.findings(connection, target, now=now)

    def attempt(self, user: str, statement: str) -> None:
        with self.session(user) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(statement.encode())

    def leave(self) -> None:
        with self.server.connect() as session:
            for role in (*self.names(), '"datamind_reader"', '"b ""o"" ß"'):
                session.execute(f"DROP ROLE IF EXISTS {role}".encode())


@dataclass
class OnMariadb:
    """MariaDB: a database with a difficult name; {me} is the account, {db} the database."""

    server: MariaDB
    user: str = field(default_factory=lambda: f"le'ser ü {uuid4().hex[:8]}")
    database: str = field(default_factory=lambda: f"sh_o%p `ü {uuid4().hex[:8]}")
    problems: tuple[type[Exception], ...] = (pymysql.Error,)

    def __post_init__(self) -> None:
        me = readers.mysql_account(self.user, "127.0.0.1")
        password = readers.mysql_text(SECRET)
        self.admin(
            f"CREATE USER {me} IDENTIFIED BY {password} WITH MAX_STATEMENT_TIME 30",
            "CREATE DATABASE {name}",
            "CREATE TABLE {name}.orders (id int, note text)",
            "INSERT INTO {name}.orders VALUES (1, 'first')",
            "CREATE TABLE {name}.`t ``1``` (id int)",
            "GRANT SELECT, SHOW VIEW ON {db} TO {me}",
        )

    def admin(self, *statements: str) -> None:
        words = {
            "{me}": readers.mysql_account(self.user, "127.0.0.1"),
            "{db}": readers.mysql_databases(self.database),
            "{name}": readers.mysql_name(self.database),
            "{group}": readers.mysql_name(f"G {self.user}"),
        }
        with self.connect("datamind", "datamind", "") as session, session.cursor() as cursor:
            for statement in statements:
                for mark, value in words.items():
                    statement = statement.replace(mark, value)  # noqa: PLW2901
                cursor.execute(statement)
                while cursor.nextset():
                    pass

    def connect(self, user: str, password: str, database: str) -> "pymysql.Connection[Any]":
        return pymysql.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=user,
            password=password,
            database=database or None,
            autocommit=True,
            client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS if not database else 0,
        )

    def examine(self, user: str = "", now: datetime | None = None) -> tuple[Finding, ...]:
        target = Target("c", "1", host="127.0.0.1", password=SECRET)
        with self.connect(user or self.user, SECRET, self.database) as session:
            found = mysql_doctor.findings(session, target, now=now)
            with session.cursor() as cursor:
                cursor.execute("SELECT CURRENT_ROLE(), @@max_statement_time")
                role, seconds = cast("tuple[Any, Any]", cursor.fetchone())
                assert role is None, "the doctor leaves the session as it was"
                assert seconds in (0, 30)
            return found

    def attempt(self, user: str, statement: str) -> None:
        with self.connect(user, SECRET, self.database) as session, session.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()

    def leave(self) -> None:
        self.admin("DROP DATABASE {name}", "DROP ROLE IF EXISTS {group}")
        for user in (self.user, "datamind_reader", "b'o ß"):
            for host in ("127.0.0.1", "%"):
                self.admin(f"DROP USER IF EXISTS {readers.mysql_account(user, host)}")


@pytest.fixture
def on_postgres(postgres: Postgres) -> Iterator[OnPostgres]:
    clinics: list[OnPostgres] = []
    with postgres.fresh_database() as url:
        clinics.append(OnPostgres(postgres, str(make_url(url).database)))
        yield clinics[0]
    clinics[0].leave()


@pytest.fixture
def on_mariadb(mariadb: MariaDB) -> Iterator[OnMariadb]:
    clinic = OnMariadb(mariadb)
    yield clinic
    clinic.leave()


POSTGRES: dict[str, tuple[Sequence[str], Sequence[Words]]] = {
    "superuser": (["ALTER ROLE {me} SUPERUSER"], [("danger", "is a superuser")]),
    "can become superuser": (
        ["CREATE ROLE {group} SUPERUSER", "GRANT {group} TO {me}"],
        [("danger", "can become the superuser “Gruppe")],
    ),
    "attributes": (
        ["ALTER ROLE {me} CREATEDB CREATEROLE REPLICATION BYPASSRLS"],
        [
            ("danger", "create accounts"),
            ("danger", "copy the whole server"),
            ("warning", "row rules"),
            ("warning", "create databases"),
        ],
    ),
    "attribute of a role": (
        ["CREATE ROLE {group} CREATEROLE", "GRANT {group} TO {me}"],
        [("danger", "create accounts")],
    ),
    "owner": (
        [
            "ALTER DATABASE {db} OWNER TO {me}",
            'ALTER SCHEMA "Kü ""x"" y" OWNER TO {me}',
            "ALTER TABLE orders OWNER TO {me}",
        ],
        [
            ("danger", "owns the database test_"),
            ("danger", 'owns the schema Kü "x" y'),
            ("danger", "owns the table orders"),
        ],
    ),
    "owner through a role": (
        ["CREATE ROLE {group}", "ALTER TABLE orders OWNER TO {group}", "GRANT {group} TO {me}"],
        [("danger", "owns the table orders")],
    ),
    "writer of one table": (
        ["GRANT INSERT, UPDATE ON orders TO {me}"],
        [("danger", "change data in the table orders"), ("danger", "INSERT and UPDATE")],
    ),
    "writer of one column": (
        ['GRANT UPDATE (id) ON "Kü ""x"" y"."t ""1""" TO {me}'],
        [("danger", 'change data in the table Kü "x" y.t "1"')],
    ),
    "writer of many tables": (
        [
            *(f"CREATE TABLE many_{n} (id int)" for n in range(12)),
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO {me}",
        ],
        [
            ("danger", "change data in 13 tables, for example many_0, many_1 and many_10."),
            ("warning", "REFERENCES and TRIGGER"),
        ],
    ),
    "writer through roles": (
        [
            "CREATE ROLE {group} NOINHERIT",
            'CREATE ROLE "b ""o"" ß"',
            'GRANT "b ""o"" ß" TO {group}',
            "GRANT {group} TO {me}",
            'GRANT DELETE ON orders TO "b ""o"" ß"',
        ],
        [("danger", "change data in the table orders")],
    ),
    "everybody writes": (
        ["GRANT TRUNCATE ON orders TO PUBLIC"],
        [("danger", "change data in the table orders"), ("danger", "every account may")],
    ),
    "reads server files": (
        ["GRANT pg_read_server_files TO {me}"],
        [("danger", "read files on the server")],
    ),
    "other built-in roles": (
        [
            "CREATE ROLE {group}",
            "GRANT pg_write_server_files, pg_execute_server_program, pg_read_all_data, "
            "pg_write_all_data, pg_signal_backend, pg_monitor, pg_checkpoint TO {group}",
            "GRANT {group} TO {me}",
        ],
        [
            ("danger", "write files on the server"),
            ("danger", "run programs on the server"),
            ("danger", "change data in every table"),
            ("warning", "password hashes"),
            ("warning", "end other people's queries"),
            ("warning", "pg_checkpoint"),
            ("note", "watch the server"),
        ],
    ),
    "may create": (
        [
            "GRANT CREATE ON DATABASE {db} TO {me}",
            'GRANT CREATE ON SCHEMA "Kü ""x"" y" TO PUBLIC',
        ],
        [
            ("warning", "create schemas in the database test_"),
            ("warning", 'create tables and functions in the schema Kü "x" y'),
        ],
    ),
    "temporary tables": (
        ["GRANT TEMPORARY ON DATABASE {db} TO {me}"],
        [("warning", "granted the right to create temporary tables")],
    ),
    "temporary tables for all": (
        [],
        [("note", "Every account of this database can create temporary tables")],
    ),
    "sequences": (
        ["CREATE SEQUENCE numbers", "GRANT USAGE ON SEQUENCE numbers TO {me}"],
        [("warning", "numbers of the sequence numbers")],
    ),
    "hands on": (
        ["GRANT SELECT ON orders TO {me} WITH GRANT OPTION"],
        [("warning", "let others read, too: orders")],
    ),
    "functions": (
        [
            "CREATE FUNCTION lend(a int) RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
            "CREATE EXTENSION dblink",
            "CREATE EXTENSION pg_trgm",
            "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {me}",
        ],
        [
            ("danger", "function of the server's own: pg_read_file"),
            ("warning", "reach outside: for example dblink"),
            ("warning", "with somebody else's rights: lend"),
        ],
    ),
    "foreign servers": (
        [
            "CREATE EXTENSION postgres_fdw",
            "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw",
            "GRANT USAGE ON FOREIGN SERVER far TO {me}",
        ],
        [("warning", "reach other databases through the link far")],
    ),
    "cannot read": (
        ['REVOKE USAGE ON SCHEMA "Kü ""x"" y" FROM {me}', "REVOKE SELECT ON orders FROM {me}"],
        [("warning", "cannot read any table")],
    ),
    "reads a part": (
        ["REVOKE SELECT ON orders FROM {me}", "GRANT SELECT (id) ON orders TO {me}"],
        [("note", "does not read everything in the table orders")],
    ),
    "row rules": (
        ["ALTER TABLE orders ENABLE ROW LEVEL SECURITY"],
        [("note", "Row rules hide rows of the table orders")],
    ),
    "no limits": (
        [],
        [("note", "do not begin in read-only mode"), ("note", "runs too long")],
    ),
}

MARIADB: dict[str, tuple[Sequence[str], Sequence[Words]]] = {
    "may do everything": (
        ["GRANT ALL PRIVILEGES ON *.* TO {me} WITH GRANT OPTION"],
        [("danger", "everything on this server"), ("danger", "give others its rights")],
    ),
    "administers": (
        ["GRANT SUPER, CREATE USER, RELOAD, PROCESS ON *.* TO {me}"],
        [
            ("danger", "administer the server: CREATE USER and SUPER"),
            ("warning", "does not need: RELOAD"),
            ("warning", "watch other people's queries"),
        ],
    ),
    "reads server files": (
        ["GRANT FILE ON *.* TO {me}"],
        [("danger", "read and write files on the server"), ("danger", "no bounds")],
    ),
    "owns the database": (
        ["GRANT ALL ON {db} TO {me}"],
        [("danger", "change data in the database sh_o%p `ü")],
    ),
    "writer of one table": (
        ["GRANT INSERT, DELETE ON {name}.`t ``1``` TO {me}"],
        [("danger", "change data in the table t `1`"), ("danger", "DELETE and INSERT")],
    ),
    "writer of one column": (
        ["GRANT UPDATE (note), SELECT (id, note) ON {name}.orders TO {me}"],
        [("danger", "change data in the table orders"), ("danger", "UPDATE")],
    ),
    "writer through roles": (
        [
            "CREATE ROLE {group}",
            "GRANT INSERT ON {name}.orders TO {group}",
            "GRANT {group} TO {me}",
        ],
        [("danger", "change data in the table orders")],
    ),
    "writer everywhere": (
        ["GRANT SELECT, INSERT ON *.* TO {me}"],
        [
            ("danger", "change data in every database of the server"),
            ("warning", "read every database of the server"),
        ],
    ),
    "everybody writes": (
        ["GRANT DELETE ON {db} TO PUBLIC"],
        [("danger", "change data in the database sh_o")],
    ),
    "reads the passwords": (
        ["GRANT SELECT ON mysql.* TO {me}"],
        [("warning", "server's own tables: the database mysql")],
    ),
    "runs procedures": (
        [
            "CREATE FUNCTION {name}.f() RETURNS int RETURN 1",
            "GRANT EXECUTE ON FUNCTION {name}.f TO {me}",
        ],
        [("warning", "stored functions and procedures of sh_o")],
    ),
    "temporary tables and locks": (
        ["GRANT CREATE TEMPORARY TABLES, LOCK TABLES ON {db} TO {me}"],
        [("warning", "CREATE TEMPORARY TABLES and LOCK TABLES")],
    ),
    "hands on": (
        ["GRANT SELECT ON {db} TO {me} WITH GRANT OPTION"],
        [("warning", "give others its rights")],
    ),
    "acts for another": (
        ["GRANT PROXY ON 'datamind'@'%' TO {me}"],
        [("danger", "act as somebody else: 'datamind'@'%'")],
    ),
    "no limit": (
        ["ALTER USER {me} WITH MAX_STATEMENT_TIME 0"],
        [("note", "runs too long")],
    ),
}


def says(found: Sequence[Finding], words: Sequence[Words]) -> None:
    """Each of the words stands in a finding of its level, the worst ones first."""
    for level, word in words:
        texts = [f"{f.title} {f.detail}" for f in found if f.level == level]
        assert any(word in text for text in texts), (level, word, texts)
    above = any(f.level in ("danger", "warning") for f in found)
    assert ("CREATE" in found[-1].sql) == above, "what is too much ends with the proper reader"
    order = [LEVELS.index(f.level) for f in (found[:-1] if above else found)]
    assert order == sorted(order)
    assert SECRET not in repr(found)
    assert "PASSWORD '" not in repr(found)


def cures(clinic: OnPostgres | OnMariadb) -> None:
    """Run each cure as an administrator and look again, until there is nothing to cure."""
    for _ in range(40):
        found = clinic.examine()
        ill = [f for f in found if f.sql and readers.PASSWORD not in f.sql]
        if not ill:
            assert [f for f in found if f.level in ("danger", "warning")] == []
            return
        clinic.admin(ill[0].sql)
        assert ill[0].title not in [f.title for f in clinic.examine()], ill[0]
    pytest.fail("the cures never end")


@pytest.mark.parametrize("kind", POSTGRES)
def test_postgres_account(on_postgres: OnPostgres, kind: str) -> None:
    statements, words = POSTGRES[kind]
    on_postgres.admin(*statements)
    says(on_postgres.examine(), words)
    cures(on_postgres)


@pytest.mark.parametrize("kind", MARIADB)
def test_mariadb_account(on_mariadb: OnMariadb, kind: str) -> None:
    statements, words = MARIADB[kind]
    on_mariadb.admin(*statements)
    says(on_mariadb.examine(), words)
    cures(on_mariadb)


def test_a_mariadb_account_for_any_machine_is_bound_to_this_one(on_mariadb: OnMariadb) -> None:
    on_mariadb.admin(
        f"RENAME USER {{me}} TO {readers.mysql_account(on_mariadb.user, '%')}",
    )
    says(on_mariadb.examine(), [("note", "sign in from any machine")])
    cures(on_mariadb)


def test_the_first_superuser_of_a_server_is_not_unmade(on_postgres: OnPostgres) -> None:
    with on_postgres.server.connect(on_postgres.database) as connection:
        found = postgres_doctor.findings(connection, Target("c", "1", host="127.0.0.1"))
    assert (found[0].level, found[0].sql) == ("danger", "")
    assert "must stay one" in found[0].detail


# --- a proper reader ------------------------------------------------------------------------


def by_our_sql_on_postgres(clinic: OnPostgres) -> str:
    clinic.admin("GRANT INSERT ON orders TO {me}")
    offered = clinic.examine()[-1].sql
    clinic.admin(offered.replace(readers.PASSWORD, sql.Literal(SECRET).as_string()))
    return "datamind_reader"


def by_script_on_postgres(clinic: OnPostgres) -> str:
    for _ in range(2):
        script(
            *("psql", "--no-psqlrc", "--host=127.0.0.1", f"--port={clinic.server.port}"),
            *("--username=datamind", f"--dbname={clinic.database}", "--set", 'reader=b "o" ß'),
            *("--set", 'schemas=public,Kü "x" y'),
            *("--file", str(ROOT / "scripts/make-reader-postgres.sql")),
            environment={"PGPASSWORD": "datamind", "DATAMIND_READER_PASSWORD": SECRET},
        )
    return 'b "o" ß'


def by_our_sql_on_mariadb(clinic: OnMariadb) -> str:
    clinic.admin("GRANT INSERT ON {db} TO {me}")
    offered = clinic.examine()[-1].sql
    clinic.admin(offered.replace(readers.PASSWORD, readers.mysql_text(SECRET)))
    return "datamind_reader"


def by_script_on_mariadb(clinic: OnMariadb) -> str:
    words = {"database": clinic.database, "password": SECRET, "host": "127.0.0.1"}
    words["reader"] = "b'o ß"
    said = ", ".join(f"@{name} = {readers.mysql_text(word)}" for name, word in words.items())
    text = (ROOT / "scripts/make-reader-mysql.sql").read_text("utf-8")
    for _ in range(2):
        script(*mariadb_client(clinic), text=f"SET {said};\n{text}")
    return words["reader"]


def mariadb_client(clinic: OnMariadb) -> tuple[str, ...]:
    return (
        *(find("mariadb", "mysql"), "--no-defaults", "--host=127.0.0.1", "--user=datamind"),
        *(f"--port={clinic.server.port}", "--password=datamind"),
        "--default-character-set=utf8mb4",
    )


def script(*command: str, text: str = "", environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [find(command[0]), *command[1:]] if "/" not in command[0] else command,
        input=text,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=30,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)


READS = ("SELECT id FROM orders",)
REFUSED = (
    "INSERT INTO orders VALUES (2, 'x')",
    "UPDATE orders SET id = 2",
    "DELETE FROM orders",
    "DROP TABLE orders",
    "CREATE TABLE mine (id int)",
)


def reads_and_no_more(clinic: OnPostgres | OnMariadb, reader: str, also: str) -> None:
    for statement in (*READS, also):
        clinic.attempt(reader, statement)
    for statement in REFUSED:
        with pytest.raises(clinic.problems):
            clinic.attempt(reader, statement)
    found = clinic.examine(reader)
    assert [f for f in found if f.level != "good"] == []
    assert any("no right to change" in f.title for f in found)


@pytest.mark.parametrize("make", [by_our_sql_on_postgres, by_script_on_postgres])
def test_a_proper_postgres_reader(
    on_postgres: OnPostgres, make: Callable[[OnPostgres], str]
) -> None:
    reader = make(on_postgres)
    # What the owner makes later is readable too.
    on_postgres.admin('CREATE TABLE "Kü ""x"" y".later (id int)')
    reads_and_no_more(on_postgres, reader, 'SELECT id FROM "Kü ""x"" y".later')
    with on_postgres.session(reader) as session:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.execute("CREATE TEMPORARY TABLE t (id int)")
        assert session.execute("SHOW statement_timeout").fetchone() == ("30s",)


@pytest.mark.parametrize("make", [by_our_sql_on_mariadb, by_script_on_mariadb])
def test_a_proper_mariadb_reader(on_mariadb: OnMariadb, make: Callable[[OnMariadb], str]) -> None:
    reader = make(on_mariadb)
    reads_and_no_more(on_mariadb, reader, "SELECT id FROM `t ``1```")
    with on_mariadb.connect(reader, SECRET, on_mariadb.database) as session:
        cursor = session.cursor()
        cursor.execute("SELECT @@max_statement_time")
        assert cursor.fetchone() == (30.0,)


def test_a_placeholder_makes_no_account(on_postgres: OnPostgres, on_mariadb: OnMariadb) -> None:
    """Left as they are, the SQL and the scripts end in an error, not in a known password."""
    on_postgres.admin("GRANT INSERT ON orders TO {me}")
    with pytest.raises(psycopg.errors.SyntaxError):
        on_postgres.admin(on_postgres.examine()[-1].sql)
    on_mariadb.admin("GRANT INSERT ON {db} TO {me}")
    with pytest.raises(pymysql.err.ProgrammingError, match="syntax"):
        on_mariadb.admin(on_mariadb.examine()[-1].sql)
    text = (ROOT / "scripts/make-reader-mysql.sql").read_text("utf-8")
    with pytest.raises(RuntimeError, match="fill_in_the_lines"):
        script(*mariadb_client(on_mariadb), text=text)
    for clinic in (on_postgres, on_mariadb):
        with pytest.raises(clinic.problems):
            clinic.examine("datamind_reader")


def test_a_misspelt_schema_stops_the_script(on_postgres: OnPostgres) -> None:
    with pytest.raises(RuntimeError, match="no such schema: publix"):
        script(
            *("psql", "--no-psqlrc", "--host=127.0.0.1", f"--port={on_postgres.server.port}"),
            *("--username=datamind", f"--dbname={on_postgres.database}"),
            *("--set", "schemas=publix,public"),
            *("--file", str(ROOT / "scripts/make-reader-postgres.sql")),
            environment={"PGPASSWORD": "datamind", "DATAMIND_READER_PASSWORD": SECRET},
        )


# --- the server and the way to it -----------------------------------------------------------


def test_clocks_that_disagree(on_postgres: OnPostgres, on_mariadb: OnMariadb) -> None:
    late = datetime.now(UTC) - timedelta(minutes=5)
    for clinic in (on_postgres, on_mariadb):
        says(clinic.examine(now=late), [("warning", "5 minutes ahead of DataMind's")])
        says(clinic.examine(), [("good", "clocks")])


def test_a_server_that_nobody_mends_any_more(
    on_postgres: OnPostgres, on_mariadb: OnMariadb
) -> None:
    for clinic in (on_postgres, on_mariadb):
        found = clinic.examine(now=datetime(2040, 1, 1, tzinfo=UTC))
        says(found, [("warning", "has not been supported since")])


def test_what_the_server_refuses_to_tell_is_a_note(on_postgres: OnPostgres) -> None:
    on_postgres.admin("REVOKE SELECT ON pg_catalog.pg_stat_ssl FROM PUBLIC")
    on_postgres.admin("REVOKE SELECT ON pg_catalog.pg_foreign_server FROM PUBLIC")
    found = on_postgres.examine()
    says(
        found,
        [
            ("note", "Could not be checked: whether the connection is encrypted"),
            ("note", "Could not be checked: what this account may change"),
            ("good", "PostgreSQL"),
        ],
    )
    assert not any("no right to change" in f.title for f in found), "not proved, not said"


@pytest.mark.parametrize(
    ("host", "mode", "cipher", "level", "word"),
    [
        ("127.0.0.1", "prefer", "", "good", "does not leave this machine"),
        ("db.example.com", "prefer", "", "warning", "not encrypted"),
        ("10.0.0.9", "disable", "", "warning", "not encrypted"),
        ("db.example.com", "require", "TLSv1.3", "note", "identity is not checked"),
        ("db.example.com", "verify-full", "TLSv1.3", "good", "identity is checked"),
    ],
)
def test_encryption(host: str, mode: str, cipher: str, level: str, word: str) -> None:
    found = examination.encryption(Target("c", "1", host=host, ssl_mode=mode), cipher)
    assert (found.level, word in found.title) == (level, True), found


@pytest.mark.parametrize(
    ("product", "version", "level"),
    [
        ("PostgreSQL", (14,), "warning"),
        ("PostgreSQL", (15,), "good"),
        ("PostgreSQL", (9, 6), "warning"),
        ("PostgreSQL", (19,), "good"),
        ("MariaDB", (10, 6), "warning"),
        ("MariaDB", (10, 11), "good"),
        ("MariaDB", (11, 5), "warning"),
        ("MySQL", (8, 0), "warning"),
        ("MySQL", (8, 4), "good"),
    ],
)
def test_support_on_a_day(product: str, version: server_versions.Version, level: str) -> None:
    assert examination.support(product, version, date(2026, 11, 23)).level == level


def test_the_last_half_year_of_support_is_a_note() -> None:
    assert examination.support("PostgreSQL", (15,), date(2027, 9, 1)).level == "note"


# --- SHOW GRANTS as MySQL 8 writes it, which is not among the servers of the tests -------------


@pytest.mark.parametrize(
    ("line", "privileges", "level", "place"),
    [
        ("GRANT USAGE ON *.* TO `a`@`%`", ("USAGE",), "server", "*.*"),
        (
            "GRANT SELECT, BACKUP_ADMIN,ROLE_ADMIN ON *.* TO `a`@`%` WITH GRANT OPTION",
            ("SELECT", "BACKUP_ADMIN", "ROLE_ADMIN"),
            "server",
            "*.*",
        ),
        (
            r"GRANT SELECT, SHOW VIEW ON `my\_shop`.* TO `a`@`10.0.0.%`",
            ("SELECT", "SHOW VIEW"),
            "database",
            r"`my\_shop`.*",
        ),
        (
            "GRANT SELECT (`a b`, `to`), INSERT (`on`) ON `s`.`t``1` TO `a`@`%`",
            ("SELECT (`a b`, `to`)", "INSERT (`on`)"),
            "table",
            "`s`.`t``1`",
        ),
        (
            'GRANT EXECUTE ON PROCEDURE "s"."p" TO "a"@"%"',
            ("EXECUTE",),
            "routine",
            "PROCEDURE `s`.`p`",
        ),
        ("GRANT PROXY ON ``@`` TO `root`@`localhost`", ("PROXY",), "proxy", "''@''"),
    ],
)
def test_a_grant_is_read(line: str, privileges: tuple[str, ...], level: str, place: str) -> None:
    [grant] = mysql_grants.read([line]).grants
    assert (grant.privileges, grant.level, grant.place) == (privileges, level, place)
    assert grant.with_option == ("GRANT OPTION" in line)


def test_roles_limits_and_what_makes_no_sense() -> None:
    read = mysql_grants.read(
        [
            "GRANT `writers`@`%`,`o'dd`@`host` TO `a`@`%` WITH ADMIN OPTION",
            "GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*AB' REQUIRE SSL "
            "WITH MAX_USER_CONNECTIONS 5 MAX_STATEMENT_TIME 12.500000",
            "REVOKE INSERT ON `s`.* FROM `a`@`%`",
            "SET DEFAULT ROLE `x` FOR `a`@`%`",
            "something new",
        ]
    )
    assert read.roles == ("'writers'@'%'", "'o''dd'@'host'")
    assert (read.seconds, read.unread) == (12.5, 1)
    assert "*AB" not in repr(read), "the hash of the password is not kept"


# --- as people ask for it -------------------------------------------------------------------


def test_a_connection_is_examined_and_that_is_recorded(
    dm: DataMind, acme: factories.Organization, tmp_path: Path
) -> None:
    connection = factories.sales(dm, acme.analyst, tmp_path)
    found = checkups.doctor(dm, acme.viewer, connection)
    assert [f.level for f in found] == ["good"]
    assert "connection.doctor" in repr(audit.entries(dm, acme.admin))


def test_a_connection_that_cannot_be_reached_is_a_finding(
    dm: DataMind, acme: factories.Organization, tmp_path: Path
) -> None:
    connection = factories.sales(dm, acme.analyst, tmp_path)
    with dm.sessions.write() as db:
        db.execute(sa.update(Connection).where(Connection.id == connection).values(is_active=False))
    [found] = checkups.doctor(dm, acme.analyst, connection)
    assert (found.level, found.detail) == ("danger", "Choose another one.")
    assert "switched off" in found.title
