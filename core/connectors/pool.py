"""The open connectors of this process: one per connection and version of it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from core import connectors
from core.connectors.base import AFRESH, Cancel, Connector, FormField, Limits, Reading, Target
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect

IDLE_SECONDS = 600.0


class Held:
    """A connector of the pool, with the interface of one.

    It opens on first use and counts what runs on it. Retired (a newer version came, idle too
    long, connection deleted) it closes as soon as nothing runs; somebody who still holds it
    then simply opens it again for the length of the call.
    """

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    dialect: ClassVar[str] = ""
    fields: ClassVar[tuple[FormField, ...]] = ()

    def __init__(
        self, target: Target, kind: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.target = target
        self.used_at = now()
        self._kind = kind
        named = connectors.kind(kind)
        # The protocol declares these for classes; a held connector answers for the one it holds.
        vars(self).update(kind=kind, label=named.label, dialect=named.dialect)
        self._now = now
        self._lock = threading.Lock()
        self._open: Connector | None = None
        self._running = 0
        self._retired = False

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run."""
        with self._in_use() as connector:
            return connector.run(safe, limits, cancel)

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Discover the schema; see Connector.read_schema."""
        with self._in_use() as connector:
            return connector.read_schema(reading)

    def check(self) -> int:
        """Count tables and views; see Connector.check."""
        with self._in_use() as connector:
            return connector.check()

    def examine(self) -> tuple[Finding, ...]:
        """Prove what the credential can do; see Connector.examine."""
        with self._in_use() as connector:
            return connector.examine()

    def close(self) -> None:
        """Close now, or as soon as the last running query has ended."""
        with self._lock:
            self._retired = True
            self._close_when_quiet()

    @property
    def running(self) -> int:
        """Calls at work right now."""
        return self._running

    @contextmanager
    def _in_use(self) -> Iterator[Connector]:
        with self._lock:
            if self._open is None:
                self._open = connectors.open(self._kind, self.target)
            connector = self._open
            self._running += 1
        try:
            yield connector
        finally:
            with self._lock:
                self._running -= 1
                self.used_at = self._now()
                if self._retired:
                    self._close_when_quiet()

    def _close_when_quiet(self) -> None:
        if self._running == 0 and self._open is not None:
            self._open.close()
            self._open = None


class Connections:
    """Keeps one connector open per (connection, version), so that no query pays for opening.

    Thread safe. `now` is a clock in seconds; a connector unused for `idle_seconds` is closed
    at the next `get` or `expire`.
    """

    def __init__(
        self, idle_seconds: float = IDLE_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._idle_seconds = idle_seconds
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[str, Held] = {}

    def get(self, kind: str, target: Target) -> Connector:
        """The connector of this target; the one of an older version is closed once it is quiet.

        Nothing is opened yet: CannotConnect comes from the first call on the connector.
        Raises BadInput for an unknown kind.
        """
        self.expire()
        fresh = Held(target, kind, self._now)
        with self._lock:
            held = self._held.get(target.connection_id)
            if held is not None and held.target.version == target.version:
                held.used_at = self._now()
                return held
            self._held[target.connection_id] = fresh
        if held is not None:
            held.close()
        return fresh

    def size(self) -> int:
        """How many are held."""
        with self._lock:
            return len(self._held)

    def running(self) -> int:
        """How many calls are at work on them."""
        with self._lock:
            return sum(held.running for held in self._held.values())

    def expire(self) -> int:
        """Close what has been idle for too long; returns how many were."""
        limit = self._now() - self._idle_seconds
        with self._lock:
            idle = [
                key for key, held in self._held.items() if not held.running and held.used_at < limit
            ]
            gone = [self._held.pop(key) for key in idle]
        for held in gone:
            held.close()
        return len(gone)

    def close(self, connection_id: str) -> None:
        """Let go of one connection (deleted, or its password changed)."""
        with self._lock:
            held = self._held.pop(connection_id, None)
        if held is not None:
            held.close()

    def close_all(self) -> None:
        """Let go of everything (end of the process)."""
        with self._lock:
            gone = list(self._held.values())
            self._held.clear()
        for held in gone:
            held.close()

    def __len__(self) -> int:
        return len(self._held)
