"""Accounts in a real browser: invited, signed out from elsewhere, a lost password, rights."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core import invitations, members, resets, sessions
from tests.browser.pages import Watch, open_app, settled
from tests.factories import PASSWORD
from tests.hostile_app import EMAIL, HostileApp

NEW = "four words that fit"


@pytest.fixture(scope="module")
def house() -> Iterator[HostileApp]:
    with HostileApp() as app:
        yield app


@pytest.fixture(autouse=True)
def _forgiving(watch: Watch) -> None:
    # A screen's own path has no health route beneath it, and closed sockets are said.
    watch.forgive("status of 404|WebSocket")


def sign_in(page: Page, house: HostileApp, email: str, password: str) -> None:
    open_app(page, house.url)
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    settled(page)


def joined(page: Page, house: HostileApp, name: str) -> str:
    """Somebody invited by link, now a member; returns the email."""
    link = invitations.invite(house.dm, house.admin, role="viewer")
    page.goto(house.url + link.removeprefix(house.dm.settings.address))
    settled(page)
    page.get_by_role("textbox", name="Email").fill(f"{name}@evil.example")
    page.get_by_role("textbox", name="Your name").fill(name.title())
    page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    page.get_by_role("textbox", name="Password again").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    settled(page)
    return f"{name}@evil.example"


def test_a_page_on_which_nothing_happens_ends_with_its_session(
    page: Page, house: HostileApp
) -> None:
    email = joined(page, house, "idle")
    open_app(page, f"{house.url}/settings")
    expect(page.get_by_text("this one")).to_be_visible()
    idle = next(m for m in members.members(house.dm, house.admin) if m.email == email)
    members.set_active(house.dm, house.admin, idle.id, active=False)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text(email)).to_have_count(0)


def test_one_of_two_sessions_is_ended_from_the_other(
    page: Page, house: HostileApp, browser: Browser
) -> None:
    email = joined(page, house, "twice")
    context = browser.new_context()
    other = context.new_page()
    sign_in(other, house, email, PASSWORD)
    open_app(page, f"{house.url}/settings")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(0)
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text("this one")).to_be_visible()
    context.close()


def test_a_lost_password_is_chosen_anew(page: Page, house: HostileApp) -> None:
    email = joined(page, house, "forgetful")
    who = next(m for m in members.members(house.dm, house.admin) if m.email == email)
    link = resets.link_for(house.dm, house.admin, who.id)
    page.goto(house.url + link.removeprefix(house.dm.settings.address))
    settled(page)
    page.get_by_role("textbox", name="New password", exact=True).fill(NEW)
    page.get_by_role("textbox", name="New password again").fill(NEW)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, house, email, NEW)
    page.goto(house.url + link.removeprefix(house.dm.settings.address))
    expect(page.get_by_text("This link has been used")).to_be_visible()


def test_asking_for_a_link_says_the_same_to_everybody(page: Page, house: HostileApp) -> None:
    for email in (EMAIL, "nobody@evil.example"):
        open_app(page, house.url)
        page.get_by_role("link", name="Forgot your password?").click()
        expect(page.get_by_role("button", name="Send me a link")).to_be_visible()
        settled(page)
        page.get_by_role("textbox", name="Email").fill(email)
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_text("If there is an account with this email")).to_be_visible()
        settled(page)


def test_rights_of_a_connection_are_set_and_hold(
    page: Page, house: HostileApp, browser: Browser
) -> None:
    sign_in(page, house, EMAIL, PASSWORD)
    open_app(page, f"{house.url}/connections")
    page.get_by_role("button", name="More").last.click()
    page.get_by_role("button", name="Who may ask").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Private columns", exact=True)).to_be_visible()
    settled(page)
    dialog.get_by_role("combobox", name="Who may ask").click()
    page.get_by_role("option", name="Admins", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved who may ask")).to_be_visible()
    context = browser.new_context()
    viewer = context.new_page()
    joined(viewer, house, "outsider")
    open_app(viewer, f"{house.url}/connections")
    names = house.connection_names()
    expect(viewer.get_by_text(names[0]).first).to_be_visible()
    expect(viewer.get_by_text(names[-1], exact=True)).to_have_count(0)
    context.close()
    assert sessions.sessions(house.dm, house.admin)
