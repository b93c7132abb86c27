"""The editor of a dashboard's layout on the screen, and what it saves."""

from uuid import UUID

import streamlit as st

from app import problems, state
from app.resources import datamind
from app.widgets import dashboard_grid
from app.widgets.dashboard_grid import GridTile
from core.dashboards import layout
from core.dashboards.views import Board, Place
from core.errors import BadInput
from core.types import Actor


def show(actor: Actor, board: Board) -> None:
    """The editor of the layout; of two who arrange at once the second is told."""
    key, seen, refused = (f"{name}-{board.id}" for name in ("arrange", "saw", "refused"))
    saw, told = state.recall(seen), state.recall(refused)
    if isinstance(told, str):
        problems.show(told)
    drawn = [
        GridTile(str(t.id), t.title, t.kind, t.place.x, t.place.y, t.place.w, t.place.h)
        for t in board.tiles
    ]
    wanted = dashboard_grid.edit(drawn, key=key)
    state.remember(seen, board.version)
    if not wanted:
        return
    state.forget(refused)
    places = {UUID(p.id): Place(p.x, p.y, p.w, p.h) for p in wanted}
    version = saw if isinstance(saw, int) else board.version
    try:
        new = layout.arrange(datamind(), actor, board.id, places, version=version)
        state.remember(seen, new)
    except BadInput as problem:
        dashboard_grid.refuse(key=key)
        state.remember(refused, f"{problem.message} {problem.hint}")
    st.rerun()
