"""Keeping SQL under a name."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from app import state
from app.draft_sql import Written


@dataclass(frozen=True)
class Save:
    """Keep it: as what it was saved as, or as a new one."""

    name: str
    description: str
    tags: tuple[str, ...]
    shared: bool
    saved_id: UUID | None


def show(written: Written, text: str) -> Save | None:
    """Draw the Save button with its form."""
    before = written.saved
    key = f"save-{written.version}-{before.id if before else 'new'}"
    with st.popover(
        "Save",
        icon=":material/bookmark_add:",
        disabled=not text.strip(),
        key=f"{key}-menu-{state.menus()}",
    ):
        name = st.text_input("Name", before.name if before else "", max_chars=255, key=f"{key}-n")
        about = st.text_input("Description", before.description if before else "", key=f"{key}-d")
        tags = st.text_input(
            "Tags", ", ".join(before.tags) if before else "", key=f"{key}-t",
            placeholder="sales, weekly",
        )  # fmt: skip
        shared = st.checkbox(
            "Share with the organization", before.is_shared if before else False, key=f"{key}-s"
        )
        told = tuple(tag for tag in tags.split(",") if tag.strip())
        same = before is not None and before.may_change
        if same and st.button("Save changes", type="primary", key=f"{key}-same"):
            assert before is not None
            return Save(name, about, told, shared, before.id)
        label = "Save as a new one" if same else "Save query"
        if st.button(label, type="secondary" if same else "primary", key=f"{key}-new"):
            return Save(name, about, told, shared, None)
    return None
