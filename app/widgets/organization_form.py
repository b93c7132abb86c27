"""The organization's name, its plan, and for how long things are kept."""

from dataclasses import dataclass

import streamlit as st

from app.problems import plain
from core.organizations import AUDIT_CHOICES, CHOICES, OrganizationView


@dataclass(frozen=True)
class Save:
    """Set these."""

    name: str
    chat_days: int
    audit_days: int


def show(now: OrganizationView) -> Save | None:
    """Draw the form and return what is to be saved, if anything."""
    st.caption(
        plain(
            f"Workspace {now.slug} · {now.members} of {now.max_users} members · "
            f"{now.connections} of {now.max_connections} connections"
        )
    )
    with st.form("organization", border=True):
        name = st.text_input("Organization", now.name, max_chars=255)
        chats = st.selectbox(
            "Keep chats",
            CHOICES,
            index=CHOICES.index(now.chat_days),
            format_func=_days,
            help="Chats that were not used for so long are deleted, with what they show. "
            "Pinned ones stay.",
        )
        lines = st.selectbox(
            "Keep the audit log",
            AUDIT_CHOICES,
            index=AUDIT_CHOICES.index(now.audit_days),
            format_func=_days,
        )
        if st.form_submit_button("Save", type="primary"):
            return Save(name, chats, lines)
    return None


def _days(days: int) -> str:
    if not days:
        return "For ever"
    return f"{days // 365} years" if days >= 730 else "A year" if days == 365 else f"{days} days"
