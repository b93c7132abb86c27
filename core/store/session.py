"""Sessions of the application database: SQLite on one machine, PostgreSQL at a company."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

_WRITE = "datamind_write"


class Sessions:
    """Opens one transaction at a time: `read()` for looking, `write()` for changing.

    The difference matters on SQLite, where a transaction that reads and then writes fails at
    once with "database is locked"; `write()` begins IMMEDIATE and waits its turn.
    """

    def __init__(self, url: str, *, echo: bool = False) -> None:
        self.engine = create_engine(
            # Parameters are people's data: neither an error nor DEBUG may show them.
            url,
            echo=echo,
            hide_parameters=True,
            pool_pre_ping=True,
            **_pool(url),
        )
        if self.engine.dialect.name == "sqlite":
            _tune_sqlite(self.engine)
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(
            self.engine.execution_options(**{_WRITE: True}), expire_on_commit=False
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that changes nothing; always rolled back."""
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is committed at the end, or rolled back on an error."""
        with self._writing.begin() as session:
            yield session

    def close(self) -> None:
        """Let go of all pooled connections."""
        self.engine.dispose()


def _pool(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 30}}
    return {"pool_size": 20, "max_overflow": 10}


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
