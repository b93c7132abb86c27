"""One dashboard: its tiles, each by itself; arranged, added to, refreshed, shared."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import streamlit as st

from app import frame, problems, signin, state, tiling
from app.resources import datamind
from app.widgets import (
    age,
    dashboard_bar,
    dashboard_grid,
    dashboard_tile,
    dashboard_tiles,
)
from app.widgets.dashboard_grid import GridTile
from core.dashboards import boards, layout, printing, running, tiles
from core.dashboards.views import Board, Place, Tile
from core.errors import NotFound
from core.types import Actor

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
    match wish:
        case "add":
            return tiling.add_tile(board)
        case "describe":
            return tiling.describe(board)
        case "delete":
            return tiling.delete(board)
        case "leave":
            st.switch_page(tiling.LIST)
        case "refresh":
            state.remember(f"since-{board.id}", dm.clock.now())
        case "arrange" | "done":
            state.remember("arranging", wish == "arrange")
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


def do(actor: Actor, tile: Tile, wish: dashboard_tile.Do) -> None:
    """Do what the person wants with a tile."""
    match wish.act:
        case "refresh":
            state.remember(f"since-{tile.id}", dm.clock.now())
            st.rerun(scope="fragment")
        case "edit":
            state.remember("edit-tile", tile.id)
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


def show_tile(board: Board, tile: Tile) -> None:
    """One tile in a fragment of its own: what fails or is slow in it holds up no other."""
    actor = signin.actor()
    with problems.shown():
        wish = dashboard_tile.show(
            tile,
            lambda: running.run(dm, actor, tile.id, since=since(board.id, tile.id)),
            today=dm.clock.today(actor.time_zone),
            may_edit=board.may_edit,
        )
        if wish:
            do(actor, tile, wish)


def arrange(actor: Actor, board: Board) -> None:
    """The editor of the layout; of two who arrange at once the second is told."""
    saw = state.recall(f"saw-{board.id}")
    drawn = [
        GridTile(str(t.id), t.title, t.kind, t.place.x, t.place.y, t.place.w, t.place.h)
        for t in board.tiles
    ]
    wanted = dashboard_grid.edit(drawn, key=f"arrange-{board.id}")
    state.remember(f"saw-{board.id}", board.version)
    if wanted:
        places = {UUID(p.id): Place(p.x, p.y, p.w, p.h) for p in wanted}
        version = saw if isinstance(saw, int) else board.version
        new = layout.arrange(dm, actor, board.id, places, version=version)
        state.remember(f"saw-{board.id}", new)
        st.rerun()


def show_tiles(board: Board) -> None:
    """All tiles; while they are looked at they refresh by themselves where that is wanted."""
    every = board.refresh_seconds or None
    fragment = st.fragment(show_tile, parallel=True, run_every=every)
    dashboard_tiles.show(board.tiles, lambda tile: fragment(board, tile))
    age.ticking(dm.clock.now())


def present(board: Board) -> None:
    """The tiles alone, on all of the screen."""
    if dashboard_bar.presented(board):
        state.present(False)
        st.rerun()
    show_tiles(replace(board, may_edit=False))


def draw() -> None:
    """The whole screen."""
    actor = signin.actor()
    board = opened(actor)
    if state.presenting():
        present(board)
        return
    frame.begin(board.title)
    with problems.shown():
        arranging = bool(state.recall("arranging")) and board.may_edit and bool(board.tiles)
        removed, fresh = state.recall("removed-tile"), since(board.id)
        wish = dashboard_bar.show(
            board,
            arranging=arranging,
            removed=removed[1] if isinstance(removed, tuple) else None,
            pdf=lambda: printing.pdf(dm, actor, board.id, since=fresh).content,
        )
        if arranging:
            arrange(actor, board)
        else:
            show_tiles(board)
        editing = state.recall("edit-tile")
        state.forget("edit-tile")
        if wish:
            act(actor, board, wish)
        elif isinstance(editing, UUID) and (tile := board.tile(editing)):
            tiling.edit_tile(tile)


draw()
