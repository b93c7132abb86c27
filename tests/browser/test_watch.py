"""The browser works, and hears what a page does behind a person's back."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Watch

PAGES = {
    "/quiet": "<h1>Revenue: 1 234 €</h1>",
    "/complains": "<script>console.error('no such chart')</script>",
    "/throws": "<script>throw new Error('no such column')</script>",
    "/phones-home": "<img src='http://tracker.example/pixel.png'>",
    "/listens-elsewhere": "<script>new WebSocket('ws://tracker.example/live')</script>",
    "/opens-a-window": "<a target=_blank href='/complains'>open</a>",
}


class Site(BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, str]] = PAGES

    def do_GET(self) -> None:
        body = self.pages.get(self.path, "").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_quiet_page_is_drawn_and_has_no_problems(page: Page, site: str, watch: Watch) -> None:
    page.goto(f"{site}/quiet")
    expect(page.get_by_role("heading")).to_have_text("Revenue: 1 234 €")
    assert watch.problems == []


@pytest.mark.parametrize(
    ("path", "heard"),
    [
        ("/complains", "console error: no such chart"),
        ("/throws", "page error: .*no such column"),
        ("/phones-home", "request to another host: http://tracker.example/pixel.png"),
        ("/listens-elsewhere", "request to another host: ws://tracker.example/live"),
    ],
)
def test_a_problem_is_heard_until_it_is_forgiven(
    page: Page, site: str, watch: Watch, path: str, heard: str
) -> None:
    page.goto(f"{site}{path}", wait_until="networkidle")
    assert watch.problems != []
    watch.forgive(heard)
    watch.forgive("console error: .*(ERR_NAME_NOT_RESOLVED|ERR_ADDRESS_INVALID)")
    assert watch.problems == []


def test_a_window_opened_later_is_heard_too(page: Page, site: str, watch: Watch) -> None:
    page.goto(f"{site}/opens-a-window")
    with page.expect_popup() as popup:
        page.get_by_text("open").click()
    popup.value.wait_for_load_state("networkidle")
    assert watch.problems == ["console error: no such chart"]
    watch.forgive("no such chart")
