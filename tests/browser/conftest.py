"""A real browser and the running product.

The scope is the package, not the session: playwright keeps an event loop running in this thread
for as long as it lives, and the tests of other folders want theirs free.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.pages import HOME_HOST, Watch
from tests.running import ROOT
from tests.running_app import RunningApp

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # A page that asks another host hears "not found" at once, on a machine with internet too.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOME_HOST}",
]
PATIENCE = 15_000
"""Milliseconds: whatever is shown is shown long before, also on a busy machine."""
SCREENSHOTS = ROOT / "var" / "browser"


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.problems == []


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page of a new visitor: own cookies, English, UTC; the test fails if `watch` complains."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-US", timezone_id="UTC"
    )
    context.set_default_timeout(PATIENCE)
    watch.follow(context)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def running_app() -> Iterator[RunningApp]:
    """The product with an empty home, one per test file."""
    with RunningApp() as app:
        yield app


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failing test shows the page's picture, kept in var/browser/, and the app's last words."""
    report = yield
    if report.when != "call" or not report.failed:
        return report
    asked_for = getattr(item, "funcargs", {})
    page, app = asked_for.get("page"), asked_for.get("running_app")
    if isinstance(page, Page) and not page.is_closed():
        picture = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9.-]+', '_', item.nodeid)}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture)
        report.sections.append(("screenshot", str(picture.relative_to(ROOT))))
    if isinstance(app, RunningApp):
        report.sections.append(("log of the app", app.last_words()))
    return report
