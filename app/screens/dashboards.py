"""Dashboards: all that the person may see, and the way to a new one."""

import streamlit as st

from app import frame, problems, sharing, state
from app.resources import datamind
from app.widgets import dashboard_list
from core.dashboards import boards
from core.security import access

BOARD = "screens/dashboard.py"

dm = datamind()
actor, _ = frame.begin("Dashboards")


@st.dialog("New dashboard")
def new_dashboard() -> None:
    """Ask for a title and open what is made."""
    wish = dashboard_list.create()
    if wish:
        with problems.shown():
            made = boards.create(dm, actor, wish.title, wish.description)
            st.switch_page(BOARD, query_params=state.dashboard_address(made))


with problems.shown():
    with st.container(horizontal=True, key="dashboards-top"):
        words = dashboard_list.search()
        if access.allows(actor, "analyst"):
            if st.button("Import", icon=":material/upload:"):
                sharing.bring(BOARD)
            if st.button("New dashboard", icon=":material/add:", type="primary"):
                new_dashboard()
    found = boards.dashboards(dm, actor, search=words)
    wanted = dashboard_list.show(found, dm.clock.now(), searched=bool(words.strip()))
    if wanted:
        st.switch_page(BOARD, query_params=state.dashboard_address(wanted.dashboard_id))
