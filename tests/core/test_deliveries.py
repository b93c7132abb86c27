"""Messages on their way out: signed, tried again, never twice, never in each other's way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from core import channels, deliveries, notices, profiles
from core.alerts import keeping, snoozing, views
from core.alerts.rules import Rule
from core.datamind import DataMind
from core.destinations import webhook
from core.errors import BadInput, CannotConnect, NotAllowed, NotFound
from core.security import outbound
from core.store.tables import Delivery
from tests.core.test_alerts import Story
from tests.factories import Organization
from tests.fake_outside import Mailbox, Web, mailbox, web

SECRET = "a secret of the receiver"


@pytest.fixture
def hook() -> Iterator[Web]:
    with web() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as server:
        yield server


class Sending(Story):
    """A story that also does the deliveries."""

    def hook(self, url: str, name: str = "Ops") -> str:
        made = channels.add(
            self.dm, self.people.admin, name, "webhook", {"url": url, "secret": SECRET}
        )
        return f"destination:{made}"

    def deliver(self, minutes: float = 0) -> None:
        self.clock.forward(timedelta(minutes=minutes))
        with self.dm.sessions.read() as db:
            waiting = list(db.scalars(sa.select(Delivery.id)))
        for delivery_id in waiting:
            deliveries.perform(self.dm, delivery_id)

    def rows(self) -> list[Delivery]:
        with self.dm.sessions.read() as db:
            return list(db.scalars(sa.select(Delivery).order_by(Delivery.channel)))


@pytest.fixture
def story(dm: DataMind, acme: Organization, tmp_path: Path, mail: Mailbox) -> Sending:
    settings = dm.settings.model_copy(
        update={
            "allowed_outbound_hosts": "127.0.0.1",
            "smtp_host": "127.0.0.1",
            "smtp_port": mail.port,
            "smtp_security": "none",
            "public_url": "https://bi.acme.example",
        }
    )
    return Sending(replace(dm, settings=settings), acme, tmp_path)


def test_a_webhook_gets_json_that_it_can_check(story: Sending, hook: Web) -> None:
    story.alert(Rule("below", 2000), channels=("in_app", story.hook(hook.url)))
    story.check()
    story.deliver()
    (posted,) = hook.got
    told = json.loads(posted.body)
    assert told["title"] == "Sales: fires"
    assert told["text"].startswith("1,300 is below the limit of 2,000.")
    assert told["link"].startswith("https://bi.acme.example/alerts?alert=")
    assert (told["alert"], told["state"], told["value"], told["threshold"]) == (
        "Sales", "fired", "1300.0", "2000",
    )  # fmt: skip
    assert posted.headers["X-DataMind-Signature"] == webhook.signature(SECRET, posted.body)
    assert [row.state for row in story.rows()] == ["sent"]


def test_who_wants_no_mail_is_told_by_the_bell_alone(story: Sending, mail: Mailbox) -> None:
    owner = story.people.analyst
    assert profiles.mails(story.dm, owner)
    profiles.choose_mail(story.dm, owner, False)
    story.alert(Rule("below", 2000), channels=("in_app", "email"))
    story.check()
    story.deliver()
    assert mail.got == []
    assert [notice.title for notice in notices.notices(story.dm, owner)] == ["Sales: fires"]


def test_it_is_sent_once_however_often_workers_are_woken(story: Sending, hook: Web) -> None:
    story.alert(Rule("below", 2000), channels=(story.hook(hook.url),))
    story.check()
    for _ in range(3):
        story.deliver(5)
    assert len(hook.got) == 1


def test_what_fails_is_tried_again_later_under_the_same_key(story: Sending, hook: Web) -> None:
    hook.answers = [503, 429]
    story.alert(Rule("below", 2000), channels=(story.hook(hook.url),))
    story.check()
    story.deliver()
    story.deliver()
    assert (len(hook.got), story.rows()[0].state) == (1, "waiting")
    story.deliver(0.5)
    story.deliver(2)
    assert [row.state for row in story.rows()] == ["sent"]
    assert len({posted.headers["X-DataMind-Key"] for posted in hook.got}) == 1
    assert len(hook.got) == 3


def test_what_never_arrives_is_told_and_can_be_sent_again(story: Sending, hook: Web) -> None:
    hook.answers = [500] * 8
    story.alert(Rule("below", 2000), channels=(story.hook(hook.url),))
    story.check()
    for _ in range(9):
        story.deliver(24 * 60)
    assert [(row.state, row.attempts) for row in story.rows()] == [("dead", 8)]
    admin = story.people.admin
    (letter,) = channels.dead_letters(story.dm, admin)
    assert letter.reason == "127.0.0.1 refused the message (status 500)."
    assert notices.notices(story.dm, admin)[0].title == "A message did not arrive: Sales: fires"
    channels.send_again(story.dm, admin, letter.id)
    story.deliver()
    assert channels.dead_letters(story.dm, admin) == ()
    assert len(hook.got) == 9


LASTING = [(301, "sent us on to another address"), (404, "refused"), (401, "refused")]


@pytest.mark.parametrize(("status", "reason"), LASTING, ids=str)
def test_what_can_never_arrive_is_not_tried_again(
    story: Sending, hook: Web, status: int, reason: str
) -> None:
    hook.answers = [status]
    story.alert(Rule("below", 2000), channels=(story.hook(hook.url),))
    story.check()
    story.deliver()
    (row,) = story.rows()
    assert (row.state, len(hook.got)) == ("dead", 1)
    assert reason in row.last_error


def test_one_place_that_is_down_stops_no_other(story: Sending, hook: Web, mail: Mailbox) -> None:
    lost = story.hook("http://127.0.0.1:1/", "Lost")
    story.alert(
        Rule("below", 2000), channels=("in_app", "email", lost, story.hook(hook.url, "Well"))
    )
    story.check()
    story.deliver()
    states = sorted((row.channel, row.state) for row in story.rows())
    assert states == [("email", "sent"), ("webhook", "sent"), ("webhook", "waiting")]
    assert story.told() == ["Sales: fires"]
    (event,) = views.events(story.dm, story.owner)
    assert event.failed_deliveries == ("webhook: 127.0.0.1 did not answer (ConnectError).",)


def test_a_killed_worker_s_message_is_taken_up_again(story: Sending, hook: Web) -> None:
    story.alert(Rule("below", 2000), channels=(story.hook(hook.url),))
    story.check()
    (row,) = story.rows()
    assert deliveries._take(story.dm, row.id) is not None  # and then it was killed
    story.deliver()
    assert hook.got == []
    story.deliver(3)
    assert [(r.state, r.attempts) for r in story.rows()] == [("sent", 2)]


def test_a_mail_says_what_it_is_and_how_to_be_left_alone(story: Sending, mail: Mailbox) -> None:
    alert = story.alert(Rule("below", 2000), channels=("email",))
    story.check()
    story.deliver()
    (sent,) = mail.got
    assert (sent["To"], sent["Subject"]) == ("analyst@acme.example", "Sales: fires")
    body = sent.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "1,300 is below the limit of 2,000." in text
    quiet = next(line for line in text.splitlines() if line.startswith("Quiet for 1 day: "))
    token = quiet.split("token=")[1]
    assert snoozing.accept(story.dm, token).alert == "Sales"
    assert views.alert(story.dm, story.owner, alert).state == "muted"


def test_a_mail_shows_what_the_figure_did(story: Sending, mail: Mailbox) -> None:
    story.alert(Rule("below", 500), channels=("email",))
    story.check()
    story.amounts("North,100")
    story.pass_minutes()
    story.deliver()
    (sent,) = mail.got
    pictures = [p for p in sent.walk() if p.get_content_type() == "image/png"]
    assert pictures[0].get_content().startswith(b"\x89PNG")


def test_a_link_that_is_forged_or_old_does_nothing(story: Sending, mail: Mailbox) -> None:
    alert = story.alert(Rule("below", 2000), channels=("email",))
    token = snoozing._token(story.dm, str(alert), "day")
    for bad in (token[:-2], token.replace(".", "x", 1), ""):
        with pytest.raises(NotAllowed):
            snoozing.accept(story.dm, bad)
    keeping.delete(story.dm, story.owner, alert)
    with pytest.raises(NotFound):
        snoozing.accept(story.dm, token)


def test_a_mail_server_that_refuses_is_named(story: Sending, mail: Mailbox) -> None:
    mail.refuse = "550 no such user"
    story.alert(Rule("below", 2000), channels=("email",))
    story.check()
    story.deliver()
    (row,) = story.rows()
    assert (row.state, row.last_error) == (
        "dead", "The mail server refused analyst@acme.example.",
    )  # fmt: skip


FORMS = [
    ("webhook", {"url": "http://10.0.0.5/x", "secret": SECRET}, NotAllowed),
    ("webhook", {"url": "http://169.254.169.254/latest", "secret": SECRET}, NotAllowed),
    ("webhook", {"url": "http://[::ffff:10.0.0.5]/", "secret": SECRET}, NotAllowed),
    ("webhook", {"url": "http://192.168.0.1:6379/", "secret": SECRET}, NotAllowed),
    ("webhook", {"url": "http://127.0.0.1/", "secret": "short"}, BadInput),
    ("webhook", {"url": "file:///etc/passwd", "secret": SECRET}, BadInput),
    ("webhook", {"url": "http://user:pw@example.com/", "secret": SECRET}, BadInput),
    ("webhook", {"url": "http://no-such-host.invalid/", "secret": SECRET}, CannotConnect),
    ("slack", {"url": "http://127.0.0.1/", "template": "{nothing}"}, BadInput),
    ("email", {"address": "no address"}, BadInput),
    ("email", {"address": "a@b.example\nBcc: c@d.example"}, BadInput),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "config", "error"), FORMS, ids=str)
def test_a_wrong_destination_is_refused(
    story: Sending, kind: str, config: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        channels.add(story.dm, story.people.admin, "Ops", kind, config)
    assert channels.listed(story.dm, story.owner) == ()


def test_only_admins_let_messages_leave_the_house(story: Sending, hook: Web) -> None:
    with pytest.raises(NotAllowed):
        channels.add(
            story.dm, story.owner, "Ops", "webhook", {"url": hook.url, "secret": SECRET}
        )  # fmt: skip


def test_slack_gets_words_in_which_nobody_is_mentioned(story: Sending, hook: Web) -> None:
    made = channels.add(
        story.dm, story.people.admin, "Team", "slack",
        {"url": hook.url, "template": "{alert} <!channel> {reason} {link}"},
    )  # fmt: skip
    channels.send_test(story.dm, story.people.admin, made)
    plain = channels.add(story.dm, story.people.admin, "Plain", "slack", {"url": hook.url})
    channels.send_test(story.dm, story.people.admin, plain)
    first, second = (json.loads(posted.body)["text"] for posted in hook.got)
    assert first.startswith("<!channel>")
    assert second.splitlines()[0] == "*DataMind: this is a test*"


def test_a_test_that_does_not_arrive_says_why(story: Sending, hook: Web) -> None:
    made = UUID(story.hook(hook.url).removeprefix("destination:"))
    channels.send_test(story.dm, story.people.admin, made)
    assert channels.listed(story.dm, story.owner)[0].last_sent_at == story.clock.now()
    hook.answers = [403]
    with pytest.raises(BadInput, match="status 403"):
        channels.send_test(story.dm, story.people.admin, made)
    assert "403" in channels.listed(story.dm, story.owner)[0].last_error


PUBLIC = [
    ("8.8.8.8", True), ("2606:4700::1111", True), ("10.1.2.3", False), ("127.0.0.1", False),
    ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
    ("::1", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:127.0.0.1", False),
    ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
]  # fmt: skip


@pytest.mark.parametrize(("address", "public"), PUBLIC, ids=str)
def test_what_is_public(address: str, public: bool) -> None:
    assert outbound.is_public(address) is public


def test_networks_of_the_inside_can_be_allowed() -> None:
    assert outbound.pin("10.1.2.3", 80, ["10.1.0.0/16"]).address == "10.1.2.3"
    with pytest.raises(NotAllowed):
        outbound.pin("10.2.2.3", 80, ["10.1.0.0/16", "somewhere.example"])


def test_a_test_mail_is_taken_or_says_why_not(story: Sending, mail: Mailbox) -> None:
    channels.mail_test(story.dm, story.people.admin, "admin@acme.example")
    assert [str(sent["To"]) for sent in mail.got] == ["admin@acme.example"]
    mail.refuse = "550 no such user"
    with pytest.raises(BadInput, match="refused admin"):
        channels.mail_test(story.dm, story.people.admin, "admin@acme.example")
