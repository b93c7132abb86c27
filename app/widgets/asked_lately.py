"""How much was asked this month, how sure the answers were, and of which data."""

import plotly.graph_objects as go
import streamlit as st

from core.activity import LEVELS, Activity

COLORS = {
    "verified": "#0F766E",
    "checked": "#6366F1",
    "single": "#A5B4FC",
    "guess": "#F59E0B",
    "no figure": "#94A3B8",
}
"""By grade; told apart in grey too, by their order in the bar and their names."""


def show(activity: Activity) -> None:
    """Draw the answers by day and grade, and a table by connection."""
    if not activity.answers:
        st.caption("Nothing was asked this month.")
        return
    days = sorted({day for day, _ in activity.by_day})
    figure = go.Figure(
        [
            go.Bar(
                name=level.capitalize(),
                x=days,
                y=[activity.by_day.get((day, level), 0) for day in days],
                marker_color=COLORS[level],
                width=0.6 if len(days) > 2 else 0.15 * len(days),
                hovertemplate="%{x}: %{y}<extra>" + level + "</extra>",
            )
            for level in LEVELS
            if any(found == level for _, found in activity.by_day)
        ]
    )
    figure.update_layout(
        title="Answers by day, by how sure they were",
        barmode="stack",
        height=260,
        margin={"l": 0, "r": 0, "t": 40, "b": 0},
        xaxis={"type": "category"},
    )
    st.plotly_chart(figure, width="stretch", key="asked-lately", config={"displayModeBar": False})
    st.dataframe(
        {
            "Connection": [name for name, _ in activity.by_connection],
            "Answers": [count for _, count in activity.by_connection],
        },
        hide_index=True,
        width="stretch",
    )
