"""One dashboard: its tiles, each by itself; arranged, added to, refreshed, shared."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import streamlit as st

from app import arranging, filters, frame, measuring, problems, sharing, signin, state, tiling
from app.resources import datamind
from app.widgets import (
    age,
    dashboard_bar,
    dashboard_tile,
    dashboard_tiles,
)
from core.dashboards import boards, printing, running, tiles
from core.dashboards.views import Board, Tile
from core.errors import NotFound
from core.types import Actor

DIALOGS = {
    "add": tiling.add_tile,
    "filters": filters.set_up,
    "links": sharing.show,
    "file": sharing.as_file,
    "describe": tiling.describe,
    "delete": tiling.delete,
}

dm = datamind()


def opened(actor: Actor) -> Board:
    """The dashboard that the address names; the list where there is none."""
    try:
        return boards.dashboard(dm, actor, state.dashboard_id() or UUID(int=0))
    except NotFound:
        st.toast("That dashboard is not here. Choose another one.")
        st.switch_page(tiling.LIST)


def act(actor: Actor, board: Board, wish: dashboard_bar.Act) -> None:
    """Do what the person wants with the dashboard."""
    if wish in DIALOGS:
        return DIALOGS[wish](board)
    match wish:
        case "leave":
            st.switch_page(tiling.LIST)
        case "refresh":
            state.remember(f"since-{board.id}", dm.clock.now())
        case "arrange" | "done":
            state.remember("arranging", board.id if wish == "arrange" else None)
            state.forget(f"saw-{board.id}")
            state.forget(f"refused-{board.id}")
        case "present":
            state.present(True)
        case "share" | "unshare":
            boards.share(dm, actor, board.id, wish == "share")
        case "duplicate":
            made = boards.duplicate(dm, actor, board.id)
            st.switch_page(tiling.BOARD, query_params=state.dashboard_address(made))
        case "undo":
            removed = state.recall("removed-tile")
            if isinstance(removed, tuple):
                tiles.restore(dm, actor, removed[0])
            state.forget("removed-tile")
    st.rerun()


def do(actor: Actor, tile: Tile, wish: dashboard_tile.Do | dashboard_tile.Click) -> None:
    """Do what the person wants with a tile."""
    if isinstance(wish, dashboard_tile.Click):
        filters.click(actor, tile, wish)
        st.rerun(scope="app")
    match wish.act:
        case "refresh":
            state.remember(f"since-{tile.id}", dm.clock.now())
            st.rerun(scope="fragment")
        case "edit" | "rows":
            state.remember("tile-dialog", (wish.act, tile.id))
        case "duplicate":
            tiles.duplicate_tile(dm, actor, tile.id)
        case "remove":
            tiles.remove(dm, actor, tile.id)
            state.remember("removed-tile", (tile.id, tile.title))
    st.rerun(scope="app")


def since(*names: object) -> datetime | None:
    """The latest moment at which somebody in this tab asked for fresh figures of these."""
    asked = [state.recall(f"since-{name}") for name in names]
    return max((at for at in asked if isinstance(at, datetime)), default=None)


@measuring.part("tile")
def show_tile(board: Board, tile: Tile) -> None:
    """One tile in a fragment of its own: what fails or is slow in it holds up no other."""
    actor = signin.actor()
    today = dm.clock.today(actor.time_zone)
    asked = filters.asked(board, today, but=tile.id)
    with problems.shown():
        wish = dashboard_tile.show(
            tile,
            lambda: running.run(dm, actor, tile.id, since=since(board.id, tile.id), asked=asked),
            today=today,
            may_edit=board.may_edit,
            asked=bool(asked),
        )
        if wish:
            do(actor, tile, wish)


def show_tiles(board: Board) -> None:
    """All tiles; while they are looked at they refresh by themselves where that is wanted."""
    every = board.refresh_seconds or None
    fragment = st.fragment(show_tile, parallel=True, run_every=every)
    dashboard_tiles.show(board.tiles, lambda tile: fragment(board, tile))
    age.ticking(dm.clock.now())


def present(actor: Actor, board: Board) -> None:
    """The tiles alone, on all of the screen."""
    if dashboard_bar.presented(board):
        state.present(False)
        st.rerun()
    show_tiles(replace(board, may_edit=False))
    tiling.wanted(actor, board)


def draw() -> None:
    """The whole screen."""
    actor = signin.actor()
    board = opened(actor)
    if state.presenting():
        present(actor, board)
        return
    frame.begin(board.title)
    with problems.shown():
        moving = state.recall("arranging") == board.id and board.may_edit and bool(board.tiles)
        asked = filters.asked(board, dm.clock.today(actor.time_zone))
        removed, fresh = state.recall("removed-tile"), since(board.id)
        wish = dashboard_bar.show(
            board,
            arranging=moving,
            removed=removed[1] if isinstance(removed, tuple) else None,
            pdf=lambda: printing.pdf(dm, actor, board.id, since=fresh, asked=asked).content,
        )
        if moving:
            arranging.show(actor, board)
        else:
            filters.show(actor, board, dm.clock.today(actor.time_zone))
            show_tiles(board)
        if wish:
            act(actor, board, wish)
        else:
            tiling.wanted(actor, board)


draw()
