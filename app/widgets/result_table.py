"""A result as a table: types kept, numbers to the right, empty cells empty."""

from typing import Any

import streamlit as st

from core import columns, formats
from core.columns import Column
from core.types import QueryResult


def show(result: QueryResult, *, key: str, height: int | None = None) -> None:
    """Draw the rows at hand, in so many pixels where a height is given."""
    if result.row_count == 0:
        st.caption("No rows.")
        return
    found = columns.read(result.table)
    names = [column.name for column in found]
    styles = {c.name: style for c in found if names.count(c.name) == 1 and (style := _style(c))}
    st.dataframe(
        result.table,
        hide_index=True,
        key=key,
        width="stretch",
        height=height or "auto",
        column_config=styles or None,
    )


def _style(column: Column) -> Any:
    """Money with its cents in every row, shares as percent; the grid's own way for the rest."""
    if column.role != "measure":
        return None
    figures = [n for n in column.numbers if n is not None]
    if column.unit == "fraction":
        return st.column_config.NumberColumn(format="percent")
    if formats.names_money(column.name) and any(map(formats.has_cents, figures)):
        # "accounting" writes negatives in brackets, which few people read.
        negative = any(n < 0 for n in figures)
        return st.column_config.NumberColumn(format="%.2f" if negative else "accounting")
    return None
