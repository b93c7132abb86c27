"""The only road to a customer's data: rights, guard, cache, connector, audit."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
import structlog

from core import audit, connections, guard, metrics, schema, tracing
from core.connections import Place
from core.connectors.base import Cancel, Limits
from core.datamind import DataMind
from core.errors import CannotConnect, DataMindError, NotAllowed, QueryCancelled, QueryTimedOut
from core.types import Actor, DatabaseSchema, Query, QueryResult, SafeSelect

log = structlog.get_logger(__name__)

OUTCOMES: Final = {QueryTimedOut: "timed out", QueryCancelled: "stopped", CannotConnect: "away"}
_TRUNCATED: Final = b"datamind_truncated"
_AT: Final = b"datamind_at"


@dataclass(frozen=True)
class Shared:
    """What many queries of one batch on one connection need to look up only once."""

    org_id: UUID
    connection_id: UUID
    place: Place
    known: DatabaseSchema


def share(dm: DataMind, actor: Actor, connection_id: UUID) -> Shared:
    """Look up a connection for a batch of queries that lasts seconds. Raises NotFound."""
    place = connections.place(dm, actor, connection_id)
    return Shared(actor.org_id, connection_id, place, schema.read(dm, actor, connection_id))


def run(
    dm: DataMind,
    actor: Actor,
    query: Query,
    *,
    cancel: Cancel | None = None,
    fresh: bool = False,
    known: DatabaseSchema | None = None,
    seconds: float | None = None,
    max_age: int | None = None,
    since: datetime | None = None,
    shared: Shared | None = None,
) -> QueryResult:
    """Check and run SQL as the actor, on a connection of his organization.

    `fresh` leaves the cache out; `max_age` takes from it only what is younger than these seconds,
    `since` only what was looked up after that moment. `known` saves reading the schema again,
    `shared` all looking up: such a result is not kept for others. At most the configured rows come
    back (`truncated` tells), within the configured seconds, or fewer `seconds`.
    Raises NotFound, UnsafeSql, QueryFailed, QueryTimedOut, QueryCancelled, CannotConnect.
    """
    ours = shared if shared and _fits(shared, actor, query) else None
    place = ours.place if ours else connections.place(dm, actor, query.connection_id)
    _require_rights(actor, place, query)
    known = ours.known if ours else known
    try:
        safe = check(dm, actor, query, known=known)
        wanted = _Wanted(
            _key(actor, place, safe),
            Limits(seconds=min(filter(None, (seconds, dm.settings.query_timeout_seconds)))),
            fresh=fresh,
            max_age=dm.settings.cache_seconds if max_age is None else max_age,
            since=since,
            keep=ours is None,
        )
        # A part of a screen that refreshes by itself has no other line that names the person.
        whose = {"org": str(actor.org_id), "user": str(actor.user_id)}
        with structlog.contextvars.bound_contextvars(**whose):
            result = _answer(dm, place, safe, cancel or Cancel(), wanted)
    except DataMindError as problem:
        _audit(dm, actor, query, problem=type(problem).__name__)
        raise
    _audit(dm, actor, query, rows=result.row_count, cached=result.cached)
    return result


def check(
    dm: DataMind, actor: Actor, query: Query, *, known: DatabaseSchema | None = None
) -> SafeSelect:
    """What would run: the guard's verdict under the connection's policy. Raises UnsafeSql."""
    known = known or schema.read(dm, actor, query.connection_id)
    return guard.check(
        query.text,
        known.guarded_as,
        guard.Policy.of(known, known.hidden),
        cap=dm.settings.query_max_rows,
        params=query.params,
    )


@dataclass(frozen=True)
class _Wanted:
    """Under which key a result is kept, what may be spent on it, and how old it may be."""

    key: str
    limits: Limits
    fresh: bool
    max_age: int
    since: datetime | None
    keep: bool = True


def _answer(
    dm: DataMind, place: Place, safe: SafeSelect, cancel: Cancel, wanted: _Wanted
) -> QueryResult:
    if wanted.fresh:
        return _execute(dm, place, safe, cancel, wanted)
    if cached := _cached(dm, wanted):
        metrics.RESULTS.labels("cache").inc()
        return cached
    with _one_flight(wanted.key):
        if cached := _cached(dm, wanted):
            metrics.RESULTS.labels("another's query").inc()
            return cached
        return _execute(dm, place, safe, cancel, wanted)


def _execute(
    dm: DataMind, place: Place, safe: SafeSelect, cancel: Cancel, wanted: _Wanted
) -> QueryResult:
    metrics.RESULTS.labels("database").inc()
    with _timed(dm, place, safe), tracing.span("database") as tell:
        result = connections.open_place(dm, place).run(safe, wanted.limits, cancel)
        if tracing.on():
            tell({**_told(place, safe), "db.response.returned_rows": result.row_count})
    result = replace(result, at=dm.clock.now())
    keeps = dm.settings.cache_seconds if wanted.keep else 0
    if not keeps:
        return result
    dm.cache.set(wanted.key, pack(result), max(wanted.max_age, keeps))
    return result


def _told(place: Place, safe: SafeSelect) -> dict[str, str]:
    return {
        "db.system.name": place.kind,
        "connection": place.target.connection_id,
        "db.query.text": guard.without_values(safe),
    }


@contextmanager
def _timed(dm: DataMind, place: Place, safe: SafeSelect) -> Iterator[None]:
    """Count and time a query on a database; one that takes long is logged, without its values."""
    began, outcome = time.perf_counter(), "ok"
    try:
        yield
    except DataMindError as problem:
        outcome = OUTCOMES.get(type(problem), "failed")
        raise
    finally:
        seconds = time.perf_counter() - began
        its = metrics.connection(place.target.connection_id)
        metrics.QUERY.labels(place.kind, its, outcome).observe(seconds)
        if seconds >= dm.settings.slow_query_seconds:
            log.warning(
                "slow_query",
                connection=place.target.connection_id,
                database=place.kind,
                seconds=round(seconds, 2),
                outcome=outcome,
                sql=guard.without_values(safe),
            )


def _require_rights(actor: Actor, place: Place, query: Query) -> None:
    """Of a batch that was looked up once, each query still has to be its own person's to ask."""
    if not place.rights.may_ask(actor):
        raise NotAllowed(
            "This is about data that you may not ask.",
            "Ask an admin of your organization for the right.",
        )
    if query.purpose == "explore" and not place.rights.may_write(actor):
        raise NotAllowed(
            "You may not write SQL on this connection.",
            "Ask in words, or ask an admin of your organization for the right.",
        )


