"""The audit log as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from core.audit import Entry

KINDS = {
    "": "Everything",
    "auth.": "Sign-ins",
    "query.": "Queries",
    "chat.": "Questions",
    "answer.": "Verified answers",
    "saved_query.": "Saved queries",
    "glossary.": "Glossary",
    "connection.": "Connections",
    "schema.": "Schemas",
    "upload.": "Uploads",
    "dashboard.": "Dashboards",
    "alert.": "Alerts",
    "report.": "Reports",
    "destination.": "Destinations",
    "member.": "Members",
    "user.": "Own accounts",
    "organization.": "Organization",
    "audit.": "This log",
    "job.": "Failed work",
}


@dataclass(frozen=True)
class Asked:
    """What is to be shown: a kind, a person, a text, days."""

    kind: str
    who: UUID | None
    text: str
    days: tuple[date, ...]


def filters(people: Mapping[UUID, str], today: date) -> Asked:
    """Draw what the log can be narrowed by."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox("Show", KINDS, format_func=KINDS.get, width=180, key="audit-kind")
        who = st.selectbox(
            "Who",
            people,
            index=None,
            format_func=people.get,
            placeholder="Everybody",
            width=180,
            key="audit-who",
        )
        days = st.date_input("Days", (), max_value=today, width=230, key="audit-days")
        text = st.text_input(
            "Search", placeholder="In action, details, address", width=220, key="audit-text"
        )
    return Asked(kind, who, text, tuple(days) if isinstance(days, tuple) else (days,))


def show(entries: tuple[Entry, ...], time_zone: str) -> None:
    """Draw the lines, newest first, in the person's time zone."""
    if not entries:
        st.caption("Nothing of this kind has happened yet.")
        return
    zone = ZoneInfo(time_zone)
    st.dataframe(
        {
            "When": [e.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") for e in entries],
            "Who": [e.who or "–" for e in entries],
            "What": [e.action for e in entries],
            "About": [e.resource_type for e in entries],
            "Details": [", ".join(f"{k}: {v}" for k, v in e.details.items()) for e in entries],
            "From": [e.address for e in entries],
        },
        hide_index=True,
        width="stretch",
    )
    st.caption(f"{len(entries)} entries, the newest first.")
