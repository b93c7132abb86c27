"""The browser's session: begun with a ticket, looked up at every rerun, listed, and ended."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import accounts, audit, jobs
from core.datamind import DataMind
from core.errors import NotAllowed
from core.security import access, tokens
from core.store.tables import Organization, SignInTicket, User, UserSession
from core.types import Actor

TICKET_LIFETIME: Final = timedelta(minutes=1)
TOUCH_EVERY: Final = timedelta(minutes=5)
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


@dataclass(frozen=True)
class SignedIn:
    """A browser's session, looked up: who it is and until when."""

    actor: Actor
    profile: accounts.Profile
    session_id: UUID


def issue_ticket(dm: DataMind, user_id: UUID) -> str:
    """A ticket for one exchange into a session cookie, after the password was checked."""
    token = tokens.new()
    with dm.sessions.write() as db:
        db.execute(sa.delete(SignInTicket).where(SignInTicket.expires_at < dm.clock.now()))
        db.add(
            SignInTicket(
                user_id=user_id,
                token_hash=tokens.digest(token),
                expires_at=dm.clock.now() + TICKET_LIFETIME,
            )
        )
    return token


def begin_session(dm: DataMind, ticket: str, *, address: str = "", device: str = "") -> str:
    """Exchange a ticket for the random id that the cookie holds; a ticket works once.

    Raises NotAllowed for a used, expired or invented ticket.
    """
    now = dm.clock.now()
    token = tokens.new()
    with dm.sessions.write() as db:
        found = db.scalar(
            sa.select(SignInTicket).where(
                SignInTicket.token_hash == tokens.digest(ticket), SignInTicket.expires_at >= now
            )
        )
        user = db.get(User, found.user_id) if found else None
        if found is None or user is None or not user.is_active:
            raise NotAllowed("This sign-in has expired.", "Sign in again.")
        db.delete(found)
        db.add(
            UserSession(
                user_id=user.id,
                token_hash=tokens.digest(token),
                address=address[:45],
                device=device[:255],
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(days=dm.settings.session_days),
            )
        )
        actor = accounts.as_actor(user, address=address)
    audit.record(dm, actor, "auth.login", "user", user.id)
    return token


def resume(dm: DataMind, token: str, *, address: str = "") -> SignedIn | None:
    """Who the cookie's session belongs to now, or None when it ended.

    Looked up at every rerun, so that sign-out and deactivation take effect at once; the
    session's end is moved at most every five minutes.
    """
    if not token:
        return None
    now = dm.clock.now()
    query = (
        sa.select(UserSession, User, Organization)
        .join(User, User.id == UserSession.user_id)
        .join(Organization, Organization.id == User.org_id)
        .where(
            UserSession.token_hash == tokens.digest(token),
            UserSession.expires_at > now,
            User.is_active,
        )
    )
    with dm.sessions.read() as db:
        row = db.execute(query).one_or_none()
    if row is None:
        return None
    session, user, org = row
    if now - session.last_seen_at > TOUCH_EVERY:
        with dm.sessions.write() as db:
            db.execute(
                sa.update(UserSession)
                .where(UserSession.id == session.id)
                .values(last_seen_at=now, expires_at=now + timedelta(days=dm.settings.session_days))
            )
    actor = accounts.as_actor(user, address=address)
    return SignedIn(actor, accounts.profile_of(user, org), session.id)


def sign_out(dm: DataMind, token: str) -> None:
    """End the session of this cookie, and the questions that its person has running.

    Silent when it has ended already.
    """
    signed_in = resume(dm, token)
    if signed_in is None:
        return
    with dm.sessions.write() as db:
        db.execute(sa.delete(UserSession).where(UserSession.token_hash == tokens.digest(token)))
    jobs.stop_all(dm, signed_in.actor)
    audit.record(dm, signed_in.actor, "auth.logout", "user", signed_in.actor.user_id)


def sign_out_everywhere(dm: DataMind, actor: Actor) -> None:
    """End all sessions of the acting person, this one too."""
    with dm.sessions.write() as db:
        end_sessions(db, actor.user_id)
    jobs.stop_all(dm, actor)
    audit.record(dm, actor, "auth.logout_everywhere", "user", actor.user_id)


def end_sessions(db: Session, user_id: UUID) -> None:
    """End all sessions and tickets of a person, within the caller's transaction."""
    db.execute(sa.delete(UserSession).where(UserSession.user_id == user_id))
    db.execute(sa.delete(SignInTicket).where(SignInTicket.user_id == user_id))


def open_tokens(dm: DataMind, found: set[str]) -> set[str]:
    """Which of these cookies' tokens belong to open sessions of active people."""
    by_digest = {tokens.digest(token): token for token in found}
    query = (
        sa.select(UserSession.token_hash)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.token_hash.in_(by_digest),
            UserSession.expires_at > dm.clock.now(),
            User.is_active,
        )
    )
    with dm.sessions.read() as db:
        return {by_digest[digest] for digest in db.scalars(query)}


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
