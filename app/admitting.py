"""What admins do about people: invite, change, let out, and pass links on."""

import streamlit as st

from app import problems, state
from app.resources import datamind
from app.widgets import invitation_list, member_list
from core import channels, invitations, letters, members, resets
from core.accounts import Profile
from core.types import Actor

LINK = "link-to-pass-on"


def people(actor: Actor, me: Profile) -> None:
    """The members and the invitations that wait."""
    dm = datamind()
    show_link()
    invite(actor)
    waiting = invitations.invitations(dm, actor)
    wish = invitation_list.show(waiting, me.time_zone)
    if wish:
        invitations.revoke(dm, actor, wish.invitation_id)
        st.rerun()
    change(actor, me)


def invite(actor: Actor) -> None:
    """The form that invites; its link is shown once."""
    dm = datamind()
    wish = invitation_list.invite(channels.can_mail(dm), state.menus())
    if wish is None:
        return
    with problems.shown():
        link = invitations.invite(dm, actor, email=wish.email, role=wish.role)
        mailed = channels.can_mail(dm) and wish.email
        keep_link(
            f"{wish.email} is mailed this link, too. It works once, for seven days."
            if mailed
            else "Pass this link on. It works once, for seven days.",
            link,
        )
        state.close_menus()
        st.rerun()


def change(actor: Actor, me: Profile) -> None:
    """The list of members, and what is wanted of one."""
    dm = datamind()
    wish = member_list.show(members.members(dm, actor), me.user_id)
    with problems.shown():
        match wish:
            case member_list.ChangeRole(user_id, role):
                members.change_role(dm, actor, user_id, role)
                st.toast("Role changed.")
            case member_list.SetActive(user_id, active):
                members.set_active(dm, actor, user_id, active)
                st.toast("Let in again." if active else "Deactivated; open sessions have ended.")
            case member_list.ResetLink(user_id, email):
                link = resets.link_for(dm, actor, user_id)
                keep_link(
                    f"With this link {email} chooses a new password, once, within a day.", link
                )
            case None:
                return
        st.rerun()


def outbox(actor: Actor, me: Profile) -> None:
    """The mails that wait, with their links to pass on."""
    dm = datamind()
    show_link()
    if not channels.can_mail(dm):
        st.info(
            "This server sends no mail. Pass the links on by another way, or ask who runs the "
            "server to set SMTP_HOST.",
            icon=":material/unsubscribe:",
        )
    match invitation_list.outbox(letters.outbox(dm, actor), me.time_zone):
        case invitation_list.ReadLink(letter_id):
            keep_link(
                "Pass this link on to the person it is for.", letters.link(dm, actor, letter_id)
            )
        case invitation_list.SendAgain(letter_id):
            channels.send_again(dm, actor, letter_id)
        case invitation_list.Discard(letter_id):
            letters.discard(dm, actor, letter_id)
        case _:
            return
    st.rerun()


def keep_link(told: str, link: str) -> None:
    """Show a link that lets somebody in on the next run."""
    state.remember(LINK, (told, link))


def show_link() -> None:
    """The link that was just made, until it is passed on."""
    kept = state.recall(LINK)
    if not isinstance(kept, tuple):
        return
    told, link = kept
    with st.container(border=True, key="link-to-pass-on"):
        st.markdown(f":material/key: {problems.plain(told)} It is not shown again.")
        st.code(link, language=None, wrap_lines=True)
        if st.button("I have passed it on"):
            state.forget(LINK)
            st.rerun()
