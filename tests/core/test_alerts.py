"""Alerts end to end on a real file: kept, due, checked, told, snoozed, handed over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlglot import exp

from core import connections, jobs, members, notices, uploads, versions
from core.alerts import backtest, checking, due, history, keeping, reasons, views
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.alerts.states import Policies
from core.alerts.values import Pick
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound, UnsafeSql
from core.store.tables import AlertRun, Job
from tests import factories
from tests.factories import Organization, SetClock

NINE = datetime(2026, 10, 15, 9, tzinfo=UTC)
TOTAL = "SELECT sum(amount) AS total FROM sales"
BY_REGION = "SELECT region, sum(amount) AS total FROM sales GROUP BY region"


class Story:
    """An organization with sales, a clock that a test moves, and the workers' part by hand."""

    def __init__(self, dm: DataMind, acme: Organization, tmp_path: Path) -> None:
        self.clock = SetClock(NINE)
        self.dm = replace(dm, clock=self.clock)
        self.people = acme
        self.owner = acme.analyst
        self.tmp_path = tmp_path
        self.connection = factories.sales(self.dm, self.owner, tmp_path)

    def alert(self, rule: Rule, sql: str = TOTAL, **more: object) -> UUID:
        return keeping.create(
            self.dm,
            self.owner,
            Definition("Sales", self.connection, sql, rule, **more),  # type: ignore[arg-type]
        )

    def amounts(self, *lines: str) -> None:
        """Replace the sales by these lines of region,amount."""
        path = self.tmp_path / "sales.csv"
        path.write_text("region,amount\n" + "\n".join(lines) + "\n", "utf-8")
        (upload,) = uploads.uploads(self.dm, self.owner, self.connection)
        versions.renew(self.dm, self.owner, upload.id, path, "sales.csv", how="replace")

    def pass_minutes(self, minutes: float = 60) -> None:
        """Let time go by and do what is due then."""
        self.clock.forward(timedelta(minutes=minutes))
        self.check()

    def check(self) -> None:
        due.claim(self.dm)
        with self.dm.sessions.read() as db:
            queued = list(
                db.scalars(
                    sa.select(Job.id).where(Job.kind == jobs.CHECK_ALERTS, Job.state == "queued")
                )
            )
        for job_id in queued:
            checking.perform(self.dm, job_id)

    def told(self, who: object = None) -> list[str]:
        """The titles that a person has in the bell, the oldest first."""
        found = notices.notices(self.dm, who or self.owner)  # type: ignore[arg-type]
        return [notice.title for notice in reversed(found)]

    def view(self, alert_id: UUID) -> views.AlertView:
        return views.alert(self.dm, self.owner, alert_id)


@pytest.fixture
def story(dm: DataMind, acme: Organization, tmp_path: Path) -> Iterator[Story]:
    return Story(dm, acme, tmp_path)


def test_it_fires_once_and_tells_when_it_is_fine_again(story: Story) -> None:
    alert = story.alert(Rule("below", 2000))
    story.check()
    assert story.view(alert).state == "firing"
    assert story.view(alert).last_reason == "1,300 is below the limit of 2,000."
    story.pass_minutes()
    story.pass_minutes()
    assert story.told() == ["Sales: fires"]
    story.amounts("North,2500")
    story.pass_minutes()
    assert story.told() == ["Sales: fires", "Sales: fine again"]
    assert story.view(alert).state == "ok"
    kinds = [event.kind for event in views.events(story.dm, story.owner, alert)]
    assert kinds == ["recovered", "fired"]


def test_every_check_leaves_a_row_with_what_it_saw(story: Story) -> None:
    alert = story.alert(Rule("above", 1000), every_minutes=5)
    story.check()
    for _ in range(3):
        story.pass_minutes(5)
    runs = history.runs(story.dm, story.owner, alert)
    assert [run.slot.minute for run in runs] == [15, 10, 5, 0]
    assert {(run.value, run.threshold, run.level) for run in runs} == {(1300.0, 1000.0, "bad")}


def test_a_slot_is_checked_once_however_often_it_is_handed_out(story: Story) -> None:
    alert = story.alert(Rule("above", 1000))
    assert due.claim(story.dm) == 1
    assert due.claim(story.dm) == 0
    slot = {alert: NINE}
    assert checking.check(story.dm, slot) == 1
    assert checking.check(story.dm, slot) == 0
    assert len(history.runs(story.dm, story.owner, alert)) == 1
    assert story.told() == ["Sales: fires"]


