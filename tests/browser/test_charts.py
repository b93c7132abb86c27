"""Charts under a person's hands: another kind, other options, the picture, and all of it kept."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import Watch, open_app, settled
from tests.running_app import RunningApp


def asked(page: Page, url: str, question: str) -> None:
    open_app(page, url)
    page.get_by_role("button", name="Try the demo").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    settled(page)
    box = page.get_by_placeholder(re.compile("^Ask about"))
    box.fill(question)
    box.press("Enter")
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()
    settled(page)


def kind(page: Page, name: str) -> None:
    box, option = page.get_by_role("combobox", name="Kind of chart"), page.get_by_role("option")
    expect(page.locator('[class*="st-key-asked-"]')).to_be_in_viewport(ratio=1)  # brought up
    box.click()
    if not option.first.is_visible():  # a page that still scrolls closes the list
        box.press("ArrowDown")
    option.get_by_text(name, exact=True).click()
    settled(page)


def test_another_chart_is_kept_with_the_answer(page: Page, running_app: RunningApp) -> None:
    asked(page, running_app.url, "Revenue by month this year")
    expect(page.locator(".js-plotly-plot .scatterlayer")).to_be_visible()
    kind(page, "Bars")
    expect(page.locator(".js-plotly-plot .barlayer .point").first).to_be_visible()
    page.get_by_role("button", name="Adjust").click()
    page.get_by_role("checkbox", name="Write figures").check(force=True)
    expect(page.locator(".js-plotly-plot .barlayer .bartext").first).to_have_text(re.compile("k$"))
    page.reload()
    settled(page)
    expect(page.locator(".js-plotly-plot .barlayer .bartext").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture").click()
        page.get_by_role("button", name="PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    page.keyboard.press("Escape")
    kind(page, "Figure")
    expect(page.get_by_test_id("stMetric")).to_contain_text("against")
    page.get_by_role("button", name="Adjust").click()
    page.get_by_role("button", name="Back to the suggested chart").click()
    expect(page.locator(".js-plotly-plot .scatterlayer .js-line").first).to_be_visible()


def test_the_toolbar_leaves_the_title_free_on_a_phone(
    browser: Browser, watch: Watch, running_app: RunningApp
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    watch.follow(context)
    page = context.new_page()
    asked(page, running_app.url, "Revenue by category and month this year")
    title = page.locator("strong").get_by_text("Revenue by month and category")
    title.scroll_into_view_if_needed()
    expect(title).to_be_visible()
    expect(page.locator(".modebar-container")).to_be_hidden()
    under = title.bounding_box()
    above = page.locator('[class*="st-key-toolbar-"]').bounding_box()
    assert under is not None
    assert above is not None
    assert above["y"] + above["height"] <= under["y"] + 1
    assert under["x"] + under["width"] <= 390
    context.close()
