"""One tile: title and menu, its figures with their age, or what went wrong and how to mend it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

import streamlit as st

from app import state
from app.problems import markdown, plain
from app.widgets import age, dashboard_tiles, result_table, sparkline, theme
from core import charts
from core.dashboards.views import Shown, Tile
from core.errors import DataMindError
from core.types import ChartSpec, QueryResult

CONFIG = {"displaylogo": False, "displayModeBar": False}
HEAD = 56
"""Pixels of a tile that its title and borders take."""
FOOT = 30
LEAST = 90
ROOM_FOR_A_TREND = 150

Act = Literal["refresh", "rows", "edit", "duplicate", "remove"]
WORDS: dict[Act, str] = {
    "refresh": ":material/refresh: Refresh",
    "rows": ":material/table_rows: Show rows",
    "edit": ":material/edit: Edit",
    "duplicate": ":material/content_copy: Duplicate",
    "remove": ":material/delete: Remove",
}


@dataclass(frozen=True)
class Do:
    """What the person wants done with a tile."""

    act: Act
    tile_id: UUID


@dataclass(frozen=True)
class Click:
    """A point of the tile's chart was clicked: what it stands over, and its colour's name.

    Without a place the point was let go.
    """

    shown: Shown
    place: str = ""
    series: str = ""


def show(
    tile: Tile,
    look: Callable[[], Shown],
    *,
    today: date,
    may_edit: bool,
    may_look_closer: bool = True,
    asked: bool = False,
) -> Do | Click | None:
    """Draw the tile; `look` fetches what it shows. Returns what the person wants, if anything.

    `may_look_closer` offers fresh figures and the rows behind them. `asked` says that filters or
    clicks restrict the dashboard, so that a tile that does not heed them says so.
    """
    with st.container(border=True, height="stretch", gap=None, key=f"tile-{tile.kind}-{tile.id}"):
        wish: Do | Click | None = _head(tile, may_edit, may_look_closer)
        if tile.kind == "text":
            with st.container(key=f"own-markdown-{tile.id}"):
                st.markdown(markdown(tile.text))
            return wish
        try:
            shown = look()
        except DataMindError as problem:
            return _problem(tile, problem, may_edit) or wish
        wish = _body(tile, shown, today) or wish
        _foot(shown, asked)
        return wish


def _head(tile: Tile, may_edit: bool, may_look_closer: bool) -> Do | None:
    closer = may_look_closer and tile.kind != "text"
    acts: list[Act] = ["refresh", "rows"] if closer else []
    if may_edit:
        acts += ["edit", "duplicate", "remove"]
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"tile-head-{tile.id}"
    ):
        st.markdown(f"**{plain(tile.title)}**" if tile.title else "", width="stretch")
        if not acts:
            return None
        act = st.menu_button(
            f"Menu of {plain(tile.title) or 'the text'}",
            acts,
            format_func=lambda act: WORDS[act],
            icon=":material/more_horiz:",
            type="tertiary",
            key=f"tile-menu-{tile.id}",
        )
    return Do(act, tile.id) if act else None


def _body(tile: Tile, shown: Shown, today: date) -> Click | None:
    spec, result = shown.chart, shown.result
    room = max(dashboard_tiles.height(tile.place) - HEAD - FOOT, LEAST)
    if not result.row_count:
        st.caption("No rows.")
    elif spec.kind == "kpi":
        _figure_alone(spec, result, room, today)
    elif spec.kind == "table":
        result_table.show(result, key=f"rows-{tile.id}", height=room)
    else:
        return _picture(tile, shown, room)
    return None


def _figure_alone(spec: ChartSpec, result: QueryResult, room: int, today: date) -> None:
    kpi = charts.kpi(spec, result, today=today)
    about = kpi.label.removeprefix(spec.title).removeprefix(" · ")
    st.metric(
        plain(about or kpi.label),
        kpi.value_text,
        kpi.delta_text,
        label_visibility="visible" if about else "collapsed",
        delta_description=kpi.against or None,
    )
    if len(kpi.trend) > 2 and room >= ROOM_FOR_A_TREND:
        sparkline.show(kpi.trend)


def _picture(tile: Tile, shown: Shown, room: int) -> Click | None:
    name = f"{tile.id}@{shown.at.isoformat()}|{shown.digest}"
    figure = _drawn(name, shown.chart, theme.is_dark(), room, shown.result)
    if figure is None:
        result_table.show(shown.result, key=f"rows-{tile.id}", height=room)
        return None
    picked = f"picked-{tile.id}"
    event = st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        key=f"picture-{tile.id}-{state.unclicked()}",
        alt=charts.alt(shown.chart, shown.result),
        on_select=lambda: state.remember(picked, True),
        selection_mode="points",
    )
    if not state.recall(picked):
        return None
    state.forget(picked)
    points = event.selection.points
    return _click(figure, shown, points[0]) if points else Click(shown)


def _click(figure: Any, shown: Shown, point: dict[str, Any]) -> Click:
    told = point.get("customdata")
    place = told.get("0") if isinstance(told, dict) else told[0] if told else ""
    trace = figure.data[point["curve_number"]]
    return Click(shown, str(place or ""), str(trace.name or "") if shown.chart.color else "")


@st.cache_resource(max_entries=500, show_spinner=False)
def _drawn(name: str, spec: ChartSpec, dark: bool, room: int, _result: QueryResult) -> Any:
    """Figures are drawn once for a result, which its name tells apart from every other."""
    figure = charts.figure(replace(spec, title=""), _result, dark=dark)
    if figure is not None:
        figure.update_layout(height=room)
    return figure


def _foot(shown: Shown, asked: bool) -> None:
    """When the figures were looked up, from where, and whether there were more."""
    notes = ["cached" if shown.result.cached else "fresh"]
    if shown.result.truncated:
        notes.append(f"the first {shown.result.row_count:,} rows")
    if asked and not shown.heeded:
        notes.append("not filtered")
    age.show(shown.at, " · ".join(notes))


def _problem(tile: Tile, problem: DataMindError, may_edit: bool) -> Do | None:
    st.markdown(f":material/error: {plain(problem.message)}")
    if problem.hint:
        st.caption(plain(problem.hint))
    with st.container(horizontal=True):
        if may_edit and st.button("Mend", icon=":material/build:", key=f"mend-{tile.id}"):
            return Do("edit", tile.id)
        again = f"again-{tile.id}"
        if st.button("Try again", icon=":material/refresh:", key=again):
            return Do("refresh", tile.id)
    return None
