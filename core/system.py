"""How the installation is doing, as an organization's admins see it, and failed work again."""

import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import audit, jobs, watch
from core.datamind import DataMind
from core.errors import BadInput
from core.security import access
from core.store import migrate
from core.store.tables import Job, Upload
from core.types import Actor
from core.watch import Seen

LIBRARIES: Final = ("streamlit", "sqlalchemy", "sqlglot", "duckdb", "dramatiq", "anthropic")
MOST_FAILED: Final = 50


@dataclass(frozen=True)
class Failed:
    """Work that failed, and whether it can be tried again."""

    id: UUID
    kind: str
    error: str
    attempts: int
    at: datetime | None
    can_retry: bool


@dataclass(frozen=True)
class System:
    """Versions, database, queue, processes at work, cache and storage.

    `jobs` counts the organization's jobs by state, `stored_bytes` the files it has uploaded.
    `unwritten` are audit lines that this process could not write.
    """

    versions: dict[str, str]
    database: str
    revision: str
    is_current: bool
    queue: str
    cache: str
    cache_reaches: bool
    seen: tuple[Seen, ...]
    jobs: dict[str, int]
    stored_bytes: int
    unwritten: int
    failed: tuple[Failed, ...]


def system(dm: DataMind, actor: Actor) -> System:
    """How things stand now. Admins only."""
    access.require(actor, "admin", "see the system")
    mine = Job.of_org(actor.org_id)
    counted = sa.select(Job.state, sa.func.count()).where(mine).group_by(Job.state)
    broken = (
        sa.select(Job)
        .where(mine, Job.state.in_(("failed", "interrupted")))
        .order_by(Job.finished_at.desc(), Job.id)
        .limit(MOST_FAILED)
    )
    size = sa.select(sa.func.sum(Upload.file_size_bytes)).where(Upload.of_org(actor.org_id))
    with dm.sessions.read() as db:
        states = {row[0]: row[1] for row in db.execute(counted)}
        failed = tuple(_failed(job) for job in db.scalars(broken))
        stored = int(db.scalar(size) or 0)
    redis = bool(dm.settings.redis_url)
    dm.cache.set("system:look", b"1", 60)
    return System(
        versions=_versions(),
        database=dm.sessions.engine.dialect.name,
        revision=migrate.revision(dm.sessions),
        is_current=migrate.is_current(dm.sessions),
        queue="Redis" if redis else "In this process",
        cache="Redis" if redis else "In this process",
        cache_reaches=dm.cache.get("system:look") is not None,
        seen=watch.seen(dm),
        jobs=states,
        stored_bytes=stored,
        unwritten=audit.failures(),
        failed=failed,
    )


def retry(dm: DataMind, actor: Actor, job_id: UUID) -> None:
    """Do failed work again, with the rights that its person has then. Admins only.

    Raises NotFound, BadInput for what is not over, or what a person has to ask again himself.
    """
    access.require(actor, "admin", "try failed work again")
    with dm.sessions.write() as db:
        job = access.own(db, actor, Job, job_id, "work")
        if job.state not in ("failed", "interrupted") or job.kind in jobs.OF_THIS_PROCESS:
            raise BadInput("This work cannot be tried again.", "Ask again, or look at the list.")
        job.state, job.attempts, job.cancel_requested = "queued", 0, False
        job.error, job.hint, job.finished_at, job.woken_at = None, None, None, dm.clock.now()
        kind = job.kind
    dm.queue.send(kind, job_id)
    audit.record(dm, actor, "job.retry", "job", job_id, kind=kind)


def _failed(job: Job) -> Failed:
    return Failed(
        id=job.id,
        kind=job.kind,
        error=job.error or "",
        attempts=job.attempts,
        at=job.finished_at,
        can_retry=job.kind not in jobs.OF_THIS_PROCESS,
    )


def _versions() -> dict[str, str]:
    found = {"DataMind": _version("datamind") or "0.1.0", "Python": platform.python_version()}
    return found | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
