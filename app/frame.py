"""How every screen begins: who acts, the top line, and the way out."""

from collections.abc import Callable

import streamlit as st

from app import signin
from app.widgets.header import header
from core.accounts import Profile, SignedIn
from core.types import Actor


def begin(title: str, middle: Callable[[], None] | None = None) -> tuple[Actor, Profile]:
    """Draw the top of a screen and return the acting person.

    When the session has ended (sign-out elsewhere, deactivation) the app starts over.
    """
    found: SignedIn | None = signin.signed_in()
    if found is None:
        st.rerun()
    if header(title, found.profile, middle):
        signin.sign_out()
        st.stop()
    return found.actor, found.profile
