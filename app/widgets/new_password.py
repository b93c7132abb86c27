"""The fields in which a person chooses a password, the same wherever that is done."""

import streamlit as st

from app import problems

RULES = "8 to 128 characters. Three or four words are better than one with signs in it."


def fields(label: str = "New password") -> tuple[str, str]:
    """Two fields for a password; returns what stands in them."""
    first = st.text_input(
        label, type="password", max_chars=128, autocomplete="new-password", help=RULES
    )
    again = st.text_input(
        f"{label} again", type="password", max_chars=128, autocomplete="new-password"
    )
    return first, again


def same(first: str, again: str) -> bool:
    """Whether both say the same; says so when they do not."""
    if first != again:
        problems.show("The two passwords differ.", "Type the same one twice.")
    return first == again
