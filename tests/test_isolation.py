"""Nothing crosses: every public function of core, called with another organization's ids.

A function that takes an actor must stand in CALLS or OWN; a new one that stands in neither
makes `test_every_function_is_walked` red.
"""

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pyarrow as pa
import pytest

import core
from core import (
    accounts,
    answers,
    arrivals,
    ask,
    audit,
    channels,
    checkups,
    connections,
    conversations,
    datamind,
    descriptions,
    drift,
    enrichment,
    evaluation,
    explore,
    feedback,
    glossary,
    how,
    invitations,
    jobs,
    letters,
    library,
    members,
    notices,
    organizations,
    profiles,
    query,
    refreshes,
    resets,
    rights,
    schema,
    servers,
    sessions,
    system,
    uploads,
    verified,
    versions,
)
from core.alerts import backtest, checking, history, keeping, views
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.clock import FixedDay
from core.dashboards import (
    boards,
    clicking,
    drilling,
    filtering,
    layout,
    links,
    printing,
    running,
    tiles,
    written,
)
from core.dashboards.tiles import NewTile
from core.dashboards.views import Place, Shown
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect, NotFound
from core.reports import keeping as reports
from core.reports import making
from core.reports.keeping import Wanted
from core.security.rights import Rights
from core.store.queue import SilentQueue
from core.store.tables import Delivery, Destination, Report, User
from core.types import Actor, ChartSpec, Draft, Query, QueryResult
from tests import factories
from tests.factories import Organization


@dataclass(frozen=True)
class Ids:
    """What the first organization has, by id."""

    user: UUID
    connection: UUID
    session: UUID
    answer: UUID
    saved: UUID
    upload: UUID
    arrival: UUID
    job: UUID
    file: Path
    dashboard: UUID
    widget: UUID
    link: UUID
    server: UUID
    verified: UUID
    term: UUID
    notice: UUID
    alert: UUID
    destination: UUID
    letter: UUID
    run: UUID
    report: UUID
    report_run: UUID
    invitation: UUID
    account_letter: UUID
    signed_in: UUID


NOBODY_LISTENS = {
    **{"host": "127.0.0.1", "port": "1", "database": "shop", "username": "reader"},
    **{"password": "x", "ssl_mode": "disable"},
}

NOTHING_SHOWN = Shown(QueryResult(pa.table({})), ChartSpec("table"), datetime.now(UTC))

Call = Callable[[DataMind, Actor, Ids], object]


def reaching_nobody(call: Callable[[], object]) -> None:
    """Call what tries to reach the town's server, where nobody listens: so it was found."""
    with pytest.raises(CannotConnect):
        call()


def reaching_an_end(call: Callable[[], object]) -> None:
    """Call what finds the message and then has nothing to choose there."""
    with pytest.raises(BadInput):
        call()


def changeable(dm: DataMind, me: Actor, its: Ids) -> tuple[str, tuple[object, ...]]:
    """A chip of the answer and another value for it."""
    chip = next(c for c in answers.reading_chips(dm, me, its.answer) if c.options)
    return chip.key, (chip.options[-1][0],)


def watching(its: Ids, sql: str = "SELECT sum(amount) AS n FROM sales") -> Definition:
    """An alert about the organization's sales."""
    return Definition("Sales", its.connection, sql, Rule("above", 1))


def a_report(its: Ids) -> Wanted:
    """The organization's saved query, each day."""
    return Wanted("Daily", "every day at 8", "UTC", saved_query_id=its.saved)


