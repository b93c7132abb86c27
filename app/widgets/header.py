"""The top of every screen: its title, what it is about, and the person's own menu."""

from collections.abc import Callable

import streamlit as st

from app.problems import plain
from core.accounts import Profile


def header(
    title: str,
    profile: Profile,
    middle: Callable[[], None] | None = None,
    bell: Callable[[], None] | None = None,
) -> bool:
    """Draw the top line; `middle` draws what belongs beside the title, `bell` the bell.

    Returns whether the person wants to sign out.
    """
    with st.container(
        key="header",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        st.markdown(f"#### {plain(title)}", width="stretch")
        if middle:
            middle()
        if bell:
            bell()
        with st.popover(_initials(profile.full_name), icon=":material/account_circle:"):
            st.markdown(f"**{plain(profile.full_name)}**")
            st.caption(plain(f"{profile.email} · {profile.role} at {profile.organization}"))
            st.page_link("screens/settings.py", label="Settings", icon=":material/settings:")
            return st.button("Sign out", icon=":material/logout:", key="sign-out")


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(
        word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    )
