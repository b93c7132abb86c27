"""The audit log as a table."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.audit import Entry

KINDS = {
    "": "Everything",
    "auth.": "Sign-ins",
    "query.": "Queries",
    "chat.": "Questions",
    "answer.": "Verified answers",
    "glossary.": "Glossary",
    "connection.": "Connections",
    "member.": "Members",
    "export.": "Exports",
    "upload.": "Uploads",
}


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
    st.caption(f"The newest {len(entries)} entries.")
