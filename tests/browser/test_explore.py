"""SQL by hand in a real browser: completed, run with a parameter, charted, kept, opened again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import open_app, settled
from tests.running_app import RunningApp


@pytest.fixture
def explore(page: Page, running_app: RunningApp) -> Page:
    open_app(page, running_app.url)
    page.get_by_role("button", name="Try the demo").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("tab", name="Tables")).to_be_visible()
    settled(page)
    return page


def test_sql_is_completed_run_charted_kept_and_found_again(explore: Page) -> None:
    page = explore
    editor = page.get_by_role("textbox", name="SQL")
    editor.click()
    page.keyboard.type("SELECT status, count(*) AS n FROM support_t")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("support_tickets")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT status, count(*) AS n FROM orders o WHERE ordered_at >= {{from")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+End")
    page.keyboard.type(" GROUP BY status ")
    page.keyboard.press("Escape")
    value = page.get_by_label("from", exact=True)
    expect(value).to_be_visible()
    settled(page)
    value.fill("not a day")
    value.press("Enter")
    settled(page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("“not a day” is not a date")).to_be_visible()
    value.fill("2025-01-01")
    value.press("Enter")
    settled(page)
    editor.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"^2 rows"))).to_be_visible()
    page.get_by_role("tab", name="Chart").click()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Name", exact=True).fill("My statuses")
    page.get_by_label("Name", exact=True).press("Enter")
    settled(page)
    page.get_by_role("button", name="Save query").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    settled(page)
    page.get_by_role("tab", name="Saved").click()
    expect(page.get_by_text("My statuses")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("2 rows").last).to_be_visible()


def test_tables_are_searched_described_and_looked_into(explore: Page) -> None:
    page = explore
    page.get_by_role("tab", name="Tables").click()
    page.get_by_role("textbox", name="Search").first.fill("refund")
    page.get_by_role("textbox", name="Search").first.press("Enter")
    expect(page.get_by_role("radio")).to_have_count(1)
    settled(page)
    about = page.get_by_role("textbox", name="What it holds")
    about.fill("Money that went back")
    about.press("Control+Enter")
    settled(page)
    page.get_by_role("button", name="Save descriptions").click()
    expect(page.get_by_text("The next answers heed it.")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Show rows").click()
    expect(page.get_by_role("textbox", name="SQL")).to_contain_text("refunds")
