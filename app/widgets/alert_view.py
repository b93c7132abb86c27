"""One alert: where it stands, what it saw, what it said, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from app.widgets import theme
from app.widgets.alert_list import STATES, badge, moment
from core.alerts import pictures
from core.alerts.history import Run
from core.alerts.views import AlertView, EventView, SeriesView

What = Literal["back", "edit", "check", "pause", "resume", "delete", "take_over", "more", "newer"]

QUIET = {"hour": "For 1 hour", "day": "For 1 day", "week": "For a week", "fine": "Until it is fine"}


@dataclass(frozen=True)
class Do:
    """What the person wants with the alert."""

    what: What


@dataclass(frozen=True)
class Quiet:
    """Tell nobody for so long; "over" ends it."""

    how_long: str


Wish = Do | Quiet


def head(alert: AlertView, time_zone: str, *, is_admin: bool) -> Wish | None:
    """State, reason and actions."""
    if st.button("All alerts", icon=":material/arrow_back:", type="tertiary"):
        return Do("back")
    zone = ZoneInfo(time_zone)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(alert.state)
        if alert.state in ("muted", "paused") and alert.standing != "ok":
            badge(alert.standing)
        if alert.state_since:
            st.caption(f"since {plain(moment(alert.state_since, zone))}")
    st.markdown(f"### {plain(alert.name)}")
    if alert.definition.description:
        st.markdown(plain(alert.definition.description))
    st.caption(plain(f"Bad when {alert.condition}. {alert.connection}. {_next(alert, zone)}"))
    if alert.last_reason:
        show = {"firing": st.error, "ok": st.success}.get(alert.standing, st.warning)
        told = st.warning if alert.failures else show
        told(
            plain(f"{alert.last_reason} {alert.last_hint}".strip()), icon=STATES[alert.standing][2]
        )
    return _actions(alert, is_admin=is_admin)


def _next(alert: AlertView, zone: ZoneInfo) -> str:
    if alert.next_check_at is None:
        return "Not checked while it is paused."
    return f"Next check {moment(alert.next_check_at, zone)}."


def _actions(alert: AlertView, *, is_admin: bool) -> Wish | None:
    wish: Wish | None = None
    with st.container(horizontal=True, key="alert-actions"):
        running = alert.state != "paused"
        if st.button("Check now", icon=":material/refresh:", disabled=not running):
            wish = Do("check")
        with st.popover("Quiet", icon=":material/notifications_off:", disabled=not running):
            for how_long, label in QUIET.items():
                if st.button(label, key=f"quiet-{how_long}", width="stretch"):
                    wish = Quiet(how_long)
            if alert.state == "muted" and st.button("No longer", key="quiet-over", width="stretch"):
                wish = Quiet("over")
        if alert.may_change:
            if st.button("Edit", icon=":material/edit:"):
                wish = Do("edit")
            if running and st.button("Pause", icon=":material/pause:"):
                wish = Do("pause")
            if not running and st.button("Go on", icon=":material/play_arrow:", type="primary"):
                wish = Do("resume")
            with st.popover("Delete", icon=":material/delete:"):
                st.markdown("What it saw and said goes with it.")
                if st.button("Delete this alert", type="primary"):
                    wish = Do("delete")
        if (
            is_admin
            and not alert.is_mine
            and st.button("Take over", icon=":material/person_add:", help=_TAKE_OVER)
        ):
            wish = Do("take_over")
    return wish


_TAKE_OVER = "It then belongs to you and runs with your rights."


def groups(series: Sequence[SeriesView], time_zone: str) -> str | None:
    """The groups of an alert; returns the one whose past the person wants to see."""
    if len(series) < 2 and not any(s.group for s in series):
        return None
    zone = ZoneInfo(time_zone)
    st.markdown("##### Groups")
    st.dataframe(
        [
            {
                "Group": s.group or "(all)",
                "State": STATES[s.state][0],
                "Value": s.last_value,
                "Since": moment(s.since, zone) if s.since else "",
            }
            for s in series
        ],
        hide_index=True,
    )
    return st.selectbox("Past of", [s.group for s in series], key="alert-group")


def past(runs: Sequence[Run], alert: AlertView, time_zone: str) -> None:
    """The values that checks saw, with the limit, and the checks one by one."""
    zone = ZoneInfo(time_zone)
    st.markdown("##### What checks saw")
    if not runs:
        st.caption("It has not been checked yet. That happens within a minute.")
        return
    figure = pictures.figure(runs, alert.definition.rule, zone, dark=theme.is_dark())
    if figure is not None:
        st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key="alert-past")
    with st.expander("The last check" if len(runs) == 1 else f"The last {len(runs)} checks"):
        st.dataframe(
            [
                {
                    "Checked": moment(run.checked_at, zone),
                    "Value": run.value,
                    "Limit": run.threshold,
                    "State": STATES[run.state][0],
                    "Reason": run.reason,
                    "ms": run.milliseconds,
                }
                for run in runs
            ],
            hide_index=True,
        )


def events(found: Sequence[EventView], page: int, full_page: int, time_zone: str) -> Do | None:
    """What the alert said, the newest first, a page at a time."""
    st.markdown("##### What it said")
    if not found and page == 0:
        st.caption("Nothing yet: it speaks when its state changes.")
        return None
    zone = ZoneInfo(time_zone)
    for event in found:
        with st.container(border=True, key=f"event-{event.id}", gap=None):
            st.markdown(f"**{plain(event.title)}**")
            st.markdown(plain(event.message))
            st.caption(plain(moment(event.at, zone)))
            for failure in event.failed_deliveries:
                st.caption(f":material/unsubscribe: {plain(failure)}")
    with st.container(horizontal=True):
        if page and st.button("Newer", icon=":material/arrow_back:"):
            return Do("newer")
        if len(found) == full_page and st.button("Older", icon=":material/arrow_forward:"):
            return Do("more")
    return None
