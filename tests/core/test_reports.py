"""Reports: made on their schedule, sent once, kept for a while; failures are told."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from core import channels, deliveries, jobs, library, notices
from core.dashboards import boards, tiles
from core.dashboards.tiles import NewTile
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.library import Kept
from core.parameters import Parameter
from core.reports import keeping, making
from core.reports.keeping import Wanted
from core.store.tables import Delivery, Job, SavedQuery
from tests import factories
from tests.core.test_alerts import NINE
from tests.factories import Organization, SetClock
from tests.fake_outside import Mailbox, mailbox


class Desk:
    """Somebody with sales, a saved query, a clock, and the workers' part by hand."""

    def __init__(self, dm: DataMind, acme: Organization, folder: Path, mail: Mailbox) -> None:
        self.clock = SetClock(NINE)
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_security": "none"}
        self.dm = replace(dm, clock=self.clock, settings=dm.settings.model_copy(update=smtp))
        self.people, self.me, self.mail = acme, acme.analyst, mail
        self.sales = factories.sales(self.dm, self.me, folder)
        self.saved = library.keep(self.dm, self.me, Kept(self.sales, BY_REGION, "By region"))

    def wanted(self, **more: object) -> Wanted:
        given = {"name": "Weekly", "schedule": "every day at 10:00", "time_zone": "UTC"}
        return Wanted(**{**given, "saved_query_id": self.saved, **more})  # type: ignore[arg-type]

    def pass_hours(self, hours: float) -> None:
        self.clock.forward(timedelta(hours=hours))
        making.claim(self.dm)
        with self.dm.sessions.read() as db:
            wanted = (Job.kind == jobs.SEND_REPORT, Job.state == "queued")
            queued = list(db.scalars(sa.select(Job.id).where(*wanted)))
        for job_id in queued:
            making.perform(self.dm, job_id)
        with self.dm.sessions.read() as db:
            letters = list(db.scalars(sa.select(Delivery.id)))
        for delivery_id in letters:
            deliveries.perform(self.dm, delivery_id)

    def told(self) -> list[str]:
        return [notice.title for notice in notices.notices(self.dm, self.me)]


BY_REGION = "SELECT region, sum(amount) AS amount FROM sales GROUP BY region ORDER BY region"


@pytest.fixture
def desk(dm: DataMind, acme: Organization, tmp_path: Path) -> object:
    with mailbox() as mail:
        yield Desk(dm, acme, tmp_path, mail)


def test_it_is_sent_when_its_time_comes_and_once(desk: Desk) -> None:
    report = keeping.create(desk.dm, desk.me, desk.wanted(format="xlsx", channels=("email",)))
    desk.pass_hours(0.5)
    assert desk.mail.got == []
    desk.pass_hours(1)
    desk.pass_hours(1)
    (sent,) = desk.mail.got
    assert (sent["Subject"], desk.told()) == ("Report: Weekly", ["Report: Weekly"])
    (attached,) = sent.iter_attachments()
    assert attached.get_filename() == "by-region.xlsx"
    book = openpyxl.load_workbook(BytesIO(attached.get_content()))
    rows = [[cell.value for cell in row] for row in book["Data"].iter_rows()]
    assert rows[1:] == [["North", 529.75], ["South", 770.25]]
    (run,) = keeping.runs(desk.dm, desk.me, report)
    assert (run.state, keeping.file(desk.dm, desk.me, run.id).name) == ("sent", "by-region.xlsx")
    assert "770.25" in run.summary
    desk.pass_hours(24)
    assert len(desk.mail.got) == 2


def test_days_missed_are_made_up_once(desk: Desk) -> None:
    report = keeping.create(desk.dm, desk.me, desk.wanted())
    desk.pass_hours(5 * 24)
    assert len(keeping.runs(desk.dm, desk.me, report)) == 1
    (view,) = keeping.reports(desk.dm, desk.me)
    assert [f"{at:%d %H:%M}" for at in view.next_times] == ["20 10:00", "21 10:00", "22 10:00"]