def test_missed_minutes_are_made_up_once(story: Story) -> None:
    alert = story.alert(Rule("above", 5000), every_minutes=1)
    story.check()
    story.pass_minutes(180)
    assert len(history.runs(story.dm, story.owner, alert)) == 2
    assert story.view(alert).next_check_at == NINE + timedelta(minutes=181)


def test_a_clock_that_jumped_back_does_not_silence_it(story: Story) -> None:
    alert = story.alert(Rule("above", 5000), every_minutes=5)
    story.check()
    story.clock.forward(-timedelta(days=3))
    assert due.claim(story.dm) == 0
    assert due.set_right(story.dm) == 1
    story.check()
    assert story.view(alert).next_check_at == NINE - timedelta(days=3) + timedelta(minutes=5)
    assert story.view(alert).last_checked_at == NINE - timedelta(days=3)


def test_each_group_has_a_state_of_its_own(story: Story) -> None:
    alert = story.alert(Rule("below", 600), BY_REGION, pick=Pick(groups=("region",)))
    story.check()
    assert story.told() == ["Sales (North): fires"]
    found = {s.group: s.state for s in views.series(story.dm, story.owner, alert)}
    assert found == {"North": "firing", "South": "ok"}
    story.amounts("North,900", "South,100")
    story.pass_minutes()
    assert sorted(story.told()) == [
        "Sales (North): fine again", "Sales (North): fires", "Sales (South): fires",
    ]  # fmt: skip
    story.amounts("North,900")
    story.pass_minutes()
    found = {s.group: s.state for s in views.series(story.dm, story.owner, alert)}
    assert found == {"North": "ok", "South": "no_data"}


NO_FIGURE = [
    ("no rows", "SELECT amount FROM sales WHERE false", "no_data", "The query gave no value."),
    ("NULL", "SELECT sum(amount) AS n FROM sales WHERE false", "no_data",
     "The query gave no value."),
    ("NaN", "SELECT 'NaN'::double AS n", "no_data", "The query gave no value."),
    ("text", "SELECT max(region) AS region FROM sales", "error",
     "The query has no column with numbers."),
    ("no such column", "SELECT amount FROM sales", "error",
     "The query has no column “profit”."),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "state", "reason"), [c[1:] for c in NO_FIGURE],
                         ids=[c[0] for c in NO_FIGURE])  # fmt: skip
def test_no_figure_is_not_zero(story: Story, sql: str, state: str, reason: str) -> None:
    pick = Pick("profit") if "profit" in reason else Pick()
    alert = story.alert(Rule("below", 10), sql, pick=pick, policies=Policies(error="alert"))
    story.check()
    assert (story.view(alert).state, story.view(alert).last_reason) == (state, reason)


def test_the_owner_is_told_of_the_third_failure_in_a_row_and_then_not_again(story: Story) -> None:
    alert = story.alert(Rule("below", 10), "SELECT amount FROM sales", pick=Pick("profit"))
    for _ in range(5):
        story.check()
        story.pass_minutes()
    assert story.told() == ["Sales: failed three times in a row"]
    assert story.view(alert).failures == 6
    assert "Edit the alert." in story.view(alert).last_hint


def test_a_table_that_is_gone_is_an_error_in_the_list_and_others_go_on(story: Story) -> None:
    lost = story.alert(Rule("below", 10), "SELECT sum(order_id) AS n FROM sales")
    well = story.alert(Rule("above", 10))
    story.amounts("North,900")
    story.check()
    assert story.view(lost).last_reason.startswith("The database could not run the query")
    assert story.view(lost).failures == 1
    assert story.view(well).state == "firing"


def test_who_loses_his_rights_is_told_at_once(story: Story) -> None:
    alert = story.alert(Rule("above", 10))
    members.change_role(story.dm, story.people.admin, story.owner.user_id, "viewer")
    story.check()
    assert story.told() == ["Sales: cannot be checked"]
    found = views.alert(story.dm, story.people.admin, alert)
    assert found.last_reason == "Your role (viewer) cannot keep alerts."


def test_an_alert_whose_owner_is_gone_goes_on_with_an_admin(story: Story) -> None:
    alert = story.alert(Rule("above", 10))
    members.set_active(story.dm, story.people.admin, story.owner.user_id, False)
    assert keeping.hand_over(story.dm) == 1
    assert keeping.hand_over(story.dm) == 0
    story.check()
    admin = story.people.admin
    assert sorted(story.told(admin)) == ["Sales: fires", "Sales: its owner is gone"]
    assert views.alert(story.dm, admin, alert).owner == "Ada Admin"


