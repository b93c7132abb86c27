"""The list of connections with what can be done with each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app import state
from app.problems import plain
from core.connections import Checked, ConnectionView
from core.uploads import UploadView


@dataclass(frozen=True)
class Test:
    """Reach the database and count its tables."""

    view: ConnectionView


@dataclass(frozen=True)
class Refresh:
    """Read the schema anew."""

    view: ConnectionView


@dataclass(frozen=True)
class Edit:
    """Change where the server is and who signs in."""

    view: ConnectionView


@dataclass(frozen=True)
class CheckRights:
    """See what the connection's account can do."""

    view: ConnectionView


@dataclass(frozen=True)
class Permit:
    """Say who may ask it, and which columns are private."""

    view: ConnectionView


@dataclass(frozen=True)
class Rename:
    """Give the connection another name."""

    view: ConnectionView
    name: str


@dataclass(frozen=True)
class Ask:
    """Go and ask this data."""

    view: ConnectionView


@dataclass(frozen=True)
class RemoveFile:
    """Take a file out of the connection."""

    upload_id: UUID


@dataclass(frozen=True)
class RenewFile:
    """Follow a file with a newer one."""

    file: UploadView


@dataclass(frozen=True)
class Quarantine:
    """See the cells of a file that did not fit."""

    file: UploadView


@dataclass(frozen=True)
class Delete:
    """Delete the connection."""

    view: ConnectionView


FileWish = RemoveFile | RenewFile | Quarantine
Wish = Test | Refresh | Edit | CheckRights | Permit | Rename | Ask | FileWish | Delete


def show(
    views: Sequence[ConnectionView],
    *,
    files: Callable[[UUID], Sequence[UploadView]],
    time_zone: str,
    may_change: bool,
    may_delete: bool,
) -> Wish | None:
    """Draw the list and return what the person wants, if anything."""
    if not views:
        st.markdown("There is no data here yet. Upload a file or connect a database to begin.")
        return None
    wish: Wish | None = None
    for view in views:
        with st.container(border=True, key=f"connection-{view.id}"):
            wish = _entry(view, time_zone, may_change, may_delete) or wish
            if view.checked and view.checked.problem:
                _unreachable(view.checked, time_zone)
            if view.warning:
                _warning(view.warning, may_change)
            if view.takes_files:
                wish = _files(files(view.id), may_change) or wish
    return wish


def _unreachable(checked: Checked, time_zone: str) -> None:
    """What stood in the way when the database was last reached for."""
    st.warning(
        plain(f"{checked.problem} ({_at(checked.at, time_zone)})"), icon=":material/cloud_off:"
    )


def _warning(text: str, may_change: bool) -> None:
    """The standing warning about what the account may do."""
    step = " “Check rights” tells how to make an account that only reads."
    st.warning(plain(text + (step if may_change else "")), icon=":material/warning:")


def _entry(view: ConnectionView, time_zone: str, may_change: bool, may_delete: bool) -> Wish | None:
    about, actions = st.columns([3, 4], vertical_alignment="center")
    with about:
        st.markdown(f"**{plain(view.name)}**")
        st.caption(plain(_status(view, time_zone)))
    with actions, st.container(horizontal=True, horizontal_alignment="right"):
        if view.tables and st.button("Ask", icon=":material/forum:", key=f"ask-{view.id}"):
            return Ask(view)
        if st.button("Test", icon=":material/network_check:", key=f"test-{view.id}"):
            return Test(view)
        if may_change and st.button(
            "Refresh",
            icon=":material/refresh:",
            key=f"refresh-{view.id}",
            help="Read the tables anew",
        ):
            return Refresh(view)
        if may_change:
            key = f"more-{view.id}-{state.menus()}"
            with st.popover("More", icon=":material/more_horiz:", key=key):
                return _more(view, may_delete)
    return None


def _more(view: ConnectionView, may_delete: bool) -> Wish | None:
    wish: Wish | None = None
    if view.is_server:
        if _item("Edit", ":material/edit:", f"edit-{view.id}"):
            wish = Edit(view)
        if _item("Check rights", ":material/admin_panel_settings:", f"rights-{view.id}"):
            wish = CheckRights(view)
    if may_delete and _item("Who may ask", ":material/group:", f"permit-{view.id}"):
        wish = Permit(view)
    name = st.text_input("Name", view.name, max_chars=255, key=f"name-{view.id}")
    if _item("Rename", None, f"rename-{view.id}"):
        wish = Rename(view, name)
    if may_delete and _item("Delete", ":material/delete:", f"delete-{view.id}"):
        wish = Delete(view)
    return wish


def _item(label: str, icon: str | None, key: str) -> bool:
    return st.button(label, icon=icon, key=key, width="stretch", on_click=state.close_menus)


def _files(files: Sequence[UploadView], may_change: bool) -> Wish | None:
    wish: Wish | None = None
    for file in files:
        with st.container(horizontal=True, vertical_alignment="center", key=f"file-{file.id}"):
            version = f" · version {file.version}" if file.version > 1 else ""
            st.caption(
                f":material/description: {plain(file.file_name)} · {file.rows:,} rows · "
                f"{_size(file.size)}{version}"
            )
            if may_change:
                wish = _file_actions(file) or wish
    return wish


def _file_actions(file: UploadView) -> FileWish | None:
    wish: FileWish | None = None
    if file.quarantined:
        label = f"{file.quarantined:,} did not fit"
        if st.button(label, icon=":material/rule:", key=f"bad-{file.id}", type="tertiary"):
            wish = Quarantine(file)
    if file.may_renew and _icon("sync", "Upload a newer version", f"renew-file-{file.id}"):
        wish = RenewFile(file)
    st.link_button(
        "",
        f"/files/{file.id}/original",
        icon=":material/download:",
        type="tertiary",
        help="Download the file as it was brought",
    )
    if file.may_renew and _icon("delete", "Remove", f"remove-{file.id}"):
        wish = RemoveFile(file.id)
    return wish


def _icon(icon: str, does: str, key: str) -> bool:
    return st.button("", icon=f":material/{icon}:", key=key, type="tertiary", help=does)


def _size(size: int) -> str:
    return (
        f"{max(1, size / 1024):,.0f} kB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"
    )


def _status(view: ConnectionView, time_zone: str) -> str:
    tables = f"{view.tables} {'table' if view.tables == 1 else 'tables'}"
    read = f"read {_at(view.last_synced_at, time_zone)}" if view.last_synced_at else "not read yet"
    parts = [view.label, tables, read]
    if view.checked and not view.checked.problem:
        answered = _at(view.checked.at, time_zone)
        parts += [] if read.endswith(answered) else [f"answered {answered}"]
    parts += [] if view.is_active else ["switched off"]
    return " · ".join(parts)


def _at(when: datetime, time_zone: str) -> str:
    return f"{when.astimezone(ZoneInfo(time_zone)):%b %d, %Y %H:%M}"
