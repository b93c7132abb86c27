"""The members of an organization, and the form that adds one."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.members import ROLES, Member
from core.types import Role


@dataclass(frozen=True)
class Add:
    """Add a person."""

    email: str
    full_name: str
    role: Role


@dataclass(frozen=True)
class ChangeRole:
    """Give a member another role."""

    user_id: UUID
    role: Role


@dataclass(frozen=True)
class SetActive:
    """Let a member in again, or out."""

    user_id: UUID
    active: bool


Wish = Add | ChangeRole | SetActive


def show(members: tuple[Member, ...], me: UUID) -> Wish | None:
    """Draw the list and return what the admin wants, if anything."""
    wish = _add()
    for member in members:
        with st.container(border=True, key=f"member-{member.id}"):
            wish = _member(member, is_me=member.id == me) or wish
    return wish


def _add() -> Wish | None:
    with (
        st.popover("Add a member", icon=":material/person_add:", type="primary"),
        st.form("add-member", border=False, clear_on_submit=True),
    ):
        email = st.text_input("Email", max_chars=255)
        name = st.text_input("Name", max_chars=255)
        role = st.selectbox("Role", ROLES, index=ROLES.index("analyst"))
        if st.form_submit_button("Add", type="primary"):
            return Add(email, name, role)
    return None


def _member(member: Member, *, is_me: bool) -> Wish | None:
    who, role_column, active_column = st.columns([3, 1.2, 1.2], vertical_alignment="center")
    with who:
        st.markdown(f"**{plain(member.full_name)}**{' (you)' if is_me else ''}")
        st.caption(plain(member.email) + ("" if member.is_active else " · deactivated"))
    with role_column:
        role = st.selectbox(
            "Role",
            ROLES,
            index=ROLES.index(member.role),
            key=f"role-{member.id}-{member.role}",
            label_visibility="collapsed",
            disabled=is_me,
        )
    with active_column:
        label = "Deactivate" if member.is_active else "Let in again"
        if st.button(label, key=f"active-{member.id}", disabled=is_me, width="stretch"):
            return SetActive(member.id, not member.is_active)
    return ChangeRole(member.id, role) if role != member.role else None
