"""The empty chat: what this place is for, and questions to begin with."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.connections import ConnectionView
from core.library import Saved


@dataclass(frozen=True)
class Ask:
    """Ask a suggested question."""

    question: str


@dataclass(frozen=True)
class RunSaved:
    """Show the answer of a saved query."""

    saved_id: UUID


@dataclass(frozen=True)
class DeleteSaved:
    """Delete a saved query."""

    saved_id: UUID


Wish = Ask | RunSaved | DeleteSaved


def show(
    connection: ConnectionView | None,
    *,
    suggestions: tuple[str, ...],
    verified: tuple[str, ...],
    saved: tuple[Saved, ...],
    may_connect: bool,
) -> Wish | None:
    """Draw the empty chat and return what the person wants, if anything."""
    st.subheader("What do you want to know?")
    if connection is None:
        st.markdown("There is no data to ask yet.")
        if may_connect:
            st.page_link(
                "screens/connections.py", label="Upload a file", icon=":material/upload_file:"
            )
        return None
    if connection.tables == 0:
        st.markdown(plain(f"{connection.name} holds no tables yet."))
        if may_connect and connection.takes_files:
            st.page_link(
                "screens/connections.py",
                label="Upload a CSV or Excel file",
                icon=":material/upload_file:",
            )
        return None
    st.markdown(
        plain(f"Ask {connection.name} in plain words: you get the figure, a chart, and the SQL.")
    )
    return _suggestions(suggestions, verified) or _saved(saved)


def _suggestions(suggestions: tuple[str, ...], verified: tuple[str, ...]) -> Wish | None:
    wish: Wish | None = None
    columns = st.columns(2)
    for index, question in enumerate(suggestions):
        if columns[index % 2].button(
            plain(question),
            key=f"suggestion-{index}",
            width="stretch",
            icon=":material/verified:" if question in verified else ":material/north_east:",
            help="Its answer is verified." if question in verified else None,
        ):
            wish = Ask(question)
    return wish


def _saved(saved: tuple[Saved, ...]) -> Wish | None:
    if not saved:
        return None
    wish: Wish | None = None
    st.markdown("##### Saved queries")
    for entry in saved:
        with st.container(horizontal=True, vertical_alignment="center", key=f"saved-{entry.id}"):
            if st.button(
                plain(entry.name),
                key=f"run-{entry.id}",
                icon=":material/bookmark:",
                type="tertiary",
            ):
                wish = RunSaved(entry.id)
            st.caption("Shared" if entry.is_shared else "Only you")
            if entry.is_mine and st.button(
                "", key=f"drop-{entry.id}", icon=":material/delete:", type="tertiary", help="Delete"
            ):
                wish = DeleteSaved(entry.id)
    return wish
