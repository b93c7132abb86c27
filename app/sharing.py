"""Dashboards that leave the house: public links, and files to keep and to compare."""

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import link_list
from core import answers
from core.dashboards import links, written
from core.dashboards.views import Board

PUBLIC = "/public"


@st.dialog("Public link", width="large")
def show(board: Board) -> None:
    """The links that work now; a new one, whose address is told once."""
    dm, actor = datamind(), signin.actor()
    made = f"link-{board.id}"
    with problems.shown():
        wish = link_list.show(
            links.links(dm, actor, board.id),
            address=state.recall(made),
            allowed=links.allowed(dm, actor),
        )
        match wish:
            case link_list.Create(days):
                token = links.create(dm, actor, board.id, days=days)
                state.remember(made, f"{state.origin()}{PUBLIC}?link={token}")
            case link_list.Revoke(link_id):
                links.revoke(dm, actor, link_id)
                state.forget(made)
            case None:
                return
        st.rerun(scope="fragment")


@st.dialog("As a file")
def as_file(board: Board) -> None:
    """The dashboard as YAML, to keep beside code or to import elsewhere."""
    with problems.shown():
        st.markdown(
            "A file of the whole dashboard: tiles with their queries and places, filters, texts. "
            "It names connections and holds no figures. Import it from the list of dashboards."
        )
        st.download_button(
            "Download YAML",
            data=written.to_yaml(datamind(), signin.actor(), board.id),
            file_name=answers.file_name(board.title, "yaml"),
            mime="application/yaml",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )


@st.dialog("Import a dashboard")
def bring(place: str) -> None:
    """Make a dashboard from a file; `place` is the screen that shows it."""
    st.markdown("A YAML file that was downloaded from a dashboard. Connections are found by name.")
    file = st.file_uploader("File", type=["yaml", "yml"], max_upload_size=2)
    if file is None or not st.button("Import", type="primary"):
        return
    with problems.shown():
        text = file.getvalue().decode("utf-8", "replace")
        made = written.from_yaml(datamind(), signin.actor(), text)
        st.switch_page(place, query_params=state.dashboard_address(made))
