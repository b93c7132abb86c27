"""Arranging a dashboard as people do: with the mouse, a finger, the keyboard, and two at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.grid_server import GridServer, Tile
from tests.browser.pages import Watch, open_app, settled

ROW = 60


def tile(name: str, kind: str, x: int, y: int, w: int, h: int) -> Tile:
    return {"id": name.lower(), "title": name, "kind": kind, "x": x, "y": y, "w": w, "h": h}


TILES = [
    tile("Revenue", "kpi", 0, 0, 3, 2),
    tile("Orders", "kpi", 3, 0, 3, 2),
    tile("Months", "chart", 0, 2, 6, 5),
    tile("Customers", "table", 6, 2, 6, 5),
    tile("Notes", "text", 0, 8, 12, 2),
]


@pytest.fixture(scope="module")
def server() -> Iterator[GridServer]:
    with GridServer() as server:
        yield server


@pytest.fixture
def arranging(page: Page, server: GridServer) -> Page:
    server.keep(TILES)
    open_app(page, server.url)
    expect(named(page, "Notes")).to_be_visible()
    return page


def named(page: Page, name: str) -> Locator:
    return page.locator(f'.dm-tile[data-name="{name}"]')


def stands(page: Page, name: str, where: str) -> None:
    """What the tile tells, which is what a screen reader hears."""
    label = re.compile(f"^{name}: {re.escape(where)}, ")
    expect(named(page, name)).to_have_attribute("aria-label", label)


def place(server: GridServer, name: str) -> tuple[int, int, int, int]:
    found = next(t for t in server.kept() if t["title"] == name)
    return found["x"], found["y"], found["w"], found["h"]


def saved(page: Page, times: int) -> None:
    expect(page.get_by_text(f"Saved {times} times, nothing wanted")).to_be_visible()
    settled(page)


def drag(page: Page, handle: Locator, columns: float, rows: float) -> None:
    handle.hover()  # waits until the tile stands still
    box = handle.bounding_box()
    width = page.locator(".dm-arrange-surface").bounding_box()["width"] / 12
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y + 4)  # as a hand begins: the drag is measured from here
    for step in range(1, 11):
        page.mouse.move(x + columns * width * step / 10, y + rows * ROW * step / 10)
    expect(page.locator(".grid-stack-placeholder")).to_be_visible()
    page.mouse.move(x + columns * width + 1, y + rows * ROW + 1)
    page.mouse.up()


def grip(page: Page, name: str) -> Locator:
    return named(page, name).locator(".dm-tile-grip")


def corner(page: Page, name: str) -> Locator:
    return named(page, name).locator("xpath=..").locator(".ui-resizable-se")


def boxes(page: Page) -> list[dict[str, float]]:
    return [found.bounding_box() for found in page.locator(".dm-tile").all()]


def test_a_tile_is_dragged_and_stays_where_it_is(arranging: Page, server: GridServer) -> None:
    drag(arranging, grip(arranging, "Orders"), 6, 0)
    stands(arranging, "Orders", "column 10, row 1, 3 wide, 2 high")
    saved(arranging, 1)
    assert place(server, "Orders") == (9, 0, 3, 2)
    assert [t["id"] for t in server.kept()] == [t["id"] for t in TILES]

    before = boxes(arranging)
    for _ in range(2):
        arranging.get_by_role("button", name="Run again").click()
        saved(arranging, 1)
    assert boxes(arranging) == before

    arranging.reload()
    settled(arranging)
    stands(arranging, "Orders", "column 10, row 1, 3 wide, 2 high")
    saved(arranging, 1)


def test_a_tile_is_made_larger_and_never_too_small(arranging: Page, server: GridServer) -> None:
    drag(arranging, corner(arranging, "Orders"), 2, 0)
    stands(arranging, "Orders", "column 4, row 1, 5 wide, 2 high")
    saved(arranging, 1)
    drag(arranging, corner(arranging, "Orders"), -4, -2)
    stands(arranging, "Orders", "column 4, row 1, 2 wide, 2 high")
    saved(arranging, 2)
    assert place(server, "Orders") == (3, 0, 2, 2)


def test_a_tile_dropped_on_another_pushes_it_away(arranging: Page, server: GridServer) -> None:
    drag(arranging, grip(arranging, "Notes"), 0, -6)
    saved(arranging, 1)
    assert place(server, "Notes")[1] < 8
    cells = [
        (column, row)
        for t in server.kept()
        for column in range(t["x"], t["x"] + t["w"])
        for row in range(t["y"], t["y"] + t["h"])
    ]
    assert len(cells) == len(set(cells))


def test_escape_ends_a_drag_where_it_began(arranging: Page, server: GridServer) -> None:
    box = grip(arranging, "Revenue").bounding_box()
    arranging.mouse.move(box["x"] + 40, box["y"] + 10)
    arranging.mouse.down()
    arranging.mouse.move(box["x"] + 500, box["y"] + 60, steps=5)
    arranging.keyboard.press("Escape")
    arranging.mouse.up()
    stands(arranging, "Revenue", "column 1, row 1, 3 wide, 2 high")
    saved(arranging, 0)
    assert server.kept() == TILES


def test_the_keyboard_moves_sizes_keeps_and_takes_back(arranging: Page, server: GridServer) -> None:
    orders = named(arranging, "Orders")
    voice = arranging.locator(".dm-arrange-voice")
    expect(voice).to_have_attribute("aria-live", "polite")
    orders.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        orders.press(key)
    expect(voice).to_have_text("Orders: column 6, row 1, 4 wide, 2 high")
    saved(arranging, 0)
    orders.press("Enter")
    expect(voice).to_have_text("Kept.")
    saved(arranging, 1)
    assert place(server, "Orders") == (5, 0, 4, 2)

    expect(orders).to_be_focused()
    orders.press("ArrowLeft")
    stands(arranging, "Orders", "column 5, row 1, 4 wide, 2 high")
    orders.press("Escape")
    expect(voice).to_have_text("Taken back.")
    stands(arranging, "Orders", "column 6, row 1, 4 wide, 2 high")
    orders.press("ArrowUp")
    expect(voice).to_have_text("It cannot move further.")
    saved(arranging, 1)

    orders.press("ArrowRight")
    orders.press("Tab")
    expect(named(arranging, "Months")).to_be_focused()
    saved(arranging, 2)
    assert place(server, "Orders") == (6, 0, 4, 2)


def test_what_is_taken_back_puts_back_what_was_pushed(arranging: Page, server: GridServer) -> None:
    months = named(arranging, "Months")
    months.focus()
    for _ in range(2):
        months.press("ArrowUp")
    months.press("ArrowRight")
    months.press("Escape")
    for t in TILES:
        where = f"column {t['x'] + 1}, row {t['y'] + 1}, {t['w']} wide, {t['h']} high"
        stands(arranging, t["title"], where)
    saved(arranging, 0)


def test_a_rerun_for_another_reason_loses_nothing(arranging: Page, server: GridServer) -> None:
    arranging.get_by_text("Save nothing").click()
    settled(arranging)
    drag(arranging, grip(arranging, "Orders"), 6, 0)
    expect(arranging.get_by_text("Saved 0 times, wanted")).to_be_visible()
    arranging.get_by_role("button", name="Run again").click()
    settled(arranging)
    stands(arranging, "Orders", "column 10, row 1, 3 wide, 2 high")
    assert server.kept() == TILES

    arranging.get_by_text("Save nothing").click()
    saved(arranging, 1)
    assert place(server, "Orders") == (9, 0, 3, 2)


def test_what_somebody_else_saved_is_shown_and_not_undone(
    arranging: Page, server: GridServer
) -> None:
    drag(arranging, grip(arranging, "Orders"), 6, 0)
    saved(arranging, 1)
    arranging.get_by_role("button", name="Run again").click()
    saved(arranging, 1)
    server.keep(TILES)
    arranging.get_by_role("button", name="Run again").click()
    saved(arranging, 0)
    stands(arranging, "Orders", "column 4, row 1, 3 wide, 2 high")
    arranging.get_by_role("button", name="Run again").click()
    saved(arranging, 0)
    assert server.kept() == TILES


def test_a_tile_that_is_new_comes_in_and_one_that_is_gone_goes(
    arranging: Page, server: GridServer
) -> None:
    server.keep([*TILES[1:], tile("Churn", "chart", 6, 0, 3, 2)])
    arranging.get_by_role("button", name="Run again").click()
    stands(arranging, "Churn", "column 7, row 1, 3 wide, 2 high")
    expect(named(arranging, "Revenue")).to_have_count(0)
    saved(arranging, 0)


def test_gaps_are_closed(arranging: Page, server: GridServer) -> None:
    arranging.get_by_role("button", name="Close gaps").click()
    saved(arranging, 1)
    assert place(server, "Notes") == (0, 7, 12, 2)


def test_names_are_words_never_markup(page: Page, server: GridServer) -> None:
    name = '<img src=x onerror="document.title=1">'
    server.keep([{**TILES[0], "title": name}])
    open_app(page, server.url)
    expect(page.get_by_text(name)).to_be_visible()
    expect(page.locator(".dm-tile img")).to_have_count(0)


@contextmanager
def visitor(browser: Browser, watch: Watch, server: GridServer, **screen: object) -> Iterator[Page]:
    context = browser.new_context(**screen)
    watch.follow(context)
    page = context.new_page()
    open_app(page, server.url)
    yield page
    context.close()


def test_a_finger_drags_a_tile(browser: Browser, watch: Watch, server: GridServer) -> None:
    server.keep(TILES)
    screen = {"viewport": {"width": 1024, "height": 900}, "has_touch": True}
    with visitor(browser, watch, server, **screen) as page:
        expect(named(page, "Notes")).to_be_visible()
        box = grip(page, "Orders").bounding_box()
        x, y = box["x"] + 60, box["y"] + box["height"] / 2
        hand = page.context.new_cdp_session(page)

        def touch(kind: str, *points: dict[str, float]) -> None:
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

        touch("touchStart", {"x": x, "y": y})
        expect(page.locator(".ui-draggable-armed")).to_have_count(1)
        for step in range(1, 11):
            touch("touchMove", {"x": x + 45 * step, "y": y})
        touch("touchEnd")
        expect(page.get_by_text("Saved 1 times, nothing wanted")).to_be_visible()
    assert place(server, "Orders")[0] > 6


def test_on_a_phone_it_says_that_arranging_wants_a_wider_screen(
    browser: Browser, watch: Watch, server: GridServer
) -> None:
    server.keep(TILES)
    with visitor(browser, watch, server, viewport={"width": 390, "height": 800}) as page:
        expect(page.get_by_text("Arranging needs a wider screen.")).to_be_visible()
        expect(named(page, "Orders")).to_be_hidden()
    assert server.kept() == TILES


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_it_follows_the_theme(
    browser: Browser, watch: Watch, server: GridServer, scheme: str, dark: bool
) -> None:
    server.keep(TILES)
    with visitor(browser, watch, server, color_scheme=scheme) as page:
        expect(named(page, "Orders")).to_be_visible()
        ground = "rgb(15, 23, 42)" if dark else "rgb(255, 255, 255)"
        expect(named(page, "Orders")).to_have_css("background-color", ground)
