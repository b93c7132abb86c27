"""The dialogs about databases: connecting one, changing where it is, and reading it anew."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import server_form
from core import local_files, refreshes, servers
from core.connections import ConnectionView
from core.servers import ServerKind

dm = datamind()


@st.dialog("Connect a database", width="medium", on_dismiss="rerun")
def connect_dialog() -> None:
    """Fill in where the server is, try it, and add it."""
    wish, place = server_form.connect(offered_kinds())
    with place, problems.shown():
        match wish:
            case server_form.Try(kind, values):
                try_out(kind, values)
            case server_form.Connect(name, kind, values):
                with st.spinner("Connecting …"):
                    connection_id = connect(name, kind, values)
                state.choose_connection(connection_id)
                read_anew(connection_id, name)


def offered_kinds() -> tuple[ServerKind, ...]:
    """What this person may connect: servers, and files of this server where that is allowed."""
    local = ServerKind(local_files.KIND, local_files.LABEL, (local_files.PATH,))
    return (*servers.kinds(), *((local,) if local_files.reachable(dm, signin.actor()) else ()))


def connect(name: str, kind: str, values: Mapping[str, str]) -> UUID:
    """Add a server or a file of this server as a connection."""
    if kind == local_files.KIND:
        return local_files.connect(dm, signin.actor(), name=name, path=values["path"])
    return servers.connect(dm, signin.actor(), name=name, kind=kind, values=values)


@st.dialog("Edit connection", width="medium", on_dismiss="rerun")
def edit_dialog(view: ConnectionView) -> None:
    """Change where the server is and who signs in; and the account that only reads."""
    actor = signin.actor()
    st.caption(problems.plain(f"{view.name} · {view.label}"))
    kind = next(kind for kind in servers.kinds() if kind.kind == view.kind)
    wish, place = server_form.edit(kind, servers.values(dm, actor, view.id), str(view.id))
    with place, problems.shown():
        match wish:
            case server_form.Try(_, values):
                try_out(view.kind, values, view.id)
            case server_form.Save(values):
                with st.spinner("Connecting …"):
                    servers.change(dm, actor, view.id, values)
                read_anew(view.id, view.name)
    wanted, place = server_form.reader(servers.reader(dm, actor, view.id), str(view.id))
    with place, problems.shown():
        match wanted:
            case server_form.UseReader(username, password):
                with st.spinner("Connecting …"):
                    servers.set_reader(dm, actor, view.id, username, password)
                read_anew(view.id, view.name)
            case server_form.RemoveReader():
                servers.remove_reader(dm, actor, view.id)
                read_anew(view.id, view.name)


def try_out(kind: str, values: Mapping[str, str], connection_id: UUID | None = None) -> None:
    """Reach the database with what is in the form, and say how it went."""
    with st.spinner("Reaching the database …"):
        if kind == local_files.KIND:
            outcome = local_files.try_out(dm, signin.actor(), values["path"])
        else:
            outcome = servers.try_out(dm, signin.actor(), kind, values, connection_id)
    if outcome.ok:
        st.success(problems.plain(outcome.message), icon=":material/check_circle:")
    else:
        problems.show(outcome.message, outcome.hint)


def read_anew(connection_id: UUID, name: str) -> None:
    """Follow the refresh of a connection on the screen."""
    job_id = refreshes.start(dm, signin.actor(), connection_id)
    state.remember("refresh", (job_id, name))
    st.rerun()