CALLS: dict[str, Call] = {
    "alerts.backtest.ask": lambda dm, me, its: reaching_an_end(
        lambda: backtest.ask(dm, me, watching(its, "SELECT 1 AS n"))
    ),
    "alerts.checking.look": lambda dm, me, its: checking.look(
        dm, me, watching(its), dm.clock.now()
    ),
    "alerts.history.runs": lambda dm, me, its: history.runs(dm, me, its.alert),
    "alerts.keeping.check_now": lambda dm, me, its: keeping.check_now(dm, me, its.alert),
    "alerts.keeping.create": lambda dm, me, its: keeping.create(dm, me, watching(its)),
    "alerts.keeping.delete": lambda dm, me, its: keeping.delete(dm, me, its.alert),
    "alerts.keeping.edit": lambda dm, me, its: keeping.edit(dm, me, its.alert, watching(its)),
    "alerts.keeping.snooze": lambda dm, me, its: keeping.snooze(dm, me, its.alert, "day"),
    "alerts.keeping.switch": lambda dm, me, its: keeping.switch(dm, me, its.alert, True),
    "alerts.keeping.take_over": lambda dm, me, its: keeping.take_over(dm, me, its.alert),
    "alerts.keeping.try_now": lambda dm, me, its: keeping.try_now(dm, me, watching(its)),
    "alerts.views.alert": lambda dm, me, its: views.alert(dm, me, its.alert),
    "alerts.views.events": lambda dm, me, its: views.events(dm, me, its.alert),
    "alerts.views.series": lambda dm, me, its: views.series(dm, me, its.alert),
    "channels.remove": lambda dm, me, its: channels.remove(dm, me, its.destination),
    "channels.send_again": lambda dm, me, its: channels.send_again(dm, me, its.letter),
    "channels.send_test": lambda dm, me, its: reaching_an_end(
        lambda: channels.send_test(dm, me, its.destination)
    ),
    "answers.download": lambda dm, me, its: answers.download(dm, me, its.answer, "csv"),
    "answers.chip_values": lambda dm, me, its: answers.chip_values(
        dm, me, its.answer, "sales.region"
    ),
    "answers.reading_chips": lambda dm, me, its: answers.reading_chips(dm, me, its.answer),
    "answers.result": lambda dm, me, its: answers.result(dm, me, its.answer),
    "ask.start": lambda dm, me, its: ask.start(
        dm, me, "Total amount", connection_id=its.connection
    ),
    "ask.start_changed": lambda dm, me, its: ask.start_changed(
        dm, me, its.answer, *changeable(dm, me, its)
    ),
    "ask.start_chosen": lambda dm, me, its: reaching_an_end(
        lambda: ask.start_chosen(dm, me, its.answer, 0)
    ),
    "ask.start_saved": lambda dm, me, its: ask.start_saved(dm, me, its.saved),
    "ask.suggestions": lambda dm, me, its: ask.suggestions(dm, me, its.connection),
    "connections.connection": lambda dm, me, its: connections.connection(dm, me, its.connection),
    "connections.delete": lambda dm, me, its: connections.delete(dm, me, its.connection),
    "checkups.keep_checked": lambda dm, me, its: checkups.keep_checked(dm, me, its.connection, ""),
    "checkups.doctor": lambda dm, me, its: checkups.doctor(dm, me, its.connection),
    "connections.open_connector": lambda dm, me, its: connections.open_connector(
        dm, me, its.connection
    ),
    "connections.place": lambda dm, me, its: connections.place(dm, me, its.connection),
    "connections.rename": lambda dm, me, its: connections.rename(dm, me, its.connection, "x"),
    "checkups.test": lambda dm, me, its: checkups.test(dm, me, its.connection),
    "conversations.conversation": lambda dm, me, its: conversations.conversation(
        dm, me, its.session
    ),
    "conversations.delete": lambda dm, me, its: conversations.delete(dm, me, its.session),
    "conversations.draw_as": lambda dm, me, its: conversations.draw_as(dm, me, its.answer, None),
    "conversations.message": lambda dm, me, its: conversations.message(dm, me, its.answer),
    "conversations.messages": lambda dm, me, its: conversations.messages(dm, me, its.session),
    "conversations.pin": lambda dm, me, its: conversations.pin(dm, me, its.session, True),
    "conversations.question_of": lambda dm, me, its: conversations.question_of(dm, me, its.answer),
    "conversations.rename": lambda dm, me, its: conversations.rename(dm, me, its.session, "x"),
    "how.account": lambda dm, me, its: how.account(dm, me, its.answer),
    "conversations.is_first": lambda dm, me, its: conversations.is_first(dm, me, its.answer),
    "dashboards.boards.dashboard": lambda dm, me, its: boards.dashboard(dm, me, its.dashboard),
    "dashboards.boards.delete": lambda dm, me, its: boards.delete(dm, me, its.dashboard),
    "dashboards.boards.describe": lambda dm, me, its: boards.describe(dm, me, its.dashboard, "x"),
    "dashboards.boards.duplicate": lambda dm, me, its: boards.duplicate(dm, me, its.dashboard),
    "dashboards.boards.refresh_every": lambda dm, me, its: boards.refresh_every(
        dm, me, its.dashboard, 60
    ),
    "dashboards.boards.share": lambda dm, me, its: boards.share(dm, me, its.dashboard, True),
    "dashboards.clicking.clicked": lambda dm, me, its: clicking.clicked(
        dm, me, its.widget, NOTHING_SHOWN, "North"
    ),
    "dashboards.drilling.rows": lambda dm, me, its: drilling.rows(dm, me, its.widget),
    "dashboards.filtering.candidates": lambda dm, me, its: filtering.candidates(
        dm, me, its.dashboard
    ),
    "dashboards.filtering.keep": lambda dm, me, its: filtering.keep(dm, me, its.dashboard, ()),
    "dashboards.filtering.values": lambda dm, me, its: filtering.values(
        dm, me, its.dashboard, "sales.region"
    ),
    "dashboards.links.create": lambda dm, me, its: links.create(dm, me, its.dashboard, days=7),
    "dashboards.links.links": lambda dm, me, its: links.links(dm, me, its.dashboard),
    "dashboards.links.revoke": lambda dm, me, its: links.revoke(dm, me, its.link),
    "dashboards.written.to_yaml": lambda dm, me, its: written.to_yaml(dm, me, its.dashboard),
    "dashboards.layout.arrange": lambda dm, me, its: layout.arrange(
        dm, me, its.dashboard, {its.widget: Place(0, 0, 4, 4)}, version=1
    ),
    "dashboards.printing.pdf": lambda dm, me, its: printing.pdf(dm, me, its.dashboard),
    "dashboards.running.preview": lambda dm, me, its: running.preview(
        dm, me, NewTile("x", its.connection, "SELECT 1 AS n")
    ),
    "dashboards.running.run": lambda dm, me, its: running.run(dm, me, its.widget),
    "dashboards.tiles.add": lambda dm, me, its: tiles.add(
        dm, me, its.dashboard, NewTile("x", its.connection, "SELECT 1 AS n")
    ),
    "dashboards.tiles.add_saved": lambda dm, me, its: tiles.add_saved(
        dm, me, its.dashboard, its.saved
    ),
    "dashboards.tiles.duplicate_tile": lambda dm, me, its: tiles.duplicate_tile(dm, me, its.widget),
    "dashboards.tiles.edit": lambda dm, me, its: tiles.edit(
        dm, me, its.widget, NewTile("x", its.connection, "SELECT 1 AS n")
    ),
    "dashboards.tiles.pin": lambda dm, me, its: tiles.pin(dm, me, its.answer, its.dashboard),
    "dashboards.tiles.remove": lambda dm, me, its: tiles.remove(dm, me, its.widget),
    "dashboards.tiles.restore": lambda dm, me, its: tiles.restore(dm, me, its.widget),
    "descriptions.write": lambda dm, me, its: descriptions.write(
        dm, me, its.connection, "sales", "x", {}
    ),
    "drift.dependents": lambda dm, me, its: drift.dependents(dm, me, its.connection),
    "drift.refresh": lambda dm, me, its: drift.refresh(dm, me, its.connection),
    "explore.download": lambda dm, me, its: explore.download(dm, me, its.run, "csv"),
    "explore.found": lambda dm, me, its: explore.found(dm, me, its.run),
    "explore.start": lambda dm, me, its: explore.start(
        dm, me, its.connection, "SELECT 1 AS n", wait=True
    ),
    "library.keep": lambda dm, me, its: library.keep(
        dm, me, library.Kept(its.connection, "SELECT 1 AS n", "x"), its.saved
    ),
    "feedback.rate": lambda dm, me, its: feedback.rate(dm, me, its.answer, liked=True),
    "feedback.ratings": lambda dm, me, its: feedback.ratings(dm, me, its.session),
    "glossary.instruct": lambda dm, me, its: glossary.instruct(dm, me, "x", its.connection),
    "glossary.instructions": lambda dm, me, its: glossary.instructions(dm, me, its.connection),
    "glossary.of": lambda dm, me, its: glossary.of(dm, me, its.connection),
    "glossary.remove": lambda dm, me, its: glossary.remove(dm, me, its.term),
    "notices.mark_read": lambda dm, me, its: notices.mark_read(dm, me, its.notice),
    "glossary.save": lambda dm, me, its: glossary.save(dm, me, "x1", "y", its.connection),
    "jobs.arguments": lambda dm, me, its: jobs.arguments(dm, me, its.run),
    "jobs.follow": lambda dm, me, its: jobs.follow(dm, me, its.job),
    "jobs.stop": lambda dm, me, its: jobs.stop(dm, me, its.job),
    "library.delete": lambda dm, me, its: library.delete(dm, me, its.saved),
    "library.draft": lambda dm, me, its: library.draft(dm, me, its.saved),
    "library.save": lambda dm, me, its: library.save(dm, me, its.answer, name="x"),
    "library.saved_query": lambda dm, me, its: library.saved_query(dm, me, its.saved),
    "invitations.revoke": lambda dm, me, its: invitations.revoke(dm, me, its.invitation),
    "letters.discard": lambda dm, me, its: letters.discard(dm, me, its.account_letter),
    "letters.link": lambda dm, me, its: letters.link(dm, me, its.account_letter),
    "members.change_role": lambda dm, me, its: members.change_role(dm, me, its.user, "viewer"),
    "members.set_active": lambda dm, me, its: members.set_active(dm, me, its.user, active=False),
    "query.check": lambda dm, me, its: query.check(dm, me, Query(its.connection, "SELECT 1")),
    "query.run": lambda dm, me, its: query.run(dm, me, Query(its.connection, "SELECT 1")),
    "reports.keeping.create": lambda dm, me, its: reports.create(dm, me, a_report(its)),
    "reports.keeping.delete": lambda dm, me, its: reports.delete(dm, me, its.report),
    "reports.keeping.edit": lambda dm, me, its: reports.edit(dm, me, its.report, a_report(its)),
    "reports.keeping.file": lambda dm, me, its: reports.file(dm, me, its.report_run),
    "reports.keeping.preview": lambda dm, me, its: reports.preview(dm, me, a_report(its)),
    "reports.keeping.runs": lambda dm, me, its: reports.runs(dm, me, its.report),
    "reports.keeping.send_now": lambda dm, me, its: reports.send_now(dm, me, its.report),
    "reports.keeping.switch": lambda dm, me, its: reports.switch(dm, me, its.report, True),
    "reports.making.make": lambda dm, me, its: making.make(
        dm, me, Report(saved_query_id=its.saved, format="csv")
    ),
    "query.share": lambda dm, me, its: query.share(dm, me, its.connection),
    "rights.grant": lambda dm, me, its: rights.grant(dm, me, its.connection, Rights()),
    "rights.make_private": lambda dm, me, its: rights.make_private(dm, me, its.connection, ()),
    "rights.of": lambda dm, me, its: rights.of(dm, me, its.connection),
    "rights.require_text": lambda dm, me, its: rights.require_text(dm, me, its.connection, "x"),
    "resets.link_for": lambda dm, me, its: resets.link_for(dm, me, its.user),
    "sessions.end": lambda dm, me, its: sessions.end(dm, me, its.signed_in),
    "schema.read": lambda dm, me, its: schema.read(dm, me, its.connection),
    "enrichment.start": lambda dm, me, its: enrichment.start(dm, me, its.connection),
    "refreshes.refresh": lambda dm, me, its: refreshes.refresh(dm, me, its.connection),
    "refreshes.start": lambda dm, me, its: refreshes.start(dm, me, its.connection),
    "servers.change": lambda dm, me, its: reaching_nobody(
        lambda: servers.change(dm, me, its.server, NOBODY_LISTENS)
    ),
    "servers.reader": lambda dm, me, its: servers.reader(dm, me, its.server),
    "servers.remove_reader": lambda dm, me, its: servers.remove_reader(dm, me, its.server),
    "servers.set_reader": lambda dm, me, its: reaching_nobody(
        lambda: servers.set_reader(dm, me, its.server, "reader", "x")
    ),
    "servers.try_out": lambda dm, me, its: servers.try_out(
        dm, me, "postgresql", NOBODY_LISTENS, its.server
    ),
    "servers.values": lambda dm, me, its: servers.values(dm, me, its.server),
    "verified.add": lambda dm, me, its: verified.add(
        dm, me, its.connection, "x", Draft("SELECT 1 AS n", ""), factories.TODAY
    ),
    "verified.answers": lambda dm, me, its: verified.answers(dm, me, connection_id=its.connection),
    "verified.questions": lambda dm, me, its: verified.questions(dm, me, its.connection),
    "verified.remove": lambda dm, me, its: verified.remove(dm, me, its.verified),
    "verified.verify": lambda dm, me, its: verified.verify(dm, me, its.answer),
    "uploads.add": lambda dm, me, its: uploads.add(
        dm, me, its.file, "x.csv", connection_id=its.connection
    ),
    "arrivals.arrival": lambda dm, me, its: arrivals.arrival(dm, me, its.arrival),
    "versions.bad_cells": lambda dm, me, its: versions.bad_cells(dm, me, its.upload),
    "versions.bad_cells_as_csv": lambda dm, me, its: versions.bad_cells_as_csv(dm, me, its.upload),
    "versions.compare": lambda dm, me, its: versions.compare(
        dm, me, its.upload, its.file, "sales.csv"
    ),
    "versions.original": lambda dm, me, its: versions.original(dm, me, its.upload),
    "versions.renew": lambda dm, me, its: versions.renew(
        dm, me, its.upload, its.file, "sales.csv", "append"
    ),
    "system.retry": lambda dm, me, its: reaching_an_end(lambda: system.retry(dm, me, its.job)),
    "uploads.remove": lambda dm, me, its: uploads.remove(dm, me, its.upload),
    "uploads.uploads": lambda dm, me, its: uploads.uploads(dm, me, its.connection),
}
"""Functions that take an id: another organization's must be not found."""

