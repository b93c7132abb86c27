"""The dialogs of dashboards: a tile added, edited or pinned, a dashboard described or deleted."""

import streamlit as st

from app import filters, problems, signin, state
from app.resources import datamind
from app.widgets import dashboard_bar, pin_form, result_table, tile_form
from core import answers, connections, library
from core.conversations import Message
from core.dashboards import boards, drilling, running, tiles
from core.dashboards.restricting import Restriction
from core.dashboards.tiles import NewTile
from core.dashboards.views import Board, Tile
from core.library import Saved
from core.types import Actor

LIST = "screens/dashboards.py"
BOARD = "screens/dashboard.py"


@st.dialog("Add a tile", width="large")
def add_tile(board: Board) -> None:
    """From a saved query, SQL, or as a text."""
    actor = signin.actor()
    with problems.shown():
        wish = tile_form.add(
            library.saved_queries(datamind(), actor),
            connections.connections(datamind(), actor),
            lambda tile: running.preview(datamind(), actor, tile),
        )
        match wish:
            case tile_form.AddSaved(saved_id):
                tiles.add_saved(datamind(), actor, board.id, saved_id)
            case tile_form.Keep(tile):
                tiles.add(datamind(), actor, board.id, tile)
            case None:
                return
        st.rerun()


@st.dialog("Edit the tile", width="large")
def edit_tile(tile: Tile) -> None:
    """Its title, query and chart, or its text."""
    actor, key = signin.actor(), f"edit-{tile.id}"
    with problems.shown():
        if tile.kind == "text":
            wish = tile_form.text(NewTile(tile.title, markdown=tile.text), key=key)
        else:
            start = NewTile(
                *(tile.title, tile.connection_id, tile.sql, tile.chart),
                refresh_seconds=tile.refresh_seconds,
            )
            known = connections.connections(datamind(), actor)
            wish = tile_form.query(
                start, known, lambda tile: running.preview(datamind(), actor, tile), key=key
            )
        if wish:
            tiles.edit(datamind(), actor, tile.id, wish.tile)
            st.rerun()


@st.dialog("Rows behind the tile", width="large")
def rows(tile: Tile, asked: tuple[Restriction, ...]) -> None:
    """What the figures of a tile are made of, under the same filters and clicks."""
    with problems.shown():
        found = drilling.rows(datamind(), signin.actor(), tile.id, asked)
        st.caption(
            f"{found.row_count:,} rows{' or more' if found.row_count >= drilling.MOST_ROWS else ''}"
        )
        result_table.show(found, key=f"behind-{tile.id}")


@st.dialog("Title and refreshing")
def describe(board: Board) -> None:
    """What it is called, and whether it refreshes by itself."""
    wish = dashboard_bar.describe(board)
    if wish:
        with problems.shown():
            actor = signin.actor()
            boards.describe(datamind(), actor, board.id, wish.title, wish.description)
            boards.refresh_every(datamind(), actor, board.id, wish.refresh_seconds)
            st.rerun()


@st.dialog("Delete this dashboard?")
def delete(board: Board) -> None:
    """Nothing brings a deleted dashboard back, so it is asked once more."""
    st.markdown("Its tiles go with it. Nothing of your data is touched.")
    if st.button("Delete it", type="primary"):
        with problems.shown():
            boards.delete(datamind(), signin.actor(), board.id)
            st.switch_page(LIST)


@st.dialog("Pin to a dashboard")
def pin(message: Message) -> None:
    """Keep an answer in sight: on a dashboard that is there, or on a new one."""
    actor = signin.actor()
    found = boards.dashboards(datamind(), actor)
    wish = pin_form.show(found, answers.title_of(message))
    if wish is None:
        return
    with problems.shown():
        board = wish.dashboard_id or boards.create(datamind(), actor, wish.new_title)
        tiles.pin(datamind(), actor, message.id, board, title=wish.title)
        st.switch_page(BOARD, query_params=state.dashboard_address(board))


@st.dialog("Add to a dashboard")
def pin_saved(saved: Saved) -> None:
    """Keep a saved query in sight."""
    actor = signin.actor()
    wish = pin_form.show(boards.dashboards(datamind(), actor), saved.name)
    if wish is None:
        return
    with problems.shown():
        board = wish.dashboard_id or boards.create(datamind(), actor, wish.new_title)
        tiles.add_saved(datamind(), actor, board, saved.id, title=wish.title)
        st.switch_page(BOARD, query_params=state.dashboard_address(board))


def wanted(actor: Actor, board: Board) -> None:
    """The dialog that a tile has asked for, once."""
    asked = state.recall("tile-dialog")
    state.forget("tile-dialog")
    tile = board.tile(asked[1]) if isinstance(asked, tuple) else None
    if tile and asked[0] == "edit":
        edit_tile(tile)
    elif tile:
        rows(tile, filters.asked(board, datamind().clock.today(actor.time_zone)))
