"""What a connector is: the one way to one kind of customer database."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final, Literal, Protocol

from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect, Table


@dataclass(frozen=True)
class Reach:
    """Which addresses a server may have: those of private networks, and names that are allowed."""

    private: bool = True
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """Where a customer's data is. `version` changes whenever anything of it does.

    Files are absolute paths; a file connection has one path per upload, each a DuckDB file.
    `ssl_root` is a certificate authority's file (verify-ca, verify-full); `schemas` are the
    schemas to read, empty for all of them but the `left_out`. Passwords are in the clear here and
    only here: never log or print a Target.
    """

    connection_id: str
    version: str
    paths: tuple[Path, ...] = ()
    host: str = ""
    port: int = 0
    database: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    ssl_mode: str = "prefer"
    ssl_root: Path | None = None
    schemas: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    reach: Reach = Reach()


@dataclass(frozen=True)
class Limits:
    """Bounds of one query: seconds on the database, rows are the SafeSelect's cap."""

    seconds: float = 30.0
    max_bytes: int = 256 * 1024 * 1024


@dataclass(frozen=True)
class FormField:
    """A field of the connection form, declared by the connector that needs it."""

    name: str
    label: str
    kind: Literal["text", "number", "password", "choice", "file"] = "text"
    required: bool = True
    default: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How a schema is read: against what is known of it, and telling how far it is.

    A table of `known` (by name) whose fingerprint and columns are the same as before is not
    looked into again. `told` hears after each table that is: how many are done, of how many.
    """

    known: Mapping[str, Table] = field(default_factory=dict)
    told: Callable[[int, int], None] = lambda done, of: None

    def same(self, name: str, fingerprint: str, columns: Mapping[str, str]) -> Table | None:
        """What is known of a table, if it is that of today; `columns` are types by name."""
        before = self.known.get(name)
        if before is None or not fingerprint or before.fingerprint != fingerprint:
            return None
        return before if {c.name: c.data_type for c in before.columns} == columns else None


AFRESH: Final = Reading()
"""Reading a schema of which nothing is known, without telling anybody."""


class Cancel:
    """A Stop that reaches the database: callbacks run once, from the thread that cancels."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._requested = False
        self.why = ""
        """What ended it, where it was not the person."""

    @property
    def requested(self) -> bool:
        """Whether Stop was pressed."""
        return self._requested

    def request(self, why: str = "") -> None:
        """Press Stop: end whatever runs on the database now."""
        with self._lock:
            if self._requested:
                return
            self._requested = True
            self.why = why
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def on_request(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Register what ends the running query; returns the function that unregisters it.

        Runs at once when Stop was already pressed.
        """
        with self._lock:
            if not self._requested:
                self._callbacks.append(callback)

                def forget() -> None:
                    with self._lock:
                        if callback in self._callbacks:
                            self._callbacks.remove(callback)

                return forget
        callback()
        return lambda: None


class Connector(Protocol):
    """One open way to one customer database. Safe to use from several threads."""

    kind: ClassVar[str]
    label: ClassVar[str]
    dialect: ClassVar[str]
    fields: ClassVar[tuple[FormField, ...]]

    def __init__(self, target: Target) -> None: ...

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query in a read-only session; at most `safe.cap` rows come back.

        Raises QueryFailed, QueryTimedOut, QueryCancelled or CannotConnect.
        """

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Discover tables, columns, keys and samples. Raises CannotConnect.

        An engine that cannot say whether a table has changed looks into all of them.
        """

    def check(self) -> int:
        """Reach the database and count its tables and views. Raises CannotConnect."""

    def examine(self) -> tuple[Finding, ...]:
        """Prove what the credential can do, worst first. Raises CannotConnect."""

    def close(self) -> None:
        """Let go of handles and pooled connections."""
