"""The admins' part: who belongs to the organization, and what happened."""

import streamlit as st

from app import admitting, frame, overseeing, problems, spending, state
from app.resources import datamind
from app.widgets import evaluations, wrong_list
from core import evaluation, feedback
from core.dashboards import links

dm = datamind()
actor, me = frame.begin("Organization")


def show_quality() -> None:
    """How the analysts do on what people stand for."""
    if evaluations.show(evaluation.runs(dm, actor), me.time_zone):
        with problems.shown(), st.spinner("Asking the verified questions"):
            evaluation.run(dm, actor)
            st.rerun()
    st.divider()
    show_wrong()


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


# By what a link calls it (organization?view=…): its title, and what draws it.
PARTS = {
    "organization": ("Organization", lambda: overseeing.organization(actor)),
    "members": ("Members", lambda: admitting.people(actor, me)),
    "outbox": ("Outbox", lambda: admitting.outbox(actor, me)),
    "sharing": ("Sharing", show_sharing),
    "quality": ("Quality", show_quality),
    "usage": ("Usage", lambda: spending.show(actor)),
    "audit": ("Audit log", lambda: overseeing.log(actor, me)),
    "system": ("System", lambda: overseeing.doing(actor, me)),
}
chosen = PARTS.get(state.view(), PARTS["members"])[0]
names = [name for name, _ in PARTS.values()]
opened = st.tabs(names, default=chosen, on_change="rerun", key="organization-tabs")
for tab, (_, show) in zip(opened, PARTS.values(), strict=True):
    if tab.open:
        with tab, problems.shown():
            show()
