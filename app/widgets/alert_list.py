"""Alerts, listed: those that need somebody first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core import formats
from core.alerts.views import AlertView

STATES = {
    "firing": ("Firing", "red", ":material/warning:"),
    "error": ("Error", "orange", ":material/error:"),
    "no_data": ("No data", "orange", ":material/help:"),
    "pending": ("Pending", "yellow", ":material/hourglass_top:"),
    "recovering": ("Recovering", "yellow", ":material/hourglass_bottom:"),
    "muted": ("Quiet", "gray", ":material/notifications_off:"),
    "ok": ("Fine", "green", ":material/check_circle:"),
    "paused": ("Paused", "gray", ":material/pause_circle:"),
}


@dataclass(frozen=True)
class Open:
    """Look at one alert."""

    alert_id: UUID


def badge(state: str) -> None:
    """A state in a word, with a sign: colour alone says nothing."""
    word, color, icon = STATES[state]
    st.badge(word, color=color, icon=icon)  # type: ignore[arg-type]


def summary(alerts: tuple[AlertView, ...]) -> str:
    """How many alerts are in which state, the worst first."""
    counts = {state: sum(a.state == state for a in alerts) for state in STATES}
    return " · ".join(f"{n} {STATES[s][0].lower()}" for s, n in counts.items() if n)


def show(alerts: tuple[AlertView, ...], time_zone: str, now: datetime) -> Open | None:
    """Draw the list; returns the alert that the person wants to see, if any."""
    wish = None
    zone = ZoneInfo(time_zone)
    for alert in alerts:
        with (
            st.container(border=True, key=f"alert-{alert.id}"),
            st.container(horizontal=True, vertical_alignment="center"),
        ):
            with st.container(gap=None):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    badge(alert.state)
                    st.markdown(f"**{plain(alert.name)}**")
                st.caption(plain(_line(alert, zone, now)))
                if alert.last_reason and alert.state != "paused":
                    st.caption(plain(alert.last_reason))
            if st.button("Open", key=f"open-{alert.id}", width=90):
                wish = Open(alert.id)
    return wish


def _line(alert: AlertView, zone: ZoneInfo, now: datetime) -> str:
    parts = [f"{alert.condition}, {alert.connection}", every(alert.definition.every_minutes)]
    if alert.last_checked_at:
        parts.append(f"checked {ago(alert.last_checked_at, now)}")
    if alert.failures:
        parts.append(f"{alert.failures} failed checks in a row")
    if alert.snoozed_until and alert.state == "muted":
        parts.append(f"quiet until {moment(alert.snoozed_until, zone)}")
    if alert.owner:
        parts.append(alert.owner)
    return " · ".join(parts)


def every(minutes: int) -> str:
    """An interval as people say it."""
    if minutes % 1440 == 0:
        return "every day" if minutes == 1440 else f"every {minutes // 1440} days"
    if minutes % 60 == 0:
        return "every hour" if minutes == 60 else f"every {minutes // 60} hours"
    return "every minute" if minutes == 1 else f"every {minutes} minutes"


def ago(at: datetime, now: datetime) -> str:
    """How long ago a moment was."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment on the person's clock."""
    local = at.astimezone(zone)
    return f"{formats.day(local.date())}, {local:%H:%M}"
