"""A new password for whoever lost his: by mail, or by an admin's one-time link."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import accounts, audit, jobs, letters, limits, sessions
from core.datamind import DataMind
from core.errors import BadInput, NotFound
from core.security import access, passwords, tokens
from core.store.tables import Organization, PasswordReset, User
from core.types import Actor

BY_MAIL: Final = timedelta(hours=1)
BY_ADMIN: Final = timedelta(days=1)
PATH: Final = "new-password"


@dataclass(frozen=True)
class Asked:
    """Whose password a link changes."""

    email: str
    organization: str


def ask(dm: DataMind, *, email: str, workspace: str = "", address: str = "") -> None:
    """Mail a link to whoever has this email, or put it into the outbox of his admins.

    Silent about whether there is such an account. Raises LimitReached after a few times.
    """
    email = email.strip().lower()
    limits.count(dm, limits.RESET_OF_ACCOUNT, email)
    if address:
        limits.count(dm, limits.RESET_FROM, address)
    query = (
        sa.select(User, Organization)
        .join(Organization, Organization.id == User.org_id)
        .where(User.email == email, User.is_active)
    )
    if workspace.strip():
        query = query.where(Organization.slug == workspace.strip())
    sent = []
    with dm.sessions.write() as db:
        for user, org in db.execute(query).all():
            until = dm.clock.now() + BY_MAIL
            sent.append(
                letters.write(
                    db,
                    dm,
                    org.id,
                    to=user.email,
                    title="Choose a new password for DataMind",
                    text=f"A new password was asked for your account at {org.name}. The link works "
                    "once, for an hour. If you did not ask for it, do nothing.",
                    link=_new(db, dm, user.id, BY_MAIL),
                    until=until,
                )
            )
    for letter_id in sent:
        letters.send(dm, letter_id)
    audit.record(dm, None, "auth.reset_asked", address=address, email=email[:255])


def link_for(dm: DataMind, actor: Actor, user_id: UUID) -> str:
    """A link with which a member chooses a new password, once, within a day. Admins only."""
    access.require(actor, "admin", "make links for a new password")
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, user_id, "member")
        if not user.is_active:
            raise BadInput("This member is deactivated.", "Let the person in again first.")
        link = _new(db, dm, user.id, BY_ADMIN)
    audit.record(dm, actor, "member.reset_link", "user", user_id)
    return link


def asked(dm: DataMind, token: str) -> Asked:
    """Whose password the link's token changes. Raises NotFound when it is used or over."""
    with dm.sessions.read() as db:
        user = db.get_one(User, _found(db, dm, token).user_id)
        return Asked(user.email, db.get_one(Organization, user.org_id).name)


def choose(dm: DataMind, token: str, password: str, *, address: str = "") -> UUID:
    """Set the new password: the link is used up, and all sessions of the person end.

    Returns the person's id. Raises NotFound for a link that is used or over, BadInput for a
    password that is not allowed; the link stays good then.
    """
    if address:
        limits.count(dm, limits.RESET_FROM, address)
    with dm.sessions.read() as db:
        user_id = _found(db, dm, token).user_id
        email = db.get_one(User, user_id).email
    passwords.check_rules(password, email)
    password_hash = passwords.hash_password(password)
    with dm.sessions.write() as db:
        user = db.get_one(User, _found(db, dm, token).user_id)
        user.password_hash = password_hash
        db.execute(sa.delete(PasswordReset).where(PasswordReset.user_id == user.id))
        sessions.end_sessions(db, user.id)
    limits.forget(dm, limits.SIGN_IN_OF_ACCOUNT, email)
    person = accounts.as_actor(user, address=address)
    jobs.stop_all(dm, person)
    audit.record(dm, person, "user.password_reset", "user", user_id)
    return user_id


def _new(db: Session, dm: DataMind, user_id: UUID, lasts: timedelta) -> str:
    token = tokens.new()
    expires_at = dm.clock.now() + lasts
    db.add(PasswordReset(user_id=user_id, token_hash=tokens.digest(token), expires_at=expires_at))
    return f"{dm.settings.address}/{PATH}?token={token}"


def _found(db: Session, dm: DataMind, token: str) -> PasswordReset:
    row = db.scalar(
        sa.select(PasswordReset)
        .join(User, User.id == PasswordReset.user_id)
        .where(
            PasswordReset.token_hash == tokens.digest(token),
            PasswordReset.expires_at > dm.clock.now(),
            User.is_active,
        )
    )
    if row is None:
        raise NotFound(
            "This link has been used, or its time is over.", "Ask for a new one at sign-in."
        )
    return row
