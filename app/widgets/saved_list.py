"""Saved queries, listed with their tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.library import Saved

What = Literal["open", "chat", "dashboard", "alert", "delete"]


@dataclass(frozen=True)
class Do:
    """What the person wants with a saved query."""

    what: What
    saved_id: UUID


def show(found: Sequence[Saved], places: Mapping[UUID, str]) -> Do | None:
    """Draw the list; returns what the person wants, if anything."""
    tags = sorted({tag for one in found for tag in one.tags})
    chosen = st.pills("Tags", tags, selection_mode="multi", key="saved-tags") if tags else []
    wish: Do | None = None
    for one in found:
        if set(chosen) <= set(one.tags):
            with st.container(border=True, key=f"saved-{one.id}"):
                wish = _entry(one, places) or wish
    return wish


def _entry(one: Saved, places: Mapping[UUID, str]) -> Do | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(one.name)}**")
        for tag in one.tags:
            st.badge(plain(tag), color="gray")
    place = places.get(one.connection_id) if one.connection_id else None
    parts = [one.description, place or "its connection is gone"]
    parts.append("shared" if one.is_shared else "only you see it")
    if not one.is_mine and one.owner:
        parts.append(one.owner)
    st.caption(plain(" · ".join(filter(None, parts))))
    wish: What | None = None
    with st.container(horizontal=True):
        if st.button("Open", key=f"open-{one.id}", icon=":material/edit_note:"):
            wish = "open"
        simple = place is not None and not one.parameters
        if simple and st.button("Ask about it", key=f"chat-{one.id}", icon=":material/forum:"):
            wish = "chat"
        if simple and st.button("Dashboard", key=f"board-{one.id}", icon=":material/keep:"):
            wish = "dashboard"
        if simple and st.button("Alert", key=f"alert-{one.id}", icon=":material/add_alert:"):
            wish = "alert"
        if one.may_change:
            with st.popover("Delete", icon=":material/delete:"):
                st.markdown("It is gone for everybody who sees it.")
                if st.button("Delete it", key=f"delete-{one.id}", type="primary"):
                    wish = "delete"
    return Do(wish, one.id) if wish else None
