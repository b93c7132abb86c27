"""The dialogs of dashboards: a tile added, edited or pinned, a dashboard described or deleted."""

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import dashboard_bar, pin_form, tile_form
from core import answers, connections, library
from core.conversations import Message
from core.dashboards import boards, running, tiles
from core.dashboards.tiles import NewTile
from core.dashboards.views import Board, Tile

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
