"""What a person ran by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from app.widgets.alert_list import moment
from core.explore import Run


@dataclass(frozen=True)
class Again:
    """Put this text into the editor again."""

    run: Run


def show(runs: Sequence[Run], places: Mapping[UUID, str], time_zone: str) -> Again | None:
    """Draw the runs, the newest first; returns the one to open again, if any."""
    wish = None
    for run in runs:
        with st.container(border=True, key=f"run-{run.id}"):
            st.code(
                run.sql,
                language="sql",
                wrap_lines=True,
                height=120 if len(run.sql) > 300 else "content",
            )
            place = places.get(run.connection_id, "gone") if run.connection_id else "gone"
            took = f"{run.milliseconds / 1000:.1f} s"
            rows = "failed" if run.rows is None else f"{run.rows:,} rows"
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(
                    plain(f"{moment(run.at, ZoneInfo(time_zone))} · {place} · {rows} · {took}")
                )
                if st.button("Open", key=f"again-{run.id}"):
                    wish = Again(run)
            if run.error:
                st.caption(f":material/error: {plain(run.error)}")
    return wish
