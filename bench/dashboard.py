"""A dashboard of twelve tiles, warm: the work of the script, and to the last paint in Chromium.

Run it with `python -m bench.dashboard`; it starts the product with its demo on a free port.
"""

import gc
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest
from playwright.sync_api import Page, sync_playwright

from app import resources
from core import accounts, charts
from core.clock import FixedDay
from core.dashboards import boards, running
from core.datamind import DataMind, build, close
from core.demo import organization
from core.store.queue import SilentQueue
from core.types import Actor
from tests import factories
from tests.app.opening import open_app
from tests.running import find
from tests.running_app import RunningApp

ROUNDS = 9
TODAY = "2026-10-15"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server"]
DRAWN = """() => {
  const drawn = (e) => e.getBoundingClientRect().height > 0;
  const shown = (name) => [...document.querySelectorAll(name)].filter(drawn);
  return shown(".js-plotly-plot .main-svg").length >= 6
    && shown('[data-testid="stMetricValue"]').length === 4
    && shown('[data-testid="stDataFrame"] canvas').length >= 1;
}"""


def script() -> None:
    """What a run of the script does for all tiles, one after another, with caches warm."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        factories.open_house(home)
        settings = factories.settings(home, datamind_demo="on")
        dm = build(settings, SilentQueue(), FixedDay(factories.TODAY))
        organization.ensure(dm)
        actor = accounts.actor_of(dm, organization.user(dm, "viewer"), "user")
        assert actor is not None
        tell("script, figures from the cache", [look(dm, actor) for _ in range(ROUNDS + 2)][2:])
        screen(dm, actor)
        close(dm)


def screen(dm: DataMind, actor: Actor) -> None:
    """A whole run of the screen's script, tiles one after another, without a browser."""
    board = boards.dashboards(dm, actor)[0]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(resources, "datamind", lambda: dm)
        resources.use(dm)
        app = open_app(patched, dm, actor)
        app.query_params["id"] = str(board.id)
        app.switch_page("screens/dashboard.py")
        app.run()
        gc.collect()
        gc.freeze()
        times = []
        for _ in range(ROUNDS + 2):
            began = perf_counter()
            app.run()
            times.append(perf_counter() - began)
        assert not app.exception
        assert len(app.metric) == 4
        gc.unfreeze()
        tell("script, a whole run of the screen", times[2:])


def look(dm: DataMind, actor: Actor) -> float:
    """Seconds to open the dashboard and look up all that it shows."""
    began = perf_counter()
    entry = boards.dashboards(dm, actor)[0]
    for tile in boards.dashboard(dm, actor, entry.id).tiles:
        if tile.kind != "text":
            shown = running.run(dm, actor, tile.id)
            charts.alt(shown.chart, shown.result)
    return perf_counter() - began


def browser() -> None:
    """From a click on the dashboard's name to the last picture, and a reload of it."""
    with RunningApp(DATAMIND_TODAY=TODAY) as app, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find("chromium"), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(app.url)
        page.get_by_role("button", name="Try the demo").click()
        page.get_by_text("What do you want to know?").wait_for()
        times = [opened(page) for _ in range(ROUNDS + 2)][2:]
        tell("Chromium, click to last paint", times)
        chromium.close()


def opened(page: Page) -> float:
    """Seconds from the list to the dashboard with everything drawn."""
    page.get_by_role("link", name="Dashboards").click()
    button = page.get_by_role("button", name="Shop this morning", exact=True)
    button.wait_for()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    began = perf_counter()
    button.click()
    page.wait_for_function(DRAWN, polling="raf")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return perf_counter() - began


def tell(what: str, seconds: list[float]) -> None:
    """The median and the slowest, in milliseconds."""
    median, slowest = statistics.median(seconds) * 1000, max(seconds) * 1000
    sys.stdout.write(f"{what:40} median {median:7.0f} ms   slowest {slowest:7.0f} ms\n")


if __name__ == "__main__":
    script()
    browser()
