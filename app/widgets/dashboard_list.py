"""Dashboards, listed: found by words, with owner, age and number of tiles; and a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.dashboards.views import Entry


@dataclass(frozen=True)
class Create:
    """Make an empty dashboard."""

    title: str
    description: str


@dataclass(frozen=True)
class Open:
    """Look at one."""

    dashboard_id: UUID


def search() -> str:
    """The words to look for."""
    return st.text_input(
        "Search",
        key="dashboard-search",
        placeholder="Search dashboards",
        label_visibility="collapsed",
    )


def create() -> Create | None:
    """The form of a new dashboard."""
    with st.form("new-dashboard", border=False):
        title = st.text_input("Title", max_chars=500)
        description = st.text_area("Description", max_chars=5_000, height=80)
        if st.form_submit_button("Create", type="primary"):
            return Create(title, description)
    return None


def show(entries: Sequence[Entry], now: datetime, *, searched: bool) -> Open | None:
    """Draw the list and return the one to be opened, if any."""
    if not entries:
        st.markdown("No dashboard has these words." if searched else "No dashboards yet.")
        if not searched:
            st.caption(
                "A dashboard keeps answers in sight: pin one from a chat, or create a dashboard "
                "and add tiles from saved queries and SQL."
            )
        return None
    wish: Open | None = None
    for entry in entries:
        with st.container(border=True, gap="xsmall", key=f"dashboard-{entry.id}"):
            if st.button(plain(entry.title), type="tertiary", key=f"open-dashboard-{entry.id}"):
                wish = Open(entry.id)
            if entry.description:
                st.markdown(plain(entry.description))
            st.caption(plain(_about(entry, now)))
    return wish


def _about(entry: Entry, now: datetime) -> str:
    tiles = "1 tile" if entry.tiles == 1 else f"{entry.tiles} tiles"
    owner = "yours" if entry.is_mine else f"by {entry.owner}" if entry.owner else "its owner left"
    shared = "shared with everybody" if entry.is_shared else "only you"
    figures = f"figures {ago(entry.refreshed_at, now)}" if entry.refreshed_at else "not run yet"
    changed = f"changed {ago(entry.updated_at, now)}"
    return " · ".join((tiles, owner, shared, changed, figures))


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = max(0, int((now - then).total_seconds()))
    for unit, size in (("day", 86_400), ("h", 3_600), ("min", 60)):
        count = seconds // size
        if count:
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''} ago"
    return "just now"
