"""Ways in that are handed out: the first admin's code, invitations, links for a new password."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core import (
    accounts,
    audit,
    deliveries,
    invitations,
    letters,
    members,
    notices,
    registration,
    resets,
    sessions,
)
from core.config import load
from core.datamind import DataMind
from core.errors import BadInput, LimitReached, NotAllowed, NotFound
from core.security import passwords
from core.store.tables import Delivery, Invitation, PasswordReset
from core.store.tables import Organization as OrganizationRow
from tests import factories
from tests.factories import PASSWORD, Organization
from tests.fake_outside import mailbox

FIRST = {
    "email": "first@person.example",
    "password": PASSWORD,
    "full_name": "First Person",
    "organization": "First",
    "slug": "first",
}


def token_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]


def house(tmp_path: Path, **given: object) -> DataMind:
    return factories.open_house(tmp_path / "closed", **given)


def test_the_first_admin_needs_the_code_and_the_second_an_invitation(tmp_path: Path) -> None:
    dm = house(tmp_path, registration="invited")
    assert registration.mode(dm) == "code"
    for wrong in ("", "AAAAA-AAAAA-AAAAA-AAAAA"):
        with pytest.raises(BadInput, match="not the code"):
            accounts.register(dm, **FIRST, code=wrong)
    accounts.register(dm, **FIRST, code=registration.code(dm).lower().replace("-", " "))
    assert registration.mode(dm) == "invited"
    with pytest.raises(NotAllowed, match="invited"):
        accounts.register(dm, **{**FIRST, "slug": "second"}, code=registration.code(dm))


def test_the_code_cannot_be_tried_for_ever(tmp_path: Path) -> None:
    dm = house(tmp_path, registration="invited")
    for _ in range(10):
        with pytest.raises(BadInput):
            accounts.register(dm, **FIRST, code="wrong", address="10.0.0.9")
    with pytest.raises(LimitReached):
        accounts.register(dm, **FIRST, code=registration.code(dm), address="10.0.0.9")


@pytest.mark.parametrize(
    ("environment", "chosen", "opens"),
    [
        ("development", "auto", True),
        ("production", "auto", False),
        ("production", "open", True),
        ("development", "invited", False),
    ],
)
def test_production_is_closed_unless_it_is_opened(
    tmp_path: Path, environment: str, chosen: str, opens: bool
) -> None:
    strong = {"encryption_key": "q7" * 20, "signing_secret": "w8" * 20}
    given = {**strong, "environment": environment, "registration": chosen}
    assert load(datamind_home=tmp_path, **given).registers_openly is opens


def test_an_invitation_makes_a_member_once(dm: DataMind, acme: Organization) -> None:
    token = token_of(invitations.invite(dm, acme.admin, email="Zoe@acme.example", role="viewer"))
    assert [i.email for i in invitations.invitations(dm, acme.admin)] == ["zoe@acme.example"]
    welcome = invitations.welcome(dm, token)
    assert (welcome.organization, welcome.email, welcome.role) == (
        *("Acme", "zoe@acme.example", "viewer"),
    )
    user_id = invitations.accept(
        dm, token, full_name="Zoe", password=PASSWORD, email="other@acme.example"
    )
    zoe = next(m for m in members.members(dm, acme.admin) if m.id == user_id)
    assert (zoe.email, zoe.role) == ("zoe@acme.example", "viewer")  # not the email she typed
    assert accounts.sign_in(dm, email="zoe@acme.example", password=PASSWORD) == user_id
    assert invitations.invitations(dm, acme.admin) == ()
    with pytest.raises(NotFound):
        invitations.accept(dm, token, full_name="Zoe", password=PASSWORD)


def test_a_link_without_an_email_is_for_whoever_has_it(dm: DataMind, acme: Organization) -> None:
    token = token_of(invitations.invite(dm, acme.admin))
    with pytest.raises(BadInput, match="already a member"):
        invitations.accept(dm, token, full_name="V", password=PASSWORD, email="viewer@acme.example")
    invitations.accept(dm, token, full_name="Zoe", password=PASSWORD, email="zoe@acme.example")


def test_an_invitation_ends_by_time_and_when_it_is_taken_back(
    dm: DataMind, acme: Organization
) -> None:
    back = token_of(invitations.invite(dm, acme.admin))
    invitations.revoke(dm, acme.admin, invitations.invitations(dm, acme.admin)[0].id)
    late = token_of(invitations.invite(dm, acme.admin))
    dm.clock.day += timedelta(days=8)  # type: ignore[attr-defined]
    for token in (back, late, "invented", ""):
        with pytest.raises(NotFound):
            invitations.welcome(dm, token)


def test_invitations_count_towards_the_plan(dm: DataMind, acme: Organization) -> None:
    with dm.sessions.write() as db:
        db.get_one(OrganizationRow, acme.admin.org_id).max_users = 4
    token = token_of(invitations.invite(dm, acme.admin))
    with pytest.raises(LimitReached, match="4 active members, and 1"):
        invitations.invite(dm, acme.admin)
    members.add(dm, acme.admin, email="quick@acme.example", full_name="Q")
    with pytest.raises(LimitReached, match="4 active members"):
        invitations.accept(dm, token, full_name="Z", password=PASSWORD, email="z@acme.example")


def test_only_admins_invite_and_reset(dm: DataMind, acme: Organization) -> None:
    for who in (acme.analyst, acme.viewer):
        for act in (
            lambda who=who: invitations.invite(dm, who),
            lambda who=who: invitations.invitations(dm, who),
            lambda who=who: resets.link_for(dm, who, acme.admin.user_id),
            lambda who=who: letters.outbox(dm, who),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_reset_sets_the_password_once_and_ends_all_sessions(
    dm: DataMind, acme: Organization
) -> None:
    session = sessions.begin_session(dm, sessions.issue_ticket(dm, acme.viewer.user_id))
    token = token_of(resets.link_for(dm, acme.admin, acme.viewer.user_id))
    other = token_of(resets.link_for(dm, acme.admin, acme.viewer.user_id))
    with pytest.raises(BadInput, match="8 to 128"):
        resets.choose(dm, token, "short")
    assert resets.asked(dm, token).email == "viewer@acme.example"
    resets.choose(dm, token, "four words are enough")
    assert sessions.resume(dm, session) is None
    sign_in = {"email": "viewer@acme.example", "password": "four words are enough"}
    assert accounts.sign_in(dm, **sign_in) == acme.viewer.user_id
    for used in (token, other, "invented"):  # the other link is used up as well
        with pytest.raises(NotFound):
            resets.choose(dm, used, "another four good words")


def test_a_reset_link_does_not_let_a_deactivated_person_in(
    dm: DataMind, acme: Organization
) -> None:
    token = token_of(resets.link_for(dm, acme.admin, acme.viewer.user_id))
    members.set_active(dm, acme.admin, acme.viewer.user_id, active=False)
    with pytest.raises(NotFound):
        resets.choose(dm, token, "four words are enough")


def test_what_cannot_be_mailed_waits_in_the_outbox_with_its_link(
    dm: DataMind, acme: Organization
) -> None:
    resets.ask(dm, email="Viewer@acme.example")
    invitations.invite(dm, acme.admin, email="zoe@acme.example")
    by_title = {w.title: w for w in letters.outbox(dm, acme.admin)}
    assert {w.to for w in by_title.values()} == {"zoe@acme.example", "viewer@acme.example"}
    reset = by_title["Choose a new password for DataMind"]
    link = letters.link(dm, acme.admin, reset.id)
    assert resets.asked(dm, token_of(link)).email == "viewer@acme.example"
    assert any("waits in the outbox" in n.title for n in notices.notices(dm, acme.admin))
    assert audit.entries(dm, acme.admin, action="letter.read")[0].details["to"] == reset.to
    dm.clock.day += timedelta(days=1)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        letters.link(dm, acme.admin, reset.id)


def test_neither_the_outbox_nor_the_tables_hold_a_link_in_the_clear(
    dm: DataMind, acme: Organization
) -> None:
    token = token_of(invitations.invite(dm, acme.admin, email="zoe@acme.example"))
    resets.ask(dm, email="viewer@acme.example")
    with dm.sessions.read() as db:
        kept = [
            vars(row) for table in (Delivery, Invitation, PasswordReset) for row in db.query(table)
        ]
    assert kept
    assert token not in repr(kept)
    assert "token=" not in repr(kept)


def test_an_unknown_email_sounds_like_a_known_one_and_writes_nothing(
    dm: DataMind, acme: Organization
) -> None:
    resets.ask(dm, email="nobody@acme.example")
    assert letters.outbox(dm, acme.admin) == ()


def test_links_cannot_be_asked_for_without_end(dm: DataMind, acme: Organization) -> None:
    for _ in range(5):
        resets.ask(dm, email="nobody@acme.example")
    with pytest.raises(LimitReached, match="Too many links"):
        resets.ask(dm, email="nobody@acme.example")


def test_with_a_mail_server_the_link_is_mailed(tmp_path: Path) -> None:
    with mailbox() as server:
        dm = house(
            tmp_path,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security="none",
            public_url="https://data.example",
        )
        acme = factories.organization(dm)
        resets.ask(dm, email="viewer@acme.example")
        [waiting] = letters.outbox(dm, acme.admin)
        deliveries.perform(dm, waiting.id)
        [mail] = server.got
    body = mail.get_body(("plain",)).get_content()
    link = next(word for word in body.split() if word.startswith("https://data.example/"))
    assert resets.asked(dm, token_of(link)).email == "viewer@acme.example"
    assert letters.outbox(dm, acme.admin) == ()


@pytest.mark.parametrize(
    "password",
    [
        *(
            "password",
            "Password1!",
            "p@ssw0rd",
            "Passw0rd2026",
            "qwertyuiop",
            "12345678",
            "87654321",
        ),
        *(
            "aaaaaaaa",
            "abcdefgh",
            "Sommer2026!",
            "letmein123",
            "DataMind2026",
            "person.name",
            "Person.Name1",
        ),
        *("person.name@acme.example", "footballfootball"),
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="tried first"):
        passwords.check_rules(password, "person.name@acme.example")


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "xk7qpz2m", "blau regnet Kanne", "Tr0mbone-lake-9", "ключ от города"],
)
def test_what_nobody_guesses_is_allowed(password: str) -> None:
    passwords.check_rules(password, "person.name@acme.example")
