"""Invitations: a link, mailed or passed on, with which somebody joins an organization once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import accounts, audit, letters, limits, members
from core.datamind import DataMind
from core.errors import BadInput, LimitReached, NotFound
from core.security import access, passwords, tokens
from core.store.tables import Invitation, Organization, User
from core.types import Actor, Role

LASTS: Final = timedelta(days=7)
PATH: Final = "join"


@dataclass(frozen=True)
class Invited:
    """An invitation that waits, as admins see it."""

    id: UUID
    email: str
    role: Role
    by: str
    expires_at: datetime


@dataclass(frozen=True)
class Welcome:
    """What somebody with a link is invited to. `email` is empty where he names his own."""

    organization: str
    email: str
    role: Role


def invite(dm: DataMind, actor: Actor, *, email: str = "", role: Role = "analyst") -> str:
    """Keep a place for somebody and return the link to it, told once; it is mailed, too, where
    there is an email. Admins only.

    Raises BadInput for a wrong, known or invited email, LimitReached when no place is left.
    """
    access.require(actor, "admin", "invite people")
    if role not in members.ROLES:
        raise BadInput(f"There is no role “{role}”.", "Choose admin, analyst or viewer.")
    email = accounts.checked_email(email) if email.strip() else ""
    token, expires_at = tokens.new(), dm.clock.now() + LASTS
    link = f"{dm.settings.address}/{PATH}?token={token}"
    letter = None
    with dm.sessions.write() as db:
        _require_place(db, dm, actor.org_id)
        if email:
            _require_new(db, dm, actor.org_id, email)
        row = Invitation(
            org_id=actor.org_id,
            created_by_id=actor.user_id,
            email=email,
            role=role,
            token_hash=tokens.digest(token),
            expires_at=expires_at,
        )
        db.add(row)
        db.flush()
        org = db.get_one(Organization, actor.org_id)
        if email:
            letter = letters.write(
                db,
                dm,
                org.id,
                to=email,
                title=f"You are invited to {org.name} on DataMind",
                text=f"{db.get_one(User, actor.user_id).full_name} invites you to {org.name} as "
                f"{role}. The link works once, for seven days.",
                link=link,
                until=expires_at,
            )
    letters.send(dm, letter)
    audit.record(dm, actor, "member.invite", "invitation", row.id, email=email, role=role)
    return link


def invitations(dm: DataMind, actor: Actor) -> tuple[Invited, ...]:
    """The invitations that wait, the newest first. Admins only."""
    access.require(actor, "admin", "see invitations")
    query = (
        sa.select(Invitation, User.full_name)
        .outerjoin(User, User.id == Invitation.created_by_id)
        .where(_waits(actor.org_id, dm.clock.now()))
        .order_by(Invitation.created_at.desc(), Invitation.id)
    )
    with dm.sessions.read() as db:
        return tuple(
            Invited(row.id, row.email, row.role, name or "", row.expires_at)  # type: ignore[arg-type]
            for row, name in db.execute(query)
        )


def revoke(dm: DataMind, actor: Actor, invitation_id: UUID) -> None:
    """Take an invitation back: its link no longer works. Admins only. Raises NotFound."""
    access.require(actor, "admin", "take invitations back")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Invitation, invitation_id, "invitation")
        email = row.email
        db.delete(row)
    audit.record(dm, actor, "member.uninvite", "invitation", invitation_id, email=email)


def welcome(dm: DataMind, token: str) -> Welcome:
    """What the link's token invites to. Raises NotFound when it is used, taken back or over."""
    with dm.sessions.read() as db:
        row = _found(db, dm, token)
        return Welcome(db.get_one(Organization, row.org_id).name, row.email, row.role)  # type: ignore[arg-type]


def accept(
    dm: DataMind, token: str, *, full_name: str, password: str, email: str = "", address: str = ""
) -> UUID:
    """Join with the link's token: an account of the invited email, or of the one given.

    Returns the person's id. Raises NotFound for a link that does not work, BadInput, and
    LimitReached when the organization has become full meanwhile; the link stays good then.
    """
    if address:
        limits.count(dm, limits.RESET_FROM, address)
    invited = welcome(dm, token)
    email = invited.email or accounts.checked_email(email)
    name = accounts.checked_name(full_name)
    passwords.check_rules(password, email)
    password_hash = passwords.hash_password(password)
    try:
        with dm.sessions.write() as db:
            row = _found(db, dm, token)
            members.require_room(db, row.org_id)
            user = User(
                org_id=row.org_id,
                email=email,
                full_name=name,
                role=row.role,
                password_hash=password_hash,
            )
            db.add(user)
            row.accepted_at = dm.clock.now()
            db.flush()
    except IntegrityError as error:
        raise BadInput(f"{email} is already a member.", "Sign in instead.") from error
    joined = accounts.as_actor(user, address=address)
    audit.record(dm, joined, "member.join", "user", user.id, role=invited.role)
    return user.id


def _waits(org_id: UUID, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Invitation.of_org(org_id), Invitation.accepted_at.is_(None), Invitation.expires_at > now
    )


def _require_place(db: Session, dm: DataMind, org_id: UUID) -> None:
    """Active members and open invitations together stay within the plan."""
    most = db.get_one(Organization, org_id).max_users
    waiting = sa.select(sa.func.count()).where(_waits(org_id, dm.clock.now()))
    open_ones = db.scalar(waiting.select_from(Invitation)) or 0
    if members.active(db, org_id) + open_ones >= most:
        raise LimitReached(
            f"Your plan allows {most} active members, and {open_ones} invitations are open.",
            "Deactivate somebody, or take an invitation back first.",
        )


def _require_new(db: Session, dm: DataMind, org_id: UUID, email: str) -> None:
    known = sa.select(User.id).where(User.org_id == org_id, User.email == email)
    if db.scalar(known):
        raise BadInput(f"{email} is already a member.", "Change the role in the list instead.")
    waiting = sa.select(Invitation.id).where(
        _waits(org_id, dm.clock.now()), Invitation.email == email
    )
    if db.scalar(waiting):
        raise BadInput(
            f"{email} is invited already.", "Take that invitation back to send a new one."
        )


def _found(db: Session, dm: DataMind, token: str) -> Invitation:
    row = db.scalar(
        sa.select(Invitation).where(
            Invitation.token_hash == tokens.digest(token),
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > dm.clock.now(),
        )
    )
    if row is None:
        raise NotFound(
            "This invitation has been used or taken back, or its time is over.",
            "Ask the person who invited you for a new one.",
        )
    return row
