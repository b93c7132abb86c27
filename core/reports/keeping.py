"""Reports as people keep them: made, changed, sent at once, looked back upon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, jobs
from core.answers import Download
from core.dashboards import boards
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.library import saved_query
from core.reports import making, timing
from core.security import access
from core.store.tables import Dashboard, Destination, Report, ReportRun, SavedQuery, User
from core.types import Actor

FORMATS: Final = {"dashboard": ("pdf",), "saved query": ("pdf", "xlsx", "csv")}
MOST_SHOWN: Final = 20
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    """A report as its owner defines it: of a dashboard, or of a saved query.

    `schedule` is cron or words, on the clock of `time_zone`. `channels` are "email" and
    "destination:<id>" of a mailbox outside; the bell of owner and recipients always rings.
    """

    name: str
    schedule: str
    time_zone: str
    dashboard_id: UUID | None = None
    saved_query_id: UUID | None = None
    format: str = "pdf"
    channels: tuple[str, ...] = ()
    recipients: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class ReportView:
    """A report in the list, with its next three times."""

    id: UUID
    wanted: Wanted
    about: str
    owner: str
    is_active: bool
    next_times: tuple[datetime, ...]
    last_state: str
    may_change: bool


@dataclass(frozen=True)
class RunView:
    """One time that a report was made."""

    id: UUID
    at: datetime
    state: str
    error: str
    summary: str
    file_name: str


def create(dm: DataMind, actor: Actor, wanted: Wanted) -> UUID:
    """Keep a report; it is sent the next time its schedule says.

    Raises BadInput, NotFound, NotAllowed.
    """
    access.require(actor, "analyst", "send reports")
    return _write(dm, actor, wanted, None)


def edit(dm: DataMind, actor: Actor, report_id: UUID, wanted: Wanted) -> None:
    """Change a report: its owner or an admin."""
    access.require(actor, "analyst", "send reports")
    _write(dm, actor, wanted, report_id)


def switch(dm: DataMind, actor: Actor, report_id: UUID, active: bool) -> None:
    """Pause a report or let it go on: its owner or an admin."""
    access.require(actor, "analyst", "send reports")
    with dm.sessions.write() as db:
        row = _changeable(db, actor, report_id)
        row.is_active = active
        now = dm.clock.now()
        row.next_run_at = timing.after(row.schedule, now, row.time_zone)[0] if active else None
    audit.record(dm, actor, "report.resume" if active else "report.pause", "report", report_id)


def delete(dm: DataMind, actor: Actor, report_id: UUID) -> None:
    """Delete a report with its files: its owner or an admin."""
    access.require(actor, "analyst", "send reports")
    with dm.sessions.write() as db:
        row = _changeable(db, actor, report_id)
        name = row.name
        db.delete(row)
    dm.files.remove(actor.org_id, report_id)
    audit.record(dm, actor, "report.delete", "report", report_id, name=name)


def send_now(dm: DataMind, actor: Actor, report_id: UUID) -> UUID:
    """Send a report at once, besides its schedule; returns the job to follow."""
    access.require(actor, "analyst", "send reports")
    with dm.sessions.write() as db:
        row = access.own(db, actor, Report, report_id, "report")
        args = {"report_id": str(row.id), "slot": dm.clock.now().isoformat()}
        job_id = jobs.create(db, dm, actor, jobs.SEND_REPORT, args, subject=row.id)
    dm.queue.send(jobs.SEND_REPORT, job_id, urgent=True)
    audit.record(dm, actor, "report.send", "report", report_id)
    return job_id


def preview(dm: DataMind, actor: Actor, wanted: Wanted) -> making.Made:
    """The file as it would be sent now; nothing is kept and nobody is told."""
    access.require(actor, "analyst", "send reports")
    checked = _checked(dm, actor, wanted)
    row = Report(org_id=actor.org_id, created_by_id=actor.user_id)
    _fill(row, checked)
    return making.make(dm, actor, row)


def reports(dm: DataMind, actor: Actor) -> tuple[ReportView, ...]:
    """The organization's reports by name. Analysts and admins."""
    access.require(actor, "analyst", "see reports")
    query = (
        sa.select(Report, User.full_name, Dashboard.title, SavedQuery.name)
        .outerjoin(User, User.id == Report.created_by_id)
        .outerjoin(Dashboard, Dashboard.id == Report.dashboard_id)
        .outerjoin(SavedQuery, SavedQuery.id == Report.saved_query_id)
        .where(Report.of_org(actor.org_id))
        .order_by(sa.func.lower(Report.name))
    )
    with dm.sessions.read() as db:
        rows = db.execute(query).all()
        newest = (
            sa.select(ReportRun.report_id, ReportRun.state)
            .where(ReportRun.of_org(actor.org_id))
            .order_by(ReportRun.made_at)
        )
        states: dict[UUID, str] = dict(db.execute(newest).all())
    now = dm.clock.now()
    return tuple(
        ReportView(
            id=row.id,
            wanted=_read(row),
            about=board or saved or "deleted",
            owner=owner or "",
            is_active=row.is_active,
            next_times=timing.after(row.schedule, now, row.time_zone, 3) if row.is_active else (),
            last_state=states.get(row.id, ""),
            may_change=_may_change(actor, row),
        )
        for row, owner, board, saved in rows
    )


