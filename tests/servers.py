"""Real PostgreSQL, MariaDB and Redis for tests."""

import pymysql

from stack.running import Running, find
from stack.servers import DATABASE, PASSWORD, USER, Postgres, Redis

__all__ = ["DATABASE", "PASSWORD", "USER", "MariaDB", "Postgres", "Redis"]


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
