"""The list of conversations in the sidebar."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.conversations import Conversation


@dataclass(frozen=True)
class New:
    """Start an empty conversation."""


@dataclass(frozen=True)
class Open:
    """Show a conversation."""

    session_id: UUID


@dataclass(frozen=True)
class Pin:
    """Keep a conversation at the top, or no longer."""

    session_id: UUID
    pinned: bool


@dataclass(frozen=True)
class Rename:
    """Give a conversation another title."""

    session_id: UUID
    title: str


@dataclass(frozen=True)
class Delete:
    """Delete a conversation."""

    session_id: UUID


Wish = New | Open | Pin | Rename | Delete


def show(conversations: tuple[Conversation, ...], current: UUID | None) -> Wish | None:
    """Draw the list and return what the person wants, if anything."""
    wish: Wish | None = None
    if st.button("New chat", icon=":material/add:", width="stretch", key="new-chat"):
        wish = New()
    for conversation in conversations:
        with st.container(
            key=f"conversation-{conversation.id}",
            horizontal=True,
            gap=None,
            vertical_alignment="center",
            wrap=False,
        ):
            if st.button(
                plain(conversation.title),
                key=f"open-{conversation.id}",
                icon=":material/keep:" if conversation.is_pinned else None,
                type="secondary" if conversation.id == current else "tertiary",
                width="stretch",
            ):
                wish = Open(conversation.id)
            wish = _menu(conversation) or wish
    return wish


def _menu(conversation: Conversation) -> Wish | None:
    with st.popover(
        "", icon=":material/more_horiz:", key=f"menu-{conversation.id}", type="tertiary"
    ):
        title = st.text_input(
            "Title", conversation.title, max_chars=500, key=f"title-{conversation.id}"
        )
        if st.button("Rename", key=f"rename-{conversation.id}", width="stretch"):
            return Rename(conversation.id, title)
        label = "Unpin" if conversation.is_pinned else "Pin"
        if st.button(label, key=f"pin-{conversation.id}", width="stretch"):
            return Pin(conversation.id, not conversation.is_pinned)
        if st.button(
            "Delete", key=f"delete-{conversation.id}", icon=":material/delete:", width="stretch"
        ):
            return Delete(conversation.id)
    return None
