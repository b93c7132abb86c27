"""The SQL that makes a proper reader: an account that can read one database and nothing else.

Names are quoted, whatever is in them. The password is a placeholder that no server accepts, so
that nobody makes an account with a password that stands in a manual.
"""

from collections.abc import Iterable
from typing import Final

READER: Final = "datamind_reader"
PASSWORD: Final = "<a long random password in single quotes>"  # noqa: S105
SECONDS: Final = 30


def postgres_name(*parts: str) -> str:
    """A name as PostgreSQL quotes it: `postgres_name("sales", "my table")`."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def mysql_name(name: str) -> str:
    """A name as MySQL quotes it."""
    return "`" + name.replace("`", "``") + "`"


def mysql_databases(name: str) -> str:
    """All tables of one database in a GRANT, where _ and % would stand for other letters too."""
    plain = name.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
    return f"{mysql_name(plain)}.*"


def mysql_account(user: str, host: str) -> str:
    """An account as MySQL quotes it: 'user'@'host'."""
    return f"{mysql_text(user)}@{mysql_text(host)}"


def mysql_text(text: str) -> str:
    """A text as MySQL quotes it in its usual mode, where a backslash escapes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def comment(text: str) -> str:
    """A line of comment, which no name in it can end."""
    return "-- " + " ".join(text.splitlines())


def free_name(taken: Iterable[str]) -> str:
    """A name for the reader that no account has yet."""
    others = set(taken)
    names = [READER, *(f"{READER}_{n}" for n in range(2, len(others) + 3))]
    return next(name for name in names if name not in others)


def postgres(
    database: str,
    schemas: Iterable[str],
    owners: Iterable[str],
    *,
    name: str = READER,
    public_makes_temporary: bool = False,
    public_creates_in: Iterable[str] = (),
) -> str:
    """SQL for an administrator connected to `database`: a role that reads its schemas.

    `owners` are the roles that own (and will create) tables there: what they create later is
    readable too. What PUBLIC may do in this database is offered as an option, commented out,
    because taking it away touches every account.
    """
    role, place = postgres_name(name), postgres_name(database)
    owner_names = [postgres_name(owner) for owner in owners]
    lines = [
        comment(f"Run as an administrator, connected to the database {place}."),
        f"CREATE ROLE {role} LOGIN PASSWORD {PASSWORD};",
        f"ALTER ROLE {role} SET default_transaction_read_only = on;",
        f"ALTER ROLE {role} SET statement_timeout = '{SECONDS}s';",
        f"ALTER ROLE {role} SET idle_in_transaction_session_timeout = '60s';",
        f"GRANT CONNECT ON DATABASE {place} TO {role};",
    ]
    for schema in map(postgres_name, schemas):
        lines += [
            f"GRANT USAGE ON SCHEMA {schema} TO {role};",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};",
        ]
        if owner_names:
            lines += [
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {', '.join(owner_names)}",
                f"  IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role};",
            ]
    lines += _options(place, public_makes_temporary, public_creates_in)
    return "\n".join(lines)


def _options(place: str, temporary: bool, schemas: Iterable[str]) -> list[str]:
    taken = [f"TEMPORARY ON DATABASE {place}"] if temporary else []
    taken += [f"CREATE ON SCHEMA {postgres_name(schema)}" for schema in schemas]
    if not taken:
        return []
    return [
        "-- Optional, with a side effect: here every account may do this, and so may the reader.",
        "-- Taken from PUBLIC, programs that need it must be granted it by name first.",
        *(comment(f"REVOKE {right} FROM PUBLIC;") for right in taken),
    ]


def mysql(
    databases: Iterable[str], host: str, *, mariadb: bool, encrypted: bool, name: str = READER
) -> str:
    """SQL for an administrator: an account for `host` that reads these databases.

    MariaDB keeps the time limit in the account; MySQL has no such limit, which a comment says.
    `encrypted` makes TLS a condition of signing in.
    """
    account = mysql_account(name, host)
    wanted = " REQUIRE SSL" if encrypted else ""
    wanted += f" WITH MAX_STATEMENT_TIME {SECONDS}" if mariadb else ""
    lines = [
        "-- Run as an administrator of this server. The address is the one that DataMind comes",
        "-- from now; with '%' in its place the account could sign in from anywhere.",
        f"CREATE USER {account} IDENTIFIED BY {PASSWORD}{wanted};",
        *(f"GRANT SELECT, SHOW VIEW ON {mysql_databases(d)} TO {account};" for d in databases),
    ]
    if not mariadb:
        lines += [
            "-- MySQL has no time limit per account: DataMind sets max_execution_time",
            f"-- to {SECONDS} seconds in each of its sessions.",
        ]
    return "\n".join(lines)