def test_while_it_is_snoozed_nobody_is_told(story: Story) -> None:
    alert = story.alert(Rule("below", 2000))
    keeping.snooze(story.dm, story.owner, alert, "day")
    story.check()
    assert (story.told(), story.view(alert).state) == ([], "muted")
    assert story.view(alert).standing == "firing"
    story.pass_minutes(25 * 60)
    assert story.told() == ["Sales: fires"]


def test_quiet_until_it_is_fine(story: Story) -> None:
    alert = story.alert(Rule("below", 2000))
    story.check()
    keeping.snooze(story.dm, story.owner, alert, "fine")
    story.pass_minutes()
    story.amounts("North,2500")
    story.pass_minutes()
    assert story.view(alert).state == "ok"
    story.amounts("North,10")
    story.pass_minutes()
    assert story.told()[-1] == "Sales: fires"


def test_what_is_paused_is_not_checked(story: Story) -> None:
    alert = story.alert(Rule("below", 2000))
    keeping.switch(story.dm, story.owner, alert, False)
    story.pass_minutes()
    assert (story.view(alert).state, history.runs(story.dm, story.owner, alert)) == ("paused", ())
    keeping.switch(story.dm, story.owner, alert, True)
    story.check()
    assert story.view(alert).state == "firing"


def test_a_check_of_the_alert_as_it_was_changes_nothing(story: Story) -> None:
    alert = story.alert(Rule("below", 2000))
    due.claim(story.dm)
    with story.dm.sessions.read() as db:
        found = checking._due(story.dm, {alert: NINE})
        del db
    outcome = checking._checked(story.dm, found[0], checking.Knowledge())
    keeping.edit(
        story.dm, story.owner, alert, Definition("Sales", story.connection, TOTAL, Rule("above", 1))
    )
    assert checking.outcomes.write(story.dm, [outcome]) == 0
    assert story.told() == []


def test_another_question_forgets_what_was_seen(story: Story) -> None:
    alert = story.alert(Rule("below", 2000))
    story.check()
    another = Definition("Sales", story.connection, BY_REGION, Rule("above", 1))
    keeping.edit(story.dm, story.owner, alert, another)
    with story.dm.sessions.read() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(AlertRun)) == 0
    assert story.view(alert).standing == "ok"


REFUSED = [
    ("a change of data", "DELETE FROM sales", Rule("above", 1), UnsafeSql),
    ("no limit", TOTAL, Rule("above"), BadInput),
    ("no query", " ", Rule("above", 1), BadInput),
    ("a table that is not there", "SELECT 1 FROM nowhere", Rule("above", 1), UnsafeSql),
]


@pytest.mark.parametrize(("sql", "rule", "error"), [c[1:] for c in REFUSED],
                         ids=[c[0] for c in REFUSED])  # fmt: skip
def test_what_could_never_be_checked_is_not_kept(
    story: Story, sql: str, rule: Rule, error: type[Exception]
) -> None:
    with pytest.raises(error):
        story.alert(rule, sql)
    assert views.alerts(story.dm, story.owner) == ()


def test_only_its_owner_or_an_admin_changes_it(story: Story) -> None:
    story.owner = story.people.admin
    alert = story.alert(Rule("above", 1))
    with pytest.raises(NotAllowed):
        keeping.delete(story.dm, story.people.analyst, alert)
    with pytest.raises(NotAllowed):
        views.alerts(story.dm, story.people.viewer)
    keeping.delete(story.dm, story.people.admin, alert)
    with pytest.raises(NotFound):
        views.alert(story.dm, story.people.admin, alert)


def test_trying_it_keeps_nothing_and_tells_nobody(story: Story) -> None:
    seen = keeping.try_now(
        story.dm, story.owner, Definition("Sales", story.connection, TOTAL, Rule("below", 2000))
    )
    assert [s.verdict.reason for s in seen] == ["1,300 is below the limit of 2,000."]
    assert (story.told(), views.alerts(story.dm, story.owner)) == ([], ())


def test_a_change_is_measured_from_the_check_before(story: Story) -> None:
    alert = story.alert(Rule("change_pct", 20))
    story.check()
    assert story.view(alert).state == "ok"
    story.amounts("North,1000")
    story.pass_minutes()
    assert story.view(alert).last_reason == "1,000, down 23.1% from 1,300 (the check before)."
    assert story.told() == ["Sales: fires"]


