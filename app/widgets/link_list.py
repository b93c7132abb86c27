"""Public links of a dashboard: those that work, and a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core import formats
from core.dashboards.links import DAYS, Link

DAY_WORDS = {1: "1 day", 7: "7 days", 30: "30 days", 90: "90 days", 365: "1 year"}


@dataclass(frozen=True)
class Create:
    """Make a link that works for so many days."""

    days: int


@dataclass(frozen=True)
class Revoke:
    """End a link."""

    link_id: UUID


def show(links: Sequence[Link], *, address: object, allowed: bool) -> Create | Revoke | None:
    """Draw the links; `address` is that of one that was just made."""
    wish: Create | Revoke | None = None
    st.markdown(
        "Whoever has the link sees this dashboard, read-only and with fresh figures, without an "
        "account. Send it to people you trust with all that it shows."
    )
    if not allowed:
        st.info("An admin has forbidden public links.", icon=":material/link_off:")
    if isinstance(address, str) and allowed:
        st.markdown("Copy the link now. It is not shown again.")
        st.code(address, language=None, wrap_lines=True)
    elif allowed:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            days = st.selectbox(
                "Works for", DAYS, index=1, format_func=lambda n: DAY_WORDS[n], width=160
            )
            if st.button("Create link", type="primary", icon=":material/add_link:"):
                wish = Create(days)
    for link in links:
        with st.container(horizontal=True, vertical_alignment="center", key=f"link-{link.id}"):
            st.markdown(_about(link), width="stretch")
            if st.button("Revoke", key=f"revoke-{link.id}", type="tertiary"):
                wish = Revoke(link.id)
    return wish


def _about(link: Link) -> str:
    used = (
        f"last opened {formats.day(link.last_used_at.date())}"
        if link.last_used_at
        else "not opened yet"
    )
    made, ends = (formats.day(at.date()) for at in (link.created_at, link.expires_at))
    return f"Made {made} · works until {ends} · {used}"
