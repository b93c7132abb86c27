"""An answer on its way: the steps so far, the text as it comes, and Stop."""

import streamlit as st

from app.problems import plain, prose
from core.types import Progress


def show(now: Progress) -> bool:
    """Draw how far it is; returns whether Stop was pressed."""
    with st.container(key="progress"):
        for step in now.steps[:-1]:
            st.caption(f":material/check: {plain(step.text)}")
        at_work = now.steps[-1].text if now.steps else "Starting"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/hourglass_top: {plain(at_work)} …")
            stop = st.button("Stop", icon=":material/stop_circle:", key=f"stop-{now.job_id}")
        if now.text:
            st.markdown(prose(now.text))
        else:
            st.skeleton(height=120)
    return stop
