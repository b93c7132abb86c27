"""What the doctor found out about the account of a connection."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from app.problems import plain
from core.types import Finding

LEVELS: Final = {
    "danger": ("Danger", ":material/gpp_bad:", "red"),
    "warning": ("Warning", ":material/warning:", "orange"),
    "note": ("Note", ":material/info:", "gray"),
    "good": ("Good", ":material/check_circle:", "green"),
}
"""Each level's word, icon and colour; the colour is never alone."""


def show(findings: Sequence[Finding]) -> None:
    """Draw the findings in the order given; SQL is folded away until it is wanted."""
    for number, finding in enumerate(findings):
        word, icon, colour = LEVELS[finding.level]
        with st.container(border=True, key=f"finding-{number}-{finding.level}"):
            st.badge(word, icon=icon, color=colour)
            st.markdown(f"**{plain(finding.title)}**")
            if finding.detail:
                st.markdown(plain(finding.detail))
            if finding.sql:
                with st.expander("SQL for an administrator", icon=":material/code:"):
                    st.code(finding.sql, language="sql")
