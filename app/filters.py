"""What the open dashboard is asked for: its filters and clicks, kept in the address."""

from datetime import date
from uuid import UUID

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import dashboard_filters, dashboard_tile
from core.dashboards import clicking, filtering
from core.dashboards.restricting import Restriction
from core.dashboards.views import Board, Tile
from core.types import Actor

_KINDS = ("date", "list", "text", "number")


def show(actor: Actor, board: Board, today: date) -> None:
    """Draw the filters and clicks, and keep in the address what the person changes."""
    clicks = _clicks()
    given = state.given_filters(one.name for one in board.filters)
    wish = dashboard_filters.show(
        board.filters,
        given,
        [restriction for _, restriction in clicks],
        lambda one: filtering.values(datamind(), actor, board.id, one.columns[0]),
        today,
    )
    match wish:
        case dashboard_filters.Give(name, values):
            state.give_filter(name, values)
        case dashboard_filters.Unclick(index):
            _keep([one for i, one in enumerate(clicks) if i != index])
            state.unclick()
        case dashboard_filters.Clear():
            state.clear_filters()
            state.unclick()
        case None:
            return
    st.rerun()


def asked(board: Board, today: date, but: UUID | None = None) -> tuple[Restriction, ...]:
    """What the tiles are asked for; `but` leaves out what was clicked on that tile itself."""
    given = state.given_filters(one.name for one in board.filters)
    clicked = [restriction for tile_id, restriction in _clicks() if tile_id != str(but)]
    return filtering.restrictions(board, given, clicked, today)


def click(actor: Actor, tile: Tile, wish: dashboard_tile.Click) -> None:
    """Let a click on a tile restrict the others; a click into the void takes it back."""
    found: tuple[Restriction, ...] = ()
    if wish.place:
        found = clicking.clicked(datamind(), actor, tile.id, wish.shown, wish.place, wish.series)
        if not found:
            st.toast("This point is computed, so it cannot filter the other tiles.")
    others = [one for one in _clicks() if one[0] != str(tile.id)]
    _keep([*others, *((str(tile.id), one) for one in found)])


@st.dialog("Filters", width="large")
def set_up(board: Board) -> None:
    """Which columns can be asked for above the tiles."""
    actor = signin.actor()
    with problems.shown():
        wish = dashboard_filters.set_up(
            board.filters, filtering.candidates(datamind(), actor, board.id)
        )
        if wish is not None:
            filtering.keep(datamind(), actor, board.id, wish)
            st.rerun()


def _clicks() -> list[tuple[str, Restriction]]:
    """The clicks that the address holds, each with the tile that was clicked on."""
    return [
        (tile_id, Restriction(column, kind, (column,), tuple(values)))
        for tile_id, column, kind, *values in state.clicks()
        if kind in _KINDS and "." in column
    ]


def _keep(clicks: list[tuple[str, Restriction]]) -> None:
    state.click(
        (tile_id, one.columns[0], one.kind, *(value or "" for value in one.values))
        for tile_id, one in clicks
    )
