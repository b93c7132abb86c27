"""What goes over HTTP besides screens: sessions, other sites' requests, sizes, headers."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPMessage

import pytest

from core import limits, members, sessions
from core.store.tables import Rate
from tests.hostile_app import HostileApp

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileApp]:
    with HostileApp(TRUSTED_PROXIES="127.0.0.1", METRICS_TOKEN="t0ken") as app:
        yield app


def call(
    app: HostileApp,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, HTTPMessage, bytes]:
    with closing(HTTPConnection("127.0.0.1", app.port, timeout=20)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def signed_in(app: HostileApp, **headers: str) -> str:
    """A cookie as the browser gets it."""
    body = json.dumps({"ticket": app.ticket()}).encode()
    status, told, _ = call(app, "POST", "/auth/session", body, headers)
    assert status == 200
    return told["set-cookie"].partition(";")[0]


def let_in(app: HostileApp, cookie: str) -> bool:
    """Whether the cookie opens anything: a file that is not there is not found, else refused."""
    status, _, _ = call(app, "GET", f"/files/{NOBODY}/original", headers={"Cookie": cookie})
    assert status in (403, 404)
    return status == 404


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(hostile: HostileApp) -> None:
    body = json.dumps({"ticket": hostile.ticket()}).encode()
    _, told, _ = call(hostile, "POST", "/auth/session", body)
    flags = {part.strip().lower() for part in told["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert "secure" not in flags
    body = json.dumps({"ticket": hostile.ticket()}).encode()
    _, told, _ = call(hostile, "POST", "/auth/session", body, {"X-Forwarded-Proto": "https"})
    assert "secure" in told["set-cookie"].lower()


def test_fixation_a_cookie_that_was_there_before_is_not_taken_over(hostile: HostileApp) -> None:
    planted = "datamind_session=planted-by-somebody-else"
    assert signed_in(hostile, Cookie=planted) != planted
    assert not let_in(hostile, planted)


def test_replay_a_cookie_is_worth_nothing_after_sign_out(hostile: HostileApp) -> None:
    cookie = signed_in(hostile)
    assert let_in(hostile, cookie)
    status, _, _ = call(hostile, "POST", "/auth/sign-out", headers={"Cookie": cookie})
    assert status == 200
    assert not let_in(hostile, cookie)


def test_a_ticket_is_good_once(hostile: HostileApp) -> None:
    body = json.dumps({"ticket": hostile.ticket()}).encode()
    said = [call(hostile, "POST", "/auth/session", body)[0] for _ in range(2)]
    assert said == [200, 403]


def test_the_cookie_of_a_deactivated_person(hostile: HostileApp) -> None:
    dm = hostile.dm
    members.add(dm, hostile.admin, email="leaver@evil.example", full_name="L")
    leaver = next(m for m in members.members(dm, hostile.admin) if m.full_name == "L")
    token = sessions.begin_session(dm, hostile.ticket(leaver.id))
    cookie = f"datamind_session={token}"
    assert let_in(hostile, cookie)
    members.set_active(dm, hostile.admin, leaver.id, active=False)
    assert not let_in(hostile, cookie)
    members.set_active(dm, hostile.admin, leaver.id, active=True)
    assert not let_in(hostile, cookie), "the old session stays ended"


def test_a_session_ended_elsewhere(hostile: HostileApp) -> None:
    cookie = signed_in(hostile)
    newest = max(sessions.sessions(hostile.dm, hostile.admin), key=lambda one: one.since)
    sessions.end(hostile.dm, hostile.admin, newest.id)
    assert not let_in(hostile, cookie)


FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/auth/session", "/auth/sign-out", "/files?name=x.csv"])
def test_another_sites_page_changes_nothing(
    hostile: HostileApp, path: str, headers: dict[str, str]
) -> None:
    cookie = signed_in(hostile)
    status, _, _ = call(hostile, "POST", path, b"{}", {**headers, "Cookie": cookie})
    assert status == 403
    assert let_in(hostile, cookie)


def test_our_own_page_is_served(hostile: HostileApp) -> None:
    cookie = signed_in(hostile, Origin=hostile.url)
    own = {"Origin": hostile.url, "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
    assert call(hostile, "POST", "/files?name=x.csv", b"a,b\n1,2\n", own)[0] == 200


@pytest.mark.parametrize(
    "name", ["../../../etc/x.csv", "..%2F..%2Fx.csv", "/etc/passwd.csv", "C:%5Cx.csv", "a%00.csv"]
)
def test_a_file_lands_in_its_folder_whatever_it_is_called(hostile: HostileApp, name: str) -> None:
    before = outside(hostile)
    status, _, told = call(
        hostile, "POST", f"/files?name={name}", b"a,b\n1,2\n", {"Cookie": signed_in(hostile)}
    )
    assert status in (200, 400)
    if status == 200:
        assert not set("/\\\x00") & set(json.loads(told)["name"])
    assert outside(hostile) == before


def outside(app: HostileApp) -> set[str]:
    """All files but those of uploads."""
    kept = app.folder_of_files()
    changing = ("datamind.sqlite", "app.log", "arrivals")
    return {
        str(path)
        for path in app.folder.rglob("*")
        if kept not in path.parents and not any(word in str(path) for word in changing)
    }


def test_a_request_that_is_too_large_is_not_read(hostile: HostileApp) -> None:
    status, _, told = call(hostile, "POST", "/auth/session", b"x" * 100_000)
    assert status == 400
    assert b"too large" in told


def test_headers_of_every_answer(hostile: HostileApp) -> None:
    for path in ("/", "/healthz", "/static/nothing", f"/files/{NOBODY}/original"):
        _, told, _ = call(hostile, "GET", path)
        assert told["x-frame-options"] == "DENY"
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "same-origin"
        policy = told["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        script = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
        assert "unsafe-inline" not in script
        assert "'unsafe-eval'" not in script
        assert told["server"] is None
        assert told["strict-transport-security"] is None


def test_figures_are_for_whoever_has_the_token_and_count_routes_without_their_ids(
    hostile: HostileApp,
) -> None:
    call(hostile, "GET", f"/files/{NOBODY}/original")
    call(hostile, "GET", "/files/what/ever/comes")
    call(hostile, "INVENTED", "/healthz")
    for token in ("", "Bearer other", "t0ken", "Basic t0ken"):
        status, _, told = call(hostile, "GET", "/metrics", headers={"Authorization": token})
        assert (status, told) == (401, b"")
    bearer = {"Authorization": "Bearer t0ken"}
    status, _, told = call(hostile, "GET", "/metrics", headers=bearer)
    assert status == 200
    text = told.decode()
    assert 'datamind_http_seconds_count{method="GET",route="original",status="403"}' in text
    for word in (NOBODY, "what/ever", "INVENTED", "acme"):
        assert word not in text


def test_a_request_has_a_number_that_a_proxy_may_give(hostile: HostileApp) -> None:
    _, told, _ = call(hostile, "GET", "/healthz", headers={"X-Request-ID": "from-the-proxy-1"})
    assert told["x-request-id"] == "from-the-proxy-1"
    for bad in ("", "x", "a b c d e f g h", "<script>alert(1)</script>", "y" * 200):
        _, told, _ = call(hostile, "GET", "/healthz", headers={"X-Request-ID": bad})
        assert len(told["x-request-id"]) == 32


def test_behind_tls_the_browser_is_told_to_stay_there(hostile: HostileApp) -> None:
    _, told, _ = call(hostile, "GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
    assert told["strict-transport-security"] == "max-age=31536000"


def test_the_address_of_a_client_is_the_trusted_proxys_word(hostile: HostileApp) -> None:
    signed_in(hostile, **{"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
    newest = max(sessions.sessions(hostile.dm, hostile.admin), key=lambda one: one.since)
    assert newest.address == "203.0.113.9"


def test_own_routes_are_not_asked_without_end(hostile: HostileApp) -> None:
    flood, other = {"X-Forwarded-For": "203.0.113.77"}, {"X-Forwarded-For": "203.0.113.78"}
    limit = limits.ROUTES_FROM
    with hostile.dm.sessions.write() as db:
        name = limits._name(limit, "203.0.113.77")
        db.add(Rate(name=name, began_at=hostile.dm.clock.now(), count=limit.most))
    path = f"/files/{NOBODY}/original"
    assert call(hostile, "GET", path, headers=flood)[0] == 429
    assert call(hostile, "GET", path, headers=other)[0] == 403


def test_nobody_is_sent_elsewhere(hostile: HostileApp) -> None:
    for path in ("//evil.example", "/%2f%2fevil.example", "/?next=http://evil.example"):
        status, told, _ = call(hostile, "GET", path)
        place = told["location"] or ""
        assert "evil.example" not in place.partition("?")[0].removeprefix(hostile.url) or (
            not 300 <= status < 400
        )
