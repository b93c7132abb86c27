"""Held connections to one database server, for connectors that speak over a network.

SQLAlchemy's pool does the holding (limits, recycling, a ping before use); nothing else of it is
used, so that a session is exactly what the connector made it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import exc
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import QueuePool

from core.errors import CannotConnect

MOST_CONNECTIONS: Final = 8
WAIT_SECONDS: Final = 10.0
RECYCLE_SECONDS: Final = 1800


class Pool:
    """At most `MOST_CONNECTIONS` DBAPI connections of one credential, handed out one by one.

    `connect` opens one and raises CannotConnect; `dialect` is SQLAlchemy's dialect of the
    driver, which knows how to ping. Thread safe.
    """

    def __init__(
        self, connect: Callable[[], Any], dialect: Dialect, most: int = MOST_CONNECTIONS
    ) -> None:
        self._pool = QueuePool(
            connect,
            pool_size=most,
            max_overflow=0,
            timeout=WAIT_SECONDS,
            recycle=RECYCLE_SECONDS,
            use_lifo=True,
            pre_ping=True,
            reset_on_return=None,
            dialect=dialect,
        )

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection for the length of the block; thrown away when the block raises.

        Raises CannotConnect when none can be opened or none becomes free in time.
        """
        try:
            held = self._pool.connect()
        except exc.TimeoutError as error:
            raise CannotConnect(
                "All connections to this database are busy.",
                "Try again in a moment, or ask for less at once.",
            ) from error
        try:
            yield held.dbapi_connection
        except BaseException:
            held.invalidate()
            raise
        finally:
            held.close()

    def close(self) -> None:
        """Close what is idle; what is in use closes when it comes back."""
        self._pool.dispose()
