"""A chart of a result: Plotly for pictures, Streamlit's metric for a single figure."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from app.problems import plain, shown
from app.widgets import chart_toolbar, theme
from core import charts
from core.types import ChartSpec, QueryResult

CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "toImage"]}


def show(
    name: str,
    spec: ChartSpec,
    preview: QueryResult,
    row_count: int,
    whole: Callable[[], QueryResult],
    *,
    suggested: ChartSpec | None = None,
    today: date | None = None,
) -> ChartSpec | None:
    """Draw the chart under a name that is unique to this result, which never changes.

    The chart that the person wants instead, if any; `suggested` is what there is to go back to.
    """
    result = preview
    if row_count > preview.row_count and spec.kind != "kpi":
        with shown():
            result = whole()
    wanted = chart_toolbar.draw(spec, result, name, suggested=suggested, tables=False)
    if spec.kind == "table":
        st.caption("A table says it best. Choose a kind of chart to see it drawn.")
        return wanted
    if charts.fit(spec, result).kind == "kpi":
        metric(spec, result, today=today)
        return wanted
    _drawn(spec, result, _kept_figure(name, spec, theme.is_dark(), result.row_count, result), name)
    return wanted


def picture(spec: ChartSpec, result: QueryResult, *, key: str, today: date | None = None) -> None:
    """The chart alone, drawn anew each time: for a form where it is being chosen."""
    fitted = charts.fit(spec, result)
    if fitted.kind == "kpi":
        metric(fitted, result, today=today)
    elif fitted.kind == "table":
        st.caption("Shown as a table.")
    else:
        figure = charts.figure(fitted, result, dark=theme.is_dark(), titled=False)
        _drawn(fitted, result, figure, key)


def _drawn(spec: ChartSpec, result: QueryResult, figure: Any, key: str) -> None:
    if figure is None:
        st.caption("This result has no picture; see the table.")
        return
    if spec.title:
        st.markdown(f"**{plain(spec.title)}**")
    said = charts.alt(spec, result)
    st.plotly_chart(figure, theme=None, config=CONFIG, key=f"chart-{key}", alt=said)


def metric(spec: ChartSpec, result: QueryResult, *, today: date | None = None) -> None:
    """A single figure, with its change and its past where there are any."""
    kpi = charts.kpi(spec, result, today=today)
    st.metric(
        plain(kpi.label),
        kpi.value_text,
        kpi.delta_text,
        delta_description=kpi.against or None,
        chart_data=[n for n in kpi.trend if n is not None] if len(kpi.trend) > 2 else None,
        chart_type="area",
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _kept_figure(name: str, spec: ChartSpec, dark: bool, rows: int, _result: QueryResult) -> Any:
    """Figures are built once: `name` is the message's id, whose result never changes."""
    return charts.figure(spec, _result, dark=dark, titled=False)
