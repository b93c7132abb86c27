"""A read-only session on a PostgreSQL server: how every query on one runs."""

import math
import ssl
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, Final, TypeVar, cast

import psycopg
from psycopg import RawCursor, errors
from psycopg.abc import PQGen
from psycopg.pq import ExecStatus
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from core.connectors import addresses, failures, postgres_types, received, unreachable
from core.connectors.base import Cancel, Limits, Target
from core.connectors.deadline import Deadline
from core.connectors.pooled import Pool
from core.connectors.postgres_types import Described
from core.errors import CannotConnect
from core.types import QueryResult, SafeSelect

CONNECT_SECONDS: Final = 5
LOCK_SECONDS: Final = 3
IDLE_SECONDS: Final = 60
STEP_ROWS: Final = 500
LOOKED_AT = 50

MOST_RECEIVED: Final = 512 * 1024 * 1024
LOOK_SECONDS: Final = 0.1
CANCEL_SECONDS: Final = 2.0
CANCEL_AGAIN_SECONDS: Final = 0.5

Received = TypeVar("Received")


class TooMuchReceived(Exception):
    """More bytes came over the line than `Connection.most_received`."""


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that is given up when too many bytes come over it.

    A value reaches Python only when all of it is in memory, and a cancelled query still sends
    the row that it has begun; so the line is cut while the value is on its way.
    `most_received` counts from when the connection was opened.
    """

    most_received: float = math.inf

    def wait(
        self, gen: PQGen[Received], interval: float = LOOK_SECONDS, timeout: float | None = None
    ) -> Received:
        """Wait as psycopg does. Raises TooMuchReceived, the connection being closed then."""
        return super().wait(self._metered(gen), interval, timeout)

    def _metered(self, gen: PQGen[Received]) -> PQGen[Received]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready and received.so_far(self.fileno()) > self.most_received:
                    self.close()
                    raise TooMuchReceived
                wanted = gen.send(ready)
        except StopIteration as end:
            return cast("Received", end.value)


class Session:
    """The held connections of one credential; each query is a read-only transaction of its own."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._pool = Pool(lambda: connect(target))

    @contextmanager
    def reading(self, seconds: float, schema: str = "") -> Iterator[Connection]:
        """A connection inside a read-only transaction, rolled back and reset afterwards.

        `schema` is where names without one are looked up, after the server's own; nothing of
        the session's user or of temporary tables comes before it. Raises CannotConnect.
        """

        def begin(connection: Connection) -> None:
            connection.most_received = received.so_far(connection.fileno()) + MOST_RECEIVED
            connection.execute(_beginning(seconds, schema))

        with self._pool.connection(begin) as connection:
            yield connection
            connection.execute(_RESET)

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run for the errors."""
        started = time.monotonic()
        if cancel.requested:
            raise failures.cancelled()
        with self.reading(limits.seconds, safe.schema) as connection:
            table, rows = _answer(connection, safe, limits, cancel)
        return QueryResult(
            table=table.slice(0, safe.cap),
            truncated=rows > safe.cap,
            seconds=time.monotonic() - started,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()


def connect(target: Target) -> Connection:
    """A new connection. Raises CannotConnect with what to do about it.

    Only what the target says counts: no password file, no local socket.
    """
    if not target.host or target.host.startswith(("/", "@")):
        raise unreachable.no_such_host(target)
    found = addresses.of(target, target.port or 5432)
    try:
        connection = Connection.connect(
            host=",".join([target.host] * len(found)),
            hostaddr=",".join(found),
            port=target.port or 5432,
            dbname=target.database,
            user=target.username,
            password=target.password,
            sslmode=target.ssl_mode,
            sslrootcert=_authorities(target),
            passfile="/dev/null",
            gssencmode="disable",
            connect_timeout=CONNECT_SECONDS,
            application_name="DataMind",
            client_encoding="utf8",
            autocommit=True,
            prepare_threshold=None,
        )
    except psycopg.Error as error:
        raise _why(error, target) from error
    received.in_small_steps(connection.fileno())
    postgres_types.register(connection)
    return connection


def _authorities(target: Target) -> str:
    """The file of certificate authorities to trust; empty where nothing is verified."""
    if not target.ssl_mode.startswith("verify"):
        return ""
    return str(target.ssl_root or ssl.get_default_verify_paths().cafile or "system")


def _beginning(seconds: float, schema: str) -> Composed:
    settings: Mapping[str, Composable] = {
        "statement_timeout": Literal(f"{max(1, int(seconds * 1000))}ms"),
        "lock_timeout": Literal(f"{LOCK_SECONDS}s"),
        "idle_in_transaction_session_timeout": Literal(f"{int(seconds) + IDLE_SECONDS}s"),
        "search_path": SQL("pg_catalog, {}, pg_temp").format(Identifier(schema or "public")),
        "TimeZone": Literal("UTC"),
        "DateStyle": Literal("ISO, YMD"),
        "IntervalStyle": Literal("postgres"),
        "standard_conforming_strings": Literal("on"),
        "extra_float_digits": Literal("1"),
    }
    return SQL("BEGIN TRANSACTION READ ONLY; ") + SQL("; ").join(
        SQL("SET LOCAL {} = {}").format(Identifier(name), value) for name, value in settings.items()
    )


def _answer(
    connection: Connection, safe: SafeSelect, limits: Limits, cancel: Cancel
) -> tuple[Any, int]:
    sql, values = _numbered(safe)
    connection.most_received = received.so_far(connection.fileno()) + 2 * limits.max_bytes
    deadline = Deadline(
        # The server's own time limit comes first; this one is for a server that does not keep it.
        limits.seconds + 0.5,
        cancel,
        lambda: _stop(connection),
        repeat_seconds=CANCEL_AGAIN_SECONDS,
    )
    try:
        with deadline, RawCursor(connection) as cursor:
            columns = _columns(connection, sql)
            rows = _rows(cursor, sql, values, safe, limits)
            return postgres_types.table(columns, rows), len(rows)
    except errors.QueryCanceled as error:
        if cancel.requested:
            raise failures.cancelled() from error
        raise failures.timed_out(limits) from error
    except errors.ReadOnlySqlTransaction as error:
        raise failures.only_reads() from error
    except TooMuchReceived as error:
        raise failures.too_large(limits) from error
    except psycopg.Error as error:
        if connection.broken or connection.closed:
            raise unreachable.lost() from error
        if "multiple commands" in str(error):
            raise failures.only_reads() from error
        raise failures.query_failed(error) from error


# What DISCARD ALL does, in one message; temporary tables cannot be made in these transactions.
_RESET: Final = """
    ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL;
    UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD SEQUENCES
