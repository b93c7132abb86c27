"""What is in a database: tables, their columns, and what people wrote about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from app.problems import plain
from core import formats
from core.descriptions import About
from core.types import DatabaseSchema, SchemaColumn, Table

MOST_LISTED = 300
FEW = 20
_AS_FOUND = ("Column", "Type", "Key", "Values", "Drafted", "Distinct", "Empty")


@dataclass(frozen=True)
class Look:
    """Write a query that shows the first rows of a table."""

    table: str


@dataclass(frozen=True)
class Describe:
    """Keep what was written about a table."""

    table: str
    description: str
    columns: Mapping[str, About]
    confirmed: bool = False


Wish = Look | Describe


def show(known: DatabaseSchema, *, may_write: bool) -> Wish | None:
    """Draw the tables to choose from, and the one that is chosen."""
    search = st.text_input(
        "Search",
        placeholder="Search tables, columns and descriptions",
        label_visibility="collapsed",
        key="schema-search",
    ).strip().lower()  # fmt: skip
    found = [table for table in known.tables if search in _searched(table)]
    if not found:
        st.caption("Nothing has these words." if search else "No tables are known yet.")
        return None
    names = [table.name for table in found[:MOST_LISTED]]
    by_name = {table.name: table for table in found}
    left, right = st.columns([1, 3], gap="large")
    height = 560 if len(names) > FEW else "content"
    with left, st.container(height=height, border=False):
        if len(found) > MOST_LISTED:
            st.caption(f"The first {MOST_LISTED} of {len(found):,} tables: search for others.")
        chosen = st.radio("Table", names, format_func=plain, key=f"schema-table-{search}")
    with right:
        return _table(by_name[chosen], known, may_write=may_write)


def _searched(table: Table) -> str:
    parts = [table.name, table.description or ""]
    for column in table.columns:
        parts += [column.name, column.description or "", column.business_term or ""]
    return " ".join(parts).lower()


def _table(table: Table, known: DatabaseSchema, *, may_write: bool) -> Wish | None:
    st.markdown(f"##### {plain(table.name)}")
    rows = f"{table.row_count:,} rows" if table.row_count is not None else ""
    shape = f"{len(table.columns)} columns"
    st.caption(plain(" · ".join(filter(None, (table.kind, rows, shape)))))
    key = f"schema-{table.name}"
    description = st.text_area(
        "What it holds", table.description or "", key=f"{key}-about", height=70,
        disabled=not may_write, placeholder="What a colleague should know of this table",
    )  # fmt: skip
    edited = st.data_editor(
        [_row(column) for column in table.columns],
        key=f"{key}-columns",
        hide_index=True,
        disabled=[*_AS_FOUND] if may_write else True,
        height=min(38 + 35 * len(table.columns), 520),
    )
    drafts = _drafts(table)
    if drafts:
        st.caption(
            f"Names and descriptions drafted by the analyst: {drafts}. What you change is yours."
        )
    wish: Wish | None = None
    with st.container(horizontal=True):
        if may_write and st.button("Save descriptions", key=f"{key}-save"):
            wish = Describe(table.name, description, _written(edited, table.columns))
        if may_write and drafts and st.button("Drafts are right", key=f"{key}-confirm"):
            written = _written(edited, table.columns)
            wish = Describe(table.name, description, written, confirmed=True)
        if may_write and st.button("Show rows", key=f"{key}-rows", icon=":material/table_rows:"):
            wish = Look(table.name)
    _neighbours(table, known)
    return wish


def _drafts(table: Table) -> int:
    """How many descriptions and names no person has looked at."""
    of_columns = sum(c.description_drafted + c.term_drafted for c in table.columns)
    return table.description_drafted + of_columns


def _drafted(column: SchemaColumn) -> str:
    marks = {"name": column.term_drafted, "description": column.description_drafted}
    return ", ".join(what for what, drafted in marks.items() if drafted)


def _row(column: SchemaColumn) -> dict[str, object]:
    empty = column.null_percentage
    return {
        "Column": column.name,
        "People call it": column.business_term or "",
        "Description": column.description or "",
        "Drafted": _drafted(column),
        "Type": column.data_type,
        "Key": "primary" if column.primary_key else (column.references or ""),
        "Values": ", ".join(formats.shortened(value, 40) for value in column.samples[:6]),
        "Distinct": column.distinct_count,
        "Empty": "" if empty is None else f"{empty:.0f}%",
    }


def _written(
    rows: Sequence[Mapping[str, object]], columns: Sequence[SchemaColumn]
) -> dict[str, About]:
    return {
        column.name: About(str(row["Description"] or ""), str(row["People call it"] or ""))
        for column, row in zip(columns, rows, strict=True)
    }


def _neighbours(table: Table, known: DatabaseSchema) -> None:
    """The tables that this one is joined with, drawn."""
    links = [
        (one.name, column.name, column.references)
        for one in known.tables
        for column in one.columns
        if column.references and table.name in (one.name, column.references.rpartition(".")[0])
    ]
    if not links:
        return
    st.markdown("###### Joined with")
    lines = ["digraph {", 'rankdir=LR; bgcolor="transparent";', _STYLE]
    lines.append(f'{_quoted(table.name)} [style=filled fillcolor="#6366F1" fontcolor=white];')
    for name, column, target in links:
        other, _, key = str(target).rpartition(".")
        label = column if column == key else f"{column} = {key}"
        lines.append(f"{_quoted(name)} -> {_quoted(other)} [label={_quoted(label)}];")
    st.graphviz_chart("\n".join([*lines, "}"]), width="content")


_STYLE = (
    'node [shape=box style=rounded color="#94A3B8" fontcolor="#64748B" fontname="Inter" '
    'fontsize=11]; edge [color="#94A3B8" fontcolor="#64748B" fontname="Inter" fontsize=9];'
)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
