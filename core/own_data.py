"""All that is kept of one person, as a zip of JSON files, and the way to have it made."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import accounts, audit, jobs
from core.datamind import DataMind
from core.errors import NotFound
from core.jobs import Work
from core.store.tables import Base, ChatMessage, ChatSession, Job, User
from core.types import Actor, Json, Progress

NAME: Final = "own-data"
KEPT: Final = timedelta(days=7)
SECRET: Final = (
    *("password_hash", "token_hash", "storage_path", "config_encrypted"),
    *("password_encrypted", "readonly_password_encrypted"),
)


@dataclass(frozen=True)
class Ready:
    """A file of one's own data that can be taken along, and until when."""

    size: int
    made_at: datetime
    until: datetime


def start(dm: DataMind, actor: Actor) -> UUID:
    """Have the acting person's own data put together; returns the job to follow."""
    under_way = jobs.active(dm, actor, jobs.EXPORT_OWN_DATA, actor.user_id)
    if under_way:
        return under_way.job_id
    with dm.sessions.write() as db:
        job_id = jobs.create(db, dm, actor, jobs.EXPORT_OWN_DATA, {}, subject=actor.user_id)
    dm.queue.send(jobs.EXPORT_OWN_DATA, job_id, urgent=True)
    audit.record(dm, actor, "user.export", "user", actor.user_id)
    return job_id


def under_way(dm: DataMind, actor: Actor) -> Progress | None:
    """How far it is, while it is made."""
    return jobs.active(dm, actor, jobs.EXPORT_OWN_DATA, actor.user_id)


def ready(dm: DataMind, actor: Actor) -> Ready | None:
    """The file that was made last, if it is still kept."""
    job = _newest(dm, actor)
    made = job.finished_at if job else None
    if job is None or made is None or made + KEPT < dm.clock.now():
        return None
    return Ready(int((job.result or {})["bytes"]), made, made + KEPT)


def content(dm: DataMind, actor: Actor) -> bytes:
    """The file itself. Raises NotFound when it is no longer kept."""
    job = _newest(dm, actor)
    if job and ready(dm, actor):
        path = dm.files.path((job.result or {})["path"])
        if path.is_file():
            audit.record(dm, actor, "user.export_taken", "user", actor.user_id)
            return path.read_bytes()
    raise NotFound("This file is no longer kept.", "Have it made again.")


def _newest(dm: DataMind, actor: Actor) -> Job | None:
    """The work that made the actor's file, unless it is gone already."""
    done = (
        sa.select(Job)
        .where(Job.of_org(actor.org_id), Job.runs_as_id == actor.user_id, *_MADE)
        .order_by(Job.finished_at.desc())
        .limit(1)
    )
    with dm.sessions.read() as db:
        job = db.scalar(done)
    return job if job and job.result else None


_MADE: Final = (Job.kind == jobs.EXPORT_OWN_DATA, Job.state == "done")


def perform(dm: DataMind, job_id: UUID) -> None:
    """The worker's side of `start`."""

    def do(work: Work) -> Json:
        actor = accounts.actor_of_job(dm, work.job_id)
        path = dm.files.folder(actor.org_id, actor.user_id) / f"{NAME}-{job_id}.zip"
        dm.files.drop_alike(dm.files.stored(path), NAME)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, rows in _collected(dm, actor.user_id):
                work.step(f"Putting {name.replace('_', ' ')} together")
                file.writestr(f"{name}.json", json.dumps(rows, default=str, indent=1))
        return {"bytes": path.stat().st_size, "path": dm.files.keep(path)}

    jobs.perform(dm, job_id, do)


def tidy(dm: DataMind) -> int:
    """Delete files that were made more than a week ago; returns how many."""
    old = sa.select(Job).where(*_MADE, Job.finished_at < dm.clock.now() - KEPT)
    with dm.sessions.write() as db:
        found = [job for job in db.scalars(old) if job.result]
        for job in found:
            dm.files.drop((job.result or {})["path"])
            job.result = None
    return len(found)


def tables_of_people() -> dict[str, str]:
    """Every table with rows of a person's own, and the column that says whose they are."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "users.id" for key in column.foreign_keys):
                found[table.name] = column.name
    return found


def _collected(dm: DataMind, user_id: UUID) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each table's rows of this person, without what lets anybody in."""
    with dm.sessions.read() as db:
        yield "account", _rows(db, User.__table__, User.id == user_id)
    for name, column in tables_of_people().items():
        table = Base.metadata.tables[name]
        with dm.sessions.read() as db:
            yield name, _rows(db, table, table.c[column] == user_id)
    own = sa.select(ChatSession.id).where(ChatSession.user_id == user_id)
    with dm.sessions.read() as db:
        yield "chat_messages", _rows(db, ChatMessage.__table__, ChatMessage.session_id.in_(own))


def _rows(
    db: Session, table: sa.FromClause, condition: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    columns = [one for one in table.columns if one.name not in SECRET]
    found = db.execute(sa.select(*columns).where(condition)).mappings()
    return [_open(dict(row)) for row in found]


def _open(row: dict[str, Any]) -> dict[str, Any]:
    """Without links that are sealed."""
    for name, value in row.items():
        if isinstance(value, dict):
            row[name] = {k: v for k, v in value.items() if k != "sealed"}
    return row
