"""Reports, listed with their next times, and the times that they were made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from app.widgets.alert_list import moment
from core.answers import Download
from core.reports.keeping import ReportView, RunView

What = Literal["send", "edit", "pause", "resume", "delete"]


@dataclass(frozen=True)
class Do:
    """What the person wants with a report."""

    what: What
    report_id: UUID


def show(
    found: Sequence[ReportView],
    runs: Callable[[UUID], Sequence[RunView]],
    file: Callable[[UUID], Download],
    time_zone: str,
    opened: UUID | None,
) -> Do | None:
    """Draw the list; returns what the person wants, if anything."""
    wish: Do | None = None
    for report in found:
        with st.container(border=True, key=f"report-{report.id}"):
            wish = _entry(report) or wish
            with st.expander("What was sent", expanded=report.id == opened):
                _past(runs(report.id), file, time_zone)
    return wish


def _entry(report: ReportView) -> Do | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(report.wanted.name)}**")
        if not report.is_active:
            st.badge("Paused", color="gray", icon=":material/pause_circle:")
        elif report.last_state == "failed":
            st.badge("Failed", color="red", icon=":material/error:")
    zone = ZoneInfo(report.wanted.time_zone)
    times = " · ".join(moment(at, zone) for at in report.next_times)
    st.caption(
        plain(f"{report.about} as {report.wanted.format.upper()} · {report.wanted.schedule} "
              f"({report.wanted.time_zone}) · {report.owner}")
    )  # fmt: skip
    if times:
        st.caption(plain(f"Next: {times}"))
    wish: What | None = None
    with st.container(horizontal=True):
        if st.button("Send now", key=f"send-{report.id}", icon=":material/send:"):
            wish = "send"
        if report.may_change:
            if st.button("Edit", key=f"edit-{report.id}", icon=":material/edit:"):
                wish = "edit"
            if report.is_active and st.button("Pause", key=f"pause-{report.id}"):
                wish = "pause"
            if not report.is_active and st.button("Go on", key=f"resume-{report.id}"):
                wish = "resume"
            with st.popover("Delete"):
                st.markdown("Its files go with it.")
                if st.button("Delete this report", key=f"delete-{report.id}", type="primary"):
                    wish = "delete"
    return Do(wish, report.id) if wish else None


def _past(runs: Sequence[RunView], file: Callable[[UUID], Download], time_zone: str) -> None:
    if not runs:
        st.caption("Nothing yet.")
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            at = moment(run.at, ZoneInfo(time_zone))
            st.caption(plain(f"{at} · {run.error or run.summary or run.state}"))
            if run.file_name:
                st.download_button(
                    "File",
                    data=lambda run=run: file(run.id).content,
                    file_name=run.file_name,
                    key=f"file-{run.id}",
                    icon=":material/download:",
                    on_click="ignore",
                )
