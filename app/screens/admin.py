"""The admins' part: who belongs to the organization, and what happened."""

import streamlit as st

from app import admitting, frame, problems, state
from app.resources import datamind
from app.widgets import audit_table, evaluations, wrong_list
from core import audit, evaluation, feedback
from core.dashboards import links

dm = datamind()
actor, me = frame.begin("Organization")

# Which part a link opens (organization?view=…).
TABS = {"outbox": "Outbox", "quality": "Quality"}


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
    people, mail, sharing, quality, log = st.tabs(
        ["Members", "Outbox", "Sharing", "Quality", "Audit log"],
        default=TABS.get(state.view()),
        on_change="rerun",
        key="organization-tabs",
    )
    if people.open:
        with people:
            admitting.people(actor, me)
    if mail.open:
        with mail:
            admitting.outbox(actor, me)
    if sharing.open:
        with sharing:
            show_sharing()
    if quality.open:
        with quality:
            show_quality()
            st.divider()
            show_wrong()
    if log.open:
        with log:
            show_audit()
