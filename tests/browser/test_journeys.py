"""What people do, in a real browser on the real server."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.demo import messy
from tests.browser.pages import Watch, open_app, settled
from tests.running_app import RunningApp
from tests.servers import Postgres


def fill_register(page: Page, name: str) -> None:
    page.get_by_role("link", name="Create an organization").click()
    page.get_by_label("Your name").fill("Rita Register")
    page.get_by_label("Email").fill(f"rita@{name}.example")
    page.get_by_role("textbox", name="Password").fill("a long enough password")
    page.get_by_label("Organization", exact=True).fill(name.title())
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    settled(page)


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def ask(page: Page, question: str) -> None:
    """Type a question and wait for its answer."""
    before = page.get_by_role("tab", name="SQL").count()
    box = page.get_by_placeholder(re.compile("^Ask about"))
    box.fill(question)
    box.press("Enter")
    expect(page.get_by_role("tab", name="SQL")).to_have_count(before + 1)
    settled(page)


def new_chat(page: Page) -> None:
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    settled(page)


def sign_out(page: Page) -> None:
    page.get_by_test_id("stPopoverButton").filter(has_text="account_circle").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def upload(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Connections").click()
    page.get_by_role("button", name="Upload a file").click()
    page.get_by_label("File to upload").set_input_files(path)
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_text("is loaded.")).to_be_visible()
    settled(page)


def connect(
    dialog: Locator, database: str, port: int, password: str = "datamind"
) -> dict[str, str]:
    """Fill in the form of a PostgreSQL server and press Connect; returns what was entered."""
    entered = {
        **{"Name": "Corner shop", "Host": "127.0.0.1", "Port": str(port)},
        **{"Database": database, "User": "datamind", "Password": password},
    }
    for label, text in entered.items():
        dialog.get_by_role("textbox", name=label, exact=True).fill(text)
    dialog.get_by_role("button", name="Connect").click()
    return entered


@pytest.fixture
def visit(page: Page, running_app: RunningApp) -> Callable[[], Page]:
    def come() -> Page:
        open_app(page, running_app.url)
        return page

    return come


def demo_password(app: RunningApp) -> str:
    return (app.home / "demo-sign-in.txt").read_text().strip()


def test_register_upload_ask_and_sign_out(visit: Callable[[], Page], tmp_path: Path) -> None:
    messy.messy_csv(tmp_path / "sales_export_messy.csv")
    page = visit()
    fill_register(page, "newcomer")
    upload(page, tmp_path / "sales_export_messy.csv")
    page.get_by_role("button", name="Ask about it").click()
    for question in ("How many rows are there?", "Net amount by region", "Units by month"):
        ask(page, question)
    expect(page.locator(".js-plotly-plot").last).to_be_visible()
    page.get_by_role("tab", name="Table").last.click()
    expect(page.get_by_test_id("stDataFrame").last).to_be_visible()
    sign_out(page)
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_demo_answers_with_figures_chart_and_sql(visit: Callable[[], Page]) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    page.get_by_role("button", name="What were our top 10 products").click()
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    expect(page.get_by_text("· 10 rows ·")).to_be_visible()
    page.get_by_role("tab", name="SQL").click()
    expect(page.get_by_test_id("stCode")).to_contain_text("SELECT")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("button", name="CSV").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 11


def test_an_answer_proves_its_figures(visit: Callable[[], Page]) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    offered = page.locator("[class*=st-key-suggestion]")
    offered.get_by_role("button", name="What were our top 10 products").click()
    figure = page.locator(".dm-figure").first
    tip = page.get_by_role("tooltip").filter(has_text="Row 1 of 10, column “revenue”")
    figure.hover()
    expect(tip).to_contain_text(f"Exactly {figure.inner_text()}")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    page.mouse.move(0, 0)
    figure.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Tab")
    expect(tip).to_have_count(0)
    page.get_by_role("button", name="Checked").click()
    expect(page.get_by_text("products is joined on a declared key.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="How").click()
    expect(page.get_by_text("rows were read:")).to_be_visible()
    expect(page.get_by_text("Together with products, where")).to_be_visible()
    page.get_by_role("tab", name="Chart").click()
    chips = page.locator("[class*=st-key-chips-]")
    chips.get_by_role("button", name="top 10").click()
    page.get_by_role("spinbutton", name="Rows").fill("3")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("· 3 rows ·")).to_be_visible()
    expect(chips.get_by_role("button", name="top 3")).to_be_visible()
    expect(chips.get_by_role("button", name="top 10")).to_have_count(0)


def test_a_question_comes_into_view_and_the_page_stays_where_the_person_is(
    visit: Callable[[], Page],
) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    for question in ("Revenue by month in 2025", "Top 5 products by revenue", "Orders by country"):
        ask(page, question)
        asked = page.locator("[class*=st-key-asked-]").last
        expect(asked).to_contain_text(question)
        expect(asked).to_be_in_viewport()
    page.locator(".js-plotly-plot").first.wait_for()
    page.mouse.move(700, 400)
    page.mouse.wheel(0, -20_000)
    first = page.locator("[class*=st-key-asked-]").first
    expect(first).to_be_in_viewport()
    page.get_by_role("tab", name="Table").first.click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    page.get_by_role("tab", name="Chart").first.click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(first).to_be_in_viewport()


@pytest.fixture
def shop(postgres: Postgres) -> Iterator[str]:
    """The name of a database with a table of orders, owned by a superuser."""
    with postgres.fresh_database() as url:
        name = url.rsplit("/", 1)[1]
        with postgres.connect(name) as session:
            session.execute("CREATE TABLE orders (id int PRIMARY KEY, region text, amount int)")
            session.execute(
                "INSERT INTO orders VALUES (1, 'North', 10), (2, 'South', 20), (3, 'North', 12)"
            )
        yield name


def test_connect_a_database_ask_it_and_check_its_rights(
    visit: Callable[[], Page], postgres: Postgres, shop: str
) -> None:
    page = visit()
    fill_register(page, "shopkeeper")
    page.get_by_role("link", name="Connections").click()
    page.get_by_role("button", name="Connect a database").click()
    dialog = page.get_by_role("dialog")
    entered = connect(dialog, shop, postgres.port, password="wrong")
    expect(dialog.get_by_text("did not accept the user “datamind”")).to_be_visible()
    for label, text in entered.items():  # nothing typed is lost
        expect(dialog.get_by_role("textbox", name=label, exact=True)).to_have_value(text)
    dialog.get_by_role("textbox", name="Password").fill("datamind")
    dialog.get_by_role("button", name="Test").click()
    expect(dialog.get_by_text("Connected. 1 table found.")).to_be_visible()
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog).to_have_count(0)

    entry = page.locator('[class*="st-key-connection-"]').filter(has_text="Corner shop")
    expect(entry.get_by_text("This account is a superuser")).to_be_visible()
    entry.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Check rights").click()
    first = dialog.locator('[class*="st-key-finding-0-danger"]')
    expect(first.get_by_text("Danger")).to_be_visible()
    expect(first.get_by_text("This account is a superuser")).to_be_visible()
    expect(dialog.get_by_test_id("stCode").last).to_be_hidden()
    dialog.get_by_text("SQL for an administrator").last.click()
    expect(dialog.get_by_test_id("stCode").last).to_contain_text("CREATE ROLE")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)

    entry.get_by_role("button", name="Ask").click()
    ask(page, "Total amount by region")
    answer = page.locator('[class*="st-key-answer-text"]')
    expect(answer).to_contain_text("North")
    expect(answer).to_contain_text("22")


def test_a_refresh_that_ends_does_not_close_what_is_being_filled_in(
    visit: Callable[[], Page], postgres: Postgres, shop: str
) -> None:
    page = visit()
    fill_register(page, "typist")
    page.get_by_role("link", name="Connections").click()
    page.get_by_role("button", name="Connect a database").click()
    dialog = page.get_by_role("dialog")
    connect(dialog, shop, postgres.port)
    expect(page.get_by_text("This account is a superuser")).to_be_visible()
    with postgres.connect(shop) as session:
        session.execute("DELETE FROM orders WHERE id = 3")  # so that the refresh looks into it
    with postgres.connect(shop) as session, session.transaction():
        session.execute("LOCK TABLE orders")  # the refresh waits for it
        page.get_by_role("button", name="Refresh").last.click()
        expect(page.get_by_text("Reading tables and columns")).to_be_visible()
        page.get_by_role("button", name="Connect a database").click()
        dialog.get_by_role("textbox", name="Host").fill("db.example.com")
    expect(page.get_by_text("Corner shop: up to date")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Host")).to_have_value("db.example.com")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_text("is up to date: nothing changed")).to_be_visible()


def test_leaving_while_it_works_and_coming_back_shows_the_answer(
    visit: Callable[[], Page],
) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    page.get_by_role("button", name="Revenue by month this year").click()
    expect(page.locator("[class*=st-key-asked]")).to_be_visible()
    page.get_by_role("link", name="Settings").first.click()
    expect(page.get_by_text("Profile", exact=True)).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    page.get_by_test_id("stSidebar").get_by_role("button", name="Revenue by month").first.click()
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()


def test_a_viewer_cannot_reach_the_organization(
    visit: Callable[[], Page], running_app: RunningApp, watch: Watch
) -> None:
    # Streamlit looks for itself below an unknown address first, and says that there is no page.
    watch.forgive("status of 404|page that you have requested does not seem to exist")
    page = visit()
    sign_in(page, "viewer@demo.example", demo_password(running_app))
    expect(page.get_by_role("link", name="Chat")).to_be_visible()
    expect(page.get_by_role("link", name="Organization")).to_have_count(0)
    page.goto(f"{running_app.url}/organization")
    settled(page)
    expect(page.get_by_text("Audit log")).to_have_count(0)


def test_a_wrong_password_is_a_sentence(visit: Callable[[], Page]) -> None:
    page = visit()
    sign_in(page, "admin@demo.example", "not the password")
    expect(page.get_by_text("Email or password is not right.")).to_be_visible()


def test_the_cookie_is_out_of_reach_of_scripts_and_dies_with_the_sign_out(
    visit: Callable[[], Page], running_app: RunningApp, browser: Browser, watch: Watch
) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    cookie = next(c for c in page.context.cookies() if c["name"] == "datamind_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["value"] not in page.evaluate("document.cookie + JSON.stringify(localStorage)")
    sign_out(page)
    thief = browser.new_context()
    watch.follow(thief)
    thief.add_cookies([{**cookie, "url": running_app.url, "domain": None, "path": None}])
    stolen = thief.new_page()
    open_app(stolen, running_app.url)
    expect(stolen.get_by_role("button", name="Sign in")).to_be_visible()
    thief.close()


def test_another_site_cannot_begin_or_end_a_session(page: Page, running_app: RunningApp) -> None:
    for path in ("/auth/session", "/auth/sign-out"):
        answer = page.request.post(
            running_app.url + path,
            data=json.dumps({"ticket": "x"}),
            headers={"Origin": "https://evil.example", "Content-Type": "application/json"},
        )
        assert answer.status == 403


def test_no_screen_is_wider_than_a_phone(browser: Browser, running_app: RunningApp) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    open_app(page, running_app.url)
    page.get_by_role("button", name="Try the demo").click()
    expect(page.get_by_text("What do you want to know?")).to_be_visible()
    for path in ("/", "/connections", "/library", "/settings", "/organization"):
        open_app(page, running_app.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    context.close()


def test_a_verified_answer_is_given_to_who_asks_in_other_words(
    visit: Callable[[], Page],
) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    ask(page, "Marketing spend by channel last quarter")
    sentence = page.locator('[class*="st-key-answer-text"]')
    figure = sentence.last.locator(".dm-figure").first.inner_text()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("In the Library")).to_be_visible()

    new_chat(page)
    ask(page, "What was our marketing spend per channel in the last quarter?")
    matched = page.locator('[class*="st-key-matched"]')
    expect(matched).to_contain_text("“Marketing spend by channel last quarter” · verified by")
    expect(page.get_by_role("button", name="Verified")).to_be_visible()
    expect(sentence).to_contain_text(figure)

    new_chat(page)
    ask(page, "Marketing spend by channel last month")
    expect(matched).to_contain_text("asked now with")
    expect(sentence).not_to_contain_text(figure)

    page.get_by_role("link", name="Library").click()
    entry = page.locator('[class*="st-key-verified-"]').filter(has_text="Marketing spend")
    expect(entry).to_contain_text("used twice")
    entry.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(entry).to_have_count(0)


def test_two_readings_with_different_numbers_are_offered(visit: Callable[[], Page]) -> None:
    page = visit()
    page.get_by_role("button", name="Try the demo").click()
    box = page.get_by_placeholder(re.compile("^Ask about"))
    box.fill("Revenue by name last quarter")
    box.press("Enter")
    expect(page.get_by_text("Do you mean the name of the product")).to_be_visible()
    page.get_by_role("button", name="name of the customer: ").click()
    expect(page.get_by_role("tab", name="SQL")).to_be_visible()
    expect(page.get_by_text("Revenue by name last quarter (name of the customer)")).to_be_visible()
