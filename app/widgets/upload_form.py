"""Looking at what a file would become: types to choose, cells that do not fit, where to put it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import streamlit as st

from app.problems import plain
from core import uploads
from core.answers import Download
from core.connections import ConnectionView
from core.connectors.ingest import LoadedTable, Preview, TableChange
from core.uploads import Types
from core.versions import How

NEW = "A new connection"
MOST_BAD = 20
HOW = {"append": "Add its rows", "replace": "Replace what is there"}


@dataclass(frozen=True)
class Load:
    """Load the file: into an existing file connection, or a new one."""

    connection_id: UUID | None
    new_name: str


def samples(offered: Sequence[Download]) -> None:
    """Files to try with, for those who have none at hand."""
    st.caption("No file at hand? Take one of these first:")
    with st.container(horizontal=True):
        for sample in offered:
            st.download_button(
                sample.name, sample.content, sample.name, sample.mime, on_click="ignore"
            )


def show(previews: Sequence[Preview], chosen: Types, key: str) -> Types:
    """Draw what the tables would be; returns the types chosen, where they differ."""
    wanted: dict[str, dict[str, str]] = {}
    for preview in previews:
        table = preview.table
        told = _preview(preview, chosen.get(table.name, {}), f"{key}-{table.name}")
        if told:
            wanted[table.name] = told
    return wanted


def where(file_name: str, targets: Sequence[ConnectionView], tables: bool) -> Load | None:
    """Ask where to put the file; returns that once it is decided."""
    by_id = {target.id: target.name for target in targets} if tables else {}
    place = st.selectbox(
        "Put it into",
        [*by_id, None],
        format_func=lambda i: by_id.get(i, NEW) if i else NEW,
        help="Files of one connection can be joined.",
        disabled=not by_id,
    )
    new_name = ""
    if place is None:
        new_name = st.text_input("Name of the connection", Path(file_name).stem, max_chars=255)
    if st.button("Load it", type="primary", icon=":material/check:"):
        return Load(place, new_name)
    return None


def again(changes: Sequence[TableChange]) -> How | None:
    """Tell what is different in a file that comes again; returns what to do once decided."""
    for line in (line for change in changes for line in _told(change)):
        st.markdown(line)
    how = st.radio("What to do", list(HOW), format_func=HOW.__getitem__, horizontal=True)
    if how == "append":
        st.caption("Columns keep their types: what does not fit is left empty, and listed.")
    return how if st.button("Load it", type="primary", icon=":material/check:") else None


def _told(change: TableChange) -> list[str]:
    name = f"**{plain(change.table)}**"
    if change.is_gone:
        return [f":material/remove: {name} is not in this file: replacing removes it."]
    if change.is_new:
        return [f":material/add: {name} is new, with {change.rows:,} rows."]
    lines = [f":material/table: {name}: {change.rows:,} rows in this file."]
    if change.new:
        lines.append(f":material/add: New columns: {_listed(change.new)}.")
    if change.missing:
        lines.append(f":material/remove: Missing columns: {_listed(change.missing)}.")
    for column, before, now in change.changed:
        was, is_now = (_kind(before), _kind(now))
        lines.append(f":material/swap_horiz: {plain(column)} was {was}, here it is {is_now}.")
    if len(lines) == 1:
        lines[0] += " The same columns as before."
    return lines


def _kind(type_name: str) -> str:
    return uploads.choices()[uploads.choice_of(type_name)].lower()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(plain(name) for name in names[:10])
    return f"{shown} and {len(names) - 10:,} more" if len(names) > 10 else shown


def _preview(preview: Preview, chosen: Mapping[str, str], key: str) -> dict[str, str]:
    table = preview.table
    st.markdown(
        f"**{plain(table.label)}** · {table.row_count:,} rows · becomes table `{table.name}`"
    )
    for note in table.notes:
        st.caption(f":material/info: {plain(note)}")
    columns = zip(*preview.rows, strict=True) if preview.rows else ((),) * len(table.columns)
    names = uploads.choices()
    shown = {
        f"{c.name} · {names[uploads.choice_of(c.type)].lower()}": v
        for c, v in zip(table.columns, columns, strict=True)
    }
    st.dataframe(shown, hide_index=True, height=220, width="stretch")
    _bad(table)
    with st.expander("Change types", icon=":material/tune:"):
        return _types(table, chosen, key)


def _bad(table: LoadedTable) -> None:
    if not table.quarantined:
        return
    count = table.quarantined
    told = "1 cell does" if count == 1 else f"{count:,} cells do"
    with st.expander(f"{told} not fit and will be empty", icon=":material/rule:"):
        st.dataframe(
            {
                "Row": [cell.row for cell in table.bad[:MOST_BAD]],
                "Column": [cell.label for cell in table.bad[:MOST_BAD]],
                "Value": [cell.value for cell in table.bad[:MOST_BAD]],
                "Expected": [cell.expected for cell in table.bad[:MOST_BAD]],
            },
            hide_index=True,
            width="stretch",
        )
        st.caption("After loading, all of them can be downloaded.")


def _types(table: LoadedTable, chosen: Mapping[str, str], key: str) -> dict[str, str]:
    """A table of the columns in which the type can be changed; what differs is returned."""
    names = uploads.choices()
    by_name = {name: choice for choice, name in names.items()}
    found = [chosen.get(c.name, uploads.choice_of(c.type)) for c in table.columns]
    edited = st.data_editor(
        {
            "Header": [c.label for c in table.columns],
            "Column": [c.name for c in table.columns],
            "Type": [names[choice] for choice in found],
        },
        column_config={
            "Type": st.column_config.SelectboxColumn(options=list(by_name), required=True)
        },
        disabled=["Header", "Column"],
        hide_index=True,
        width="stretch",
        key=key,
    )
    picked = [by_name.get(name, "text") for name in edited["Type"]]
    return {
        column.name: new
        for column, old, new in zip(table.columns, found, picked, strict=True)
        if new != old or column.name in chosen
    }
