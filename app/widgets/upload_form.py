"""Choosing a file to upload, and looking at what it would become."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.answers import Download
from core.connections import ConnectionView
from core.connectors.ingest import Preview

NEW = "A new connection"


@dataclass(frozen=True)
class Load:
    """Load the file: into an existing file connection, or a new one."""

    connection_id: UUID | None
    new_name: str


def choose(endings: Sequence[str], most_mb: int, samples: Sequence[Download]) -> Any:
    """The uploader; returns the file as Streamlit holds it, or None."""
    file = st.file_uploader(
        f"CSV, TSV, Excel, SQLite or DuckDB, up to {most_mb} MB",
        type=[ending.lstrip(".") for ending in endings],
        key="upload",
    )
    if file is None and samples:
        st.caption("No file at hand? Take one of these first:")
        with st.container(horizontal=True):
            for sample in samples:
                st.download_button(
                    sample.name, sample.content, sample.name, sample.mime, on_click="ignore"
                )
    return file


def show(
    file_name: str, tables: Sequence[Preview], targets: Sequence[ConnectionView]
) -> Load | None:
    """Draw the preview and where to put it; returns what the person decided."""
    for preview in tables:
        _preview(preview)
    by_id = {target.id: target.name for target in targets} if tables else {}
    where = st.selectbox(
        "Put it into",
        [*by_id, None],
        format_func=lambda i: by_id.get(i, NEW) if i else NEW,
        help="Files of one connection can be joined.",
        disabled=not by_id,
    )
    new_name = ""
    if where is None:
        new_name = st.text_input("Name of the connection", Path(file_name).stem, max_chars=255)
    if st.button("Load it", type="primary", icon=":material/check:"):
        return Load(where, new_name)
    return None


def _preview(preview: Preview) -> None:
    table = preview.table
    st.markdown(
        f"**{plain(table.label)}** · {table.row_count:,} rows · becomes table `{table.name}`"
    )
    for note in table.notes:
        st.caption(f":material/info: {plain(note)}")
    columns = zip(*preview.rows, strict=True) if preview.rows else ((),) * len(table.columns)
    st.dataframe(
        {f"{c.label} ({c.type.lower()})": v for c, v in zip(table.columns, columns, strict=True)},
        hide_index=True,
        height=220,
        width="stretch",
    )
