"""In a real browser: no text of anybody runs, and the security policy is never offended."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Watch, open_app, settled
from tests.factories import PASSWORD
from tests.hostile_app import EMAIL, HostileApp

LISTEN = """
window.offences = [];
document.addEventListener("securitypolicyviolation", e =>
  window.offences.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile || ""}`));
"""
BAD = ", ".join(
    (
        *("a[href^='javascript']", "img[src*='evil.example']", "[onerror]", "img[src='x']"),
        *(".katex", ":not([class*=st-key-own-markdown] *) > a[href^='http'][href*='evil.example']"),
    )
)
SCREENS = (
    *("/", "/dashboards", "/connections", "/explore", "/alerts", "/reports", "/library"),
    *("/settings", "/organization", "/organization?view=outbox", "/organization?view=audit"),
    *("/organization?view=system", "/organization?view=quality", "/organization?view=organization"),
    *("/organization?view=usage", "/organization?view=sharing"),
)


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileApp]:
    with HostileApp() as app:
        yield app


@pytest.fixture
def inside(page: Page, hostile: HostileApp, watch: Watch) -> Page:
    """The admin's page, signed in, that keeps count of offences against the policy."""
    # A screen's own path has no health route beneath it; Streamlit asks there first.
    watch.forgive("status of 404")
    page.add_init_script(LISTEN)
    open_app(page, hostile.url)
    page.get_by_role("textbox", name="Email").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    settled(page)
    return page


def unharmed(page: Page) -> None:
    """Nothing ran, nothing was offended, no link or picture of theirs is there."""
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("window.offences") == []
    found = page.eval_on_selector_all(BAD, "all => all.map(one => one.outerHTML.slice(0, 300))")
    assert found == []
    assert "window.hacked" not in " ".join(
        page.eval_on_selector_all("script", "all => all.map(one => one.textContent)")
    )


def test_no_screen_offends_the_policy_or_runs_what_people_wrote(
    inside: Page, hostile: HostileApp
) -> None:
    opened = (*SCREENS, f"/dashboard?id={hostile.board}", f"/?chat={hostile.chat}")
    for path in opened:
        open_app(inside, hostile.url + path)
        expect(inside.get_by_test_id("stException")).to_have_count(0)
        expect(inside.get_by_text("Something went wrong on our side")).to_have_count(0)
        unharmed(inside)


def test_cells_and_a_models_words_are_shown_as_text(inside: Page, hostile: HostileApp) -> None:
    open_app(inside, f"{hostile.url}/?chat={hostile.chat}")
    expect(inside.get_by_text("<script>window.hacked=1</script>").first).to_be_visible()
    for name in ("Table", "SQL", "How"):
        inside.get_by_role("tab", name=name).last.click()
        settled(inside)
        unharmed(inside)
    open_app(inside, f"{hostile.url}/dashboard?id={hostile.board}")
    expect(inside.get_by_text("Hello")).to_be_visible()
    expect(inside.locator(".js-plotly-plot").first).to_be_visible()
    unharmed(inside)


def test_a_script_that_gets_into_the_page_does_not_run(inside: Page) -> None:
    """Were a hole found, the policy would still stand in the way."""
    inside.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hacked = 1";
          document.body.append(script);
          document.body.insertAdjacentHTML(
            "beforeend", "<img src='nothing' onerror='window.hacked = 2'>");
          const far = document.createElement("script");
          far.src = "http://127.0.0.1:9/evil.js";
          document.body.append(far);
        }"""
    )
    inside.wait_for_function("window.offences.length >= 3")
    assert inside.evaluate("window.hacked") is None


@pytest.fixture(autouse=True)
def _forgiving(request: pytest.FixtureRequest, watch: Watch) -> None:
    if "gets_into_the_page" in request.node.name:
        watch.forgive("Content Security Policy|status of 404|Refused to")
