"""Long work as a row: written in the caller's transaction, performed once, followed by screens.

The row is the truth and the broker only wakes: a sweep re-sends what nobody took, and settles
what a killed process left behind.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core import metrics, tracing
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.errors import DataMindError, NotFound, QueryCancelled
from core.security import access
from core.store.tables import Job
from core.types import Actor, JobState, Json, Progress, Step

log = structlog.get_logger(__name__)

QUESTION: Final = "question"
REFRESH_SCHEMA: Final = "refresh_schema"
DESCRIBE_TABLES: Final = "describe_tables"
CHECK_ALERTS: Final = "check_alerts"
DELIVER: Final = "deliver"
RUN_SQL: Final = "run_sql"
SEND_REPORT: Final = "send_report"
EXPORT_OWN_DATA: Final = "export_own_data"
DELETE_ACCOUNT: Final = "delete_account"
DELETE_ORGANIZATION: Final = "delete_organization"

HEARTBEAT_SECONDS: Final = 2.0
LOST_AFTER: Final = timedelta(seconds=30)
MOST_ATTEMPTS: Final = 3
KEPT: Final = timedelta(days=30)
STREAM_EVERY_SECONDS: Final = 0.15
ACTIVE: Final = ("queued", "running")
OF_THIS_PROCESS: Final = (QUESTION, RUN_SQL)
"""What a thread of the app works on while a person waits: never taken up again by others."""


class Work:
    """A job at work: its arguments, its Stop, and the way to tell how far it is."""

    def __init__(self, dm: DataMind, job_id: UUID, args: Json, cancel: Cancel) -> None:
        self.job_id, self.args, self.cancel = job_id, args, cancel
        self._dm = dm
        self._began = time.monotonic()
        self._steps: list[list[Any]] = []
        self._text = ""
        self._written = 0.0

    def step(self, text: str) -> None:
        """Tell the person what is being done. Raises QueryCancelled after Stop."""
        if self.cancel.requested:
            raise QueryCancelled("Stopped.", "Ask again when you like.")
        if self._steps and self._steps[-1][0] == text:
            return
        self._steps.append([text, round(time.monotonic() - self._began, 3)])
        self._write()

    def count(self, what: str, done: int, of: int) -> None:
        """Tell how far one step is, in place of what was told of it before.

        Raises QueryCancelled after Stop.
        """
        if self._steps and self._steps[-1][0].startswith(what):
            if self.cancel.requested or time.monotonic() - self._written < STREAM_EVERY_SECONDS:
                self.step(self._steps[-1][0])
                return
            self._steps[-1][0] = f"{what}: {done:,} of {of:,}"
            self._write()
            return
        self.step(f"{what}: {done:,} of {of:,}")

    def stream(self, text: str) -> None:
        """Add to the text that the person reads while it is written."""
        self._text += text
        if time.monotonic() - self._written >= STREAM_EVERY_SECONDS:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        with self._dm.sessions.write() as db:
            db.execute(
                sa.update(Job)
                .where(Job.id == self.job_id)
                .values(progress={"steps": self._steps, "text": self._text})
            )


def create(
    db: Session,
    dm: DataMind,
    actor: Actor,
    kind: str,
    args: Json,
    *,
    subject: object = "",
    running: bool = False,
) -> UUID:
    """Write a job into the caller's transaction. `subject` is the id of what it is about.

    `running` is for work that this process takes up itself at once.
    """
    return _write(
        db, dm, kind, args, org_id=actor.org_id, runs_as=actor.user_id, about=subject, ours=running
    )


def create_for(
    db: Session, dm: DataMind, org_id: UUID | None, kind: str, args: Json, *, subject: object = ""
) -> UUID:
    """Write an organization's own job, nobody's, into the caller's transaction."""
    return _write(db, dm, kind, args, org_id=org_id, about=subject)


def _write(
    db: Session,
    dm: DataMind,
    kind: str,
    args: Json,
    *,
    org_id: UUID | None,
    runs_as: UUID | None = None,
    about: object = "",
    ours: bool = False,
) -> UUID:
    now = dm.clock.now()
    job = Job(
        org_id=org_id,
        runs_as_id=runs_as,
        kind=kind,
        subject=str(about),
        args={**args, **tracing.carry()},
        state="running" if ours else "queued",
        attempts=1 if ours else 0,
        created_at=now,
        woken_at=now,
        heartbeat_at=now if ours else None,
        started_at=now if ours else None,
    )
    db.add(job)
    db.flush()
    return job.id


def perform(
    dm: DataMind, job_id: UUID, do: Callable[[Work], Json], *, most: int | None = None
) -> None:
    """Take up a queued job and do it; nothing happens when somebody else has it already.

    Nor when `most` jobs of its kind about the same subject run already (the count may be off by
    a few when several begin at the same moment): it stays queued, and the next of them to end
    wakes it.
    """
    if _claim(dm, job_id, most):
        carry_out(dm, job_id, do)
        if most is not None:
            _wake_next(dm, job_id)


