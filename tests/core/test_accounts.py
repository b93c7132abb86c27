"""Accounts: register, sign in, sessions that end when they should."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import accounts, audit, members, profiles, sessions
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.store.tables import UserSession
from tests.factories import PASSWORD, Organization, organization

GOOD = {
    "email": "New@Person.example",
    "password": PASSWORD,
    "full_name": "New Person",
    "organization": "New Org",
    "slug": "new-org",
}


def session_of(dm: DataMind, email: str, password: str = PASSWORD, workspace: str = "") -> str:
    user_id = accounts.sign_in(dm, email=email, password=password, workspace=workspace)
    assert user_id is not None
    return sessions.begin_session(dm, sessions.issue_ticket(dm, user_id))


def test_the_first_person_of_an_organization_is_its_admin(dm: DataMind) -> None:
    accounts.register(dm, **GOOD)
    signed_in = sessions.resume(dm, session_of(dm, "new@person.EXAMPLE"))
    assert signed_in is not None
    assert signed_in.actor.role == "admin"
    assert signed_in.profile.organization == "New Org"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "no-address", "not an email address"),
        ("email", "a@b", "not an email address"),
        ("email", "a" * 250 + "@x.example", "not an email address"),
        ("password", "short", "8 to 128"),
        ("password", "x" * 129, "8 to 128"),
        ("password", " leading blank", "begin or end"),
        ("full_name", "  ", "1 to 255"),
        ("full_name", "x" * 256, "1 to 255"),
        ("organization", "", "1 to 255"),
        ("slug", "Bad Slug", "small letters"),
        ("slug", "", "small letters"),
        ("slug", "x" * 101, "small letters"),
        ("slug", "straße", "small letters"),
    ],
)
def test_a_wrong_field_is_named(dm: DataMind, field: str, value: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        accounts.register(dm, **{**GOOD, field: value})


def test_a_taken_slug_is_said(dm: DataMind) -> None:
    accounts.register(dm, **GOOD)
    with pytest.raises(BadInput, match="taken"):
        accounts.register(dm, **{**GOOD, "email": "other@person.example"})


@pytest.mark.parametrize("password", ["x7 kßp q", "üb" * 64, "xo" * 64])
def test_every_allowed_password_signs_in_and_a_near_one_does_not(
    dm: DataMind, password: str
) -> None:
    accounts.register(dm, **{**GOOD, "password": password})
    sign_in = lambda given: accounts.sign_in(dm, email=GOOD["email"], password=given)  # noqa: E731
    assert sign_in(password) is not None
    assert sign_in(password[:-1] + "y") is None


def test_the_same_email_in_two_organizations(dm: DataMind) -> None:
    first = accounts.register(dm, **GOOD)
    second = accounts.register(dm, **{**GOOD, "slug": "second", "password": "another password"})
    third = accounts.register(dm, **{**GOOD, "slug": "third"})
    sign_in = lambda **given: accounts.sign_in(dm, email=GOOD["email"], **given)  # noqa: E731
    assert sign_in(password="another password") == second  # the password decides
    assert sign_in(password=PASSWORD) is None  # it fits two: the workspace must be named
    assert sign_in(password=PASSWORD, workspace="new-org") == first
    assert sign_in(password=PASSWORD, workspace="third") == third
    assert sign_in(password=PASSWORD, workspace="second") is None


def test_a_ticket_works_once_and_not_for_long(dm: DataMind, acme: Organization) -> None:
    ticket = sessions.issue_ticket(dm, acme.admin.user_id)
    sessions.begin_session(dm, ticket)
    for used in (ticket, "invented"):
        with pytest.raises(NotAllowed):
            sessions.begin_session(dm, used)


def test_an_old_ticket_is_refused(dm: DataMind, acme: Organization) -> None:
    ticket = sessions.issue_ticket(dm, acme.admin.user_id)
    dm.clock.day += timedelta(days=1)  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        sessions.begin_session(dm, ticket)


def test_what_ends_a_session(dm: DataMind, acme: Organization) -> None:
    def fresh() -> str:
        return session_of(dm, "analyst@acme.example")

    password = members_password(dm, acme)
    ends = {
        "sign out": lambda token: sessions.sign_out(dm, token),
        "sign out everywhere": lambda _: sessions.sign_out_everywhere(dm, acme.analyst),
        "deactivation": lambda _: members.set_active(
            dm, acme.admin, acme.analyst.user_id, active=False
        ),
        "new password": lambda _: profiles.change_password(
            dm, acme.analyst, current=password, new="a new password"
        ),
    }
    for name, end in ends.items():
        members.set_active(dm, acme.admin, acme.analyst.user_id, active=True)
        user_id = acme.analyst.user_id
        token = sessions.begin_session(dm, sessions.issue_ticket(dm, user_id))
        assert sessions.resume(dm, token) is not None, name
        end(token)
        assert sessions.resume(dm, token) is None, name


def members_password(dm: DataMind, acme: Organization) -> str:
    """Give the analyst a password that the test knows."""
    from core.security import passwords
    from core.store.tables import User

    with dm.sessions.write() as db:
        db.get_one(User, acme.analyst.user_id).password_hash = passwords.hash_password(PASSWORD)
    return PASSWORD


def test_a_session_lives_seven_days_and_longer_while_it_is_used(
    dm: DataMind, acme: Organization
) -> None:
    token = sessions.begin_session(dm, sessions.issue_ticket(dm, acme.admin.user_id))
    for _ in range(3):
        dm.clock.day += timedelta(days=5)  # type: ignore[attr-defined]
        assert sessions.resume(dm, token) is not None
    dm.clock.day += timedelta(days=8)  # type: ignore[attr-defined]
    assert sessions.resume(dm, token) is None


def test_the_cookie_is_stored_only_as_a_hash(dm: DataMind, acme: Organization) -> None:
    token = sessions.begin_session(dm, sessions.issue_ticket(dm, acme.admin.user_id))
    with dm.sessions.read() as db:
        stored = [row.token_hash for row in db.scalars(sa.select(UserSession))]
    assert stored
    assert all(token not in value for value in stored)


def test_a_deactivated_person_cannot_sign_in(dm: DataMind, acme: Organization) -> None:
    members_password(dm, acme)
    members.set_active(dm, acme.admin, acme.analyst.user_id, active=False)
    assert accounts.sign_in(dm, email="analyst@acme.example", password=PASSWORD) is None


def test_sign_ins_are_audited_good_and_bad(dm: DataMind, acme: Organization) -> None:
    session_of(dm, "admin@acme.example")
    accounts.sign_in(dm, email="admin@acme.example", password="wrong", address="10.1.2.3")
    good, bad = (
        audit.entries(dm, acme.admin, action=a) for a in ("auth.login", "auth.login_failed")
    )
    assert [e.who for e in good if e.action == "auth.login"] == ["Ada Admin"]
    assert [(e.address, e.details["email"]) for e in bad] == [("10.1.2.3", "admin@acme.example")]


def test_a_profile_is_changed(dm: DataMind, acme: Organization) -> None:
    profiles.update(dm, acme.viewer, full_name="  Vera  ", time_zone="Europe/Vienna")
    profiles.choose_theme(dm, acme.viewer, "Dark")
    mine = accounts.profile(dm, acme.viewer)
    assert (mine.full_name, mine.time_zone, mine.theme) == ("Vera", "Europe/Vienna", "Dark")
    for wrong in ({"full_name": "", "time_zone": "UTC"}, {"full_name": "V", "time_zone": "Mars"}):
        with pytest.raises(BadInput):
            profiles.update(dm, acme.viewer, **wrong)
    with pytest.raises(BadInput):
        profiles.choose_theme(dm, acme.viewer, "Neon")


def test_a_second_organization_does_not_disturb_the_first(dm: DataMind) -> None:
    first, second = organization(dm, "one"), organization(dm, "two")
    assert {m.id for m in members.members(dm, first.admin)}.isdisjoint(
        {m.id for m in members.members(dm, second.admin)}
    )
