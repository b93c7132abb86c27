"""`make stack`: two people on two replicas behind nginx, one replica killed, all stopped."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import open_app, settled
from tests.running import Running, find, or_give_up

PATIENCE = 60.0


class Made(Running):
    """`make stack` in a folder of its own."""

    name = "stack"
    seconds_to_start = 110.0
    seconds_to_stop = 60.0

    def command(self) -> list[str]:
        words = ("--port", str(self.port), "--folder", str(self.folder / "stack"))
        return [sys.executable, "-m", "stack", *words]

    def prepare(self) -> None:
        self.folder.chmod(0o755)  # PostgreSQL and nginx run as users of their own
        self.working_folder = Path(__file__).parents[2]
        self.url = f"http://127.0.0.1:{self.port}"

    def ping(self) -> None:
        assert "Ctrl-C stops" in self.last_words()

    def port_of(self, part: str) -> int:
        found = re.search(rf"^ +{part} .*127\.0\.0\.1:(\d+)", self.log.read_text(), re.MULTILINE)
        assert found
        return int(found[1])

    def pids(self) -> dict[str, int]:
        found = re.findall(r"^ +(\S+) +pid (\d+)", self.log.read_text(), re.MULTILINE)
        return {name: int(pid) for name, pid in found}


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    with or_give_up():
        for program in ("nginx", "postgres", "redis-server"):
            find(program)
    with Made() as stack:
        yield stack


def get(made: Made, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(HTTPConnection("127.0.0.1", made.port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def replica(page: Page) -> str:
    kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return kept["datamind_replica"]


def test_it_is_ready_and_a_browser_stays_with_its_replica(made: Made) -> None:
    status, headers, body = get(made, "/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    first = headers["set-cookie"].split(";")[0]
    assert {get(made, "/healthz", Cookie=first)[1].get("set-cookie") for _ in range(6)} == {None}
    strangers = {get(made, "/healthz")[1]["set-cookie"].split(";")[0] for _ in range(4)}
    assert strangers == {"datamind_replica=app-1", "datamind_replica=app-2"}


def test_the_proxy_packs_limits_and_hides(made: Made) -> None:
    assert get(made, "/", **{"Accept-Encoding": "gzip"})[1]["content-encoding"] == "gzip"
    assert get(made, "/metrics")[0] == 404
    with closing(HTTPConnection("127.0.0.1", made.port, timeout=20)) as connection:
        connection.request("POST", "/auth/session", headers={"Content-Length": "3000000"})
        assert connection.getresponse().status == 413


def test_two_people_on_two_replicas_and_one_replica_is_killed(made: Made, browser: Browser) -> None:
    lie = {"X-Forwarded-For": "6.6.6.6"}
    contexts = [browser.new_context(extra_http_headers=lie) for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(PATIENCE * 1000)
        open_app(page, made.url)
        page.get_by_role("button", name="Try the demo").click()
        expect(page.get_by_text("What do you want to know?")).to_be_visible(timeout=PATIENCE * 1000)
    names = [replica(page) for page in pages]
    assert set(names) == {"app-1", "app-2"}
    os.kill(made.pids()[names[0]], signal.SIGKILL)
    ask(pages[1])  # nothing happened to this one
    settled(pages[0])  # its page has connected anew by itself
    ask(pages[0])
    assert replica(pages[0]) == names[1]
    for context in contexts:
        context.close()


def test_the_client_is_who_nginx_says_and_not_who_the_browser_says(made: Made) -> None:
    secret = (made.folder / "stack" / "secrets" / "postgres_password").read_text()
    with psycopg.connect(
        host="127.0.0.1", port=made.port_of("postgres"), dbname="datamind",
        user="datamind", password=secret,
    ) as db:  # fmt: skip
        seen = db.execute("SELECT DISTINCT ip_address FROM audit_logs WHERE ip_address <> ''")
        assert seen.fetchall() == [("127.0.0.1",)]


def ask(page: Page) -> None:
    box = page.get_by_placeholder(re.compile("^Ask about"))
    box.fill("Revenue by month this year")
    box.press("Enter")
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_stopped_it_leaves_no_process_behind(made: Made) -> None:
    home = str(made.folder)
    assert len(belonging(home)) >= 10
    made.process.send_signal(signal.SIGTERM)
    assert made.process.wait(60) == 0, made.last_words()
    deadline = time.monotonic() + 5
    while belonging(home) and time.monotonic() < deadline:
        pass
    assert belonging(home) == []


def belonging(home: str) -> list[str]:
    """The processes that work in this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd").startswith(home):
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found
