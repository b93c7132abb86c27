"""Admins made by whoever runs the server: the first of an organization, or one more when all are
locked out."""

import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from core import accounts, members, resets
from core.datamind import DataMind
from core.errors import BadInput
from core.store.tables import Organization, User
from core.types import Actor


@dataclass(frozen=True)
class Admin:
    """An admin's way in: a first password, or for a member the link to choose a new one.

    One of the two is empty. Neither is kept in the clear.
    """

    organization: str
    password: str = ""
    link: str = ""


def create(dm: DataMind, *, email: str, organization: str, full_name: str = "") -> Admin:
    """Make an admin of that organization, which is founded when it is not there yet.

    Who is a member already becomes an admin and chooses a new password. For whoever runs the
    server: nobody is asked. Raises BadInput.
    """
    email = accounts.checked_email(email)
    workspace = re.sub(r"[^a-z0-9]+", "-", organization.strip().lower()).strip("-")
    if not workspace:
        raise BadInput("The organization needs a name.", "For example: --organization Acme")
    found = _organization(dm, organization.strip(), workspace)
    name = full_name or email.partition("@")[0]
    if found is None:
        password = secrets.token_urlsafe(12)
        accounts.found(
            dm,
            email=email,
            password=password,
            full_name=name,
            organization=organization,
            slug=workspace,
        )
        return Admin(organization.strip(), password=password)
    acting = _acting(dm, found)
    user = _member(dm, found, email)
    if user is None:
        password = members.add(dm, acting, email=email, full_name=name, role="admin")
        return Admin(found.name, password=password)
    members.set_active(dm, acting, user.id, True)
    members.change_role(dm, acting, user.id, "admin")
    return Admin(found.name, link=resets.link_for(dm, acting, user.id))


def _organization(dm: DataMind, name: str, workspace: str) -> Organization | None:
    query = sa.select(Organization).where(
        sa.or_(Organization.name == name, Organization.slug == workspace)
    )
    with dm.sessions.read() as db:
        found = db.scalars(query).all()
    if len(found) > 1:
        raise BadInput(
            f"There are several organizations called {name}.", "Name its workspace address."
        )
    return found[0] if found else None


def _member(dm: DataMind, org: Organization, email: str) -> User | None:
    with dm.sessions.read() as db:
        return db.scalar(sa.select(User).where(User.org_id == org.id, User.email == email))


def _acting(dm: DataMind, org: Organization) -> Actor:
    """An admin of the organization, in whose place the server's owner acts."""
    query = sa.select(User.id).where(User.org_id == org.id, User.role == "admin", User.is_active)
    with dm.sessions.read() as db:
        user_id = db.scalar(query.order_by(User.created_at).limit(1))
    acting = accounts.actor_of(dm, user_id, "system") if user_id else None
    assert acting is not None, "the last admin of an organization stays one"
    return acting
