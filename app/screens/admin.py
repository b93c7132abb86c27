"""The admins' part: who belongs to the organization, and what happened."""

import streamlit as st

from app import frame, problems, state
from app.resources import datamind
from app.widgets import audit_table, evaluations, member_list, wrong_list
from core import audit, evaluation, feedback, members
from core.dashboards import links

dm = datamind()
actor, me = frame.begin("Organization")


def show_members() -> None:
    """The list of members, and adding one."""
    wish = member_list.show(members.members(dm, actor), me.user_id)
    with problems.shown():
        match wish:
            case member_list.Add(email, name, role):
                password = members.add(dm, actor, email=email, full_name=name, role=role)
                state.remember("first_password", (email, password))
            case member_list.ChangeRole(user_id, role):
                members.change_role(dm, actor, user_id, role)
                st.toast("Role changed.")
            case member_list.SetActive(user_id, active):
                members.set_active(dm, actor, user_id, active)
                st.toast("Let in again." if active else "Deactivated; open sessions have ended.")
            case None:
                return
        st.rerun()


def show_first_password() -> None:
    """The new member's first password, once."""
    kept = state.recall("first_password")
    if not isinstance(kept, tuple):
        return
    email, password = kept
    st.info(
        problems.plain(f"{email} can sign in with this first password. It is not shown again."),
        icon=":material/key:",
    )
    st.code(password, language=None)
    if st.button("I have passed it on"):
        state.forget("first_password")
        st.rerun()


def show_audit() -> None:
    """What happened, filtered by kind."""
    kind = st.selectbox("Show", audit_table.KINDS, format_func=audit_table.KINDS.get, width=260)
    with problems.shown():
        audit_table.show(audit.entries(dm, actor, action=kind), me.time_zone)


def show_quality() -> None:
    """How the analysts do on what people stand for."""
    if evaluations.show(evaluation.runs(dm, actor), me.time_zone):
        with problems.shown(), st.spinner("Asking the verified questions"):
            evaluation.run(dm, actor)
            st.rerun()


def show_sharing() -> None:
    """What may leave the organization."""
    now = links.allowed(dm, actor)
    wanted = st.toggle("Public links to dashboards", now, key=f"public-links-{now}")
    st.caption("Without them no link works, those that were made before neither.")
    if wanted != now:
        links.allow(dm, actor, wanted)
        st.rerun()


def show_wrong() -> None:
    """The questions that went wrong, to be asked again in a conversation of the admin's own."""
    again = wrong_list.show(feedback.wrong(dm, actor), me.time_zone)
    if again:
        state.open_chat(None)
        state.choose_connection(again.connection_id)
        state.ask_next(again.question)
        st.switch_page("screens/chat.py")


with problems.shown():
    people, sharing, quality, log = st.tabs(["Members", "Sharing", "Quality", "Audit log"])
    with people:
        show_first_password()
        show_members()
    with sharing:
        show_sharing()
    with quality:
        show_quality()
        st.divider()
        show_wrong()
    with log:
        show_audit()
