"""The library: what the organization stands for, kept by its analysts."""

import streamlit as st

from app import frame, problems, state
from app.resources import datamind
from app.widgets import glossary_list, verified_list
from core import connections, glossary, verified

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


def show_glossary() -> None:
    """Terms and instructions: listed, written, removed."""
    places = connections.connections(dm, actor)
    terms, wishes = st.columns([3, 2], gap="large")
    with terms:
        wish = glossary_list.show(
            glossary.entries(dm, actor),
            places,
            lambda entry: glossary.understood(
                dm, actor, entry.term, entry.meaning, entry.connection_id
            ),
        )
    with wishes:
        wish = (
            glossary_list.instructions(
                places, lambda place: glossary.instructions(dm, actor, place)
            )
            or wish
        )
    with problems.shown():
        match wish:
            case glossary_list.Save(term, meaning, place):
                glossary.save(dm, actor, term, meaning, place)
                st.toast("Saved. The next answers heed it.")
            case glossary_list.Remove(entry_id):
                glossary.remove(dm, actor, entry_id)
            case glossary_list.Instruct(text, place):
                glossary.instruct(dm, actor, text, place)
                st.toast("Saved.")
            case None:
                return
        st.rerun()


with problems.shown():
    stood_for, words = st.tabs(["Verified answers", "Glossary"])
    with stood_for:
        show_verified()
    with words:
        show_glossary()
