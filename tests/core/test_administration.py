"""What admins set and oversee: the organization, the audit log, the system."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from core import audit, conversations, jobs, members, organizations, system
from core.audit import Wanted
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.store.tables import AuditLog, Job
from tests import factories
from tests.factories import Organization


def test_the_log_is_narrowed_by_kind_person_text_and_days(dm: DataMind, acme: Organization) -> None:
    audit.record(dm, acme.analyst, "query.run", "connection", "c1", sql="SELECT secret_word")
    audit.record(dm, acme.viewer, "chat.ask", "chat_message", "m1")
    dm.clock.day += timedelta(days=3)  # type: ignore[attr-defined]
    audit.record(dm, acme.analyst, "chat.ask", "chat_message", "m2")
    now = dm.clock.now()
    for wanted, ids in (
        (Wanted("chat."), ["m2", "m1"]),
        (Wanted("chat.", who=acme.viewer.user_id), ["m1"]),
        (Wanted(text="SECRET_word"), ["c1"]),
        (Wanted("chat.", since=now - timedelta(days=1)), ["m2"]),
        (Wanted("chat.", until=now - timedelta(days=1)), ["m1"]),
        (Wanted(text="100%"), []),
    ):
        assert [e.resource_id for e in audit.entries(dm, acme.admin, wanted=wanted)] == ids, wanted


def test_the_exported_log_runs_nothing_in_a_spreadsheet(dm: DataMind, acme: Organization) -> None:
    audit.record(dm, acme.analyst, "query.run", "=cmd|'/c calc'!A1", "@SUM(1)", sql="=1+1")
    content = audit.export_csv(dm, acme.admin, Wanted()).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert any("cmd|" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in ("=", "@", "+")] == []
    assert audit.entries(dm, acme.admin, action="audit.export")[0].details["lines"] >= 1


def test_lines_go_only_by_retention_and_only_ones_own(dm: DataMind, acme: Organization) -> None:
    other = factories.organization(dm, "other")
    organizations.change(dm, acme.admin, name="Acme", chat_days=0, audit_days=180)
    dm.clock.day += timedelta(days=181)  # type: ignore[attr-defined]
    audit.record(dm, acme.admin, "chat.ask")
    theirs = len(audit.entries(dm, other.admin))
    assert audit.tidy(dm) > 0
    assert {e.action for e in audit.entries(dm, acme.admin)} == {"chat.ask", "audit.forget"}
    assert len(audit.entries(dm, other.admin)) == theirs


def test_a_log_that_cannot_be_written_breaks_nothing_and_is_counted(
    dm: DataMind, acme: Organization
) -> None:
    before = audit.failures()
    with dm.sessions.write() as db:
        db.execute(sa.text("ALTER TABLE audit_logs RENAME TO away"))
    members.change_role(dm, acme.admin, acme.viewer.user_id, "analyst")
    assert audit.failures() == before + 1
    with dm.sessions.write() as db:
        db.execute(sa.text("ALTER TABLE away RENAME TO audit_logs"))
    assert {m.role for m in members.members(dm, acme.admin)} == {"admin", "analyst"}


def test_nothing_in_core_changes_a_line(dm: DataMind, acme: Organization) -> None:
    from tests.running import ROOT

    changing = [
        str(path)
        for path in (ROOT / "core").rglob("*.py")
        if "sa.update(AuditLog" in path.read_text("utf-8")
        or ("sa.delete(AuditLog" in path.read_text("utf-8") and path.name != "audit.py")
    ]
    assert changing == []
    assert AuditLog.__tablename__ == "audit_logs"


def test_an_organization_is_renamed_and_sets_how_long_things_are_kept(
    dm: DataMind, acme: Organization
) -> None:
    organizations.change(dm, acme.admin, name=" Acme Ltd ", chat_days=90, audit_days=365)
    now = organizations.organization(dm, acme.admin)
    assert (now.name, now.chat_days, now.audit_days) == ("Acme Ltd", 90, 365)
    assert (now.members, now.max_users, now.connections, now.max_connections) == (3, 10, 1, 5)
    for wrong in ({"name": ""}, {"chat_days": 1}, {"audit_days": 1}):
        with pytest.raises(BadInput):
            organizations.change(
                dm, acme.admin, **{"name": "A", "chat_days": 0, "audit_days": 0, **wrong}
            )
    with pytest.raises(NotAllowed):
        organizations.change(dm, acme.analyst, name="A", chat_days=0, audit_days=0)


def test_chats_go_when_their_time_is_over_and_pinned_ones_stay(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    other = factories.organization(dm, "other")
    asked = []
    for who in (acme.analyst, acme.analyst, other.analyst):
        sales = factories.sales(dm, who, tmp_path, name=f"Sales {len(asked)}")
        asked.append(factories.answered(dm, who, "Total amount", sales)[0])
    conversations.pin(dm, acme.analyst, asked[0], True)
    organizations.change(dm, acme.admin, name="Acme", chat_days=30, audit_days=0)
    dm.clock.day += timedelta(days=29)  # type: ignore[attr-defined]
    assert conversations.tidy(dm) == 0
    dm.clock.day += timedelta(days=2)  # type: ignore[attr-defined]
    assert conversations.tidy(dm) == 1
    assert [c.id for c in conversations.sessions(dm, acme.analyst)] == asked[:1]
    assert [c.id for c in conversations.sessions(dm, other.analyst)] == asked[2:]
    assert audit.entries(dm, acme.admin, action="chat.forget")[0].details["chats"] == 1


def failed_job(dm: DataMind, acme: Organization, kind: str) -> UUID:
    with dm.sessions.write() as db:
        job_id = jobs.create(db, dm, acme.analyst, kind, {})
        job = db.get_one(Job, job_id)
        job.state, job.error, job.attempts = "failed", "It broke.", 3
        job.finished_at = dm.clock.now()
    return job_id


def test_failed_work_is_seen_and_tried_again(dm: DataMind, acme: Organization) -> None:
    job_id = failed_job(dm, acme, jobs.REFRESH_SCHEMA)
    question = failed_job(dm, acme, jobs.QUESTION)
    now = system.system(dm, acme.admin)
    assert {(f.id, f.can_retry) for f in now.failed} == {(job_id, True), (question, False)}
    system.retry(dm, acme.admin, job_id)
    with dm.sessions.read() as db:
        job = db.get_one(Job, job_id)
    assert (job.state, job.attempts, job.error) == ("queued", 0, None)
    for wrong in (question, job_id):
        with pytest.raises(BadInput):
            system.retry(dm, acme.admin, wrong)
    other = factories.organization(dm, "other")
    with pytest.raises(NotFound):
        system.retry(dm, other.admin, job_id)


def test_the_system_says_how_it_is(dm: DataMind, acme: Organization) -> None:
    now = system.system(dm, acme.admin)
    assert now.is_current
    assert now.revision
    assert now.cache_reaches
    assert now.versions["streamlit"]
    assert now.database == "sqlite"
    with pytest.raises(NotAllowed):
        system.system(dm, acme.analyst)