def carry_out(dm: DataMind, job_id: UUID, do: Callable[[Work], Json]) -> None:
    """Do a job that is ours and write how it ended. Raises nothing of the work itself."""
    with _beating(dm, job_id) as cancel:
        with dm.sessions.read() as db:  # after it can be found here: no Stop falls in between
            job = db.get_one(Job, job_id)
        if job.cancel_requested:
            cancel.request()
        whose = {"org": str(job.org_id or ""), "user": str(job.runs_as_id or "")}
        with (
            structlog.contextvars.bound_contextvars(job=str(job_id), kind=job.kind, **whose),
            tracing.span(job.kind, {"job": str(job_id)}, carried=job.args.get(tracing.CARRIED)),
        ):
            _do(dm, job, do, cancel)


def _do(dm: DataMind, job: Job, do: Callable[[Work], Json], cancel: Cancel) -> None:
    began = time.perf_counter()
    if job.started_at:
        metrics.JOB_WAIT.labels(job.kind).observe((job.started_at - job.created_at).total_seconds())
    state: JobState = "failed"
    try:
        result = do(Work(dm, job.id, job.args, cancel))
    except QueryCancelled as stopped:
        state = "interrupted" if cancel.why else "cancelled"
        _end(dm, job.id, state=state, error=cancel.why or stopped.message, hint=stopped.hint)
    except DataMindError as known:
        log.info("job_refused", problem=type(known).__name__)
        _end(dm, job.id, state=state, error=known.message, hint=known.hint)
    except Exception:
        log.exception("job_failed")
        _end(
            dm,
            job.id,
            state=state,
            error="Something went wrong on our side.",
            hint=f"Try again. If it happens again, tell your admin this reference: {job.id}",
        )
    else:
        state = "done"
        _end(dm, job.id, state=state, result=result)
    finally:
        metrics.JOBS.labels(job.kind, state).inc()
        metrics.JOB.labels(job.kind).observe(time.perf_counter() - began)


def follow(dm: DataMind, actor: Actor, job_id: UUID) -> Progress:
    """How far the actor's own job is. Raises NotFound for anybody else's."""
    with dm.sessions.read() as db:
        return _progress(_mine(db, actor, job_id))


def arguments(dm: DataMind, actor: Actor, job_id: UUID) -> Json:
    """What the actor's own job was asked to do. Raises NotFound for anybody else's."""
    with dm.sessions.read() as db:
        return dict(_mine(db, actor, job_id).args)


def active(dm: DataMind, actor: Actor, kind: str, subject: object) -> Progress | None:
    """The actor's job of this kind about this subject that is not over yet, if any."""
    query = (
        sa.select(Job)
        .where(
            Job.of_org(actor.org_id),
            Job.runs_as_id == actor.user_id,
            Job.kind == kind,
            Job.subject == str(subject),
            Job.state.in_(ACTIVE),
        )
        .order_by(Job.created_at.desc())
        .limit(1)
    )
    with dm.sessions.read() as db:
        job = db.scalar(query)
        return _progress(job) if job else None


def stop(dm: DataMind, actor: Actor, job_id: UUID) -> None:
    """End the actor's own job, wherever it runs, also on the customer's database."""
    with dm.sessions.write() as db:
        _request_stop(dm, [_mine(db, actor, job_id)])
    _cancel_here(dm, [job_id])


def stop_all(dm: DataMind, actor: Actor) -> None:
    """End all that the acting person waits for."""
    query = sa.select(Job).where(
        Job.of_org(actor.org_id),
        Job.runs_as_id == actor.user_id,
        Job.kind.in_(OF_THIS_PROCESS),
        Job.state.in_(ACTIVE),
    )
    with dm.sessions.write() as db:
        found = list(db.scalars(query))
        _request_stop(dm, found)
    _cancel_here(dm, [job.id for job in found])


def sweep(dm: DataMind) -> int:
    """Settle what was lost; returns how many jobs were touched.

    A queued job that nobody took in 30 s is sent again. A running one whose process fell
    silent is queued again, at most three times; a question becomes interrupted instead, since
    the person is waiting and can ask again.
    """
    now = dm.clock.now()
    silent = sa.select(Job).where(Job.state == "running", Job.heartbeat_at < now - LOST_AFTER)
    untaken = sa.select(Job).where(Job.state == "queued", Job.woken_at < now - LOST_AFTER)
    with dm.sessions.write() as db:
        waiting, lost = list(db.scalars(untaken)), list(db.scalars(silent))
        for job in lost:
            _settle(job)
        again = [*waiting, *(job for job in lost if job.state == "queued")]
        for job in again:
            job.woken_at = now
    for job in again:
        dm.queue.send(job.kind, job.id)
    return len(waiting) + len(lost)


