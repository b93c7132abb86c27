"""A result of SQL by hand: rows, a chart of them, and both as files."""

from collections.abc import Callable

import streamlit as st

from app.widgets import chart, result_table
from core import export
from core.explore import Found
from core.types import ChartSpec


def show(
    key: str, found: Found, spec: ChartSpec | None, download: Callable[[str], bytes]
) -> ChartSpec | None:
    """Draw it; returns another chart that the person wants, if any."""
    result = found.result
    wanted: ChartSpec | None = None
    more = "+" if result.truncated else ""
    parts = [f"{result.row_count:,}{more} rows", f"{found.seconds:.2f} s"]
    parts += ["cached"] if result.cached else []
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" · ".join(parts))
        with st.popover("Export", icon=":material/download:"):
            for fmt, form in export.offered(False).items():
                st.download_button(
                    form.label,
                    data=lambda fmt=fmt: download(fmt),
                    file_name=f"query.{fmt}",
                    mime=form.mime,
                    key=f"explored-{key}-{fmt}",
                    width="stretch",
                    on_click="ignore",
                )
    if result.truncated:
        st.caption("The result was cut there. Group or filter it to see all of it.")
    rows, picture = st.tabs(["Rows", "Chart"], key=f"explored-{key}")
    with rows:
        result_table.show(result, key=f"explored-table-{key}")
    with picture:
        if spec is None or not result.row_count:
            st.caption("This result has no picture.")
        else:
            wanted = chart.show(f"explored-{key}", spec, result, result.row_count, lambda: result)
    return wanted
