"""The members of an organization, and what an admin may do about each."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from app.problems import plain
from core.members import ROLES, Member
from core.types import Role


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


@dataclass(frozen=True)
class ResetLink:
    """Make a link with which a member chooses a new password."""

    user_id: UUID
    email: str


Wish = ChangeRole | SetActive | ResetLink


def show(members: tuple[Member, ...], me: UUID) -> Wish | None:
    """Draw the list and return what the admin wants, if anything."""
    wish: Wish | None = None
    for member in members:
        with st.container(border=True, key=f"member-{member.id}"):
            wish = _member(member, is_me=member.id == me) or wish
    return wish


def _member(member: Member, *, is_me: bool) -> Wish | None:
    with st.container(
        key=f"line-{member.id}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{plain(member.full_name)}**{' (you)' if is_me else ''}")
            st.caption(plain(member.email) + ("" if member.is_active else " · deactivated"))
        role = st.selectbox(
            "Role",
            ROLES,
            index=ROLES.index(member.role),
            key=f"role-{member.id}-{member.role}",
            label_visibility="collapsed",
            disabled=is_me,
            width=130,
        )
        wish = None if is_me else _menu(member)
    return wish or (ChangeRole(member.id, role) if role != member.role else None)


def _menu(member: Member) -> Wish | None:
    with st.popover("More", icon=":material/more_horiz:", key=f"more-{member.id}"):
        if member.is_active and st.button(
            "Link for a new password", key=f"reset-{member.id}", type="tertiary"
        ):
            return ResetLink(member.id, member.email)
        label = "Deactivate" if member.is_active else "Let in again"
        if st.button(label, key=f"active-{member.id}", type="tertiary"):
            return SetActive(member.id, not member.is_active)
    return None
