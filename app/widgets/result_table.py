"""A result as a table: types kept, numbers to the right, empty cells empty."""

import streamlit as st

from core.types import QueryResult


def show(result: QueryResult, *, key: str) -> None:
    """Draw the rows at hand."""
    if result.row_count == 0:
        st.caption("No rows.")
        return
    st.dataframe(result.table, hide_index=True, key=key, width="stretch")