"""


def _columns(connection: Connection, sql: str) -> list[Described]:
    """Have the server parse the text: one statement, one that gives rows, and which columns.

    A read-only transaction does not stop a superuser's COPY … TO; this does. Raises QueryFailed
    (what is no query) or psycopg's error (what cannot be parsed).
    """
    server = connection.pgconn
    parsed = server.prepare(b"checked", sql.encode())
    if parsed.status != ExecStatus.COMMAND_OK:
        raise errors.error_from_result(parsed, encoding="utf-8")
    told = server.describe_prepared(b"checked")
    if not told.nfields:
        raise failures.only_reads()
    return [
        Described((told.fname(place) or b"").decode(), told.ftype(place), told.fmod(place))
        for place in range(told.nfields)
    ]


def _rows(
    cursor: RawCursor[tuple[Any, ...]],
    sql: str,
    values: list[Any],
    safe: SafeSelect,
    limits: Limits,
) -> list[tuple[Any, ...]]:
    """Rows up to one more than the cap, streamed so that their bytes can be counted."""
    stream = cast(
        "Generator[tuple[Any, ...]]",
        cursor.stream(sql, values, size=STEP_ROWS),
    )
    rows: list[tuple[Any, ...]] = []
    used = 0
    try:
        while len(rows) <= safe.cap and (step := list(islice(stream, STEP_ROWS))):
            rows += step
            looked_at = step[:: max(1, len(step) // LOOKED_AT)]
            size = sum(map(sys.getsizeof, chain.from_iterable(looked_at)))
            used += size * len(step) // len(looked_at)
            if used > limits.max_bytes:
                raise failures.too_large(limits)
    finally:
        stream.close()
    return rows


def _numbered(safe: SafeSelect) -> tuple[str, list[Any]]:
    """The text with $1, $2 … where its parameters stand, and their values in that order."""
    parts, edge = [], 0
    for number, mark in enumerate(safe.marks, start=1):
        parts += [safe.sql[edge : mark.start], f"${number}"]
        edge = mark.end
    return "".join([*parts, safe.sql[edge:]]), [safe.params[mark.name] for mark in safe.marks]


def _stop(connection: Connection) -> None:
    try:
        connection.cancel_safe(timeout=CANCEL_SECONDS)
    except psycopg.Error:
        # Tried again until the query has ended; the server's own time limit stands behind it.
        return


_REASONS: Final = (
    ("password authentication failed", unreachable.wrong_password),
    ("no password supplied", unreachable.wrong_password),
    ("no pg_hba.conf entry", unreachable.not_admitted),
    ("is not permitted to log in", unreachable.not_admitted),
    ("permission denied for database", unreachable.not_admitted),
    ("server does not support SSL", unreachable.no_tls),
    ("certificate", unreachable.tls_failed),
    ("SSL error", unreachable.tls_failed),
    ("could not translate host name", unreachable.no_such_host),
    ("failed to resolve host", unreachable.no_such_host),
    ("Connection refused", unreachable.nobody_listens),
    ("too many connections", unreachable.too_many),
    ("remaining connection slots", unreachable.too_many),
)


def _why(error: psycopg.Error, target: Target) -> CannotConnect:
    text = str(error)
    if isinstance(error, errors.ConnectionTimeout) or "timeout expired" in text:
        return unreachable.no_answer(target, CONNECT_SECONDS)
    if "database" in text and "does not exist" in text:
        return unreachable.no_such_database(target)
    for words, reason in _REASONS:
        if words in text:
            return reason(target)
    return unreachable.otherwise(error)
