"""Held connections to one database server, for connectors that speak over a network.

SQLAlchemy's pool does the holding (limits, recycling); nothing else of it is used, so that a
session is exactly what the connector made it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import exc
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from core.errors import CannotConnect

MOST_CONNECTIONS: Final = 8
WAIT_SECONDS: Final = 10.0
RECYCLE_SECONDS: Final = 1800


class Pool:
    """At most `MOST_CONNECTIONS` DBAPI connections of one credential, handed out one by one.

    `connect` opens one and raises CannotConnect. Thread safe.
    """

    def __init__(self, connect: Callable[[], Any], most: int = MOST_CONNECTIONS) -> None:
        self._pool = QueuePool(
            connect,
            pool_size=most,
            max_overflow=0,
            timeout=WAIT_SECONDS,
            recycle=RECYCLE_SECONDS,
            use_lifo=True,
            reset_on_return=None,
        )

    @contextmanager
    def connection(self, begin: Callable[[Any], object]) -> Iterator[Any]:
        """A connection for the length of the block; thrown away when the block raises.

        `begin` is the first thing said on it, and tells whether a held one is still good: when
        it fails, a new connection is begun instead. Raises CannotConnect when none can be opened
        or none becomes free in time, and what `begin` raises on a new one.
        """
        held = self._begun(begin)
        try:
            yield held.dbapi_connection
        except BaseException:
            held.invalidate()
            raise
        finally:
            held.close()

    def _begun(self, begin: Callable[[Any], object]) -> PoolProxiedConnection:
        while True:
            held = self._next()
            fresh = not held.info
            held.info["used"] = True
            try:
                begin(held.dbapi_connection)
            except BaseException:
                held.invalidate()
                held.close()
                if fresh:
                    raise
            else:
                return held

    def _next(self) -> PoolProxiedConnection:
        try:
            return self._pool.connect()
        except exc.TimeoutError as error:
            raise CannotConnect(
                "All connections to this database are busy.",
                "Try again in a moment, or ask for less at once.",
            ) from error

    def close(self) -> None:
        """Close what is idle; what is in use closes when it comes back."""
        self._pool.dispose()
