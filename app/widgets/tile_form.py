"""The form of a tile: a saved query, SQL with its chart looked at first, or a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

import streamlit as st

from app import problems
from app.problems import plain
from app.widgets import chart, chart_toolbar, result_table
from core import charts
from core.connections import ConnectionView
from core.dashboards.tiles import INTERVALS, NewTile
from core.dashboards.views import Shown
from core.errors import DataMindError
from core.library import Saved
from core.types import ChartSpec

INTERVAL_WORDS = {60: "1 minute", 300: "5 minutes", 900: "15 minutes", 3600: "1 hour",
                  21_600: "6 hours", 86_400: "1 day"}  # fmt: skip
BY_THE_DATA = "Choose the chart by the data"
MOST_LISTED = 50

Look = Callable[[NewTile], Shown]
From = Literal["saved", "sql", "text"]
FROM_WORDS: dict[From, str] = {
    "saved": ":material/bookmark: Saved query",
    "sql": ":material/code: SQL",
    "text": ":material/notes: Text",
}


@dataclass(frozen=True)
class AddSaved:
    """Add this saved query."""

    saved_id: UUID


@dataclass(frozen=True)
class Keep:
    """Keep the tile as filled in."""

    tile: NewTile


def add(
    saved: Sequence[Saved], connections: Sequence[ConnectionView], look: Look
) -> AddSaved | Keep | None:
    """The ways to a new tile."""
    source: From | None = st.segmented_control(
        "What should the tile show?",
        list(FROM_WORDS),
        format_func=lambda one: FROM_WORDS[one],
        default="saved" if saved else "sql",
        required=True,
        key="tile-from",
    )
    match source:
        case "saved":
            return _saved(saved)
        case "sql":
            return query(NewTile(""), connections, look, key="new-tile")
        case "text":
            return text(NewTile("", markdown=""), key="new-tile")
    return None


def _saved(saved: Sequence[Saved]) -> AddSaved | None:
    wanted = st.text_input("Search", placeholder="Search saved queries", key="tile-search")
    words = wanted.lower().split()
    found = [
        one for one in saved
        if all(w in f"{one.name} {one.description} {one.sql}".lower() for w in words)
    ]  # fmt: skip
    if not saved:
        st.caption("No query is saved yet. Save one under an answer, or write SQL here.")
    elif not found:
        st.caption("No saved query has these words.")
    with st.container(key="tile-saved", gap="xsmall"):
        for one in found[:MOST_LISTED]:
            gone = one.connection_id is None
            if st.button(
                plain(one.name),
                key=f"tile-saved-{one.id}",
                width="stretch",
                disabled=gone,
                help="Its connection has been deleted." if gone else None,
            ):
                return AddSaved(one.id)
    return None


def query(
    start: NewTile, connections: Sequence[ConnectionView], look: Look, *, key: str
) -> Keep | None:
    """SQL, its title and its chart. The result is looked at before it is kept."""
    names = {c.id: c.name for c in connections if c.is_active}
    ids = list(names)
    first = start.connection_id if start.connection_id in names else None
    if first is None and start.connection_id is None and not start.sql:
        first = next((c.id for c in connections if c.is_active and c.tables), None)
    title = st.text_input("Title", start.title, max_chars=500, key=f"{key}-title")
    place = st.selectbox(
        "Connection",
        ids,
        index=ids.index(first) if first else None,
        format_func=lambda one: names[one],
        placeholder="Choose a connection",
        key=f"{key}-connection",
    )
    sql = st.text_area("SQL", start.sql, height=160, key=f"{key}-sql")
    interval = st.selectbox(
        "Figures may be kept for",
        INTERVALS,
        index=INTERVALS.index(start.refresh_seconds) if start.refresh_seconds in INTERVALS else 1,
        format_func=lambda seconds: INTERVAL_WORDS[seconds],
        key=f"{key}-interval",
    )
    tile = NewTile(title, place, sql, start.chart, refresh_seconds=interval)
    if sql.strip() and place:
        tile = replace(tile, chart=_looked_at(tile, look, key))
    if st.button("Save tile", type="primary", key=f"{key}-keep"):
        return Keep(tile)
    return None


def _looked_at(tile: NewTile, look: Look, key: str) -> ChartSpec | None:
    """The first rows, and the chart chosen over them; what was chosen stays where it fails."""
    try:
        shown = look(tile)
    except DataMindError as problem:
        problems.show(problem.message, problem.hint)
        return tile.chart
    with st.expander(f"Result · {shown.result.row_count:,} rows"):
        result_table.show(replace(shown.result, table=shown.result.table.slice(0, 100)), key=key)
    return _chart(tile.chart, shown, key)


def _chart(chosen: ChartSpec | None, shown: Shown, key: str) -> ChartSpec | None:
    """The chart over the result as it will look; None leaves it to the rules, whatever comes."""
    if st.checkbox(BY_THE_DATA, chosen is None, key=f"{key}-by-the-data"):
        chart.picture(charts.recommend(shown.result), shown.result, key=f"{key}-picture")
        return None
    wanted = chart_toolbar.draw(shown.chart, shown.result, key, picture=False) or shown.chart
    chart.picture(wanted, shown.result, key=f"{key}-picture")
    return wanted


def text(start: NewTile, *, key: str) -> Keep | None:
    """Markdown with how it will look."""
    title = st.text_input("Title", start.title, max_chars=500, key=f"{key}-text-title")
    words = st.text_area(
        "Text",
        start.markdown or "",
        height=180,
        help="Markdown: **bold**, lists, headings, links.",
        key=f"{key}-text",
    )
    if words.strip():
        with st.container(border=True):
            st.markdown(problems.markdown(words))
    if st.button("Save tile", type="primary", key=f"{key}-keep-text"):
        return Keep(NewTile(title, markdown=words))
    return None
