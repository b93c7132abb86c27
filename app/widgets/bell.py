"""The bell: what a person was told, how much of it is new."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core import formats
from core.notices import MOST_COUNTED, NoticeView

ICONS = {
    "alert.fired": ":material/warning:",
    "alert.recovered": ":material/check_circle:",
    "alert.reminder": ":material/warning:",
    "alert.no_data": ":material/help:",
    "alert.error": ":material/error:",
    "alert.failing": ":material/error:",
    "report.sent": ":material/schedule_send:",
    "report.failed": ":material/error:",
    "drift.changed": ":material/schema:",
    "drift.broken": ":material/heart_broken:",
    "alert.deleted": ":material/delete:",
    "delivery.dead": ":material/unsubscribe:",
}


@dataclass(frozen=True)
class Open:
    """Read a notice and go where it points; nowhere when it points nowhere."""

    notice_id: UUID
    link: str


@dataclass(frozen=True)
class ReadAll:
    """Mark all as read."""


Wish = Open | ReadAll


def show(unread: int, told: tuple[NoticeView, ...], time_zone: str, now: datetime) -> Wish | None:
    """Draw the bell with its list; returns what the person wants, if anything."""
    label = "" if not unread else f"{unread}{'+' if unread >= MOST_COUNTED else ''}"
    icon = ":material/notifications_active:" if unread else ":material/notifications:"
    with (
        st.container(key="bell", width="content"),
        st.popover(label, icon=icon),
    ):
        if not told:
            st.markdown("Nothing yet.")
            st.caption("Alerts and changes of your data are told here.")
            return None
        wish: Wish | None = None
        if unread and st.button("Mark all as read", type="tertiary", icon=":material/done_all:"):
            wish = ReadAll()
        with st.container(key="bell-list", gap=None):
            for notice in told:
                wish = _entry(notice, ZoneInfo(time_zone), now) or wish
        return wish


def _entry(notice: NoticeView, zone: ZoneInfo, now: datetime) -> Wish | None:
    with st.container(key=f"notice-{'read' if notice.is_read else 'new'}-{notice.id}", gap=None):
        title = plain(formats.shortened(notice.title, 120))
        pressed = st.button(
            title if notice.is_read else f"**{title}**",
            key=f"open-notice-{notice.id}",
            icon=ICONS.get(notice.kind, ":material/info:"),
            type="tertiary",
            width="stretch",
        )
        st.caption(plain(f"{formats.shortened(notice.body, 240)} {_when(notice.at, zone, now)}"))
    return Open(notice.id, notice.link) if pressed else None


def _when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local:%H:%M}"
    return f"{clock}" if local.date() == today else f"{formats.day(local.date())}, {clock}"
