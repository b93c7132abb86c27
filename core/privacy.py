"""Going for good: a person's account, or a whole organization, deleted as a job.

Whoever goes is let out at once; the job then deletes, begins again where it was killed, and is
done when nothing is left. What it did stands in the audit log.
"""

import shutil
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from core import accounts, audit, jobs, limits, members, sessions
from core.datamind import DataMind
from core.errors import BadInput
from core.jobs import Work
from core.security import access, passwords
from core.store.files import INCOMING
from core.store.tables import (
    Connection,
    Dashboard,
    Delivery,
    Invitation,
    Organization,
    SavedQuery,
    Upload,
    User,
)
from core.types import Actor, Json


def delete_account(dm: DataMind, actor: Actor, password: str) -> None:
    """Delete the acting person's account: sessions end now, a job deletes what is his alone.

    What he shared stays: files, shared dashboards and saved queries, alerts, which get another
    owner. Raises BadInput for a wrong password and for the only admin.
    """
    _require_password(dm, actor, password)
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
        if user.role == "admin":
            members.keep_an_admin(db, actor.org_id)
        user.is_active = False
        sessions.end_sessions(db, user.id)
        args = {"user_id": str(user.id)}
        job_id = jobs.create_for(db, dm, actor.org_id, jobs.DELETE_ACCOUNT, args, subject=user.id)
    jobs.stop_all(dm, actor)
    audit.record(dm, actor, "user.delete_asked", "user", actor.user_id)
    dm.queue.send(jobs.DELETE_ACCOUNT, job_id)


def delete_organization(dm: DataMind, actor: Actor, *, slug: str, password: str) -> None:
    """Delete the organization with everything in it: all sessions end now, a job does the rest.

    Admins only, who give the workspace's address and their password. Raises BadInput.
    """
    access.require(actor, "admin", "delete the organization")
    _require_password(dm, actor, password)
    with dm.sessions.write() as db:
        org = db.get_one(Organization, actor.org_id)
        if slug.strip() != org.slug:
            raise BadInput(
                "That is not the address of this workspace.", f"Type {org.slug} to delete it."
            )
        people = list(db.scalars(sa.select(User).where(User.org_id == org.id)))
        for person in people:
            person.is_active = False
            sessions.end_sessions(db, person.id)
        args = {"org_id": str(org.id), "slug": org.slug}
        job_id = jobs.create_for(db, dm, None, jobs.DELETE_ORGANIZATION, args, subject=org.id)
    for person in people:
        jobs.stop_all(dm, accounts.as_actor(person))
    audit.record(dm, actor, "organization.delete_asked", "organization", actor.org_id)
    dm.queue.send(jobs.DELETE_ORGANIZATION, job_id)


def perform_account(dm: DataMind, job_id: UUID) -> None:
    """The worker's side of `delete_account`."""

    def do(work: Work) -> Json:
        user_id = UUID(work.args["user_id"])
        with dm.sessions.read() as db:
            user = db.get(User, user_id)
        if user is None:
            return {}
        work.step("Passing on what is shared")
        with dm.sessions.write() as db:
            heir = db.scalar(
                sa.select(User.id)
                .where(User.org_id == user.org_id, User.role == "admin", User.is_active)
                .order_by(User.created_at)
                .limit(1)
            )
            if heir is None:
                raise BadInput("No admin is left to pass things on to.", "Make somebody an admin.")
            db.execute(sa.update(Upload).where(Upload.user_id == user_id).values(user_id=heir))
        work.step("Deleting what is personal")
        own = (SavedQuery.created_by_id == user_id, ~SavedQuery.is_shared)
        with dm.sessions.write() as db:
            db.execute(sa.delete(SavedQuery).where(*own))
            db.execute(
                sa.delete(Dashboard).where(Dashboard.created_by_id == user_id, ~Dashboard.is_shared)
            )
            to_him = (Delivery.of_org(user.org_id), Delivery.target == user.email)
            db.execute(sa.delete(Delivery).where(*to_him))
            db.execute(
                sa.delete(Invitation).where(
                    Invitation.of_org(user.org_id), Invitation.email == user.email
                )
            )
            db.execute(sa.delete(User).where(User.id == user_id))
        dm.files.remove(user.org_id, user_id)
        shutil.rmtree(_incoming(dm, user.org_id) / str(user_id), ignore_errors=True)
        audit.record(dm, None, "user.delete", "user", user_id, org_id=user.org_id)
        return {}

    jobs.perform(dm, job_id, do)


def perform_organization(dm: DataMind, job_id: UUID) -> None:
    """The worker's side of `delete_organization`."""

    def do(work: Work) -> Json:
        org_id = UUID(work.args["org_id"])
        with dm.sessions.read() as db:
            places = list(db.scalars(sa.select(Connection.id).where(Connection.of_org(org_id))))
        work.step("Closing connections")
        for connection_id in places:
            dm.pool.close(str(connection_id))
        work.step("Deleting files")
        dm.files.remove(org_id)
        shutil.rmtree(_incoming(dm, org_id), ignore_errors=True)
        work.step("Deleting everything else")
        with dm.sessions.write() as db:
            db.execute(sa.delete(Organization).where(Organization.id == org_id))
        slug = work.args["slug"]
        audit.record(dm, None, "organization.delete", "organization", org_id, slug=slug)
        return {}

    jobs.perform(dm, job_id, do)


def _incoming(dm: DataMind, org_id: UUID) -> Path:
    return dm.files.root / INCOMING / str(org_id)


def _require_password(dm: DataMind, actor: Actor, password: str) -> None:
    limits.check(dm, limits.PASSWORD_OF, str(actor.user_id))
    with dm.sessions.read() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
    if not passwords.matches(password, user.password_hash):
        limits.count(dm, limits.PASSWORD_OF, str(actor.user_id))
        raise BadInput("That is not your password.", "Type your password again.")
