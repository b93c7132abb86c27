"""The glossary: what words mean here, what the analysts make of it, and instructions."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from app.problems import plain
from core import glossary
from core.connections import ConnectionView
from core.glossary import Entry, Understood

EVERYWHERE = "All connections"


@dataclass(frozen=True)
class Save:
    """Say what a term means."""

    term: str
    meaning: str
    connection_id: UUID | None


@dataclass(frozen=True)
class Remove:
    """Take a term out."""

    entry_id: UUID


@dataclass(frozen=True)
class Instruct:
    """Write the instructions."""

    text: str
    connection_id: UUID | None


Wish = Save | Remove | Instruct


def show(
    entries: tuple[Entry, ...],
    connections: tuple[ConnectionView, ...],
    understood: Callable[[Entry], Understood],
) -> Wish | None:
    """Draw the terms and the form for a new one; `understood` says what the built-in analyst
    makes of one."""
    st.caption(
        "Say what a word means in your organization. Answers that use it cite it. "
        "A meaning can be a condition (“ordered in the last 90 days”) or another word (“revenue”)."
    )
    with st.popover("Add a term", icon=":material/add:", type="primary"):
        wish: Wish | None = _form("new", "", "", None, connections)
    for entry in entries:
        with st.container(border=True, key=f"term-{entry.id}"):
            wish = _entry(entry, connections, understood(entry)) or wish
    return wish


def instructions(
    connections: tuple[ConnectionView, ...], written: Callable[[UUID | None], str]
) -> Wish | None:
    """Draw the instructions of the organization or of one connection."""
    st.caption(
        "How figures are computed here, in your own words (“revenue is without tax”). Claude is "
        "told; the built-in analyst reads terms only."
    )
    place = _place("instructions-for", None, connections)
    with st.form(f"instructions-{place}", border=False):
        text = st.text_area(
            "Instructions", written(place), max_chars=glossary.LONGEST_INSTRUCTIONS, height=160
        )
        if st.form_submit_button("Save instructions", type="primary"):
            return Instruct(text, place)
    return None


def _entry(
    entry: Entry, connections: tuple[ConnectionView, ...], understood: Understood
) -> Wish | None:
    st.markdown(f"**{plain(entry.term)}** means {plain(entry.meaning)}")
    if understood.reading:
        told = f"Read as: {understood.reading} ({understood.connection})"
        st.caption(f":material/check: {plain(told)}")
    else:
        st.warning(
            "The built-in analyst cannot read this meaning and says so when it is asked. "
            "Claude gets the words as they are.",
            icon=":material/question_mark:",
        )
    st.caption(plain(" · ".join(filter(None, (entry.connection or EVERYWHERE, entry.owner)))))
    wish: Wish | None = None
    with st.container(horizontal=True):
        with st.popover("Edit", icon=":material/edit:"):
            wish = _form(str(entry.id), entry.term, entry.meaning, entry.connection_id, connections)
        if st.button("Remove", key=f"drop-{entry.id}", icon=":material/delete:"):
            wish = Remove(entry.id)
    return wish


def _form(
    name: str, term: str, meaning: str, place: UUID | None, connections: tuple[ConnectionView, ...]
) -> Save | None:
    with st.form(f"term-form-{name}", border=False, clear_on_submit=name == "new"):
        said = st.text_input(
            "Term", term, max_chars=glossary.LONGEST_TERM, placeholder="active customer",
            disabled=bool(term),
        )  # fmt: skip
        means = st.text_input(
            "Means", meaning, max_chars=glossary.LONGEST_MEANING,
            placeholder="ordered in the last 90 days",
        )  # fmt: skip
        where = place if term else _place(f"term-for-{name}", place, connections)
        if st.form_submit_button("Save term", type="primary"):
            return Save(said, means, where)
    return None


def _place(key: str, chosen: UUID | None, connections: tuple[ConnectionView, ...]) -> UUID | None:
    names = {None: EVERYWHERE, **{c.id: c.name for c in connections}}
    ids = list(names)
    return st.selectbox(
        "For", ids, index=ids.index(chosen) if chosen in names else 0,
        format_func=lambda i: names[i], key=key,
    )  # fmt: skip
