"""Inviting people, the invitations that wait, and the mails that could not be sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core.invitations import Invited
from core.letters import Waiting
from core.members import ROLES
from core.types import Role


@dataclass(frozen=True)
class Invite:
    """Invite somebody; without an email there is a link only."""

    email: str
    role: Role


@dataclass(frozen=True)
class Revoke:
    """Take an invitation back."""

    invitation_id: UUID


@dataclass(frozen=True)
class ReadLink:
    """Show the link of a mail that waits, to pass it on."""

    letter_id: UUID


@dataclass(frozen=True)
class SendAgain:
    """Try to mail it again."""

    letter_id: UUID


@dataclass(frozen=True)
class Discard:
    """Take a mail out of the outbox."""

    letter_id: UUID


Wish = Invite | Revoke | ReadLink | SendAgain | Discard


def invite(can_mail: bool, key: int) -> Invite | None:
    """The form that invites; `key` draws it anew, closed."""
    with (
        st.popover(
            "Invite somebody", icon=":material/person_add:", type="primary", key=f"invite-{key}"
        ),
        st.form("invite", border=False, clear_on_submit=True),
    ):
        email = st.text_input(
            "Email (optional)",
            max_chars=255,
            help="The link is mailed there, and only this email can join with it."
            if can_mail
            else "Only this email can join with the link. This server sends no mail: "
            "you pass the link on.",
        )
        role = st.selectbox("Role", ROLES, index=ROLES.index("analyst"))
        if st.form_submit_button("Invite", type="primary"):
            return Invite(email, role)
    return None


def show(invited: tuple[Invited, ...], time_zone: str) -> Revoke | None:
    """The invitations that wait."""
    wish = None
    for one in invited:
        with st.container(
            key=f"invited-{one.id}",
            border=True,
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            with st.container(gap=None, width="stretch"):
                st.markdown(f"**{plain(one.email or 'Whoever has the link')}**")
                until = _said(one.expires_at, time_zone)
                st.caption(plain(f"Invited as {one.role} by {one.by} · until {until}"))
            if st.button("Take back", key=f"revoke-{one.id}"):
                wish = Revoke(one.id)
    return wish


def outbox(letters: tuple[Waiting, ...], time_zone: str) -> Wish | None:
    """The mails that wait, with their links to pass on."""
    wish: Wish | None = None
    if not letters:
        st.caption("Every mail has been sent. What cannot be mailed waits here.")
    for letter in letters:
        with st.container(key=f"letter-{letter.id}", border=True):
            st.markdown(f"**{plain(letter.title)}**")
            told = f"To {letter.to} · {_said(letter.at, time_zone)}"
            st.caption(plain(f"{told} · {letter.reason}" if letter.reason else told))
            with st.container(horizontal=True):
                if letter.has_link and st.button("Show link", key=f"link-{letter.id}"):
                    wish = ReadLink(letter.id)
                if letter.is_dead and st.button("Send again", key=f"again-{letter.id}"):
                    wish = SendAgain(letter.id)
                if st.button("Discard", key=f"discard-{letter.id}"):
                    wish = Discard(letter.id)
    return wish


def _said(at: datetime, time_zone: str) -> str:
    return at.astimezone(ZoneInfo(time_zone)).strftime("%-d %b %Y, %H:%M")
