"""Explore: SQL by hand, what is kept of it, and what was run."""

from uuid import UUID

import streamlit as st

from app import draft_sql, frame, measuring, problems, signin, state, tiling
from app.resources import datamind
from app.widgets import (
    explored,
    parameter_fields,
    progress,
    run_history,
    save_query,
    saved_list,
    schema_browser,
    sql_editor,
)
from core import ask, charts, connections, descriptions, explore, jobs, library, parameters, schema
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.connections import ConnectionView
from core.security import access
from core.types import ChartSpec, QueryResult

dm = datamind()


def pick(available: tuple[ConnectionView, ...]) -> UUID | None:
    """The connection that is written for."""
    names = {c.id: c.name for c in sorted(available, key=lambda c: not c.tables) if c.is_active}
    wanted = draft_sql.current().connection_id or state.chosen_connection()
    ids = list(names)
    picked = st.selectbox(
        "Connection",
        ids,
        ids.index(wanted) if wanted in names else (0 if ids else None),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        placeholder="No connection yet",
        key=f"explore-connection-{draft_sql.current().version}",
        width=260,
    )
    if picked:
        state.choose_connection(picked)
    return picked


def write(connection_id: UUID) -> None:
    """The editor, its parameters, and what the last run gave."""
    written = draft_sql.current()
    known = schema.read(dm, actor, connection_id)
    edited = sql_editor.edit(
        written.text,
        key="sql-editor",
        version=written.version,
        dialect=known.dialect,
        tables={table.name: [c.name for c in table.columns] for table in known.tables},
    )
    kinds, values = parameter_fields.show(
        parameters.of(edited.text, written.parameters), written.values, f"v{written.version}"
    )
    draft_sql.keep(edited.text, connection_id, kinds, values)
    with st.container(horizontal=True, vertical_alignment="center"):
        run = st.button("Run", type="primary", icon=":material/play_arrow:")
        wish = save_query.show(written, edited.text)
        st.caption("Ctrl+Enter runs it, or what is selected. Only reading is possible.")
    with problems.shown():
        if run or edited.run:
            begin(connection_id, edited.run or edited.text)
        if wish:
            kept = library.Kept(
                connection_id, edited.text, wish.name, wish.description, wish.tags, wish.shared,
                kinds, written.saved.dates_held_on if as_saved(edited.text, written) else None,
            )  # fmt: skip
            draft_sql.name(library.keep(dm, actor, kept, wish.saved_id), wish.name)
            state.close_menus()
            st.toast("Saved.")
            st.rerun()
    show_result()


def as_saved(text: str, written: draft_sql.Written) -> bool:
    """Whether the text is still what the saved query said: its dates then move on with time."""
    return written.saved is not None and text == written.saved.sql


def begin(connection_id: UUID, text: str) -> None:
    """Run the text, or the part of it that is selected."""
    written = draft_sql.current()
    job_id = explore.start(dm, actor, connection_id, text, written.parameters, written.values)
    draft_sql.ran(job_id)
    st.rerun()


def show_result() -> None:
    """What the last run gave: on its way, a table with a chart, or what was wrong."""
    job_id = draft_sql.current().job_id
    if job_id is None:
        return
    now = jobs.follow(dm, actor, job_id)
    if not now.over:
        follow(job_id)
        return
    if now.error:
        problems.show(now.error, now.hint)
    if now.state != "done":
        return
    found = explore.found(dm, actor, job_id)
    wanted = explored.show(
        str(job_id), found, chart_of(job_id, found.result), lambda fmt: download(job_id, fmt)
    )
    if wanted:
        state.remember(f"chart-{job_id}", wanted)
        st.rerun()


def chart_of(job_id: UUID, result: QueryResult) -> ChartSpec | None:
    """The chart that the person chose, or the one that the rules recommend."""
    kept = state.recall(f"chart-{job_id}")
    return kept if isinstance(kept, ChartSpec) else charts.recommend(result)


