"""Where an answer is pinned: which dashboard, or a new one, and under what title."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.dashboards.boards import LONGEST_TITLE
from core.dashboards.views import Entry

NEW = "A new dashboard"


@dataclass(frozen=True)
class Pin:
    """Pin it there, or without an id to a new dashboard of this name."""

    dashboard_id: UUID | None
    new_title: str
    title: str


def show(entries: Sequence[Entry], title: str) -> Pin | None:
    """Draw the form; the dashboards come the latest changed first."""
    names = {entry.id: entry.title for entry in entries}
    chosen = st.selectbox(
        "Dashboard",
        [*names, None],
        format_func=lambda one: names.get(one, NEW) if one else NEW,
        key="pin-dashboard",
    )
    new_title = ""
    if chosen is None:
        new_title = st.text_input("Name of the dashboard", max_chars=LONGEST_TITLE, key="pin-new")
    name = st.text_input("Title of the tile", title, max_chars=LONGEST_TITLE, key="pin-title")
    if st.button("Pin", type="primary", icon=":material/keep:", key="pin-now"):
        return Pin(chosen, new_title, name)
    return None
