"""A person's open sessions: where he is signed in, since when, and the way to end one."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import audit
from core.datamind import DataMind
from core.security import access
from core.store.tables import UserSession
from core.types import Actor

_BROWSERS: Final = (
    *(("Edge", r"\bEdgA?/"), ("Opera", r"\bOPR/"), ("Firefox", r"\bF(?:irefox|xiOS)/")),
    *(("Chrome", r"\b(?:HeadlessChrome|Chrome|CriOS)/"), ("Safari", r"\bSafari/")),
)
_SYSTEMS: Final = (
    *(("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android")),
    *(("Windows", r"Windows"), ("Mac", r"Macintosh|Mac OS"), ("Linux", r"Linux")),
)


@dataclass(frozen=True)
class Device:
    """One signed-in browser."""

    id: UUID
    name: str
    address: str
    since: datetime
    last_seen_at: datetime


def sessions(dm: DataMind, actor: Actor) -> tuple[Device, ...]:
    """The acting person's open sessions, the one used last first."""
    query = (
        sa.select(UserSession)
        .where(UserSession.user_id == actor.user_id, UserSession.expires_at > dm.clock.now())
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    with dm.sessions.read() as db:
        return tuple(
            Device(row.id, device_name(row.device), row.address, row.created_at, row.last_seen_at)
            for row in db.scalars(query)
        )


def end(dm: DataMind, actor: Actor, session_id: UUID) -> None:
    """End one of the acting person's sessions. Raises NotFound for anybody else's."""
    with dm.sessions.write() as db:
        row = access.own(db, actor, UserSession, session_id, "session")
        if row.user_id != actor.user_id:
            raise access.not_found("session")
        device = device_name(row.device)
        db.delete(row)
    audit.record(dm, actor, "auth.end_session", "session", session_id, device=device)


def end_others(dm: DataMind, actor: Actor, session_id: UUID) -> int:
    """End all of the acting person's sessions but this one; returns how many."""
    others = sa.delete(UserSession).where(
        UserSession.user_id == actor.user_id, UserSession.id != session_id
    )
    with dm.sessions.write() as db:
        ended = int(db.execute(others).rowcount)  # type: ignore[attr-defined]
    audit.record(dm, actor, "auth.end_others", "user", actor.user_id, ended=ended)
    return ended


def device_name(user_agent: str) -> str:
    """A browser and its system in two words, from what it says of itself."""
    browser = next((name for name, mark in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), "")
    return " on ".join(filter(None, (browser, system))) or "Unknown device"
