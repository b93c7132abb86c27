"""A chart of a result: Plotly for pictures, Streamlit's metric for a single figure."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.problems import plain, shown
from app.widgets import theme
from core import charts
from core.types import ChartSpec, QueryResult

CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def show(
    name: str,
    spec: ChartSpec,
    preview: QueryResult,
    row_count: int,
    whole: Callable[[], QueryResult],
) -> None:
    """Draw the chart under a name that is unique to this result, which never changes."""
    if spec.kind == "kpi":
        kpi = charts.kpi(spec, preview)
        st.metric(plain(kpi.label), kpi.value_text, kpi.delta_text)
        return
    result = preview
    if row_count > preview.row_count:
        with shown():
            result = whole()
    figure = _figure(name, spec, theme.is_dark(), result.row_count, result)
    if figure is None:
        st.caption("This result has no picture; see the table.")
        return
    st.plotly_chart(figure, theme=None, config=CONFIG, key=f"chart-{name}", alt=spec.title)


@st.cache_data(max_entries=200, show_spinner=False)
def _figure(name: str, spec: ChartSpec, dark: bool, rows: int, _result: QueryResult) -> Any:
    """Figures are built once: `name` is the message's id, whose result never changes."""
    return charts.figure(spec, _result, dark=dark)
