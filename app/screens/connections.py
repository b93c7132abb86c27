"""Connections: what data there is, bringing files, connecting databases, refreshing, deleting."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import streamlit as st

from app import connecting, frame, permitting, problems, signin, state, uploading
from app.resources import datamind
from app.widgets import connection_list, findings
from core import checkups, connections, drift, jobs, uploads
from core.connections import ConnectionView
from core.security import access
from core.types import Actor
from core.uploads import UploadView

dm = datamind()


@st.dialog("Check rights", width="large", on_dismiss="rerun")
def rights_dialog(view: ConnectionView) -> None:
    """What the account of the connection can do, worst first."""
    st.caption(problems.plain(f"{view.name} · {view.label}"))
    with problems.shown():
        with st.spinner("Asking the database what this account may do …"):
            found = checkups.doctor(dm, signin.actor(), view.id)
        findings.show(found)


@st.dialog("Delete connection", on_dismiss="rerun")
def delete_dialog(view: ConnectionView) -> None:
    """Ask once more, with what goes along."""
    st.markdown(
        problems.plain(
            f"DataMind forgets “{view.name}” and what it knows of its {view.tables} tables. "
            + (
                "Files that were uploaded to it are deleted. "
                if view.holds_data
                else "The database itself stays as it is. "
            )
            + "Chats stay, with what they show."
        )
    )
    hanging = drift.dependents(dm, signin.actor(), view.id)
    if hanging.alerts:
        st.warning(_many(hanging.alerts, "alert") + " will be deleted with it.")
    if hanging.tiles or hanging.saved_queries:
        tiles, queries = _many(hanging.tiles, "tile"), _many(hanging.saved_queries, "query")
        st.markdown(f"Left without data: {tiles} of dashboards and {queries} saved by people.")
    if st.button("Delete it", type="primary", icon=":material/delete:"):
        with problems.shown():
            connections.delete(dm, signin.actor(), view.id)
            st.rerun()


def _many(count: int, what: str) -> str:
    several = what.removesuffix("y") + ("ies" if what.endswith("y") else "s")
    return f"{count} {what if count == 1 else several}"


@st.fragment(run_every=0.5)
def follow_refresh(job_id: UUID, name: str) -> None:
    """Show a refresh at work until it is over.

    The list is drawn anew then, or as soon as no dialog is open: it would be closed by that, and
    what is typed in it lost.
    """
    now = jobs.follow(dm, signin.actor(), job_id)
    if not now.over:
        at_work = now.steps[-1].text if now.steps else "Waiting for a worker"
        st.caption(problems.plain(f"{name}: {at_work} …"))
        return
    if state.recall("dialog"):
        st.caption(problems.plain(f"{name}: {now.error or 'up to date'}"))
        return
    state.forget("refresh")
    found = now.result or {}
    state.remember("told", now.error or f"{name} is up to date: {_news(found)}.")
    st.rerun(scope="app")


def _news(found: Mapping[str, Sequence[str]]) -> str:
    """What a refresh found, counted: 3 new tables, 1 removed table, 1 broken verified answer."""
    counted = []
    for kind, names in found.items():
        what = "verified answer" if kind == "broken" else "table"
        if names:
            counted.append(f"{len(names)} {kind} {what}{'' if len(names) == 1 else 's'}")
    return ", ".join(counted) or "nothing changed"


def in_front(dialog: Callable[..., None], *about: ConnectionView | UploadView) -> None:
    """Open a dialog and remember it until the screen is drawn anew, which closes it."""
    state.remember("dialog", True)
    dialog(*about)


def act(actor: Actor, wish: connection_list.Wish) -> None:
    """Do what the person wants with a connection."""
    with problems.shown():
        match wish:
            case connection_list.Test(view):
                outcome = checkups.test(dm, actor, view.id)
                if outcome.ok:
                    st.toast(f"{view.name}: {outcome.message}", icon=":material/check_circle:")
                else:
                    problems.show(f"{view.name}: {outcome.message}", outcome.hint)
            case connection_list.Refresh(view):
                connecting.read_anew(view.id, view.name)
            case connection_list.Edit(view):
                in_front(connecting.edit_dialog, view)
            case connection_list.CheckRights(view):
                in_front(rights_dialog, view)
            case connection_list.Permit(view):
                in_front(permitting.permit_dialog, view)
            case connection_list.Rename(view, name):
                connections.rename(dm, actor, view.id, name)
                st.rerun()
            case connection_list.Ask(view):
                state.choose_connection(view.id)
                st.switch_page("screens/chat.py")
            case connection_list.Delete(view):
                in_front(delete_dialog, view)
            case _:
                act_on_file(actor, wish)


def act_on_file(actor: Actor, wish: connection_list.FileWish) -> None:
    """Do what the person wants with a file of a connection."""
    match wish:
        case connection_list.RemoveFile(upload_id):
            uploads.remove(dm, actor, upload_id)
            st.toast("File removed.")
            st.rerun()
        case connection_list.RenewFile(file):
            in_front(uploading.renew_dialog, file)
        case connection_list.Quarantine(file):
            in_front(uploading.quarantine_dialog, file)


def tell() -> None:
    """What happened just now: an upload that can be asked, a refresh that ended."""
    told = state.recall("told")
    if isinstance(told, str):
        state.forget("told")
        st.toast(told)
    kept = state.recall("uploaded")
    if isinstance(kept, tuple):
        name, _connection_id = kept
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="loaded"):
            st.markdown(f":material/check_circle: {problems.plain(name)} is loaded.")
            if st.button("Ask about it", type="primary"):
                state.forget("uploaded")
                st.switch_page("screens/chat.py")
    under_way = state.recall("refresh")
    if isinstance(under_way, tuple):
        follow_refresh(*under_way)


def draw() -> None:
    """The whole screen."""
    actor, me = frame.begin("Connections")
    state.forget("dialog")
    may_change = access.allows(actor, "analyst")
    if may_change:
        with st.container(horizontal=True):
            bringing = st.button("Upload a file", type="primary", icon=":material/upload_file:")
            chosen = st.button("Connect a database", icon=":material/database:")
        if bringing:
            in_front(uploading.upload_dialog)
        if chosen:
            in_front(connecting.connect_dialog)
    tell()
    wish = connection_list.show(
        connections.connections(dm, actor),
        files=lambda connection_id: uploads.uploads(dm, actor, connection_id),
        time_zone=me.time_zone,
        may_change=may_change,
        may_delete=access.allows(actor, "admin"),
    )
    if wish:
        act(actor, wish)


draw()
