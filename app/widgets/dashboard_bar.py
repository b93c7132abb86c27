"""What can be done with a dashboard as a whole: above its tiles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from app.problems import plain
from core import answers
from core.dashboards.boards import LONGEST_DESCRIPTION, LONGEST_TITLE, REFRESHES
from core.dashboards.views import Board

Act = Literal[
    "refresh", "arrange", "done", "add", "describe", "share", "unshare", "duplicate", "delete",
    "present", "undo", "leave", "filters",
    "links", "file",
]  # fmt: skip
WORDS: dict[Act, str] = {
    "describe": ":material/edit: Title and refreshing",
    "filters": ":material/filter_alt: Filters",
    "share": ":material/group: Share with everybody",
    "unshare": ":material/person: Only I see it",
    "links": ":material/link: Public link",
    "file": ":material/data_object: As a file",
    "duplicate": ":material/content_copy: Duplicate",
    "present": ":material/fullscreen: Full screen",
    "delete": ":material/delete: Delete",
}
REFRESH_WORDS = {0: "Only when I ask", 60: "Every minute", 300: "Every 5 minutes",
                 900: "Every 15 minutes", 3600: "Every hour"}  # fmt: skip


@dataclass(frozen=True)
class Describe:
    """Another title, description, and how often it refreshes by itself."""

    title: str
    description: str
    refresh_seconds: int


def show(
    board: Board, *, arranging: bool, removed: str | None, pdf: Callable[[], bytes]
) -> Act | None:
    """Draw the bar and return what the person wants, if anything.

    `removed` is the title of a tile that can be brought back; `pdf` makes the file when asked.
    """
    wish: Act | None = None
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="dashboard-bar"
    ):
        if st.button("All dashboards", icon=":material/arrow_back:", type="tertiary"):
            wish = "leave"
        st.space("stretch")
        if removed is not None:
            name = plain(removed) or "The text"
            if st.button(f"{name} is removed. Undo", icon=":material/undo:", key="undo-remove"):
                wish = "undo"
        if arranging:
            if st.button("Done", icon=":material/check:", type="primary", key="arrange-done"):
                wish = "done"
            return wish
        if board.tiles and st.button("Refresh", icon=":material/refresh:", key="refresh-all"):
            wish = "refresh"
        if board.tiles:
            st.download_button(
                "PDF",
                data=pdf,
                file_name=answers.file_name(board.title, "pdf"),
                mime="application/pdf",
                icon=":material/download:",
                key="dashboard-pdf",
                on_click="ignore",
            )
        if board.may_edit:
            if board.tiles and st.button("Arrange", icon=":material/grid_view:", key="arrange"):
                wish = "arrange"
            if st.button("Add tile", icon=":material/add:", type="primary", key="add-tile"):
                wish = "add"
        chosen = st.menu_button(
            "More",
            _offered(board),
            format_func=lambda act: WORDS[act],
            icon=":material/more_horiz:",
            key="dashboard-more",
        )
    st.caption(plain(_about(board)))
    return chosen or wish


def presented(board: Board) -> bool:
    """The top of a full screen; returns whether the person wants to leave it."""
    with st.container(horizontal=True, vertical_alignment="center", key="presenting"):
        st.markdown(f"#### {plain(board.title)}", width="stretch")
        return st.button("Leave full screen", icon=":material/fullscreen_exit:", type="tertiary")


def public(board: Board) -> None:
    """The top of a dashboard for visitors with a link."""
    with st.container(key="presenting"):
        st.markdown(f"#### {plain(board.title)}")
        if board.description:
            st.caption(plain(board.description))


def describe(board: Board) -> Describe | None:
    """The form of the title, the description and refreshing."""
    with st.form("describe-dashboard", border=False):
        title = st.text_input("Title", board.title, max_chars=LONGEST_TITLE)
        description = st.text_area(
            "Description", board.description, max_chars=LONGEST_DESCRIPTION, height=100
        )
        every = st.selectbox(
            "Refreshes by itself",
            REFRESHES,
            index=REFRESHES.index(board.refresh_seconds),
            format_func=lambda seconds: REFRESH_WORDS[seconds],
        )
        if st.form_submit_button("Save", type="primary"):
            return Describe(title, description, every)
    return None


def _offered(board: Board) -> list[Act]:
    acts: list[Act] = ["present"]
    if board.may_edit:
        acts += ["describe", "filters", "unshare" if board.is_shared else "share", "links"]
        acts += ["duplicate", "file"]
    if board.is_shared and not board.may_delete and "unshare" in acts:
        acts.remove("unshare")
    if board.may_delete:
        acts.append("delete")
    return acts


def _about(board: Board) -> str:
    owner = f"by {board.owner}" if board.owner else ""
    shared = "shared with everybody" if board.is_shared else "not shared"
    return " · ".join(filter(None, (board.description, owner, shared)))