def download(job_id: UUID, fmt: str) -> bytes:
    """The result as a file."""
    return explore.download(dm, signin.actor(), job_id, fmt)


@st.fragment(run_every=0.3)
@measuring.part("run under way")
def follow(job_id: UUID) -> None:
    """Show how far the run is; the whole screen is drawn anew when it is over."""
    now = jobs.follow(dm, signin.actor(), job_id)
    if now.over:
        st.rerun(scope="app")
    if progress.show(now):
        jobs.stop(dm, signin.actor(), job_id)


def show_tables(connection_id: UUID) -> None:
    """What is in the database."""
    known = schema.read(dm, actor, connection_id)
    wish = schema_browser.show(known, may_write=may_write)
    with problems.shown():
        match wish:
            case schema_browser.Look(table):
                draft_sql.open_text(explore.first_rows(known, table), connection_id)
            case schema_browser.Describe(table, description, columns, confirmed):
                descriptions.write(
                    dm, actor, connection_id, table, description, columns, confirmed=confirmed
                )
                st.toast("Saved. The next answers heed it.")
            case None:
                return
        st.rerun()


def show_saved(places: dict[UUID, str]) -> None:
    """Saved queries."""
    search = st.text_input(
        "Search", placeholder="Search names, tags and SQL", label_visibility="collapsed",
        key="saved-search",
    )  # fmt: skip
    found = library.saved_queries(dm, actor, search=search)
    if not found:
        st.markdown("No saved query has these words." if search else "Nothing is saved yet.")
        st.caption("Save an answer in the chat, or the SQL that you write here.")
    wish = saved_list.show(found, places)
    if wish is None:
        return
    with problems.shown():
        saved = library.saved_query(dm, actor, wish.saved_id)
        match wish.what:
            case "open":
                draft_sql.open_saved(saved)
            case "chat":
                state.open_chat(ask.start_saved(dm, actor, saved.id).session_id)
                st.switch_page(
                    "screens/chat.py", query_params={"chat": st.query_params.get("chat", "")}
                )
            case "dashboard":
                tiling.pin_saved(saved)
                return
            case "alert" if saved.connection_id:
                begun = Definition(
                    saved.name,
                    saved.connection_id,
                    saved.sql,
                    Rule("below"),
                    dates_held_on=saved.dates_held_on,
                )
                state.begin_alert(begun)
                st.switch_page("screens/alerts.py", query_params={"new": "1"})
            case "delete":
                library.delete(dm, actor, saved.id)
        st.rerun()


def show_history(places: dict[UUID, str]) -> None:
    """What the person ran."""
    search = st.text_input(
        "Search", placeholder="Search your SQL", label_visibility="collapsed", key="run-search"
    )
    found = explore.history(dm, actor, search=search)
    if not found:
        st.markdown("Nothing with these words." if search else "You have not run anything yet.")
    wish = run_history.show(found, places, actor.time_zone)
    if wish:
        draft_sql.open_run(wish.run)
        st.rerun()


available = connections.connections(dm, signin.actor())
chosen: list[UUID | None] = []
actor, me = frame.begin("Explore", lambda: chosen.append(pick(available)))
names = {c.id: c.name for c in available}
may_write = access.allows(actor, "analyst")
with problems.shown():
    titles = ["SQL", "Tables", "Saved", "History"] if may_write else ["Tables"]
    tabs = dict(zip(titles, st.tabs(titles, key=draft_sql.tabs(), default=titles[0]), strict=True))
    with tabs["Tables"], problems.shown():
        if chosen[0]:
            show_tables(chosen[0])
        else:
            st.info("Connect data first, or upload a file: then it can be explored here.")
    if may_write:
        with tabs["SQL"], problems.shown():
            if chosen[0]:
                write(chosen[0])
            else:
                st.info("Connect data first, or upload a file: then it can be explored here.")
        with tabs["Saved"], problems.shown():
            show_saved(names)
        with tabs["History"], problems.shown():
            show_history(names)
