"""A person's open sessions, each with its device and its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core.sessions import Device


@dataclass(frozen=True)
class End:
    """Sign out there."""

    session_id: UUID


@dataclass(frozen=True)
class EndOthers:
    """Sign out everywhere but here."""


@dataclass(frozen=True)
class EndAll:
    """Sign out everywhere, here too."""


Wish = End | EndOthers | EndAll


def show(devices: tuple[Device, ...], current: UUID, time_zone: str) -> Wish | None:
    """Draw the list and return what the person wants, if anything."""
    wish: Wish | None = None
    zone = ZoneInfo(time_zone)
    for device in devices:
        is_this = device.id == current
        with st.container(
            key=f"session-{device.id}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            with st.container(gap=None, width="stretch"):
                st.markdown(f"**{plain(device.name)}**{' (this one)' if is_this else ''}")
                st.caption(plain(_told(device, zone)))
            if not is_this and st.button("Sign out", key=f"end-{device.id}"):
                wish = End(device.id)
    with st.container(horizontal=True):
        if len(devices) > 1 and st.button("Sign out everywhere else", icon=":material/devices:"):
            wish = EndOthers()
        if st.button("Sign out everywhere", icon=":material/logout:"):
            wish = EndAll()
    return wish


def _told(device: Device, zone: ZoneInfo) -> str:
    def said(at: datetime) -> str:
        return at.astimezone(zone).strftime("%-d %b %Y, %H:%M")

    where = f" · {device.address}" if device.address else ""
    return f"Since {said(device.since)} · last used {said(device.last_seen_at)}{where}"
