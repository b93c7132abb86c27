"""The library: what the organization stands for, kept by its analysts."""

import streamlit as st

from app import frame, problems, state
from app.resources import datamind
from app.widgets import verified_list
from core import verified

dm = datamind()
actor, me = frame.begin("Library")


def show_verified() -> None:
    """Verified answers: listed, asked, removed."""
    wish = verified_list.show(verified.answers(dm, actor), me.time_zone)
    match wish:
        case verified_list.Ask(question, connection_id):
            state.open_chat(None)
            state.choose_connection(connection_id)
            state.ask_next(question)
            st.switch_page("screens/chat.py")
        case verified_list.Remove(verified_id):
            with problems.shown():
                verified.remove(dm, actor, verified_id)
                st.toast("Removed.")
                st.rerun()
        case None:
            return


with problems.shown():
    show_verified()