def test_last_month_is_another_month_at_the_next_check(story: Story) -> None:
    sql = (
        "SELECT sum(amount) AS total FROM sales WHERE sold_on >= '2026-09-01' "
        "AND sold_on < '2026-10-01'"
    )
    alert = story.alert(Rule("above", 1), sql, dates_held_on=NINE.date())
    story.check()
    assert story.view(alert).last_reason == "639.5 is above the limit of 1."
    story.pass_minutes(20 * 24 * 60)
    assert story.view(alert).last_reason == "150 is above the limit of 1."


BACK = [
    ("dates that move", "WHERE sold_on >= '2026-10-14' AND sold_on < '2026-10-15'", True),
    ("today", "WHERE sold_on >= CURRENT_DATE", False),
    ("now", "WHERE sold_on > now() - INTERVAL 1 DAY", False),
    ("all of it", "", False),
]


@pytest.mark.parametrize(("where", "moves"), [c[1:] for c in BACK], ids=[c[0] for c in BACK])
def test_looking_back(story: Story, where: str, moves: bool) -> None:
    sql = f"SELECT coalesce(sum(amount), 0) AS total FROM sales {where}"
    given = Definition(
        "Sales", story.connection, sql, Rule("above", 500),
        dates_held_on=NINE.date() if moves else None,
    )  # fmt: skip
    found = backtest.ask(story.dm, story.owner, given, days=60)
    by_day = {day.at.date().isoformat(): day.value for day in found}
    assert len(found) == 60
    big = "2026-09-12" if moves else "2026-09-11"  # "yesterday" is seen a day later
    assert by_day[big] == (1050.75 if not where else 540.25)
    firings = backtest.fired(found, given.rule, given.policies, "UTC")
    assert firings[0].since.date().isoformat() in (big, "2026-08-16")


def test_what_has_no_time_has_no_past(story: Story) -> None:
    story.amounts("North,1")
    given = Definition("Sales", story.connection, TOTAL, Rule("above", 500))
    with pytest.raises(BadInput, match="reads no table with one date"):
        backtest.ask(story.dm, story.owner, given)


def test_it_says_what_the_change_is_made_of(story: Story) -> None:
    lines = ["order_id,sold_on,region,product,amount"]
    for day in range(1, 16):
        lines += [
            f"{day}1,2026-10-{day:02d},North,Lamp,100",
            f"{day}2,2026-10-{day:02d},South,Lamp,100",
        ]
    lines = [x.replace("100", "10") if "-14,North" in x else x for x in lines]
    path = story.tmp_path / "sales.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    (upload,) = uploads.uploads(story.dm, story.owner, story.connection)
    versions.renew(story.dm, story.owner, upload.id, path, "sales.csv", how="replace")
    sql = "SELECT sum(amount) AS t FROM sales WHERE sold_on = '2026-10-14'"
    story.alert(Rule("below", 150), sql, dates_held_on=NINE.date())
    story.check()
    (event,) = views.events(story.dm, story.owner)
    assert event.why == (
        "Most of the change since Oct 8, 2026 by region: North 100 to 10.",
    )  # fmt: skip
    assert event.message.endswith("North 100 to 10.")


GROUPED = [
    ("SELECT sum(a) AS t FROM x WHERE b = 1", "SUM(a) AS v FROM x WHERE b = 1"),
    ("SELECT count(*) FROM x", "COUNT(*) AS v FROM x"),
    ("SELECT coalesce(sum(a), 0) FROM x", "COALESCE(SUM(a), 0) AS v FROM x"),
    ("SELECT avg(a) FROM x", None),
    ("SELECT count(DISTINCT a) FROM x", None),
    ("SELECT a, sum(b) FROM x GROUP BY a", None),
    ("SELECT sum(a) FROM x LIMIT 1", None),
    ("SELECT sum(a) FROM x UNION SELECT 1", None),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "then"), GROUPED, ids=[g[0] for g in GROUPED])
def test_only_what_adds_up_is_taken_apart(sql: str, then: str | None) -> None:
    found = reasons.by(sql, "duckdb", exp.column("c", quoted=True)) or ""
    short = found.replace("datamind_group", "g").replace("datamind_value", "v")
    assert short == (f'SELECT "c" AS g, {then} GROUP BY "c"' if then else "")


def test_who_kept_an_alert_is_told_when_its_connection_is_deleted(story: Story) -> None:
    story.alert(Rule("above", 10))
    connections.delete(story.dm, story.people.admin, story.connection)
    assert story.told() == ["Sales: no longer checked"]
    assert views.alerts(story.dm, story.owner) == ()
