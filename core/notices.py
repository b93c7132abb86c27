"""Notices: what a person is told inside the app. The bell on every screen shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import formats
from core.datamind import DataMind
from core.errors import NotFound
from core.security import access
from core.store.tables import Notice, User
from core.types import Actor

MOST_SHOWN: Final = 50
MOST_COUNTED: Final = 100


@dataclass(frozen=True)
class NoticeView:
    """A notice as its person sees it. `link` is a path of the app: "alerts?alert=…"."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    at: datetime
    is_read: bool


def tell(
    db: Session,
    org_id: UUID,
    user_ids: Iterable[UUID],
    *,
    kind: str,
    title: str,
    now: datetime,
    body: str = "",
    link: str = "",
    key: str = "",
) -> int:
    """Tell active people of one organization within the caller's transaction; returns how many.

    Nobody is told the same `key` twice. Without a key each call tells anew.
    """
    key = key or str(uuid4())
    wanted = list(dict.fromkeys(user_ids))
    active = db.scalars(
        sa.select(User.id).where(User.org_id == org_id, User.is_active, User.id.in_(wanted))
    )
    knows = set(
        db.scalars(sa.select(Notice.user_id).where(Notice.key == key, Notice.user_id.in_(wanted)))
    )
    told = [user_id for user_id in active if user_id not in knows]
    for user_id in told:
        db.add(
            Notice(
                org_id=org_id,
                user_id=user_id,
                kind=kind,
                title=formats.shortened(title, 500),
                body=body,
                link=link,
                key=key,
                created_at=now,
            )
        )
    db.flush()
    return len(told)


def unread(dm: DataMind, actor: Actor) -> int:
    """How many notices the actor has not read, counted up to 100."""
    some = (
        sa.select(Notice.id)
        .where(_mine(actor), Notice.read_at.is_(None))
        .limit(MOST_COUNTED)
        .subquery()
    )
    with dm.sessions.read() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def notices(dm: DataMind, actor: Actor, *, unread_only: bool = False) -> tuple[NoticeView, ...]:
    """The actor's newest 50 notices, the newest first."""
    query = sa.select(Notice).where(_mine(actor)).order_by(Notice.created_at.desc(), Notice.id)
    if unread_only:
        query = query.where(Notice.read_at.is_(None))
    with dm.sessions.read() as db:
        return tuple(
            NoticeView(
                id=row.id,
                kind=row.kind,
                title=row.title,
                body=row.body,
                link=row.link,
                at=row.created_at,
                is_read=row.read_at is not None,
            )
            for row in db.scalars(query.limit(MOST_SHOWN))
        )


def mark_read(dm: DataMind, actor: Actor, notice_id: UUID) -> None:
    """Mark one of the actor's own notices as read. Raises NotFound for anybody else's."""
    with dm.sessions.write() as db:
        row = access.own(db, actor, Notice, notice_id, "notice")
        if row.user_id != actor.user_id:
            raise NotFound("There is no such notice.", "It may have been deleted; look again.")
        row.read_at = row.read_at or dm.clock.now()


def mark_all(dm: DataMind, actor: Actor) -> None:
    """Mark all of the actor's notices as read."""
    with dm.sessions.write() as db:
        db.execute(
            sa.update(Notice)
            .where(_mine(actor), Notice.read_at.is_(None))
            .values(read_at=dm.clock.now())
        )


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(Notice.of_org(actor.org_id), Notice.user_id == actor.user_id)
