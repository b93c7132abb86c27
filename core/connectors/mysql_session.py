"""A read-only session on a MySQL or MariaDB server: how every query on one runs."""

# The stubs leave out the driver's inner methods, which metering, resetting and preparing need.
# mypy: disable-error-code="attr-defined,no-untyped-call,misc"

import math
import socket
import ssl
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any, Final
from uuid import UUID

import pymysql
from pymysql.constants import COMMAND, CR, ER
from pymysql.cursors import SSCursor

from core.connectors import addresses, failures, mysql_types, unreachable
from core.connectors.base import Cancel, Limits, Target
from core.connectors.deadline import Deadline
from core.connectors.pooled import Pool
from core.errors import CannotConnect
from core.types import QueryResult, SafeSelect

CONNECT_SECONDS: Final = 5
LOCK_SECONDS: Final = 3
STEP_ROWS: Final = 500
MOST_RECURSIONS: Final = 1_000_000
MOST_RECEIVED: Final = 512 * 1024 * 1024
CANCEL_AGAIN_SECONDS: Final = 0.5

_RESET_CONNECTION: Final = 0x1F
_STATEMENT_TIME_PASSED: Final = (1969, 3024)
_ONLY_READS: Final = (1792, 1290, 1295, 1235)


class TooMuchReceived(Exception):
    """More bytes came over the line than `Connection.most_received`."""


