"""How the installation is doing: versions, database, processes, storage, failed work."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core.system import Failed, System


def show(now: System, time_zone: str) -> UUID | None:
    """Draw it and return the failed work that is to be tried again, if any."""
    stands = "up to date" if now.is_current else "behind: the database has to be migrated"
    reached = "" if now.cache_reaches else ", which does not answer"
    waiting = sum(now.jobs.get(state, 0) for state in ("queued", "running"))
    _facts(
        (
            ("Database", f"{now.database}, revision {now.revision} ({stands})"),
            ("Queue", f"{now.queue}: {waiting} at work or waiting"),
            ("Cache", now.cache + reached),
            ("Uploaded files", _size(now.stored_bytes)),
            ("Audit lines that could not be written", f"{now.unwritten}"),
            ("Versions", " · ".join(f"{name} {told}" for name, told in now.versions.items())),
        )
    )
    st.markdown("**Processes seen**")
    for seen in now.seen:
        st.caption(plain(f"{seen.role} {seen.holder} · {_said(seen.at, time_zone)}"))
    if not now.seen:
        st.caption("None: alerts are not checked and nothing is refreshed.")
    return _failed(now.failed, time_zone)


def _failed(failed: tuple[Failed, ...], time_zone: str) -> UUID | None:
    st.markdown("**Failed work**")
    if not failed:
        st.caption("Nothing has failed in the last 30 days.")
    wish = None
    for one in failed:
        with st.container(
            key=f"failed-{one.id}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            with st.container(gap=None, width="stretch"):
                st.markdown(plain(one.kind.replace("_", " ").capitalize()))
                at = _said(one.at, time_zone) if one.at else ""
                st.caption(plain(f"{one.error} {at}".strip()))
            if one.can_retry and st.button("Try again", key=f"retry-{one.id}"):
                wish = one.id
    return wish


def _facts(told: Iterable[tuple[str, str]]) -> None:
    for name, value in told:
        with st.container(key=f"fact-{name.lower().replace(' ', '-')}", gap=None):
            st.caption(name)
            st.markdown(plain(value))


def _said(at: datetime, time_zone: str) -> str:
    return at.astimezone(ZoneInfo(time_zone)).strftime("%-d %b %Y, %H:%M")


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB" if size >= 100_000 else f"{size / 1024:,.0f} kB"
