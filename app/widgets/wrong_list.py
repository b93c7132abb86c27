"""Questions that went wrong, grouped by cause, each to be asked again."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core import formats
from core.feedback import Wrong
from core.types import Cause

CAUSES: dict[Cause, str] = {
    "disliked": "Disliked",
    "not understood": "Not understood",
    "no such data": "No such data",
    "refused": "Refused by the guard",
    "failed": "Failed",
    "empty": "Empty",
}


@dataclass(frozen=True)
class AskAgain:
    """Ask the question again, as the admin."""

    question: str
    connection_id: UUID


def show(found: tuple[Wrong, ...], time_zone: str) -> AskAgain | None:
    """Draw the groups that there are, and return which question is asked again."""
    st.markdown("##### Questions that went wrong")
    st.caption("Of the last 30 days, from everybody's conversations; who asked is not told.")
    if not found:
        st.caption("None.")
        return None
    wish: AskAgain | None = None
    for cause, title in CAUSES.items():
        group = [one for one in found if one.cause == cause]
        if not group:
            continue
        with st.expander(f"{title} ({len(group)})", expanded=True):
            for one in group:
                wish = _one(one, ZoneInfo(time_zone)) or wish
    return wish


def _one(one: Wrong, zone: ZoneInfo) -> AskAgain | None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"wrong-{one.message_id}"):
        with st.container(gap=None):
            st.markdown(f"**{plain(formats.shortened(one.question, 200))}**")
            day = formats.day(one.at.astimezone(zone).date())
            told = (one.connection or "a connection that is gone", day, one.why)
            st.caption(plain(formats.shortened(" · ".join(filter(None, told)), 300)))
        again = one.connection_id is not None and st.button(
            "Ask again", key=f"again-{one.message_id}", icon=":material/replay:"
        )
    if again and one.connection_id is not None:
        return AskAgain(one.question, one.connection_id)
    return None
