"""The people of an organization, as its admins manage them."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import accounts, audit, jobs, sessions
from core.datamind import DataMind
from core.errors import BadInput, LimitReached
from core.security import access, passwords
from core.store.tables import Organization, User
from core.types import Actor, Role

ROLES: tuple[Role, ...] = ("admin", "analyst", "viewer")


@dataclass(frozen=True)
class Member:
    """A person in the list of members."""

    id: UUID
    email: str
    full_name: str
    role: Role
    is_active: bool


def members(dm: DataMind, actor: Actor) -> tuple[Member, ...]:
    """All people of the organization by name. Admins only."""
    access.require(actor, "admin", "see the members")
    query = sa.select(User).where(User.org_id == actor.org_id).order_by(User.full_name)
    with dm.sessions.read() as db:
        return tuple(
            Member(u.id, u.email, u.full_name, u.role, u.is_active)  # type: ignore[arg-type]
            for u in db.scalars(query)
        )


def colleagues(dm: DataMind, actor: Actor) -> tuple[Member, ...]:
    """The active people of the organization by name, for analysts to choose from."""
    access.require(actor, "analyst", "see colleagues")
    query = sa.select(User).where(User.org_id == actor.org_id, User.is_active)
    with dm.sessions.read() as db:
        return tuple(
            Member(u.id, u.email, u.full_name, u.role, u.is_active)  # type: ignore[arg-type]
            for u in db.scalars(query.order_by(User.full_name))
        )


def add(dm: DataMind, actor: Actor, *, email: str, full_name: str, role: Role = "analyst") -> str:
    """Add a person and return the first password, which is shown once and kept nowhere.

    Raises LimitReached when the organization is full, BadInput for a wrong or known email.
    """
    access.require(actor, "admin", "add members")
    email = accounts.checked_email(email)
    name = full_name.strip() or email.split("@")[0]
    if role not in ROLES or len(name) > 255:
        raise BadInput("This member cannot be added like that.", "Check the name and the role.")
    password = secrets.token_urlsafe(12)
    password_hash = passwords.hash_password(password)
    try:
        with dm.sessions.write() as db:
            require_room(db, actor.org_id)
            user = User(
                org_id=actor.org_id,
                email=email,
                full_name=name,
                role=role,
                password_hash=password_hash,
            )
            db.add(user)
            db.flush()
    except IntegrityError as error:
        raise BadInput(
            f"{email} is already a member.", "Change the role in the list instead."
        ) from error
    audit.record(dm, actor, "member.add", "user", user.id, role=role)
    return password


def change_role(dm: DataMind, actor: Actor, user_id: UUID, role: Role) -> None:
    """Give a member another role; the last admin stays one."""
    access.require(actor, "admin", "change roles")
    if role not in ROLES:
        raise BadInput(f"There is no role “{role}”.", "Choose admin, analyst or viewer.")
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, user_id, "member")
        if user.role == "admin" and role != "admin":
            keep_an_admin(db, actor.org_id)
        before, user.role = user.role, role
    audit.record(dm, actor, "member.role", "user", user_id, before=before, after=role)


def set_active(dm: DataMind, actor: Actor, user_id: UUID, active: bool) -> None:
    """Let a member in again, or out: then open sessions and running questions end at once."""
    access.require(actor, "admin", "deactivate members")
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, user_id, "member")
        if not active:
            if user.role == "admin":
                keep_an_admin(db, actor.org_id)
            sessions.end_sessions(db, user_id)
        elif not user.is_active:
            require_room(db, actor.org_id)
        user.is_active = active
        theirs = accounts.as_actor(user)
    if not active:
        jobs.stop_all(dm, theirs)
    audit.record(dm, actor, "member.activate" if active else "member.deactivate", "user", user_id)


def active(db: Session, org_id: UUID) -> int:
    """How many people of the organization can sign in, within the caller's transaction."""
    query = sa.select(sa.func.count()).where(User.org_id == org_id, User.is_active)
    return db.scalar(query) or 0


def require_room(db: Session, org_id: UUID) -> None:
    """Raise LimitReached when the organization has as many active members as its plan allows."""
    org = db.get_one(Organization, org_id)
    if active(db, org_id) >= org.max_users:
        raise LimitReached(
            f"Your plan allows {org.max_users} active members.",
            "Deactivate somebody first, or raise the limit.",
        )


def keep_an_admin(db: Session, org_id: UUID) -> None:
    """Raise BadInput when only one admin of the organization is left."""
    admins = sa.select(sa.func.count()).where(
        User.org_id == org_id, User.role == "admin", User.is_active
    )
    if (db.scalar(admins) or 0) <= 1:
        raise BadInput(
            "This is the only admin of the organization.", "Make somebody else an admin first."
        )
