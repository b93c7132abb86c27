"""What admins set on a connection: who may ask it, and which of its columns are private."""

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import rights_form
from core import members, rights
from core.connections import ConnectionView


@st.dialog("Who may ask", width="large", on_dismiss="rerun")
def permit_dialog(view: ConnectionView) -> None:
    """Rights and private columns of one connection, saved together."""
    dm, actor = datamind(), signin.actor()
    st.caption(problems.plain(f"{view.name} · {view.label}"))
    with problems.shown():
        people = {m.id: m.full_name for m in members.members(dm, actor) if m.is_active}
        wish = rights_form.show(rights.of(dm, actor, view.id), people, key=str(view.id))
        if wish:
            rights.grant(dm, actor, view.id, wish.rights)
            rights.make_private(dm, actor, view.id, wish.private)
            state.remember("told", f"Saved who may ask {view.name}.")
            st.rerun()
