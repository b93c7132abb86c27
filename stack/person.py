"""A person at a browser, who asks a question and notes what he sees."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, sync_playwright

from stack.running import find

FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
QUESTION: Final = "Revenue by month this year"
SHORT: Final = 400
"""Milliseconds: what does not work at once is tried again at the next look."""
AGAIN_AFTER: Final = 25
"""Looks without an answer after which a person asks once more."""


class Person:
    """One browser, signed in to the demo."""

    def __init__(self, page: Page, url: str, pictures: Path) -> None:
        self.page, self.url, self.pictures = page, url, pictures
        self.answered = False
        self._asked = False
        self._before = 0
        self._looks = 0
        page.goto(url)
        page.get_by_role("button", name="Try the demo").click()
        page.get_by_text("What do you want to know?").wait_for()

    def replica(self) -> str:
        """The replica that this browser stays with."""
        kept = {one.get("name"): one.get("value") for one in self.page.context.cookies()}
        return str(kept["datamind_replica"])

    def at_rest(self) -> None:
        """Begin anew: a fresh page, everything there."""
        self.page.goto(self.url)
        self.page.get_by_placeholder(re.compile("^Ask about")).wait_for(timeout=60_000)
        idle = '[data-testid="stApp"][data-test-script-state="notRunning"]'
        self.page.locator(idle).wait_for(timeout=60_000)
        self._before = self._answers()

    def begin(self) -> None:
        """Want an answer from now on."""
        self.answered = self._asked = False
        self._looks = 0
        self.look()

    def look(self) -> list[str]:
        """Ask if that is still to be done, and see what the page says; a quarter of a second."""
        with suppress(Error):
            if not self._asked:
                box = self.page.get_by_placeholder(re.compile("^Ask about"))
                box.fill(QUESTION, timeout=SHORT)
                box.press("Enter", timeout=SHORT)
                self._asked = True
        seen: list[str] = []
        with suppress(Error):
            self.page.wait_for_timeout(100)
            seen = [self._short(text) for text in self._texts()]
            self.answered = self.answered or self._answers() > self._before
        self._looks += 1
        if not self.answered and self._looks % AGAIN_AFTER == 0:
            self._asked = False
            seen.append("reloaded, asked again")
            with suppress(Error):
                self.page.screenshot(path=self.pictures / f"{self._looks}.png", timeout=2_000)
                self.page.goto(self.url, timeout=5_000)
        return seen

    def ready(self) -> tuple[bool, list[str]]:
        """Whether all is well, and what /readyz says is not, over the proxy."""
        host = urlsplit(self.url)
        try:
            with closing(HTTPConnection(host.hostname or "", host.port, timeout=3)) as connection:
                connection.request("GET", "/readyz")
                answer = connection.getresponse()
                body = answer.read()
            said = json.loads(body)
        except (OSError, HTTPException):
            return False, ["nobody answers"]
        except ValueError:
            return False, [f"{answer.status}, the page “DataMind is being restarted”"]
        if answer.status != 200:
            return False, [f"{answer.status}, database {said['database']}"]
        known = [text for text in said["degraded"] if "Less than 1 GB" not in text]
        return not known, list(said["degraded"])

    def _answers(self) -> int:
        return self.page.get_by_role("tab", name="SQL").count()

    def _texts(self) -> list[str]:
        found = self.page.locator(
            '[data-testid="stAlert"], [data-testid="stException"], [role="dialog"], '
            '[data-testid="stConnectionStatus"]'
        )
        return [text for text in found.all_inner_texts() if text.strip()]

    @staticmethod
    def _short(text: str) -> str:
        return f"“{' '.join(text.split())[:160]}”"


@contextmanager
def chromium(url: str, pictures: Path) -> Iterator[Person]:
    """A person at a browser of his own."""
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = find("chromium", "chromium-browser", "google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(30_000)
        yield Person(page, url, pictures)
        browser.close()