def _settle(job: Job) -> None:
    if job.kind in OF_THIS_PROCESS:
        job.state = "interrupted"
        job.error, job.hint = "This was interrupted when the server stopped.", "Ask again."
    elif job.cancel_requested:
        job.state = "cancelled"
    elif job.attempts < MOST_ATTEMPTS:
        job.state = "queued"
    else:
        job.state = "failed"
        job.error = "This work was begun several times and never finished."
        job.hint = "Start it again; if that does not help, tell your admin."


def tidy(dm: DataMind) -> int:
    """Forget jobs that are over: checks after an hour, others after 30 days; returns how many."""
    now = dm.clock.now()
    over = Job.state.in_(("done", "failed", "cancelled", "interrupted"))
    checks = sa.and_(Job.kind == CHECK_ALERTS, Job.finished_at < now - timedelta(hours=1))
    old = sa.delete(Job).where(over, sa.or_(checks, Job.finished_at < now - KEPT))
    with dm.sessions.write() as db:
        return int(db.execute(old).rowcount)  # type: ignore[attr-defined]


def _wake_next(dm: DataMind, job_id: UUID) -> None:
    """Wake the job that has waited longest beside this one."""
    with dm.sessions.read() as db:
        mine = db.get(Job, job_id)
        if mine is None:
            return
        beside = (Job.kind == mine.kind, Job.subject == mine.subject, Job.state == "queued")
        oldest = db.scalar(sa.select(Job.id).where(*beside).order_by(Job.created_at).limit(1))
    if oldest is not None:
        dm.queue.send(mine.kind, oldest)


def _claim(dm: DataMind, job_id: UUID, most: int | None) -> bool:
    now = dm.clock.now()
    claim = (
        sa.update(Job)
        .where(Job.id == job_id, Job.state == "queued", ~Job.cancel_requested)
        .values(state="running", started_at=now, heartbeat_at=now, attempts=Job.attempts + 1)
    )
    if most is not None:
        other = sa.orm.aliased(Job)
        beside = (other.kind == Job.kind, other.subject == Job.subject, other.state == "running")
        running = sa.select(sa.func.count()).select_from(other).where(*beside)
        claim = claim.where(running.correlate(Job).scalar_subquery() < most)
    with dm.sessions.write() as db:
        return db.execute(claim).rowcount == 1  # type: ignore[attr-defined, no-any-return]


@contextmanager
def _beating(dm: DataMind, job_id: UUID) -> Iterator[Cancel]:
    """Keep the row's heartbeat while the work runs, and notice a Stop from another process."""
    cancel, over = Cancel(), threading.Event()
    dm.running[job_id] = cancel

    def beat() -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            with dm.sessions.write() as db:
                job = db.get(Job, job_id)
                if job is not None:
                    job.heartbeat_at = dm.clock.now()
                stopped = job is None or job.cancel_requested
            if stopped:
                cancel.request()

    pulse = threading.Thread(target=beat, name=f"pulse-{job_id}", daemon=True)
    pulse.start()
    try:
        yield cancel
    finally:
        over.set()
        pulse.join()
        dm.running.pop(job_id, None)


def _end(
    dm: DataMind,
    job_id: UUID,
    *,
    state: str,
    result: Json | None = None,
    error: str | None = None,
    hint: str | None = None,
) -> None:
    with dm.sessions.write() as db:
        db.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(state=state, result=result, error=error, hint=hint, finished_at=dm.clock.now())
        )


def _mine(db: Session, actor: Actor, job_id: UUID) -> Job:
    job = access.own(db, actor, Job, job_id, "work")
    if job.runs_as_id != actor.user_id:
        raise NotFound("There is no such work.", "It may have ended; go back and look.")
    return job


def _request_stop(dm: DataMind, found: list[Job]) -> None:
    for job in found:
        if job.state == "queued":
            job.state, job.finished_at, job.error = "cancelled", dm.clock.now(), "Stopped."
        elif job.state == "running":
            job.cancel_requested = True


def _cancel_here(dm: DataMind, job_ids: list[UUID]) -> None:
    for job_id in job_ids:
        cancel = dm.running.get(job_id)
        if cancel is not None:
            cancel.request()


def _progress(job: Job) -> Progress:
    return Progress(
        job_id=job.id,
        state=job.state,  # type: ignore[arg-type]  # the database's check holds it
        steps=tuple(Step(text, at) for text, at in job.progress.get("steps", [])),
        text=job.progress.get("text", ""),
        error=job.error or "",
        hint=job.hint or "",
        result=job.result,
        started_at=job.started_at,
    )
