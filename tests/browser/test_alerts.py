"""Alerts in a real browser: asked for in the chat, fired by the workers, heard by the bell."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Watch, open_app, settled
from tests.running_app import RunningApp


@pytest.fixture
def demo(page: Page, running_app: RunningApp, watch: Watch) -> Callable[[], Page]:
    # Streamlit looks for itself below the screen's own path first, after a reload.
    watch.forgive("status of 404")

    def come() -> Page:
        open_app(page, running_app.url)
        page.get_by_role("button", name="Try the demo").click()
        expect(page.get_by_text("What do you want to know?")).to_be_visible()
        settled(page)
        return page

    return come


def bell(page: Page) -> None:
    page.locator(".st-key-bell").get_by_test_id("stPopoverButton").click()


def test_a_wish_in_the_chat_becomes_an_alert_that_fires(demo: Callable[[], Page]) -> None:
    page = demo()
    box = page.get_by_placeholder(re.compile("^Ask about"))
    box.fill("Revenue last month")
    box.press("Enter")
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()
    settled(page)
    box.fill("alert me if it drops below 10 million")
    box.press("Enter")
    expect(page.get_by_role("heading", name="New alert")).to_be_visible()
    expect(page.get_by_label("Limit")).to_have_value("10000000")
    expect(page.get_by_role("checkbox", name="Dates in the query move")).to_be_checked()
    settled(page)
    page.get_by_role("button", name="Test now").click()
    expect(page.get_by_text("It would fire.")).to_be_visible()
    page.get_by_label("Name").fill("Revenue watch")
    page.get_by_label("Name").press("Enter")
    settled(page)
    page.get_by_role("button", name="Save alert").click()
    expect(page.get_by_role("heading", name="Revenue watch", exact=True)).to_be_visible()
    expect(page.get_by_text("Revenue watch: fires").last).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_text("Firing")).to_be_visible()
    settled(page)
    bell(page)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)


def test_the_demo_has_alerts_and_one_can_be_quiet(demo: Callable[[], Page]) -> None:
    page = demo()
    bell(page)
    page.get_by_role("button", name="Refunds of 7 days: fires").first.click()
    expect(page.get_by_role("heading", name="Refunds of 7 days", exact=True)).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Quiet").click()
    page.get_by_role("button", name="For 1 day").click()
    expect(page.get_by_text("Quiet").first).to_be_visible()
    page.get_by_role("button", name="All alerts").click()
    expect(page.get_by_text(re.compile("quiet until"))).to_be_visible()


def test_a_wrong_limit_is_said_and_nothing_is_lost(demo: Callable[[], Page]) -> None:
    page = demo()
    page.get_by_role("link", name="Alerts").click()
    page.get_by_role("button", name="New alert").click()
    expect(page.get_by_role("heading", name="New alert")).to_be_visible()
    page.get_by_label("Name").fill("Lost")
    page.get_by_role("textbox", name="Query").fill("SELECT count(*) AS n FROM orders")
    page.get_by_label("Limit").fill("a lot")
    page.get_by_label("Limit").press("Enter")
    settled(page)
    page.get_by_role("button", name="Save alert").click()
    expect(page.get_by_text("“a lot” is not a number.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Lost")
    page.get_by_label("Limit").fill("1,000,000")
    page.get_by_label("Limit").press("Enter")
    settled(page)
    page.get_by_role("button", name="Look back 90 days").click()
    expect(page.get_by_text(re.compile("It would have fired once"))).to_be_visible()
