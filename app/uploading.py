"""The dialogs about files: bringing one, following it with a newer one, its quarantine."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import streamlit as st

from app import problems, signin, state
from app.following import Tell, followed
from app.resources import datamind
from app.widgets import file_drop, upload_form
from core import arrivals, connections, uploads, versions
from core.arrivals import Arrival
from core.connectors.ingest import Preview
from core.demo import organization as demo
from core.types import Actor
from core.uploads import Types, UploadView

dm = datamind()
MOST_BAD = 1_000
TYPES = "upload types"
Found = TypeVar("Found")


@st.dialog("Upload a file", width="large", on_dismiss="rerun")
def upload_dialog() -> None:
    """Choose a file, look at what it would become, and load it."""
    actor = signin.actor()
    dropped = _dropped("upload", (*uploads.endings(),), "CSV, TSV, Excel, SQLite or DuckDB")
    if dropped is None:
        if demo.sign_in(dm):
            upload_form.samples(demo.samples(dm))
        return
    with problems.shown():
        come = arrivals.arrival(dm, actor, dropped.id)
        is_database = uploads.is_database(come.name)
        if not is_database:
            types = _types(come.id)
            found = _looked_at(
                (come.id, _told(types)),
                lambda tell: uploads.preview(dm, actor, come.path, come.name, types, tell),
            )
            _choose_types(come.id, types, found)
        available = [c for c in connections.connections(dm, actor) if c.takes_files]
        wish = upload_form.where(come.name, available, not is_database)
        if wish is None:
            return
        if is_database:
            connection_id = followed(
                "Loading",
                lambda _: uploads.add_database(
                    dm, actor, come.path, come.name, new_name=wish.new_name
                ),
            )
        else:
            connection_id = followed(
                "Loading",
                lambda tell: uploads.add(
                    dm,
                    actor,
                    come.path,
                    come.name,
                    connection_id=wish.connection_id,
                    new_name=wish.new_name,
                    types=types,
                    tell=tell,
                ),
            ).connection_id
        _loaded(actor, come, connection_id)


@st.dialog("Upload a newer version", width="large", on_dismiss="rerun")
def renew_dialog(view: UploadView) -> None:
    """Choose the newer file, see what is different, and add it or put it in its place."""
    actor = signin.actor()
    st.caption(problems.plain(f"In the place of, or after: {view.file_name}"))
    dropped = _dropped(f"renew-{view.id}", uploads.table_endings(), "CSV, TSV or Excel")
    if dropped is None:
        return
    with problems.shown():
        come = arrivals.arrival(dm, actor, dropped.id)
        types = _types(come.id)
        found = _looked_at(
            (come.id, view.id, _told(types)),
            lambda tell: versions.compare(dm, actor, view.id, come.path, come.name, types, tell),
        )
        _choose_types(come.id, types, found.previews)
        how = upload_form.again(found.changes)
        if how is None:
            return
        done = followed(
            "Loading",
            lambda tell: versions.renew(dm, actor, view.id, come.path, come.name, how, types, tell),
        )
        _loaded(actor, come, done.connection_id)


@st.dialog("Cells that did not fit", width="large", on_dismiss="rerun")
def quarantine_dialog(view: UploadView) -> None:
    """The cells that were left empty, with row, column and value; all of them as a file."""
    st.caption(problems.plain(view.file_name))
    with problems.shown():
        found = versions.bad_cells(dm, signin.actor(), view.id)
        st.dataframe(found.slice(0, MOST_BAD).to_pydict(), hide_index=True, width="stretch")
        if found.num_rows > MOST_BAD:
            st.caption(f"The first {MOST_BAD:,} of {found.num_rows:,}.")
        st.link_button(
            "Download as CSV",
            f"/files/{view.id}/quarantine.csv",
            icon=":material/download:",
        )


def _dropped(key: str, endings: tuple[str, ...], kinds: str) -> file_drop.Dropped | None:
    most = dm.settings.max_upload_mb
    return file_drop.show(endings, most, f"{kinds}, up to {most} MB", key)


def _looked_at(about: tuple[object, ...], work: Callable[[Tell], Found]) -> Found:
    """What a look at the file gave: taken anew only when the file or a choice is another."""
    kept = state.recall("looked at")
    if isinstance(kept, tuple) and kept[0] == about:
        found: Found = kept[1]
        return found
    found = followed("Reading the file", work)
    state.remember("looked at", (about, found))
    return found


def _types(arrival_id: UUID) -> Types:
    kept = state.recall(TYPES)
    return kept[1] if isinstance(kept, tuple) and kept[0] == arrival_id else {}


def _choose_types(arrival_id: UUID, types: Types, found: tuple[Preview, ...]) -> None:
    """Draw the tables; another choice of types reads the file anew."""
    wanted = upload_form.show(found, types, f"types-{arrival_id}-{_told(types)}")
    if _told(wanted) != _told(types):
        state.remember(TYPES, (arrival_id, wanted))
        st.rerun(scope="fragment")


def _told(types: Types) -> str:
    return repr(sorted((table, sorted(named.items())) for table, named in types.items()))


def _loaded(actor: Actor, come: Arrival, connection_id: UUID) -> None:
    arrivals.drop(dm, actor, come.id)
    for name in ("looked at", TYPES):
        state.forget(name)
    state.choose_connection(connection_id)
    state.remember("uploaded", (come.name, connection_id))
    st.rerun()
