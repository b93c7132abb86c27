"""What a browser test says about a page: what went wrong on it, and when it is at rest."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

HOME_HOST = "127.0.0.1"


class Watch:
    """Hears everything that a person would not see: console errors, exceptions, foreign requests.

    A test ends with no problems, or says which it expects: `watch.forgive(r"status of 403")`.
    """

    def __init__(self) -> None:
        self.console_errors: list[str] = []
        self.page_errors: list[str] = []
        self.foreign_requests: list[str] = []
        self._forgiven: list[re.Pattern[str]] = []

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of this context, those still to be opened too."""
        context.on("console", lambda m: m.type == "error" and self.console_errors.append(m.text))
        context.on("weberror", lambda problem: self.page_errors.append(str(problem.error)))
        context.on("request", lambda request: self._note_address(request.url))
        context.on("page", lambda page: page.on("websocket", lambda s: self._note_address(s.url)))

    def forgive(self, pattern: str) -> None:
        self._forgiven.append(re.compile(pattern))

    @property
    def problems(self) -> list[str]:
        """All that was heard and is not forgiven, one sentence each."""
        heard = [
            *(f"console error: {text}" for text in self.console_errors),
            *(f"page error: {text}" for text in self.page_errors),
            *(f"request to another host: {address}" for address in self.foreign_requests),
        ]
        return [text for text in heard if not any(p.search(text) for p in self._forgiven)]

    def _note_address(self, address: str) -> None:
        if urlsplit(address).hostname not in (None, HOME_HOST):
            self.foreign_requests.append(address)


def settled(page: Page, seconds: float = 30.0) -> None:
    """Wait until Streamlit is connected and no script runs."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=seconds * 1000)
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=seconds * 1000)


def open_app(page: Page, url: str) -> None:
    """Go there and wait until it is drawn."""
    page.goto(url)
    settled(page)
