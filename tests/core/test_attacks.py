"""Attacks by name that need no browser: what a time of answering tells, names that change minds."""

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import bcrypt
import pytest

from core import accounts, members
from core.connectors import mysql_session, postgres_session
from core.connectors.base import Reach, Target
from core.datamind import DataMind
from core.destinations import Outside, http
from core.errors import CannotConnect, NotAllowed
from core.security import outbound
from tests import factories
from tests.factories import PASSWORD, Organization
from tests.fake_outside import web


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Each time that a password is worked out against a hash: the hash."""
    calls: list[bytes] = []
    real = bcrypt.checkpw

    def counted(password: bytes, known: bytes) -> bool:
        calls.append(known)
        return real(password, known)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return calls


def test_an_unknown_email_costs_as_much_work_as_a_wrong_password(
    dm: DataMind, acme: Organization, hashed: list[bytes]
) -> None:
    members.set_active(dm, acme.admin, acme.viewer.user_id, active=False)
    work = {}
    for email in ("analyst@acme.example", "nobody@acme.example", "viewer@acme.example", ""):
        before = len(hashed)
        assert accounts.sign_in(dm, email=email, password="wrong password") is None
        work[email] = len(hashed) - before
    assert set(work.values()) == {1}


def test_the_stand_in_for_nobody_costs_what_a_real_hash_costs() -> None:
    from core.security import passwords

    assert passwords._NOBODY.split("$")[2] == "12"  # the cost outside of tests
    assert not passwords.matches(PASSWORD, None)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[list[str]]], list[str]]:
    """A name server that answers otherwise each time; returns who was asked for."""

    def answering(answers: list[list[str]]) -> list[str]:
        asked: list[str] = []
        real = socket.getaddrinfo

        def getaddrinfo(host: Any, port: Any, *given: Any, **named: Any) -> Any:
            if not str(host).endswith(".example"):
                return real(host, port, *given, **named)
            asked.append(str(host))
            now = answers[min(len(asked), len(answers)) - 1]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in now]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return answering


def test_rebinding_a_name_is_asked_once_and_that_address_is_used(
    dm: DataMind, names: Callable[[list[list[str]]], list[str]]
) -> None:
    asked = names([["127.0.0.1"], ["169.254.169.254"]])
    with web() as server:
        outside = Outside(dm.settings, ("rebind.example",))
        http.post(f"http://rebind.example:{server.port}/hook", b"{}", {}, outside)
        assert [posted.headers["Host"] for posted in server.got] == [
            f"rebind.example:{server.port}"
        ]
    assert asked == ["rebind.example"]


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "0.0.0.0", "100.64.0.1"]
)
def test_a_name_with_one_address_of_the_inside_is_refused(
    names: Callable[[list[list[str]]], list[str]], inside: str
) -> None:
    names([["93.184.216.34", inside]])
    with pytest.raises(NotAllowed):
        outbound.pin("mixed.example", 443)


@pytest.mark.parametrize(
    "disguised",
    [
        "::ffff:127.0.0.1",
        "::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "2130706433",
        "0x7f.1",
    ],
)
def test_an_address_of_the_inside_in_another_writing(disguised: str) -> None:
    with pytest.raises(NotAllowed):
        outbound.pin(disguised, 80)


def target_of(url: str, **reach: object) -> Target:
    """The server of a URL under a name that the test's name server answers for."""
    parts = urlsplit(url)
    return Target(
        *("rebound", "1"),
        host="db.example",
        port=parts.port or 0,
        database=parts.path.strip("/"),
        username=parts.username or "",
        password=parts.password or "",
        ssl_mode="disable",
        reach=Reach(**reach),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_rebinding_a_databases_name_gains_nothing(
    request: pytest.FixtureRequest, names: Callable[[list[list[str]]], list[str]], kind: str
) -> None:
    url = request.getfixturevalue({"postgres": "postgres_url", "mysql": "mariadb_url"}[kind])
    session = {"postgres": postgres_session, "mysql": mysql_session}[kind]
    asked = names([["127.0.0.1"], ["169.254.169.254"]])
    session.connect(target_of(url)).close()
    assert asked == ["db.example"]
    with pytest.raises(CannotConnect, match="no database"):
        session.connect(target_of(url))
    names([["127.0.0.1"]])
    with pytest.raises(CannotConnect, match="inside of a network"):
        session.connect(target_of(url, private=False))
    session.connect(target_of(url, private=False, allowed=("127.0.0.0/8",))).close()


def test_the_workspace_of_a_stranger_is_no_help(dm: DataMind, acme: Organization) -> None:
    factories.organization(dm, "other")
    sign_in = {"email": "admin@acme.example", "password": PASSWORD}
    assert accounts.sign_in(dm, **sign_in, workspace="other") is None
    assert accounts.sign_in(dm, **sign_in, workspace="acme") == acme.admin.user_id