class Connection(pymysql.connections.Connection):
    """A connection that is given up when too many bytes come over it.

    A value reaches Python only when all of it is in memory. `received` counts from when the
    connection was opened.
    """

    received: int = 0
    most_received: float = math.inf

    def _read_bytes(self, num_bytes: int) -> bytes:
        self.received += num_bytes
        if self.received > self.most_received:
            self._force_close()
            raise TooMuchReceived
        read: bytes = super()._read_bytes(num_bytes)
        return read

    @property
    def is_mariadb(self) -> bool:
        """Whether the server says that it is MariaDB."""
        return "mariadb" in str(self.get_server_info()).lower()

    def say(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a small statement of our own and take all that it gives."""
        with self.cursor(pymysql.cursors.Cursor) as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def reset(self) -> None:
        """Forget what the session holds: variables, locks, settings, temporary tables."""
        self._execute_command(_RESET_CONNECTION, b"")
        self._read_ok_packet()

    def give_up(self, cursor: SSCursor) -> None:
        """Drop the connection without taking in what is still to come, now or at the end."""
        cursor._result.unbuffered_active = False
        cursor._result = self._result = None
        self._force_close()

    def columns_of(self, sql: str) -> int:
        """Have the server parse the text as one statement; how many columns it gives.

        Raises pymysql.Error for what cannot be parsed and for several statements.
        """
        self._execute_command(COMMAND.COM_STMT_PREPARE, sql)
        told = self._read_packet()
        told.read_uint8()
        statement, columns, params = told.read_uint32(), told.read_uint16(), told.read_uint16()
        for described in (params, columns):
            # Each description, and the packet that ends the list of them.
            for _ in range(described + 1 if described else 0):
                self._read_packet()
        self._execute_command(COMMAND.COM_STMT_CLOSE, int(statement).to_bytes(4, "little"))
        return int(columns)


class Session:
    """The held connections of one credential; each query is a read-only transaction of its own."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._pool = Pool(lambda: connect(target))

    @contextmanager
    def reading(self, seconds: float) -> Iterator[Connection]:
        """A connection inside a read-only transaction, rolled back and reset afterwards.

        Raises CannotConnect.
        """

        def begin(connection: Connection) -> None:
            connection.most_received = connection.received + MOST_RECEIVED
            connection.say(_settings(connection, seconds))
            connection.say("START TRANSACTION READ ONLY")

        with self._pool.connection(begin) as connection:
            yield connection
            if connection.open:
                connection.rollback()
                connection.reset()

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run for the errors."""
        started = time.monotonic()
        if cancel.requested:
            raise failures.cancelled()
        with self.reading(limits.seconds) as connection:
            table, rows = _answer(connection, self._target, safe, limits, cancel)
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

    One statement at a time, no files of ours to the server, and never a local socket.
    """
    if not target.host or target.host.startswith(("/", "@")):
        raise unreachable.no_such_host(target)
    found = addresses.of(target, target.port or 3306)
    try:
        connection = Connection(
            defer_connect=True,
            host=target.host,
            port=target.port or 3306,
            user=target.username,
            password=target.password,
            database=target.database,
            charset="utf8mb4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=CONNECT_SECONDS,
            autocommit=True,
            local_infile=False,
            program_name="DataMind",
            conv=mysql_types.conversions(),
            **_encryption(target),
        )
        connection.connect(_socket(found, target.port or 3306))
    except (pymysql.Error, OSError, ValueError) as error:
        raise _why(error, target) from error
    # A greeting comes at once; for a query, its own deadline counts.
    connection._read_timeout = None
    return connection


def _socket(found: Sequence[str], port: int) -> socket.socket:
    """A way to the first of the addresses that answers. Raises OSError."""
    for address in found[:-1]:
        with suppress(OSError):
            return _tuned(socket.create_connection((address, port), CONNECT_SECONDS))
    return _tuned(socket.create_connection((found[-1], port), CONNECT_SECONDS))


def _tuned(way: socket.socket) -> socket.socket:
    way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    way.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return way


def _encryption(target: Target) -> dict[str, Any]:
    match target.ssl_mode:
        case "disable":
            return {"ssl_disabled": True}
        case "require":
            return {"ssl": {"verify_mode": "none", "check_hostname": False}}
        case "verify-ca" | "verify-full":
            root = target.ssl_root or ssl.get_default_verify_paths().cafile
            return {
                "ssl_ca": str(root) if root else None,
                "ssl_verify_cert": True,
                "ssl_verify_identity": target.ssl_mode == "verify-full",
            }
        case _:
            return {}


def _settings(connection: Connection, seconds: float) -> str:
    """One SET with everything that a query's meaning and cost depend on.

    The guard reads text and operators as the server's default mode does; whether ungrouped
    columns are allowed stays as the server has it.
    """
    if connection.is_mariadb:
        limit, only = f"max_statement_time = {max(seconds, 0.001):.3f}", "tx_read_only"
        # MariaDB leaves out rows beyond this depth and says nothing.
        depth = "max_recursive_iterations"
    else:
        limit = f"max_execution_time = {max(1, int(seconds * 1000))}"
        only, depth = "transaction_read_only", "cte_max_recursion_depth"
    return (
        "SET SESSION sql_mode = IF(FIND_IN_SET('ONLY_FULL_GROUP_BY', @@sql_mode), "
        "'ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION', 'NO_ENGINE_SUBSTITUTION'), "
        f"time_zone = '+00:00', {limit}, {only} = 1, lock_wait_timeout = {LOCK_SECONDS}, "
        f"innodb_lock_wait_timeout = {LOCK_SECONDS}, group_concat_max_len = 1048576, "
        f"{depth} = {MOST_RECURSIONS}"
    )


def _answer(
    connection: Connection, target: Target, safe: SafeSelect, limits: Limits, cancel: Cancel
) -> tuple[Any, int]:
    connection.most_received = connection.received + 2 * limits.max_bytes
    # The server's own time limit comes first; this one is for a server that does not keep it.
    deadline = Deadline(
        limits.seconds + 0.5,
        cancel,
        lambda: _kill(target, connection.thread_id()),
        repeat_seconds=CANCEL_AGAIN_SECONDS,
    )
    try:
        with deadline:
            if not connection.columns_of(_parsable(safe)):
                raise failures.only_reads()
            fields, rows = _rows(connection, safe, limits)
        if deadline.ended_by:
            # SLEEP and its like end without an error when their query is killed.
            raise failures.cancelled() if cancel.requested else failures.timed_out(limits)
        return mysql_types.table(fields, rows), len(rows)
    except TooMuchReceived as error:
        raise failures.too_large(limits) from error
    except pymysql.Error as error:
        if cancel.requested:
            raise failures.cancelled() from error
        if deadline.ended_by == "time" or _number(error) in _STATEMENT_TIME_PASSED:
            raise failures.timed_out(limits) from error
        if _number(error) in _ONLY_READS:
            raise failures.only_reads() from error
        if _number(error) in (CR.CR_SERVER_LOST, CR.CR_SERVER_GONE_ERROR):
            raise unreachable.lost() from error
        raise failures.query_failed(_said(error)) from error


def _rows(
    connection: Connection, safe: SafeSelect, limits: Limits
) -> tuple[list[Any], list[tuple[Any, ...]]]:
    """Rows up to one more than the cap, streamed so that their bytes can be counted.

    What the server would still send after that is not taken in: the connection is dropped.
    """
    cursor = connection.cursor(SSCursor)
    sql, values = _filled(safe)
    cursor.execute(sql, values)
    fields = list(cursor._result.fields)
    rows: list[tuple[Any, ...]] = []
    used = 0
    try:
        while step := cursor.fetchmany(STEP_ROWS):
            rows += step
            used += sum(map(sys.getsizeof, chain.from_iterable(step)))
            if used > limits.max_bytes:
                raise TooMuchReceived
            if len(rows) > safe.cap + STEP_ROWS:
                connection.give_up(cursor)
                break
    except BaseException:
        connection.give_up(cursor)
        raise
    return fields, rows


def _filled(safe: SafeSelect) -> tuple[str, list[Any] | None]:
    """The text as the driver wants it: %s where parameters stand, and their values in order."""
    if not safe.marks:
        return safe.sql, None
    parts, edge = [], 0
    for mark in safe.marks:
        parts += [safe.sql[edge : mark.start].replace("%", "%%"), "%s"]
        edge = mark.end
    parts.append(safe.sql[edge:].replace("%", "%%"))
    return "".join(parts), [_bindable(safe.params[mark.name]) for mark in safe.marks]


def _parsable(safe: SafeSelect) -> str:
    """The text with the server's own sign for parameters."""
    parts, edge = [], 0
    for mark in safe.marks:
        parts += [safe.sql[edge : mark.start], "?"]
        edge = mark.end
    return "".join([*parts, safe.sql[edge:]])


def _bindable(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _kill(target: Target, thread: int) -> None:
    with suppress(CannotConnect, pymysql.Error):
        other = connect(target)
        try:
            other.say(f"KILL QUERY {int(thread)}")
        finally:
            other.close()


def _number(error: BaseException) -> int:
    return error.args[0] if error.args and isinstance(error.args[0], int) else 0


def _said(error: pymysql.Error) -> Exception:
    """The server's words without the number before them."""
    return Exception(error.args[1] if len(error.args) > 1 else str(error))


_REASONS: Final = {
    ER.ACCESS_DENIED_ERROR: unreachable.wrong_password,
    1698: unreachable.wrong_password,
    ER.BAD_DB_ERROR: unreachable.no_such_database,
    ER.DBACCESS_DENIED_ERROR: unreachable.not_admitted,
    ER.HOST_NOT_PRIVILEGED: unreachable.not_admitted,
    ER.HOST_IS_BLOCKED: unreachable.not_admitted,
    ER.CON_COUNT_ERROR: unreachable.too_many,
    ER.TOO_MANY_USER_CONNECTIONS: unreachable.too_many,
    CR.CR_SSL_CONNECTION_ERROR: unreachable.no_tls,
}


def _why(error: BaseException, target: Target) -> CannotConnect:
    reason = _REASONS.get(_number(error))
    if reason:
        return reason(target)
    text = str(error)
    if isinstance(error.__cause__ or error, TimeoutError) or "timed out" in text:
        return unreachable.no_answer(target, CONNECT_SECONDS)
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate" in text:
        return unreachable.tls_failed(target)
    if "getaddrinfo" in text or "Name or service" in text or "name resolution" in text:
        return unreachable.no_such_host(target)
    if "refused" in text:
        return unreachable.nobody_listens(target)
    return unreachable.otherwise(_said(error) if isinstance(error, pymysql.Error) else error)
