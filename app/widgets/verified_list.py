"""Verified answers, listed: what they answer, who stands for them, how they are used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core import formats
from core.verified import Verified


@dataclass(frozen=True)
class Ask:
    """Ask its question."""

    question: str
    connection_id: UUID


@dataclass(frozen=True)
class Remove:
    """Stand for it no longer."""

    verified_id: UUID


Wish = Ask | Remove


def show(answers: tuple[Verified, ...], time_zone: str) -> Wish | None:
    """Draw the list, broken ones first, and return what the person wants, if anything."""
    if not answers:
        st.markdown("No answer is verified yet.")
        st.caption("Ask a question, look at the answer, and press Verify below it.")
        return None
    wanted = st.text_input(
        "Search",
        key="verified-search",
        placeholder="Search questions",
        label_visibility="collapsed",
    )
    shown = [one for one in answers if wanted.lower() in one.question.lower()]
    if not shown:
        st.caption("No verified question has these words.")
    wish: Wish | None = None
    for one in sorted(shown, key=lambda one: not one.broken):
        with st.container(border=True, key=f"verified-{one.id}"):
            wish = _entry(one, ZoneInfo(time_zone)) or wish
    return wish


def _entry(one: Verified, zone: ZoneInfo) -> Wish | None:
    st.markdown(f"**{plain(one.question)}**")
    if one.broken:
        st.warning(
            plain(f"Broken: {one.broken} It is not used. Ask again and verify the new answer."),
            icon=":material/heart_broken:",
        )
    st.caption(plain(_about(one, zone)))
    with st.expander("SQL"):
        st.code(one.sql, language="sql", wrap_lines=True)
    wish: Wish | None = None
    with st.container(horizontal=True):
        if st.button("Ask it", key=f"ask-{one.id}", icon=":material/forum:"):
            wish = Ask(one.question, one.connection_id)
        with st.popover("Remove", icon=":material/delete:"):
            st.markdown("The question goes back to the analyst.")
            if st.button("Remove it", key=f"remove-{one.id}", type="primary"):
                wish = Remove(one.id)
    return wish


def _about(one: Verified, zone: ZoneInfo) -> str:
    owner = f"by {one.owner}" if one.owner else "by a person who has left"
    used = "never used" if not one.times_used else f"used {_times(one.times_used)}"
    last = f", last {_day(one.last_used_at, zone)}" if one.last_used_at else ""
    verified = f"verified {_day(one.verified_at, zone)} {owner}"
    return " · ".join(filter(None, (one.connection, verified, used + last, one.reading)))


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _day(at: datetime, zone: ZoneInfo) -> str:
    return formats.day(at.astimezone(zone).date())
