"""The editor of a dashboard's layout on the screen, and what it saves."""

from uuid import UUID

import streamlit as st

from app import state
from app.resources import datamind
from app.widgets import dashboard_grid
from app.widgets.dashboard_grid import GridTile
from core.dashboards import layout
from core.dashboards.views import Board, Place
from core.types import Actor


def show(actor: Actor, board: Board) -> None:
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
        new = layout.arrange(datamind(), actor, board.id, places, version=version)
        state.remember(f"saw-{board.id}", new)
        st.rerun()
