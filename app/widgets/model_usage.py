"""What the models cost this month, by day and by person, and its budget."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import plotly.graph_objects as go
import streamlit as st

from core.usage import Budget, Month, Spent


def show(month: Month, priced_on: date) -> Budget | None:
    """Draw the month; returns another budget when it is wanted."""
    with st.container(horizontal=True):
        st.metric(f"Cost since {month.since:%B %d}", f"${month.total.cost:,.2f}", border=True)
        st.metric("Calls", f"{month.total.calls:,}", border=True)
        st.metric("Tokens", f"{month.total.usage.total:,}", border=True)
    if month.by_day:
        _days(month.by_day)
        st.dataframe(_table(month.by_person), hide_index=True, width="stretch")
    told = f"Estimated with the prices of {priced_on:%B %d, %Y}."
    if month.unpriced:
        told += f" {month.unpriced:,} calls are of models without a known price."
    st.caption(told)
    return _budget(month.budget)


def _days(days: Sequence[Spent]) -> None:
    figure = go.Figure(
        go.Bar(
            x=[one.name for one in days],
            y=[float(one.cost) for one in days],
            marker_color="#6366F1",
            width=0.6 if len(days) > 2 else 0.15 * len(days),
            hovertemplate="%{x}: $%{y:,.4f}<extra></extra>",
        )
    )
    figure.update_layout(
        title="Cost by day",
        height=240,
        margin={"l": 0, "r": 0, "t": 40, "b": 0},
        xaxis={"type": "category"},
        yaxis={"tickprefix": "$"},
    )
    st.plotly_chart(figure, width="stretch", key="usage-days", config={"displayModeBar": False})


def _table(people: Sequence[Spent]) -> dict[str, list[object]]:
    return {
        "Person": [one.name for one in people],
        "Calls": [one.calls for one in people],
        "Tokens read": [
            one.usage.input + one.usage.cache_read + one.usage.cache_write for one in people
        ],
        "From the cache": [one.usage.cache_read for one in people],
        "Tokens written": [one.usage.output for one in people],
        "Cost": [f"${one.cost:,.4f}" for one in people],
    }


def _budget(now: Budget) -> Budget | None:
    with st.form("budget", border=True):
        warned, ended = st.columns(2)
        soft = warned.number_input(
            "Warn the admins at",
            min_value=0.0,
            value=float(now.soft) if now.soft is not None else None,
            placeholder="No warning",
            help="US dollars in a calendar month.",
        )
        hard = ended.number_input(
            "Budget of a month",
            min_value=0.0,
            value=float(now.hard) if now.hard is not None else None,
            placeholder="No bound",
            help="US dollars. When it is used up, the built-in analyst is offered instead.",
        )
        if st.form_submit_button("Save", type="primary"):
            return Budget(_dollars(soft), _dollars(hard))
    return None


def _dollars(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2)))
