"""Accounts: register, check a password, and who a person is: profile and actor."""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core import audit, limits, registration
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.security import access, passwords
from core.store.tables import Connection, Job, Organization, User
from core.types import Actor, Role, Via

SLUG: Final = re.compile(r"[a-z0-9-]+")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
FILES_CONNECTION: Final = "Files"


@dataclass(frozen=True)
class Profile:
    """A person as he sees himself."""

    user_id: UUID
    email: str
    full_name: str
    role: Role
    organization: str
    slug: str
    time_zone: str
    theme: str


def register(
    dm: DataMind,
    *,
    email: str,
    password: str,
    full_name: str,
    organization: str,
    slug: str,
    address: str = "",
    code: str = "",
) -> UUID:
    """Found an organization where that is allowed now (core.registration); `code` is the server's.

    Returns the user's id. Raises BadInput with the sentence for the field that is wrong,
    NotAllowed where people are invited, LimitReached for too many from one address.
    """
    registration.check(dm, code, address)
    return found(
        dm,
        email=email,
        password=password,
        full_name=full_name,
        organization=organization,
        slug=slug,
        address=address,
    )


def found(
    dm: DataMind,
    *,
    email: str,
    password: str,
    full_name: str,
    organization: str,
    slug: str,
    address: str = "",
) -> UUID:
    """Create an organization with its first admin and an empty file connection.

    For whoever runs the server: nothing is asked. Returns the user's id. Raises BadInput.
    """
    email, full_name, organization = (
        checked_email(email),
        checked_name(full_name),
        organization.strip(),
    )
    _length("The organization's name", organization, 255)
    slug = slug.strip()
    if not SLUG.fullmatch(slug) or len(slug) > 100:
        raise BadInput(
            "A workspace address has only small letters, digits and hyphens (at most 100).",
            "For example: acme-retail",
        )
    passwords.check_rules(password, email)
    password_hash = passwords.hash_password(password)
    try:
        with dm.sessions.write() as db:
            org = Organization(name=organization, slug=slug)
            db.add(org)
            db.flush()
            user = User(
                org_id=org.id,
                email=email,
                full_name=full_name,
                role="admin",
                password_hash=password_hash,
            )
            db.add(user)
            db.flush()
            db.add(
                Connection(org_id=org.id, created_by_id=user.id, name=FILES_CONNECTION, type="csv")
            )
    except IntegrityError as error:
        raise BadInput(
            f"The workspace address “{slug}” is taken.", "Choose another workspace address."
        ) from error
    actor = Actor(user.id, org.id, "admin", address=address)
    audit.record(dm, actor, "auth.register", "organization", org.id)
    return user.id


def sign_in(
    dm: DataMind, *, email: str, password: str, workspace: str = "", address: str = ""
) -> UUID | None:
    """The user whose email and password these are, or None.

    With the same email in several organizations the password decides; where it fits more than
    one, the workspace must be named. The answer never tells which part was wrong, and takes as
    long for an unknown email as for a known one. After ten failures for an email, or thirty from
    an address, within a quarter of an hour nobody gets in that way for the rest of it, the right
    password neither: raises LimitReached, for unknown emails too.
    """
    account = email.strip().lower()
    limits.check(dm, limits.SIGN_IN_OF_ACCOUNT, account)
    if address:
        limits.check(dm, limits.SIGN_IN_FROM, address)
    query = (
        sa.select(User, Organization.slug)
        .join(Organization, Organization.id == User.org_id)
        .where(User.email == email.strip().lower(), User.is_active)
    )
    if workspace.strip():
        query = query.where(Organization.slug == workspace.strip())
    with dm.sessions.read() as db:
        candidates = [user for user, _ in db.execute(query)]
    if not candidates:
        passwords.matches(password, None)
    fitting = [user for user in candidates if passwords.matches(password, user.password_hash)]
    if len(fitting) == 1:
        limits.forget(dm, limits.SIGN_IN_OF_ACCOUNT, account)
        return fitting[0].id
    audit.record(
        dm,
        None,
        "auth.login_failed",
        address=address,
        org_id=candidates[0].org_id if len(candidates) == 1 else None,
        email=email.strip()[:255],
    )
    limits.count(dm, limits.SIGN_IN_OF_ACCOUNT, account)
    if address:
        limits.count(dm, limits.SIGN_IN_FROM, address)
    return None


def actor_of(dm: DataMind, user_id: UUID, via: Via) -> Actor | None:
    """The person as an actor with today's rights, or None when gone or deactivated.

    For jobs, which act as the person who asked for them.
    """
    with dm.sessions.read() as db:
        user = db.get(User, user_id)
    return as_actor(user, via=via) if user and user.is_active else None


def actor_of_job(dm: DataMind, job_id: UUID, via: Via = "user") -> Actor:
    """The person whom a job runs as, with today's rights.

    Raises NotAllowed when the account is gone or deactivated.
    """
    with dm.sessions.read() as db:
        job = db.get(Job, job_id)
    actor = actor_of(dm, job.runs_as_id, via) if job and job.runs_as_id else None
    if actor is None:
        raise NotAllowed("The account that asked for this is no longer active.", "Sign in again.")
    return actor


def profile(dm: DataMind, actor: Actor) -> Profile:
    """The acting person's own profile."""
    with dm.sessions.read() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
        org = db.get_one(Organization, actor.org_id)
        return profile_of(user, org)


def as_actor(user: User, *, via: Via = "user", address: str = "") -> Actor:
    """The person as an actor, with the rights of the row."""
    preferences: dict[str, Any] = user.preferences
    role: Role = user.role  # type: ignore[assignment]  # the database's check holds it
    return Actor(
        user_id=user.id,
        org_id=user.org_id,
        role=role,
        via=via,
        address=address,
        time_zone=preferences.get("time_zone", "UTC"),
    )


def profile_of(user: User, org: Organization) -> Profile:
    """The person as he sees himself, within the caller's transaction."""
    actor = as_actor(user)
    return Profile(
        user_id=user.id,
        email=user.email,
        full_name=user.full_name,
        role=actor.role,
        organization=org.name,
        slug=org.slug,
        time_zone=actor.time_zone,
        theme=user.preferences.get("theme", ""),
    )


def checked_email(text: str) -> str:
    """The address in small letters. Raises BadInput when it is none."""
    email = text.strip().lower()
    if not email:
        raise BadInput("Your email is missing.", "For example: you@company.com")
    if not EMAIL.fullmatch(email) or len(email) > 255:
        raise BadInput(f"“{text.strip()}” is not an email address.", "For example: you@company.com")
    return email


def checked_name(text: str) -> str:
    """A person's name without blanks around it. Raises BadInput when it is empty or too long."""
    name = text.strip()
    _length("Your name", name, 255)
    return name


def _length(what: str, text: str, most: int) -> None:
    if not 1 <= len(text) <= most:
        raise BadInput(f"{what} has 1 to {most} characters.", "Fill it in.")
