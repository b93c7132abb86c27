"""What a change of a database breaks: found when its schema is read anew, told to owners."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import notices, parameters, refreshes, schema, stale
from core.datamind import DataMind
from core.security import access
from core.store.tables import Alert, Connection, Dashboard, SavedQuery, Widget
from core.types import Actor, DatabaseSchema

MOST_NAMED: Final = 5
_PARAMETER: Final = "1"


@dataclass(frozen=True)
class Broken:
    """Something of a person's that no longer runs, and why."""

    kind: str
    id: UUID
    name: str
    owner_id: UUID | None
    why: str


@dataclass(frozen=True)
class Dependents:
    """What hangs on a connection: alerts go with it, the others stay and lose their data."""

    alerts: int
    tiles: int
    saved_queries: int


def dependents(dm: DataMind, actor: Actor, connection_id: UUID) -> Dependents:
    """How much hangs on a connection. Raises NotFound, NotAllowed for viewers."""
    access.require(actor, "analyst", "see what hangs on a connection")

    def of(table: type[Alert | Widget | SavedQuery]) -> int:
        mine = (table.of_org(actor.org_id), table.connection_id == connection_id)
        return db.scalar(sa.select(sa.func.count()).select_from(table).where(*mine)) or 0

    with dm.sessions.read() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        return Dependents(of(Alert), of(Widget), of(SavedQuery))


def refresh(
    dm: DataMind, actor: Actor, connection_id: UUID, told: refreshes.Told = refreshes.untold
) -> refreshes.Diff:
    """Read the schema anew, and tell owners what the change breaks. Raises as refreshes.refresh."""
    before = schema.read(dm, actor, connection_id)
    diff = refreshes.refresh(dm, actor, connection_id, told)
    if before.tables and (diff.changed or diff.removed):
        _tell(dm, actor, connection_id, before, schema.read(dm, actor, connection_id), diff)
    return diff


def broken_by(
    db: Session, connection_id: UUID, before: DatabaseSchema, now: DatabaseSchema
) -> tuple[Broken, ...]:
    """What ran on the schema as it was and does not any more."""
    return tuple(
        Broken(kind, row_id, name, owner_id, why)
        for kind, row_id, name, owner_id, sql in _queries(db, connection_id)
        if (why := stale.why(sql, now)) and not stale.why(sql, before)
    )


def _queries(db: Session, connection_id: UUID) -> Iterator[tuple[str, UUID, str, UUID | None, str]]:
    tiles = (
        sa.select(Widget, Dashboard.created_by_id)
        .join(Dashboard, Dashboard.id == Widget.dashboard_id)
        .where(Widget.connection_id == connection_id, Widget.removed_at.is_(None))
    )
    for tile, owner_id in db.execute(tiles):
        yield "tile", tile.dashboard_id, tile.title, owner_id, tile.query_sql or ""
    for saved in db.scalars(sa.select(SavedQuery).where(SavedQuery.connection_id == connection_id)):
        sql = _filled(saved.sql_text)
        yield "saved query", saved.id, saved.name, saved.created_by_id, sql
    for alert in db.scalars(sa.select(Alert).where(Alert.connection_id == connection_id)):
        yield "alert", alert.id, alert.name, alert.created_by_id, alert.query_sql


def _filled(sql: str) -> str:
    """A query with something in place of its parameters, to be read and never run."""
    for name in parameters.names(sql):
        sql = sql.replace(f"'{{{{{name}}}}}'", f"'{_PARAMETER}'")
        sql = sql.replace(f"{{{{{name}}}}}", f"'{_PARAMETER}'")
    return sql


def _tell(
    dm: DataMind,
    actor: Actor,
    connection_id: UUID,
    before: DatabaseSchema,
    now: DatabaseSchema,
    diff: refreshes.Diff,
) -> None:
    at = dm.clock.now()
    with dm.sessions.write() as db:
        place = access.own(db, actor, Connection, connection_id, "connection")
        for one in broken_by(db, connection_id, before, now):
            owner = one.owner_id or place.created_by_id
            link = _LINKS[one.kind].format(one.id)
            notices.tell(
                db, actor.org_id, [owner] if owner else [], kind="drift.broken", now=at, link=link,
                title=f"The {one.kind} “{one.name}” no longer runs",
                body=f"{place.name} has changed. {one.why}",
                key=f"drift:{one.id}:{at.isoformat()}",
            )  # fmt: skip
        maker = place.created_by_id
        notices.tell(
            db, actor.org_id, [maker] if maker else [], kind="drift.changed", now=at,
            title=f"{place.name} has changed", body=_in_words(diff), link="connections",
            key=f"drift:{connection_id}:{at.isoformat()}",
        )  # fmt: skip


_LINKS: Final = {
    "alert": "alerts?alert={}",
    "tile": "dashboard?id={}",
    "saved query": "explore",
}


def _in_words(diff: refreshes.Diff) -> str:
    kinds = (("New", diff.new), ("Changed", diff.changed), ("Removed", diff.removed))
    return " ".join(f"{word}: {_some(names)}." for word, names in kinds if names)


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
