"""A dashboard behind a public link: read-only, without an account, and nothing else."""

import streamlit as st

from app import filters, measuring, problems, state
from app.resources import datamind
from app.widgets import age, dashboard_bar, dashboard_tile, dashboard_tiles
from core.dashboards import links, running
from core.dashboards.links import Visit
from core.dashboards.views import Tile

dm = datamind()


def visit() -> Visit:
    """What the link in the address opens now. Raises NotFound."""
    return links.visit(dm, state.public_link(), address=st.context.ip_address or "")


@measuring.part("public tile")
def show_tile(tile: Tile) -> None:
    """One tile; whether the link still works is asked each time."""
    with problems.shown():
        found = visit()
        today = dm.clock.today(found.actor.time_zone)
        asked = filters.asked(found.board, today, but=tile.id)
        wish = dashboard_tile.show(
            tile,
            lambda: running.run(dm, found.actor, tile.id, asked=asked),
            today=today,
            may_edit=False,
            may_look_closer=False,
            asked=bool(asked),
        )
        if isinstance(wish, dashboard_tile.Click):
            filters.click(found.actor, tile, wish)
            st.rerun(scope="app")


with problems.shown():
    opened = visit()
    dashboard_bar.public(opened.board)
    filters.show(opened.actor, opened.board, dm.clock.today(opened.actor.time_zone))
    fragment = st.fragment(show_tile, parallel=True, run_every=opened.board.refresh_seconds or None)
    dashboard_tiles.show(opened.board.tiles, fragment)
    age.ticking(dm.clock.now())
