"""SQL by hand: run while the person looks, stopped on the database too, kept in a history."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlglot import exp

from core import accounts, audit, connections, export, jobs, limits, parameters, query, schema
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.errors import BadInput, DataMindError, LimitReached, NotAllowed, NotFound
from core.jobs import Work
from core.parameters import Parameter
from core.security import access
from core.store.tables import QueryRun
from core.types import Actor, DatabaseSchema, Json, Query, QueryResult

LONGEST_SQL: Final = 100_000
MOST_AT_ONCE: Final = 24
KEPT_SECONDS: Final = 3_600
"""How long a result waits to be looked at again."""
MOST_SHOWN: Final = 100
MOST_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Run:
    """SQL that the person ran. `rows` is None when it failed, and then `error` says why."""

    id: UUID
    sql: str
    connection_id: UUID | None
    values: Mapping[str, str]
    rows: int | None
    milliseconds: int
    error: str
    at: datetime


@dataclass(frozen=True)
class Found:
    """A result with how long it took."""

    result: QueryResult
    seconds: float


def first_rows(known: DatabaseSchema, table: str) -> str:
    """SQL that shows the first hundred rows of a table, its name quoted as its database does."""
    parts = table.split(".") if known.dialect == "postgres" else [table]
    name = exp.table_(parts[-1], db=parts[-2] if len(parts) > 1 else None, quoted=True)
    return exp.select("*").from_(name).limit(100).sql(dialect=known.dialect)


def start(
    dm: DataMind,
    actor: Actor,
    connection_id: UUID,
    sql: str,
    kept: Sequence[Parameter] = (),
    given: Mapping[str, str] | None = None,
    *,
    wait: bool = False,
) -> UUID:
    """Begin to run SQL; a thread works on, whatever the screen does. Returns the job to follow.

    Raises BadInput for values that do not fit, NotFound, LimitReached. What the guard or the
    database says comes with the job.
    """
    access.require(actor, "analyst", "write SQL")
    if not sql.strip():
        raise BadInput("There is nothing to run.", "Write a SELECT.")
    if len(sql) > LONGEST_SQL:
        raise BadInput(f"This is longer than {LONGEST_SQL:,} characters.", "Make it shorter.")
    if not connections.place(dm, actor, connection_id).rights.may_write(actor):
        raise NotAllowed(
            "You may not write SQL on this connection.",
            "Ask in words, or ask an admin of your organization for the right.",
        )
    parameters.bound(sql, kept, given or {})
    if len(dm.running) >= MOST_AT_ONCE:
        raise LimitReached("Much is being worked on right now.", "Try again in a few seconds.")
    limits.count(dm, limits.QUESTIONS_OF, str(actor.user_id))
    args = {
        "connection_id": str(connection_id),
        "sql": sql,
        "kept": parameters.as_json(kept),
        "given": dict(given or {}),
    }
    with dm.sessions.write() as db:
        job_id = jobs.create(db, dm, actor, jobs.RUN_SQL, args, subject=actor.user_id, running=True)
    thread = threading.Thread(
        target=jobs.carry_out,
        args=(dm, job_id, lambda work: _work_on(dm, work)),
        name=f"sql-{job_id}",
        daemon=True,
    )
    thread.start()
    if wait:
        thread.join()
    return job_id


def found(dm: DataMind, actor: Actor, job_id: UUID) -> Found:
    """The result of one's own run; it is run again when it is no longer kept.

    Raises NotFound for a run that did not end well, or is somebody else's.
    """
    job = jobs.follow(dm, actor, job_id)
    if job.result is None:
        raise NotFound("This run gave no result.", "Run it again.")
    args = jobs.arguments(dm, actor, job_id)
    packed = dm.cache.get(_key(dm, actor, job_id, args))
    result = query.unpack(packed) if packed else _asked(dm, actor, args)
    return Found(result, float(job.result["seconds"]))


def download(dm: DataMind, actor: Actor, job_id: UUID, fmt: str) -> bytes:
    """The result of one's own run as a file in one of `export.FORMATS`."""
    result = found(dm, actor, job_id).result
    audit.record(dm, actor, "query.export", "job", job_id, format=fmt, rows=result.row_count)
    return export.table_to_bytes(result.table, fmt)


def history(dm: DataMind, actor: Actor, *, search: str = "") -> tuple[Run, ...]:
    """The 100 newest of the actor's own runs, the newest first."""
    runs = sa.select(QueryRun).where(
        QueryRun.of_org(actor.org_id), QueryRun.user_id == actor.user_id
    )
    if search.strip():
        runs = runs.where(QueryRun.sql_text.icontains(search.strip(), autoescape=True))
    with dm.sessions.read() as db:
        newest = db.scalars(
            runs.order_by(QueryRun.created_at.desc(), QueryRun.id).limit(MOST_SHOWN)
        )
        return tuple(
            Run(
                id=row.id,
                sql=row.sql_text,
                connection_id=row.connection_id,
                values=row.values,
                rows=row.row_count,
                milliseconds=row.milliseconds,
                error=row.error,
                at=row.created_at,
            )
            for row in newest
        )


def tidy(dm: DataMind) -> int:
    """Forget runs of more than 90 days ago; returns how many."""
    old = sa.delete(QueryRun).where(QueryRun.created_at < dm.clock.now() - MOST_KEPT)
    with dm.sessions.write() as db:
        return int(db.execute(old).rowcount)  # type: ignore[attr-defined]


def _work_on(dm: DataMind, work: Work) -> Json:
    actor = accounts.actor_of_job(dm, work.job_id)
    work.step("Running the query")
    began = monotonic()
    try:
        result = _asked(dm, actor, work.args, work.cancel)
    except DataMindError as problem:
        _remember(dm, actor, work.args, None, monotonic() - began, problem.message)
        raise
    seconds = monotonic() - began
    dm.cache.set(_key(dm, actor, work.job_id, work.args), query.pack(result), KEPT_SECONDS)
    _remember(dm, actor, work.args, result.row_count, seconds, "")
    return {"rows": result.row_count, "seconds": round(seconds, 3), "cached": result.cached}


def _asked(dm: DataMind, actor: Actor, args: Json, cancel: Cancel | None = None) -> QueryResult:
    kept = parameters.from_json(args["kept"])
    text, params = parameters.bound(args["sql"], kept, args["given"])
    asked = Query(UUID(args["connection_id"]), text, params=params, purpose="explore")
    return query.run(dm, actor, asked, cancel=cancel)


def _remember(
    dm: DataMind, actor: Actor, args: Json, rows: int | None, seconds: float, error: str
) -> None:
    values: dict[str, Any] = args["given"]
    with dm.sessions.write() as db:
        db.add(
            QueryRun(
                org_id=actor.org_id,
                user_id=actor.user_id,
                connection_id=UUID(args["connection_id"]),
                sql_text=args["sql"],
                values=values,
                row_count=rows,
                milliseconds=round(seconds * 1000),
                error=error,
                created_at=dm.clock.now(),
            )
        )


def _key(dm: DataMind, actor: Actor, job_id: UUID, args: Json) -> str:
    """Under which a run's result is kept: another one as soon as other columns are masked."""
    hidden = schema.read(dm, actor, UUID(args["connection_id"])).hidden
    told = hashlib.sha256("\x00".join(sorted(hidden)).encode()).hexdigest()
    return f"sql:{job_id}:{told}"
