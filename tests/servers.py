"""Real PostgreSQL, MariaDB and Redis for tests."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pymysql
import redis
from psycopg import sql

from tests.running import Running, find

USER = PASSWORD = DATABASE = "datamind"


class Postgres(Running):
    """PostgreSQL; the user `datamind` is its superuser, and passwords are checked."""

    name = "postgres"
    accounts = ("postgres",)
    stop_signal = signal.SIGINT  # "fast": does not wait for clients to leave

    def __init__(self) -> None:
        super().__init__()
        self.url = self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self.run(
            *(find("initdb"), "--no-sync", "--pgdata", str(self.folder / "data")),
            *("--username", USER, "--pwfile", str(secret), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C"),
        )

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [find("postgres"), "-D", str(self.folder / "data"), *flags]

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            dbname=database,
            autocommit=True,
        )

    def ping(self) -> None:
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


class MariaDB(Running):
    """MariaDB with one empty database; the user `datamind` may do everything."""

    name = "mariadb"
    accounts = ("mysql",)

    def __init__(self) -> None:
        super().__init__()
        self.url = f"mysql+pymysql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        (self.folder / "init.sql").write_text(
            f"CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4;\n"
            f"CREATE USER IF NOT EXISTS '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'%' WITH GRANT OPTION;\n"
        )
        self.run(
            *(find("mariadb-install-db"), "--no-defaults", "--skip-test-db"),
            *("--auth-root-authentication-method=normal", f"--datadir={self.folder / 'data'}"),
        )

    def command(self) -> list[str]:
        return [
            *(find("mariadbd"), "--no-defaults", f"--datadir={self.folder / 'data'}"),
            *("--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve"),
            *(f"--socket={self.folder / 'socket'}", f"--pid-file={self.folder / 'pid'}"),
            *(f"--init-file={self.folder / 'init.sql'}", "--character-set-server=utf8mb4"),
            *("--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"),
        ]

    def connect(self) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(
            **{"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD},
            database=DATABASE,
            charset="utf8mb4",
            autocommit=True,
        )

    def ping(self) -> None:
        with self.connect() as connection:
            connection.ping()


class Redis(Running):
    """Redis without persistence: a restart forgets, as a lost cache does."""

    name = "redis"

    def __init__(self) -> None:
        super().__init__()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [
            *(find("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
        ]

    def ping(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.ping()