OWN: dict[str, Call] = {
    "alerts.views.alerts": lambda dm, me, _: views.alerts(dm, me),
    "channels.dead_letters": lambda dm, me, _: channels.dead_letters(dm, me),
    "channels.listed": lambda dm, me, _: channels.listed(dm, me),
    "profiles.mails": lambda dm, me, _: profiles.mails(dm, me),
    "accounts.profile": lambda dm, me, _: accounts.profile(dm, me),
    "organizations.organization": lambda dm, me, _: organizations.organization(dm, me),
    "system.system": lambda dm, me, _: system.system(dm, me),
    "audit.export_csv": lambda dm, me, _: audit.export_csv(dm, me, audit.Wanted()),
    "audit.entries": lambda dm, me, _: audit.entries(dm, me),
    "connections.connections": lambda dm, me, _: connections.connections(dm, me),
    "conversations.sessions": lambda dm, me, _: conversations.sessions(dm, me),
    "dashboards.boards.dashboards": lambda dm, me, _: boards.dashboards(dm, me),
    "jobs.active": lambda dm, me, its: jobs.active(dm, me, jobs.QUESTION, its.session),
    "library.saved_queries": lambda dm, me, _: library.saved_queries(dm, me),
    "explore.history": lambda dm, me, _: explore.history(dm, me),
    "evaluation.run": lambda dm, me, _: evaluation.run(dm, me),
    "evaluation.runs": lambda dm, me, _: evaluation.runs(dm, me),
    "reports.keeping.reports": lambda dm, me, _: reports.reports(dm, me),
    "verified.stood_for": lambda dm, me, its: verified.stood_for(dm, me, its.connection),
    "feedback.wrong": lambda dm, me, _: feedback.wrong(dm, me),
    "notices.notices": lambda dm, me, _: notices.notices(dm, me),
    "notices.unread": lambda dm, me, _: notices.unread(dm, me) or "",
    "glossary.entries": lambda dm, me, _: glossary.entries(dm, me),
    "glossary.understood": lambda dm, me, its: glossary.understood(
        dm, me, "x", "amount", its.connection
    ),
    "invitations.invitations": lambda dm, me, _: invitations.invitations(dm, me),
    "letters.outbox": lambda dm, me, _: letters.outbox(dm, me),
    "sessions.sessions": lambda dm, me, _: sessions.sessions(dm, me),
    "members.colleagues": lambda dm, me, _: members.colleagues(dm, me),
    "members.members": lambda dm, me, _: members.members(dm, me),
}
"""Functions that list: nothing of another organization may be in what they return."""

