"""Reading a schema anew: at once, as a job that a person follows, or when it is due."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core import (
    accounts,
    audit,
    checkups,
    connections,
    enrichment,
    jobs,
    known_tables,
    schema,
    stale,
)
from core.analyst.base import BareDesk
from core.connectors.base import Reading
from core.datamind import DataMind
from core.errors import CannotConnect, DataMindError
from core.jobs import Work
from core.security import access
from core.store.tables import Connection, User
from core.types import Actor, DatabaseSchema, Json, Table

log = structlog.get_logger(__name__)

READ_AS: Final = "1"
"""Counted up when schemas are read in another way: what has not changed is then read anew."""
_STATE: Final = "state"

Told = Callable[[int, int], None]

REFRESH_EVERY: Final = timedelta(hours=6)


@dataclass(frozen=True)
class Diff:
    """What a refresh found: names of tables, and the verified questions that it broke."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def untold(done: int, of: int) -> None:
    """Tell nobody how far a reading is."""


def refresh(dm: DataMind, actor: Actor, connection_id: UUID, told: Told = untold) -> Diff:
    """Discover the schema and keep it; descriptions that exist stay.

    Tables that have not changed since are not looked into again, where the engine can say so;
    a file that has not changed is not even opened. When the connection is changed meanwhile,
    its new place is read. `told` hears how many tables were looked into, of how many.
    Raises CannotConnect, NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "refresh the schema")
    place = connections.place(dm, actor, connection_id)
    known = schema.read(dm, actor, connection_id)
    state = _state(place, known.private)
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        same_place = row.extra_config.get(_STATE) == state
        if same_place and known.tables and place.target.paths:
            row.last_synced_at = dm.clock.now()
            unchanged = Diff(broken=stale.mark(db, connection_id, known))
        else:
            unchanged = None
    if unchanged:
        enrichment.start(dm, actor, connection_id)
        return unchanged
    reading = Reading({t.name: t for t in known.tables} if same_place else {}, told)
    found = _found(dm, actor, connection_id, place, reading)
    diff = _diff(known, found)
    fresh = [t for t in found.tables if t.name in diff.new]
    described = dm.analysts.local.describe(fresh, BareDesk(found)) if fresh else ()
    broken: tuple[str, ...] = ()
    with dm.sessions.write() as db:
        row = access.own(db, actor, Connection, connection_id, "connection")
        moved = connections.version(row) != place.version
        if not moved:
            kept = replace(found, tables=schema.without_values(found.tables, known.private))
            known_tables.keep(db, connection_id, kept, described)
            broken = stale.mark(db, connection_id, found)
            row.last_synced_at = dm.clock.now()
            about = {"engine": found.engine, "schema": found.schema, _STATE: state}
            row.extra_config = {**row.extra_config, **about}
    if moved:
        return refresh(dm, actor, connection_id, told)
    enrichment.start(dm, actor, connection_id)
    audit.record(
        dm,
        actor,
        "schema.refresh",
        "connection",
        connection_id,
        new=len(diff.new),
        changed=len(diff.changed),
        removed=len(diff.removed),
        broken=len(broken),
    )
    return replace(diff, broken=broken)


def _found(
    dm: DataMind,
    actor: Actor,
    connection_id: UUID,
    place: connections.Place,
    reading: Reading,
) -> DatabaseSchema:
    try:
        found = connections.open_place(dm, place).read_schema(reading)
    except CannotConnect as problem:
        checkups.keep_checked(dm, actor, connection_id, problem.message)
        raise
    checkups.keep_checked(dm, actor, connection_id, "")
    return found


def _state(place: connections.Place, private: frozenset[str]) -> str:
    """Which place this is, what is private there, and what its files look like from outside."""
    looks = [READ_AS, place.kind, place.target.version, *sorted(private)]
    for path in place.target.paths:
        for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + ".wal")):
            if file.exists():
                about = file.stat()
                looks.append(f"{file.name} {about.st_mtime_ns} {about.st_size}")
    return sha256("|".join(looks).encode()).hexdigest()


def start(dm: DataMind, actor: Actor, connection_id: UUID) -> UUID:
    """Have a worker refresh the schema; returns the job to follow. One at a time a person."""
    access.require(actor, "analyst", "refresh the schema")
    under_way = jobs.active(dm, actor, jobs.REFRESH_SCHEMA, connection_id)
    if under_way:
        return under_way.job_id
    with dm.sessions.write() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        job_id = jobs.create(
            db,
            dm,
            actor,
            jobs.REFRESH_SCHEMA,
            {"connection_id": str(connection_id)},
            subject=connection_id,
        )
    dm.queue.send(jobs.REFRESH_SCHEMA, job_id, urgent=True)
    return job_id


def perform(
    dm: DataMind, job_id: UUID, again: Callable[[DataMind, Actor, UUID, Told], Diff] = refresh
) -> None:
    """The worker's side of `start`: acts with the rights that the person has now.

    `again` reads the schema anew: core.drift also tells what a change breaks.
    """

    def do(work: Work) -> Json:
        actor = accounts.actor_of_job(dm, work.job_id)
        work.step("Reading tables and columns")
        connection_id = UUID(work.args["connection_id"])
        diff = again(
            dm,
            actor,
            connection_id,
            lambda done, of: work.count("Looking into tables", done, of),
        )
        if connections.connection(dm, actor, connection_id).is_server:
            work.step("Looking at what the account may do")
            checkups.doctor(dm, actor, connection_id)
        return {
            "new": diff.new,
            "changed": diff.changed,
            "removed": diff.removed,
            "broken": diff.broken,
        }

    jobs.perform(dm, job_id, do)


def start_due(dm: DataMind) -> int:
    """Start a refresh for each active connection not read for six hours; returns how many.

    A refresh acts as the connection's maker, or as an admin when he has left. One failure
    does not stop the rest.
    """
    due = sa.select(Connection).where(
        Connection.is_active,
        Connection.last_synced_at < dm.clock.now() - REFRESH_EVERY,
    )
    with dm.sessions.read() as db:
        pairs = [(row, _refresher(db, row)) for row in db.scalars(due)]
    started = 0
    for row, user_id in pairs:
        actor = accounts.actor_of(dm, user_id, "system") if user_id else None
        if actor is None:
            continue
        try:
            start(dm, actor, row.id)
            started += 1
        except DataMindError as problem:
            log.warning("refresh_not_started", connection=str(row.id), problem=problem.message)
    return started


def _refresher(db: Session, row: Connection) -> UUID | None:
    fit = sa.select(User.id).where(
        User.org_id == row.org_id, User.is_active, User.role.in_(("admin", "analyst"))
    )
    maker = db.scalar(fit.where(User.id == row.created_by_id))
    return maker or db.scalar(fit.where(User.role == "admin").order_by(User.created_at).limit(1))


def _diff(known: DatabaseSchema, found: DatabaseSchema) -> Diff:
    before = {t.name: _shape(t) for t in known.tables}
    after = {t.name: _shape(t) for t in found.tables}
    return Diff(
        new=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(n for n in after.keys() & before.keys() if after[n] != before[n])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def _shape(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((c.name, c.data_type) for c in table.columns)
