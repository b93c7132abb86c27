"""A report made: the file, its summary, its run row, and who is told, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import accounts, answers, charts, export, formats, guard, jobs, library, notices, query

from core import schema, trust  # isort: skip
from core.analyst.base import BareDesk
from core.answers import Download
from core.dashboards import printing
from core.datamind import DataMind
from core.errors import BadInput, DataMindError, NotAllowed
from core.jobs import Work
from core.reports import timing
from core.security import access
from core.store.tables import Delivery, Destination, Report, ReportRun, User
from core.types import Actor, Draft, Json, Query, QueryResult, Question

EMAIL: Final = "email"
DESTINATION: Final = "destination:"
MOST_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Made:
    """A report's file, and what it says in a sentence or two."""

    download: Download
    summary: str


def claim(dm: DataMind) -> int:
    """Hand every due report to the workers, each time once; times missed are made up once."""
    now = dm.clock.now()
    due = (
        sa.select(Report)
        .where(Report.is_active, Report.next_run_at <= now)
        .order_by(Report.next_run_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = []
    with dm.sessions.write() as db:
        for row in db.scalars(due):
            args = {"report_id": str(row.id), "slot": row.next_run_at.isoformat()}  # type: ignore[union-attr]
            ids.append(jobs.create_for(db, dm, row.org_id, jobs.SEND_REPORT, args, subject=row.id))
            row.next_run_at = timing.after(row.schedule, now, row.time_zone)[0]
    for job_id in ids:
        dm.queue.send(jobs.SEND_REPORT, job_id)
    return len(ids)


def perform(dm: DataMind, job_id: UUID) -> None:
    """The worker's side of `claim`."""

    def do(work: Work) -> Json:
        slot = datetime.fromisoformat(work.args["slot"])
        return {"sent": send(dm, UUID(work.args["report_id"]), slot)}

    jobs.perform(dm, job_id, do)


def send(dm: DataMind, report_id: UUID, slot: datetime) -> bool:
    """Make a report for a slot and write what is to be sent; False when that is done already.

    It is made as its owner, with the rights of that moment. A failure is a run too: the owner
    is told, or the admins where he is gone.
    """
    with dm.sessions.read() as db:
        row = db.get(Report, report_id)
        if row is None or _is_done(db, report_id, slot):
            return False
        owner_id = row.created_by_id
    made: Made | None = None
    problem = ""
    try:
        actor = accounts.actor_of(dm, owner_id, "report") if owner_id else None
        if actor is None:
            raise NotAllowed("The owner of this report is gone.", "An admin can make it anew.")
        made = make(dm, actor, row)
    except DataMindError as found:
        problem = f"{found.message} {found.hint}".strip()
    path = _kept(dm, row, slot, made) if made else ""
    with dm.sessions.write() as db:
        again = db.scalar(sa.select(Report).where(Report.id == report_id).with_for_update())
        if again is None or _is_done(db, report_id, slot):
            return False
        run = ReportRun(
            report_id=report_id,
            slot=slot,
            made_at=dm.clock.now(),
            state="failed" if made is None else "sent",
            error=problem,
            summary=made.summary if made else "",
            file_name=made.download.name if made else "",
            file_path=path,
        )
        db.add(run)
        db.flush()
        waiting = _told(db, dm, again, run, made)
    for delivery_id in waiting:
        dm.queue.send(jobs.DELIVER, delivery_id)
    return True


def make(dm: DataMind, actor: Actor, row: Report) -> Made:
    """A report's file as of now. Raises DataMindError."""
    access.require(actor, "analyst", "send reports")
    if row.dashboard_id:
        download = printing.pdf(dm, actor, row.dashboard_id, since=dm.clock.now())
        return Made(download, "The dashboard as of now, in its own layout.")
    if row.saved_query_id is None:
        raise BadInput("What this report shows has been deleted.", "Choose something else.")
    return _of_query(dm, actor, row.saved_query_id, row.format)


def _of_query(dm: DataMind, actor: Actor, saved_id: UUID, fmt: str) -> Made:
    saved = library.saved_query(dm, actor, saved_id)
    if saved.connection_id is None:
        raise BadInput("The data of this saved query is gone.", "Choose another one.")
    known = schema.read(dm, actor, saved.connection_id)
    asked = Query(saved.connection_id, saved.sql, purpose="export")
    result = query.run(dm, actor, asked, fresh=True, known=known)
    safe = query.check(dm, actor, asked, known=known)
    today = dm.clock.today(actor.time_zone)
    question = Question(saved.name, known, today)
    draft = Draft(saved.sql, saved.description or saved.name, title=saved.name)
    read = guard.reading(safe, known, today)

    def look_up(sql: str) -> QueryResult:
        probe = Query(asked.connection_id, sql, purpose="probe")
        return query.run(dm, actor, probe, known=known, seconds=answers.LOOK_UP_SECONDS)

    case = trust.Case(question, draft, result, read, look_up)
    told, _ = case.settle(dm.analysts.local.explain(question, draft, case.facts, BareDesk(known)))
    summary = told.text or case.says_nothing() or case.plain()
    sheet = export.Sheet(
        title=saved.name,
        question="",
        insight=summary,
        reading=saved.description,
        sql=saved.sql,
        made_at=dm.clock.now().astimezone(ZoneInfo(actor.time_zone)),
        chart=charts.recommend(result, saved.name),
        paper=export.paper_of(actor.locale),
        truncated=result.truncated,
    )
    content = export.to_bytes(sheet, result.table, fmt)
    name = answers.file_name(saved.name, fmt)
    return Made(Download(name, export.FORMATS[fmt].mime, content), summary.replace("**", ""))


def _is_done(db: Session, report_id: UUID, slot: datetime) -> bool:
    done = sa.select(ReportRun.id).where(ReportRun.report_id == report_id, ReportRun.slot == slot)
    return db.scalar(done) is not None


def _kept(dm: DataMind, row: Report, slot: datetime, made: Made) -> str:
    folder = dm.files.folder(row.org_id, row.id)
    path = folder / f"{slot:%Y%m%d-%H%M%S}-{made.download.name}"
    path.write_bytes(made.download.content)
    return dm.files.keep(path)


def _told(db: Session, dm: DataMind, row: Report, run: ReportRun, made: Made | None) -> list[UUID]:
    people = _people(db, row, owner_only=made is None)
    title = f"Report: {row.name}" if made else f"The report “{row.name}” could not be made"
    text = made.summary if made else run.error
    link = f"reports?report={row.id}"
    notices.tell(
        db,
        row.org_id,
        [user.id for user in people],
        kind="report.sent" if made else "report.failed",
        title=title,
        body=formats.shortened(text, 500),
        link=link,
        key=f"report:{run.id}",
        now=dm.clock.now(),
    )
    if made is None:
        return []
    notice = {
        "title": title,
        "text": text,
        "link": link,
        "attachment": {
            "path": run.file_path,
            "name": made.download.name,
            "mime": made.download.mime,
        },
    }
    found = [
        Delivery(
            org_id=row.org_id,
            destination_id=destination_id,
            channel=EMAIL,
            target=target,
            key=f"report:{run.id}:{destination_id or target}",
            notice=notice,
            next_attempt_at=dm.clock.now(),
        )
        for target, destination_id in _addresses(db, row, people)
    ]
    db.add_all(found)
    db.flush()
    return [delivery.id for delivery in found]


def _people(db: Session, row: Report, *, owner_only: bool) -> list[User]:
    wanted = [row.created_by_id] if row.created_by_id else []
    if not owner_only:
        wanted += map(UUID, row.recipients)
    here = sa.select(User).where(User.org_id == row.org_id, User.is_active)
    found = list(db.scalars(here.where(User.id.in_(wanted))))
    return found or list(db.scalars(here.where(User.role == "admin")))


def _addresses(db: Session, row: Report, people: Sequence[User]) -> list[tuple[str, UUID | None]]:
    """Members by mail where that is wished, and the mailboxes outside that an admin allows."""
    found: list[tuple[str, UUID | None]] = []
    if EMAIL in row.channels:
        found += [(user.email, None) for user in people]
    ids = [UUID(c.removeprefix(DESTINATION)) for c in row.channels if c.startswith(DESTINATION)]
    outside = sa.select(Destination).where(
        Destination.org_id == row.org_id, Destination.id.in_(ids), Destination.kind == EMAIL
    )
    return found + [("", place.id) for place in db.scalars(outside)]