def runs(dm: DataMind, actor: Actor, report_id: UUID) -> tuple[RunView, ...]:
    """The newest 20 times that a report was made."""
    access.require(actor, "analyst", "see reports")
    with dm.sessions.read() as db:
        access.own(db, actor, Report, report_id, "report")
        newest = (
            sa.select(ReportRun)
            .where(ReportRun.report_id == report_id)
            .order_by(ReportRun.made_at.desc(), ReportRun.id)
            .limit(MOST_SHOWN)
        )
        return tuple(
            RunView(r.id, r.made_at, r.state, r.error, r.summary, r.file_name)
            for r in db.scalars(newest)
        )


def file(dm: DataMind, actor: Actor, run_id: UUID) -> Download:
    """The file of one run. Raises NotFound when it is older than 30 days."""
    access.require(actor, "analyst", "see reports")
    with dm.sessions.read() as db:
        run = access.own(db, actor, ReportRun, run_id, "report")
        path, name = run.file_path, run.file_name
    if not path or not dm.files.path(path).exists():
        raise NotFound("This file is no longer kept.", "Send the report again.")
    audit.record(dm, actor, "report.download", "report", run_id)
    return Download(name, "application/octet-stream", dm.files.path(path).read_bytes())


def tidy(dm: DataMind) -> int:
    """Delete files of more than 30 days ago; returns how many. Their rows stay."""
    old = sa.select(ReportRun).where(
        ReportRun.made_at < dm.clock.now() - KEPT, ReportRun.file_path != ""
    )
    with dm.sessions.write() as db:
        found = list(db.scalars(old))
        for run in found:
            dm.files.drop(run.file_path)
            run.file_path = ""
    return len(found)


def _write(dm: DataMind, actor: Actor, wanted: Wanted, report_id: UUID | None) -> UUID:
    wanted = _checked(dm, actor, wanted)
    with dm.sessions.write() as db:
        for user_id in wanted.recipients:
            access.own(db, actor, User, user_id, "member")
        for channel in wanted.channels:
            if channel.startswith(making.DESTINATION):
                found = UUID(channel.removeprefix(making.DESTINATION))
                access.own(db, actor, Destination, found, "destination")
        row = (
            _changeable(db, actor, report_id)
            if report_id
            else Report(org_id=actor.org_id, created_by_id=actor.user_id)
        )
        _fill(row, wanted)
        row.next_run_at = timing.after(row.schedule, dm.clock.now(), row.time_zone)[0]
        db.add(row)
        db.flush()
    what = "report.edit" if report_id else "report.create"
    audit.record(dm, actor, what, "report", row.id, name=wanted.name, schedule=row.schedule)
    return row.id


def _checked(dm: DataMind, actor: Actor, wanted: Wanted) -> Wanted:
    name = wanted.name.strip()
    if not 1 <= len(name) <= 255:
        raise BadInput("A report needs a name of 1 to 255 characters.", "Give it a name.")
    timing.cron(wanted.schedule)
    try:
        ZoneInfo(wanted.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput("There is no such time zone.", "Choose one from the list.") from error
    if (wanted.dashboard_id is None) == (wanted.saved_query_id is None):
        raise BadInput("A report shows a dashboard or a saved query.", "Choose one of them.")
    if wanted.dashboard_id:
        boards.dashboard(dm, actor, wanted.dashboard_id)
        kind = "dashboard"
    else:
        assert wanted.saved_query_id is not None
        kind = "saved query"
        if saved_query(dm, actor, wanted.saved_query_id).parameters:
            raise BadInput(
                "A report asks nobody for the parameters of this query.",
                "Save it once more with the values in its text.",
            )
    if wanted.format not in FORMATS[kind]:
        raise BadInput(f"A {kind} is not sent as {wanted.format}.", "Choose another format.")
    return Wanted(**{**vars(wanted), "name": name})


def _fill(row: Report, wanted: Wanted) -> None:
    row.name, row.format = wanted.name, wanted.format
    row.schedule, row.time_zone = wanted.schedule.strip(), wanted.time_zone
    row.dashboard_id, row.saved_query_id = wanted.dashboard_id, wanted.saved_query_id
    row.channels = list(wanted.channels)
    row.recipients = [str(user_id) for user_id in wanted.recipients]


def _read(row: Report) -> Wanted:
    return Wanted(
        name=row.name,
        schedule=row.schedule,
        time_zone=row.time_zone,
        dashboard_id=row.dashboard_id,
        saved_query_id=row.saved_query_id,
        format=row.format,
        channels=tuple(row.channels),
        recipients=tuple(map(UUID, row.recipients)),
    )


def _may_change(actor: Actor, row: Report) -> bool:
    return row.created_by_id == actor.user_id or access.allows(actor, "admin")


def _changeable(db: Session, actor: Actor, report_id: UUID) -> Report:
    row = access.own(db, actor, Report, report_id, "report")
    if not _may_change(actor, row):
        raise NotAllowed("Only its owner or an admin can change this report.", "Ask one of them.")
    return row