def _fits(shared: Shared, actor: Actor, query: Query) -> bool:
    return (shared.org_id, shared.connection_id) == (actor.org_id, query.connection_id)


def _key(actor: Actor, place: Place, safe: SafeSelect) -> str:
    """Everything a result depends on; nothing of another organization can ever fit."""
    parts = (
        str(actor.org_id),
        place.target.connection_id,
        place.target.version,
        safe.dialect,
        safe.sql,
        repr(sorted(safe.params.items())),
        str(safe.cap),
        actor.time_zone,
    )
    return "result:" + hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _cached(dm: DataMind, wanted: _Wanted) -> QueryResult | None:
    packed = dm.cache.get(wanted.key)
    result = unpack(packed) if packed else None
    if result is None or result.at is None:
        return result
    if wanted.since and result.at < wanted.since:
        return None
    age = (dm.clock.now() - result.at).total_seconds()
    return result if age < wanted.max_age else None


def pack(result: QueryResult) -> bytes:
    """A result as bytes for the cache."""
    at = result.at.isoformat() if result.at else ""
    told = {_TRUNCATED: b"1" if result.truncated else b"0", _AT: at.encode()}
    table = result.table.replace_schema_metadata(told)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def unpack(packed: bytes) -> QueryResult:
    """A result that was packed."""
    table = pa.ipc.open_stream(packed).read_all()
    told = table.schema.metadata or {}
    at = told.get(_AT, b"").decode()
    return QueryResult(
        table.replace_schema_metadata(None),
        truncated=told.get(_TRUNCATED) == b"1",
        cached=True,
        at=datetime.fromisoformat(at) if at else None,
    )


class _Flight:
    """One question on its way to a database, and how many wait for what comes back."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.aboard = 0
        self.late: QueryTimedOut | None = None


_flights: dict[str, _Flight] = {}
_flights_lock = threading.Lock()


@contextmanager
def _one_flight(key: str) -> Iterator[None]:
    """Let one thread of this process ask the database what several want to know.

    Who waited for a query that ran out of time is told so at once: asking one after the other,
    the eighth would wait for eight time limits.
    """
    with _flights_lock:
        flight = _flights.setdefault(key, _Flight())
        flight.aboard += 1
    try:
        with flight.lock:
            if flight.late:
                raise QueryTimedOut(flight.late.message, flight.late.hint) from flight.late
            try:
                yield
            except QueryTimedOut as late:
                flight.late = late
                raise
    finally:
        with _flights_lock:
            flight.aboard -= 1
            if not flight.aboard:
                del _flights[key]


def _audit(dm: DataMind, actor: Actor, query: Query, **details: Any) -> None:
    audit.record(
        dm,
        actor,
        "query.run",
        "connection",
        query.connection_id,
        purpose=query.purpose,
        sql=query.text[:2000],
        **details,
    )
