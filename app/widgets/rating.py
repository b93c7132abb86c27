"""Thumbs up and down under an answer, and why."""

from dataclasses import dataclass

import streamlit as st

from core import feedback
from core.feedback import Rating

REASONS = ("Wrong number", "Not what I asked", "Wrong chart", "Too slow")


@dataclass(frozen=True)
class Rate:
    """Say whether the answer is good; None takes it back."""

    liked: bool | None
    reason: str = ""


def show(name: str, rating: Rating | None) -> Rate | None:
    """Draw the thumbs of one answer and return what the person says, if anything."""
    wish: Rate | None = None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall",
                      key=f"rating-{name}"):  # fmt: skip
        for liked, icon, says in (
            (True, ":material/thumb_up:", "A good answer"),
            (False, ":material/thumb_down:", "Not a good answer"),
        ):
            chosen = rating is not None and rating.liked is liked
            if st.button(
                "", icon=icon, help=says, key=f"rate-{liked}-{name}",
                type="secondary" if chosen else "tertiary",
            ):  # fmt: skip
                wish = Rate(None if chosen else liked)
        if rating is not None and not rating.liked:
            wish = _why(name, rating) or wish
    return wish


def _why(name: str, rating: Rating) -> Rate | None:
    with (
        st.popover(rating.reason[:40] or "Why?", type="tertiary"),
        st.form(f"why-{name}", border=False),
    ):
        picked = st.pills("What is wrong?", REASONS, key=f"reasons-{name}")
        words = st.text_input(
            "In your own words", rating.reason, max_chars=feedback.LONGEST_REASON - 40
        )
        if st.form_submit_button("Send", type="primary"):
            return Rate(False, ": ".join(filter(None, (picked, words))))
    return None