OF_ADMINS = (
    "members.",
    "invitations.",
    "letters.",
    "resets.",
    "rights.of",
    "system.",
    "rights.grant",
    "rights.make_private",
    "connections.delete",
    "channels.",
    "alerts.keeping.take_over",
)
"""What analysts may not do even with their own organization's ids."""

ACTS_ON_ITSELF = {
    "activity.month",
    "usage.allow",
    "usage.month",
    "usage.record",
    "usage.set_budget",
    "usage.turn",
    "local_files.connect",
    "local_files.reachable",
    "local_files.try_out",
    "alerts.reasons.contributors",
    "channels.add",
    "channels.mail_test",
    "recall.find",
    "verified.count_use",
    "profiles.change_password",
    "dashboards.boards.added",
    "dashboards.boards.create",
    "dashboards.links.allow",
    "dashboards.links.allowed",
    "dashboards.written.from_yaml",
    "dashboards.rights.to_edit",
    "dashboards.rights.to_see",
    "dashboards.rights.widget",
    "dashboards.rights.widget_to_edit",
    "dashboards.tiles.checked",
    "profiles.choose_theme",
    "sessions.sign_out_everywhere",
    "invitations.invite",
    "profiles.choose_mail",
    "own_data.start",
    "own_data.under_way",
    "own_data.ready",
    "own_data.content",
    "privacy.delete_account",
    "privacy.delete_organization",
    "organizations.change",
    "dashboards.tiles.require_text",
    "rights.closed_to",
    "rights.visible",
    "sessions.end_others",
    "profiles.update",
    "audit.record",
    "connections.add",
    "security.access.own",
    "notices.mark_all",
    "connections.check_room",
    "conversations.own_session",
    "jobs.create",
    "jobs.stop_all",
    "members.add",
    "servers.connect",
    "arrivals.begin",
    "arrivals.drop",
    "uploads.add_database",
    "uploads.preview",
}
"""Functions that take no id of a tenant's row but the actor's own, or work inside a
transaction that has looked already."""


