"""PostgreSQL and Redis, started for `make stack` and for tests."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg
import redis
from psycopg import sql
from psycopg.rows import TupleRow

from stack.running import Running, find

USER = PASSWORD = DATABASE = "datamind"  # noqa: S105 (tests alone use this password)
FORGETFUL: Final = ("--save", "", "--appendonly", "no")


class Postgres(Running):
    """PostgreSQL; the user `datamind` is its superuser, and passwords are checked.

    Not `durable`, it forgets what the machine's own crash would lose: for tests.
    """

    name = "postgres"
    accounts = ("postgres",)
    stop_signal = signal.SIGINT  # "fast": does not wait for clients to leave

    def __init__(
        self,
        folder: Path | None = None,
        *,
        password: str = PASSWORD,
        durable: bool = False,
    ) -> None:
        super().__init__(folder)
        self.password = password
        self.durable = durable
        self.url = self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the cluster, unless it is there."""
        if (self.folder / "data" / "PG_VERSION").exists():
            return
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        self.run(
            *(find("initdb"), "--no-sync", "--pgdata", str(self.folder / "data")),
            *("--username", USER, "--pwfile", str(secret), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C"),
        )
        secret.unlink()

    def command(self) -> list[str]:
        """The words that start it."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "300",  # each process may hold thirty
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [find("postgres"), "-D", str(self.folder / "data"), *flags]

    def connect(self, database: str = "postgres") -> psycopg.Connection[TupleRow]:
        """A connection of its superuser."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname=database,
            autocommit=True,
        )

    def ping(self) -> None:
        """Raises unless it answers a query."""
        with self.connect() as connection:
            connection.execute("SELECT 1")

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """The SQLAlchemy URL of a new copy of `template`, dropped afterwards.

        A migrated template makes a migrated database in the time of a file copy.
        """
        name = f"test_{uuid4().hex}"
        words = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**words)
            )
        try:
            yield self.url_of(name)
        finally:
            with self.connect() as connection:
                connection.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**words))


class Redis(Running):
    """Redis; without options it keeps nothing: a restart forgets, as a lost cache does."""

    name = "redis"

    def __init__(self, folder: Path | None = None, options: tuple[str, ...] = FORGETFUL) -> None:
        super().__init__(folder)
        self.options = options
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """The words that start it."""
        return [
            *(find("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--dir", str(self.folder), *self.options),
        ]

    def ping(self) -> None:
        """Raises unless it answers."""
        with redis.Redis.from_url(self.url) as client:
            client.ping()