def test_a_slot_is_sent_once_however_often_it_is_tried(desk: Desk) -> None:
    report = keeping.create(desk.dm, desk.me, desk.wanted(channels=("email",)))
    assert making.send(desk.dm, report, NINE)
    assert not making.send(desk.dm, report, NINE)
    assert len(keeping.runs(desk.dm, desk.me, report)) == 1


def test_a_dashboard_goes_as_pdf_to_members_and_to_mailboxes_that_an_admin_allows(
    desk: Desk,
) -> None:
    board = boards.create(desk.dm, desk.me, "Morning")
    tiles.add(desk.dm, desk.me, board, NewTile("By region", desk.sales, BY_REGION))
    outside = channels.add(
        desk.dm, desk.people.admin, "Auditor", "email", {"address": "auditor@firm.example"}
    )
    wanted = desk.wanted(
        saved_query_id=None,
        dashboard_id=board,
        channels=("email", f"destination:{outside}"),
        recipients=(desk.people.admin.user_id,),
    )
    keeping.create(desk.dm, desk.me, wanted)
    desk.pass_hours(2)
    to = sorted(str(mail["To"]) for mail in desk.mail.got)
    assert to == ["admin@acme.example", "analyst@acme.example", "auditor@firm.example"]
    (attached,) = desk.mail.got[0].iter_attachments()
    assert attached.get_content().startswith(b"%PDF")


def test_what_cannot_be_made_is_told_to_its_owner_and_is_a_run(desk: Desk) -> None:
    report = keeping.create(desk.dm, desk.me, desk.wanted(channels=("email",)))
    with desk.dm.sessions.write() as db:
        db.get_one(SavedQuery, desk.saved).sql_text = "SELECT gone FROM sales"
    desk.pass_hours(2)
    assert desk.told() == ["The report “Weekly” could not be made"]
    (run,) = keeping.runs(desk.dm, desk.me, report)
    assert run.state == "failed"
    assert "gone" in run.error
    assert desk.mail.got == []
    with pytest.raises(NotFound):
        keeping.file(desk.dm, desk.me, run.id)


def test_files_are_kept_for_thirty_days(desk: Desk) -> None:
    report = keeping.create(desk.dm, desk.me, desk.wanted())
    desk.pass_hours(2)
    desk.clock.forward(timedelta(days=31))
    assert keeping.tidy(desk.dm) == 1
    (run,) = keeping.runs(desk.dm, desk.me, report)
    with pytest.raises(NotFound):
        keeping.file(desk.dm, desk.me, run.id)


REFUSED = [
    ("no schedule", {"schedule": "now and then"}),
    ("no name", {"name": " "}),
    ("no zone", {"time_zone": "Mars/Olympus"}),
    ("nothing to show", {"saved_query_id": None}),
    ("a format there is not", {"format": "png"}),
]


@pytest.mark.parametrize("changes", [r[1] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_could_never_be_sent_is_not_kept(desk: Desk, changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        keeping.create(desk.dm, desk.me, desk.wanted(**changes))
    assert keeping.reports(desk.dm, desk.me) == ()


def test_nobody_is_asked_for_parameters(desk: Desk) -> None:
    sql = "SELECT region FROM sales WHERE sold_on > {{from}}"
    kept = Kept(desk.sales, sql, "Since", parameters=(Parameter("from", "date"),))
    saved = library.keep(desk.dm, desk.me, kept)
    with pytest.raises(BadInput, match="asks nobody"):
        keeping.create(desk.dm, desk.me, desk.wanted(saved_query_id=saved))


def test_a_preview_sends_nothing_and_viewers_send_nothing(desk: Desk) -> None:
    made = keeping.preview(desk.dm, desk.me, desk.wanted(format="csv"))
    assert made.download.content.decode("utf-8-sig").splitlines()[1] == "North,529.75"
    assert (desk.told(), keeping.reports(desk.dm, desk.me)) == ([], ())
    with pytest.raises(NotAllowed):
        keeping.create(desk.dm, desk.people.viewer, desk.wanted())