@dataclass(frozen=True)
class Town:
    """Two organizations in one house: the first has everything, the second looks on."""

    home: Path
    acme: Organization
    other: Organization
    its: Ids


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Everything that the first organization has, made as its people would; to be copied."""
    home = tmp_path_factory.mktemp("town")
    dm = factories.open_house(home)
    acme, other = factories.organization(dm), factories.organization(dm, "other")
    connection = factories.sales(dm, acme.analyst, home)
    session, answer = factories.answered(dm, acme.analyst, "Total amount by region", connection)
    assert answer.sql, answer.text
    saved = library.save(dm, acme.analyst, answer.id, name="By region", shared=True)
    board = boards.create(dm, acme.analyst, "Morning")
    its = Ids(
        dashboard=board,
        link=a_link(dm, acme.analyst, board),
        widget=tiles.pin(dm, acme.analyst, answer.id, board),
        user=acme.viewer.user_id,
        connection=connection,
        session=session,
        answer=answer.id,
        saved=saved,
        arrival=arrivals.begin(dm, acme.analyst, "sales.csv").done().id,
        upload=uploads.uploads(dm, acme.analyst, connection)[0].id,
        job=refreshes.start(dm, acme.analyst, connection),
        file=home / "sales.csv",
        server=a_server(dm, acme.analyst),
        verified=verified.verify(dm, acme.analyst, answer.id),
        term=glossary.save(dm, acme.analyst, "takings", "total amount"),
        notice=a_notice(dm, acme.analyst),
        run=explore.start(dm, acme.analyst, connection, "SELECT 1 AS n", wait=True),
        **an_alert(dm, acme, connection),
        **made_report(dm, acme, saved),
        **ways_in(dm, acme),
    )
    datamind.close(dm)
    return Town(home, acme, other, its)


def an_alert(dm: DataMind, acme: Organization, connection_id: UUID) -> dict[str, UUID]:
    """An alert, a place that it tells, and a message that did not get there."""
    definition = Definition(
        "Sales", connection_id, "SELECT sum(amount) AS n FROM sales", Rule("above", 1)
    )
    alert = keeping.create(dm, acme.analyst, definition)
    form = dm.vault.seal('{"url": "http://127.0.0.1:1/", "secret": "0123456789abcdef"}')
    with dm.sessions.write() as db:
        org_id = acme.admin.org_id
        place = Destination(org_id=org_id, name="Ops", kind="webhook", config_encrypted=form)
        letter = Delivery(org_id=org_id, channel="webhook", key="lost", state="dead")
        db.add_all([place, letter])
    return {"alert": alert, "destination": place.id, "letter": letter.id}


def made_report(dm: DataMind, acme: Organization, saved: UUID) -> dict[str, UUID]:
    """A report that was sent once."""
    wanted = Wanted("Daily", "every day at 8", "UTC", saved_query_id=saved)
    report = reports.create(dm, acme.analyst, wanted)
    making.send(dm, report, dm.clock.now())
    return {"report": report, "report_run": reports.runs(dm, acme.analyst, report)[0].id}


def ways_in(dm: DataMind, acme: Organization) -> dict[str, UUID]:
    """An open invitation, its mail in the outbox, and a session of the analyst."""
    invitations.invite(dm, acme.admin, email="new@acme.example")
    sessions.begin_session(dm, sessions.issue_ticket(dm, acme.analyst.user_id))
    return {
        "invitation": invitations.invitations(dm, acme.admin)[0].id,
        "account_letter": letters.outbox(dm, acme.admin)[0].id,
        "signed_in": sessions.sessions(dm, acme.analyst)[0].id,
    }


def a_link(dm: DataMind, who: Actor, board: UUID) -> UUID:
    """A public link to a dashboard."""
    links.create(dm, who, board, days=7)
    return links.links(dm, who, board)[0].id


def a_notice(dm: DataMind, who: Actor) -> UUID:
    """Something that a person was told."""
    with dm.sessions.write() as db:
        notices.tell(
            db, who.org_id, [who.user_id], kind="alert", title="Sales: fires", now=dm.clock.now()
        )
    return notices.notices(dm, who)[0].id


def a_server(dm: DataMind, who: Actor) -> UUID:
    """A connection to a server that is not there."""
    with dm.sessions.write() as db:
        row = connections.add(db, who, name="Shop", kind="postgresql")
        row.host, row.port = NOBODY_LISTENS["host"], int(NOBODY_LISTENS["port"])
        row.database_name, row.username = "shop", "reader"
        row.password_encrypted = dm.vault.seal("a stored password")
    return row.id


@pytest.fixture
def dm(town: Town, tmp_path: Path) -> Iterator[DataMind]:
    """The town as it was built, however the test before it left it."""
    home = tmp_path / "home"
    shutil.copytree(town.home, home)
    house = datamind.build(factories.settings(home), SilentQueue(), FixedDay(factories.TODAY))
    yield house
    datamind.close(house)


@pytest.fixture
def acme(town: Town) -> Organization:
    return town.acme


@pytest.fixture
def other(town: Town) -> Organization:
    return town.other


@pytest.fixture
def its(town: Town) -> Ids:
    return town.its


def public_functions() -> set[str]:
    """Every public function of core that takes the house and an actor, in packages too."""
    found = set()
    for info in pkgutil.walk_packages(core.__path__, "core."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            ours = function.__module__ == module.__name__ and not name.startswith("_")
            taken = set(inspect.signature(function).parameters)
            if ours and "actor" in taken and taken & {"dm", "db"}:
                found.add(f"{info.name.removeprefix('core.')}.{name}")
    return found


def test_every_function_is_walked() -> None:
    assert public_functions() == {*CALLS, *OWN} | ACTS_ON_ITSELF


@pytest.mark.parametrize("name", CALLS)
def test_another_organizations_id_is_not_found(
    dm: DataMind, other: Organization, its: Ids, name: str
) -> None:
    with pytest.raises(NotFound):
        CALLS[name](dm, other.admin, its)


@pytest.mark.parametrize("name", CALLS)
def test_its_own_id_is_found(dm: DataMind, acme: Organization, its: Ids, name: str) -> None:
    """The walk proves something only if the same call works for the organization itself."""
    owner = acme.admin if name.startswith(OF_ADMINS) else acme.analyst
    CALLS[name](dm, owner, its)


@pytest.mark.parametrize("name", OWN)
def test_lists_hold_nothing_of_another_organization(
    dm: DataMind, acme: Organization, other: Organization, its: Ids, name: str
) -> None:
    seen = repr(OWN[name](dm, other.admin, its))
    with dm.sessions.read() as db:
        people = [u.email for u in db.query(User) if u.org_id == acme.admin.org_id]
    secrets = [str(value) for value in vars(its).values()] + people + [str(acme.admin.org_id)]
    assert [s for s in secrets if s in seen] == []


def test_an_invented_id_and_anothers_id_sound_the_same(
    dm: DataMind, other: Organization, its: Ids
) -> None:
    said = set()
    for connection_id in (its.connection, uuid4()):
        with pytest.raises(NotFound) as caught:
            connections.connection(dm, other.admin, connection_id)
        said.add((caught.value.message, caught.value.hint))
    assert len(said) == 1


def test_a_use_is_counted_for_ones_own_organization_only(
    dm: DataMind, acme: Organization, other: Organization, its: Ids
) -> None:
    verified.count_use(dm, other.admin, its.verified)
    assert verified.answers(dm, acme.admin)[0].times_used == 0


def test_a_verified_answer_does_not_cross(
    dm: DataMind, acme: Organization, other: Organization, its: Ids, tmp_path: Path
) -> None:
    """The same file, the same question: the other organization's is not verified."""
    theirs = factories.sales(dm, other.analyst, tmp_path)
    for who, connection, level in (
        (acme.viewer, its.connection, "verified"),
        (other.viewer, theirs, "checked"),
    ):
        _, answer = factories.answered(dm, who, "Total amount by region", connection)
        assert answer.grade is not None
        assert answer.grade.level == level


def test_a_colleague_does_not_see_my_chats(dm: DataMind, acme: Organization, its: Ids) -> None:
    assert conversations.sessions(dm, acme.admin) == ()
    with pytest.raises(NotFound):
        conversations.messages(dm, acme.admin, its.session)
    with pytest.raises(NotFound):
        answers.download(dm, acme.admin, its.answer, "csv")


def test_the_cache_is_not_shared_between_organizations(
    dm: DataMind, acme: Organization, other: Organization, its: Ids, tmp_path: Path
) -> None:
    """The same file, the same table, the same SQL: still two results."""
    theirs = factories.sales(dm, other.analyst, tmp_path)
    sql = "SELECT count(*) AS n FROM sales"
    first = query.run(dm, acme.analyst, Query(its.connection, sql))
    assert not first.cached
    assert not query.run(dm, other.analyst, Query(theirs, sql)).cached
    assert query.run(dm, acme.analyst, Query(its.connection, sql)).cached
