"""Taking one's data along, and going for good: a person, an organization."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import (
    accounts,
    audit,
    connections,
    conversations,
    jobs,
    library,
    members,
    own_data,
    privacy,
    sessions,
    uploads,
)
from core.dashboards import boards
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.library import Kept
from core.store.tables import AuditLog, Base, Job, User
from core.types import Actor
from tests import factories
from tests.factories import PASSWORD, Organization


def know_password(dm: DataMind, *who: Actor) -> None:
    from core.security import passwords

    with dm.sessions.write() as db:
        for one in who:
            db.get_one(User, one.user_id).password_hash = passwords.hash_password(PASSWORD)


def work(dm: DataMind, kind: str, perform) -> Job:  # type: ignore[no-untyped-def]
    """Do the job that waits, as a worker would."""
    with dm.sessions.read() as db:
        [job_id] = db.scalars(sa.select(Job.id).where(Job.kind == kind, Job.state == "queued"))
    perform(dm, job_id)
    with dm.sessions.read() as db:
        job = db.get(Job, job_id)
    assert job is not None
    assert job.state == "done", job.error
    return job


def test_own_data_is_all_of_it_and_nobody_elses(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    sales = factories.sales(dm, acme.analyst, tmp_path)
    factories.answered(dm, acme.analyst, "Total amount by region", sales)
    factories.answered(dm, acme.viewer, "How many rows", sales)
    library.keep(dm, acme.analyst, Kept(sales, "SELECT 1 AS n", "Mine"))
    sessions.begin_session(dm, sessions.issue_ticket(dm, acme.analyst.user_id))
    own_data.start(dm, acme.analyst)
    assert own_data.under_way(dm, acme.analyst)
    job = work(dm, jobs.EXPORT_OWN_DATA, own_data.perform)
    assert [step[0] for step in job.progress["steps"]]
    with zipfile.ZipFile(io.BytesIO(own_data.content(dm, acme.analyst))) as file:
        told = {name.removesuffix(".json"): json.loads(file.read(name)) for name in file.namelist()}
    assert set(told) == {"account", "chat_messages", *own_data.tables_of_people()}
    assert told["account"][0]["email"] == "analyst@acme.example"
    asked = [row["content"] for row in told["chat_messages"] if row["role"] == "user"]
    assert asked == ["Total amount by region"]
    assert [row["name"] for row in told["saved_queries"]] == ["Mine"]
    whole = json.dumps(told)
    assert "viewer@acme.example" not in whole
    assert "How many rows" not in whole
    for secret in ("password_hash", "token_hash", "encrypted", "$2b$"):
        assert secret not in whole


def test_the_file_is_ones_own_and_goes_after_a_week(dm: DataMind, acme: Organization) -> None:
    own_data.start(dm, acme.analyst)
    work(dm, jobs.EXPORT_OWN_DATA, own_data.perform)
    assert own_data.ready(dm, acme.analyst)
    assert own_data.ready(dm, acme.admin) is None
    with pytest.raises(NotFound):
        own_data.content(dm, acme.admin)
    dm.clock.day += timedelta(days=8)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        own_data.content(dm, acme.analyst)


def test_every_column_that_lets_somebody_in_is_left_out() -> None:
    secret = {
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name for word in ("hash", "encrypted", "secret", "token"))
    }
    assert secret - set(own_data.SECRET) == {"token_usage"}


def test_an_account_is_deleted_and_what_was_shared_stays(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    know_password(dm, acme.analyst)
    sales = factories.sales(dm, acme.analyst, tmp_path)
    factories.answered(dm, acme.analyst, "Total amount", sales)
    library.keep(dm, acme.analyst, Kept(sales, "SELECT 1 AS n", "Mine"))
    library.keep(dm, acme.analyst, Kept(sales, "SELECT 2 AS n", "Ours", shared=True))
    boards.create(dm, acme.analyst, "Mine")
    boards.share(dm, acme.analyst, boards.create(dm, acme.analyst, "Ours"), True)
    session = sessions.begin_session(dm, sessions.issue_ticket(dm, acme.analyst.user_id))
    with pytest.raises(BadInput, match="not your password"):
        privacy.delete_account(dm, acme.analyst, "wrong")
    assert sessions.resume(dm, session)
    privacy.delete_account(dm, acme.analyst, PASSWORD)
    assert sessions.resume(dm, session) is None
    assert accounts.sign_in(dm, email="analyst@acme.example", password=PASSWORD) is None
    work(dm, jobs.DELETE_ACCOUNT, privacy.perform_account)
    assert "analyst@acme.example" not in [m.email for m in members.members(dm, acme.admin)]
    assert [q.name for q in library.saved_queries(dm, acme.admin)] == ["Ours"]
    assert [b.title for b in boards.dashboards(dm, acme.viewer)] == ["Ours"]
    assert uploads.uploads(dm, acme.admin, sales)
    with dm.sessions.read() as db:
        for table in Base.metadata.sorted_tables:
            for name in [c.name for c in table.columns if c.foreign_keys]:
                left = sa.select(table).where(
                    sa.cast(table.c[name], sa.String) == acme.analyst.user_id.hex
                )
                assert db.execute(left).all() == [], f"{table.name}.{name}"
    assert audit.entries(dm, acme.admin, action="user.delete")


def test_deleting_an_account_twice_or_after_a_kill_is_no_harm(
    dm: DataMind, acme: Organization
) -> None:
    know_password(dm, acme.viewer)
    privacy.delete_account(dm, acme.viewer, PASSWORD)
    with dm.sessions.read() as db:
        [job_id] = db.scalars(sa.select(Job.id).where(Job.kind == jobs.DELETE_ACCOUNT))
    privacy.perform_account(dm, job_id)
    with dm.sessions.write() as db:
        db.get_one(Job, job_id).state = "queued"
    privacy.perform_account(dm, job_id)
    with dm.sessions.read() as db:
        assert db.get_one(Job, job_id).state == "done"


def test_the_only_admin_cannot_go(dm: DataMind, acme: Organization) -> None:
    with pytest.raises(BadInput, match="only admin"):
        privacy.delete_account(dm, acme.admin, PASSWORD)


def test_an_organization_is_deleted_with_everything_in_it_and_nothing_else(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    other = factories.organization(dm, "other")
    theirs = factories.sales(dm, other.analyst, tmp_path)
    sales = factories.sales(dm, acme.analyst, tmp_path)
    factories.answered(dm, acme.analyst, "Total amount", sales)
    folder = dm.files.root / str(acme.admin.org_id)
    assert folder.exists()
    for slug, password in (("acme", "wrong"), ("other", PASSWORD)):
        with pytest.raises(BadInput):
            privacy.delete_organization(dm, acme.admin, slug=slug, password=password)
    with pytest.raises(NotAllowed):
        privacy.delete_organization(dm, acme.analyst, slug="acme", password=PASSWORD)
    session = sessions.begin_session(dm, sessions.issue_ticket(dm, acme.viewer.user_id))
    privacy.delete_organization(dm, acme.admin, slug="acme", password=PASSWORD)
    assert sessions.resume(dm, session) is None
    work(dm, jobs.DELETE_ORGANIZATION, privacy.perform_organization)
    assert not folder.exists()
    with dm.sessions.read() as db:
        for table in Base.metadata.sorted_tables:
            if "org_id" in table.c:
                mine = sa.select(sa.func.count()).where(table.c.org_id == acme.admin.org_id)
                assert db.scalar(mine) == 0, table.name
        last = db.scalar(sa.select(AuditLog).where(AuditLog.action == "organization.delete"))
    assert last is not None
    assert last.details == {"slug": "acme"}
    assert connections.connection(dm, other.admin, theirs)
    assert conversations.sessions(dm, other.analyst) == ()
