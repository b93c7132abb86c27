"""How the analysts do on verified questions: the trend, and the last time question by question."""

from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core.evaluation import Run


def show(runs: tuple[Run, ...], time_zone: str) -> bool:
    """Draw the trend; returns whether the admin wants another run now."""
    st.markdown("##### Verified questions")
    st.caption(
        "Each verified question is asked of the analyst as if nobody had verified it, and its "
        "result compared with the verified one. `make eval` does the same."
    )
    wanted = st.button("Ask them now", icon=":material/play_arrow:", key="evaluate")
    if not runs:
        st.caption("They have not been asked yet.")
        return wanted
    zone = ZoneInfo(time_zone)
    last = runs[-1]
    st.markdown(
        f"**{last.same} of {last.asked}** the same, {last.at.astimezone(zone):%b %d, %Y %H:%M}, "
        f"{plain(last.analyst)} analyst."
    )
    if len(runs) > 1:
        st.line_chart(
            {
                "When": [f"{run.at.astimezone(zone):%Y-%m-%d %H:%M:%S}" for run in runs],
                "Same, %": [100 * run.same / run.asked if run.asked else None for run in runs],
            },
            x="When",
            y="Same, %",
            height=200,
        )
    for verdict in last.verdicts:
        icon = ":material/check:" if verdict.same else ":material/close:"
        st.markdown(f"{icon} {plain(f'{verdict.question} {verdict.why}'.strip())}")
    return wanted
