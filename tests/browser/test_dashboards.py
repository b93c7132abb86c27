"""Dashboards as people use them: pinned from a chat, arranged, found again, mended, shared."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.browser.pages import Watch, open_app, settled
from tests.browser.test_journeys import ask
from tests.running_app import RunningApp

TODAY = "2026-10-15"
MORNING = "Shop this morning"
ROW = 60


@pytest.fixture(scope="module")
def running_app() -> Iterator[RunningApp]:
    """The product with its demo, one per test file."""
    with RunningApp(DATAMIND_TODAY=TODAY) as app:
        yield app


def enter(page: Page, url: str) -> None:
    open_app(page, url)
    page.get_by_role("button", name="Try the demo").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    settled(page)


def tile(page: Page, title: str) -> Locator:
    """The tile of that title."""
    head = page.locator('[class*="st-key-tile-head-"]').filter(has_text=title)
    cell = page.get_by_test_id("stGridCell").filter(has=head)
    return cell


def open_board(page: Page, title: str) -> None:
    page.get_by_role("link", name="Dashboards").click()
    page.get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_role("button", name="All dashboards")).to_be_visible()
    settled(page)


def choose(page: Page, menu: Locator, act: str) -> None:
    """Open a menu and choose what it offers."""
    menu.get_by_role("button").first.click()
    page.get_by_role("menuitem", name=act).or_(page.get_by_role("option", name=act)).click()


def drag(page: Page, handle: Locator, columns: float, rows: float) -> None:
    handle.hover()
    box = handle.bounding_box()
    assert box is not None
    surface = page.locator(".dm-arrange-surface").bounding_box()
    assert surface is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y + 4)
    width = surface["width"] / 12
    page.mouse.move(x + columns * width, y + rows * ROW, steps=12)
    expect(page.locator(".grid-stack-placeholder")).to_be_visible()
    page.mouse.up()


def test_an_answer_is_pinned_dragged_sized_and_found_again(
    page: Page, browser: Browser, running_app: RunningApp, watch: Watch
) -> None:
    enter(page, running_app.url)
    ask(page, "Revenue by country last quarter")
    page.get_by_role("button", name="Pin").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="A new dashboard").click()
    dialog.get_by_label("Name of the dashboard").fill("Countries")
    dialog.get_by_label("Title of the tile").fill("By country")
    dialog.get_by_role("button", name="Pin").click()
    expect(tile(page, "By country").locator(".js-plotly-plot")).to_be_visible()
    settled(page)

    page.get_by_role("button", name="Arrange").click()
    arranged = page.locator('.dm-tile[data-name="By country"]')
    expect(arranged).to_have_attribute("aria-label", re.compile("column 1, row 1, 6 wide, 6 high"))
    settled(page)
    drag(page, arranged.locator(".dm-tile-grip"), 4, 0)
    expect(arranged).to_have_attribute("aria-label", re.compile("column 5, row 1, 6 wide, 6 high"))
    settled(page)
    drag(page, arranged.locator("xpath=..").locator(".ui-resizable-se"), 2, 2)
    expect(arranged).to_have_attribute("aria-label", re.compile("column 5, row 1, 8 wide, 8 high"))
    settled(page)
    page.get_by_role("button", name="Done").click()
    picture = tile(page, "By country").locator(".js-plotly-plot")
    expect(picture).to_be_visible()
    settled(page)
    there = tile(page, "By country").bounding_box()

    page.reload()
    expect(picture).to_be_visible()
    settled(page)
    assert tile(page, "By country").bounding_box() == there

    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, storage_state=page.context.storage_state()
    )
    watch.follow(context)
    # A screen that is opened by its address asks for Streamlit's own files there first.
    watch.forgive("status of 404")
    elsewhere = context.new_page()
    open_app(elsewhere, page.url)
    expect(tile(elsewhere, "By country").locator(".js-plotly-plot")).to_be_visible()
    assert tile(elsewhere, "By country").bounding_box() == there
    context.close()


def test_of_two_who_arrange_at_once_the_second_is_told(
    page: Page, browser: Browser, running_app: RunningApp, watch: Watch
) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, storage_state=page.context.storage_state()
    )
    watch.follow(context)
    watch.forgive("status of 404")
    other = context.new_page()
    open_app(other, page.url)
    for one in (page, other):
        one.get_by_role("button", name="Arrange").click()
        expect(one.locator('.dm-tile[data-name="Revenue by month"]')).to_be_visible()
        settled(one)

    refunds = '.dm-tile[data-name="Refunds by reason, last 90 days"]'
    first, second = page.locator(refunds), other.locator(refunds)
    for one, there, key in ((page, first, "Shift+ArrowDown"), (other, second, "Shift+ArrowUp")):
        there.focus()
        there.press(key)
        there.press("Enter")
        settled(one)
    told = other.get_by_text("Somebody else has arranged this dashboard in the meantime")
    expect(told).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(second).to_have_attribute("aria-label", re.compile("4 wide, 7 high"))

    settled(other)
    second.focus()
    second.press("Shift+ArrowUp")
    second.press("Enter")
    expect(told).to_have_count(0)
    settled(other)
    other.reload()
    other.get_by_role("button", name="Arrange").click()
    expect(second).to_have_attribute("aria-label", re.compile("4 wide, 6 high"))
    context.close()


def test_what_an_executive_opens_daily(page: Page, running_app: RunningApp) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    for title in ("Revenue", "Orders", "Revenue by month", "Largest orders", "Refunds by reason"):
        expect(tile(page, title).first).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator(".js-plotly-plot")).to_have_count(6)
    expect(page.get_by_text("against Aug 2026")).to_have_count(4)
    expect(page.locator("time.dm-age").first).to_have_text("as of just now")


def test_the_whole_dashboard_is_taken_along_as_a_pdf(page: Page, running_app: RunningApp) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF").click()
    assert download.value.suggested_filename == "shop-this-morning.pdf"
    pages = PdfReader(download.value.path()).pages
    said = " ".join(word for one in pages for word in one.extract_text().split())
    for title in (MORNING, "Revenue", "Revenue by month", "Largest orders", "Refunds by reason"):
        assert title in said
    assert "against Aug 2026" in said
    assert f"Page 1 of {len(pages)}" in said
    assert all(one.mediabox.width > one.mediabox.height for one in pages)


def test_a_tile_is_removed_and_comes_back(page: Page, running_app: RunningApp) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    refunds = tile(page, "Refunds by reason")
    expect(refunds.locator(".js-plotly-plot")).to_be_visible()
    choose(page, refunds, "Remove")
    expect(refunds).to_have_count(0)
    page.get_by_role("button", name=re.compile("Refunds by reason.* is removed. Undo")).click()
    expect(refunds.locator(".js-plotly-plot")).to_be_visible()


def test_a_tile_is_added_from_sql_breaks_and_is_mended(page: Page, running_app: RunningApp) -> None:
    enter(page, running_app.url)
    page.get_by_role("link", name="Dashboards").click()
    page.get_by_role("button", name="New dashboard").click()
    page.get_by_role("dialog").get_by_label("Title").fill("Workshop")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_text("Nothing stands here yet")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Add tile").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="SQL").or_(dialog.get_by_role("button", name="SQL")).click()
    dialog.get_by_label("Title").fill("Numbers")
    sql = dialog.get_by_label("SQL", exact=True)
    sql.fill("SELECT CAST(name AS INTEGER) AS n FROM customers")
    sql.press("Control+Enter")
    expect(dialog.get_by_test_id("stAlert")).to_be_visible()
    dialog.get_by_role("button", name="Save tile").click()
    broken = tile(page, "Numbers")
    expect(broken.get_by_role("button", name="Try again")).to_be_visible()
    settled(page)

    broken.get_by_role("button", name="Mend").click()
    sql = dialog.get_by_label("SQL", exact=True)
    sql.fill("SELECT segment, count(*) AS customers FROM customers GROUP BY segment")
    sql.press("Control+Enter")
    expect(dialog.get_by_text("Result · 3 rows")).to_be_visible()
    settled(page)
    expect(dialog.locator(".js-plotly-plot .barlayer")).to_be_visible()
    dialog.get_by_text("Choose the chart by the data").click()
    dialog.get_by_role("combobox", name="Kind of chart").click()
    page.get_by_role("option", name="Ring").click()
    expect(dialog.locator(".js-plotly-plot .pielayer .slice").first).to_be_visible()
    settled(page)
    dialog.get_by_role("button", name="Save tile").click()
    expect(broken.locator(".js-plotly-plot .pielayer .slice").first).to_be_visible()


def test_a_filter_restricts_the_tiles_and_a_link_shows_the_same(
    page: Page, browser: Browser, running_app: RunningApp, watch: Watch
) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    figure = tile(page, "Buying customers").get_by_test_id("stMetricValue")
    whole = figure.inner_text()
    filters = page.locator(".st-key-dashboard-filters")
    filters.get_by_role("combobox", name="Country").click()
    page.get_by_role("option", name="Austria").click()
    expect(figure).not_to_have_text(whole)
    settled(page)
    austria = figure.inner_text()
    expect(tile(page, "Daily active users").get_by_text("not filtered")).to_be_visible()

    filters.get_by_role("combobox", name="Period").click()
    page.get_by_role("option", name=re.compile("^Last quarter")).click()
    expect(page).to_have_url(re.compile("f_country=Austria.*f_period=last_quarter"))
    settled(page)
    expect(figure).to_have_text(austria)  # September, whichever way
    expect(tile(page, "Daily active users").get_by_text("not filtered")).to_have_count(0)

    context = browser.new_context(storage_state=page.context.storage_state())
    watch.follow(context)
    watch.forgive("status of 404")
    elsewhere = context.new_page()
    open_app(elsewhere, page.url)
    expect(tile(elsewhere, "Buying customers").get_by_test_id("stMetricValue")).to_have_text(
        austria
    )
    expect(elsewhere.locator(".st-key-dashboard-filters").get_by_text("Austria")).to_be_visible()
    context.close()

    filters.get_by_role("button", name="Clear", exact=True).click()
    expect(figure).to_have_text(whole)


def test_a_click_on_a_bar_filters_the_other_tiles(page: Page, running_app: RunningApp) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    figure = tile(page, "Buying customers").get_by_test_id("stMetricValue")
    whole = figure.inner_text()
    countries = tile(page, "Revenue by country")
    bars = countries.locator(".barlayer .point path")
    expect(bars).to_have_count(13)
    settled(page)
    bars.nth(1).scroll_into_view_if_needed()
    bar = bars.nth(1).bounding_box()
    assert bar is not None
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    chip = page.get_by_role("button", name="Country: United Kingdom")
    expect(chip).to_be_visible()
    expect(figure).not_to_have_text(whole)
    expect(bars).to_have_count(13)
    settled(page)

    choose(page, countries, "Show rows")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_test_id("stDataFrame")).to_be_visible()
    settled(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    chip.click()
    expect(figure).to_have_text(whole)
    expect(chip).to_have_count(0)


def test_on_a_phone_the_tiles_stand_below_each_other(
    browser: Browser, running_app: RunningApp, watch: Watch
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    watch.follow(context)
    page = context.new_page()
    enter(page, running_app.url)
    watch.forgive("status of 404")
    open_app(page, running_app.url + "/dashboards")
    page.get_by_role("button", name=MORNING, exact=True).click()
    expect(tile(page, "Revenue by month").locator(".js-plotly-plot")).to_be_visible()
    settled(page)
    boxes = [found.bounding_box() for found in page.get_by_test_id("stGridCell").all()]
    shown = [box for box in boxes if box and box["height"] > 0]
    assert len(shown) == 12
    assert all(box["width"] > 320 and box["x"] + box["width"] <= 390 for box in shown)
    context.close()


def test_a_public_link_shows_that_dashboard_until_it_is_revoked(
    page: Page, browser: Browser, running_app: RunningApp, watch: Watch
) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Public link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_text("Copy the link now.")).to_be_visible()
    address = dialog.get_by_test_id("stCode").inner_text().strip()

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watch.follow(context)
    watch.forgive("status of 404")
    visitor = context.new_page()
    open_app(visitor, address)
    expect(visitor.get_by_text(MORNING)).to_be_visible()
    expect(visitor.locator(".js-plotly-plot")).to_have_count(6)
    for hidden in ("More", "Arrange", "Add tile", "PDF"):
        expect(visitor.get_by_role("button", name=hidden)).to_have_count(0)
    expect(visitor.get_by_test_id("stSidebar")).to_be_hidden()

    dialog.get_by_role("button", name="Revoke").click()
    expect(dialog.get_by_text("works until")).to_have_count(0)
    visitor.reload()
    expect(visitor.get_by_text("This link does not work any more.")).to_be_visible()
    expect(visitor.locator(".js-plotly-plot")).to_have_count(0)
    context.close()


def test_a_dashboard_goes_out_as_a_file_and_comes_back(page: Page, running_app: RunningApp) -> None:
    enter(page, running_app.url)
    open_board(page, MORNING)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="As a file").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Download YAML").click()
    text = Path(download.value.path()).read_text("utf-8")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("link", name="Dashboards").click()
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog")
    field = dialog.locator('input[type="file"]')
    wrong = text.replace("kind: kpi", "kind: hologram", 1)
    field.set_input_files(
        {"name": "wrong.yaml", "mimeType": "application/yaml", "buffer": wrong.encode()}
    )
    dialog.get_by_role("button", name="Import").click()
    expect(dialog.get_by_text(re.compile(r"Line \d+, tiles\[0\]\.chart\.kind"))).to_be_visible()
    settled(page)
    right = text.replace(MORNING, "Imported")
    field.set_input_files(
        {"name": "right.yaml", "mimeType": "application/yaml", "buffer": right.encode()}
    )
    expect(dialog.get_by_text("right.yaml")).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"Line \d+"))).to_have_count(0)  # it has arrived
    settled(page)
    dialog.get_by_role("button", name="Import").click()
    expect(page.get_by_test_id("stHeading").or_(page.get_by_text("Imported")).first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(6)
