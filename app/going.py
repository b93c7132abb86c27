"""What people do about their own data: take it along, delete their account or organization."""

import streamlit as st

from app import problems, signin
from app.resources import datamind
from app.widgets import own_data_panel
from core import own_data, privacy
from core.accounts import Profile
from core.types import Actor


@st.fragment(run_every=1.0)
def _follow() -> None:
    """How far it is, until it is made."""
    now = own_data.under_way(datamind(), signin.actor())
    if now is None:
        st.rerun(scope="app")
    at_work = now.steps[-1].text if now.steps else "Waiting for a worker"
    st.caption(problems.plain(f"{at_work} …"))


def take_along(actor: Actor, me: Profile) -> None:
    """Have one's data put together, follow that, and take the file."""
    dm = datamind()
    if own_data.under_way(dm, actor):
        _follow()
        return
    ready = own_data.ready(dm, actor)
    if own_data_panel.take(ready, me.time_zone):
        own_data.start(dm, actor)
        st.rerun()
    if ready:
        st.download_button(
            "Download my data",
            lambda: own_data.content(dm, actor),
            file_name="my-data.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
        )


def delete_account(actor: Actor) -> None:
    """Delete one's own account."""
    wish = own_data_panel.delete(
        "Delete my account",
        "Your chats, sessions, and what you did not share are deleted for good. What you shared "
        "stays: files, dashboards, saved queries, alerts.",
    )
    if wish:
        with problems.shown():
            privacy.delete_account(datamind(), actor, wish.password)
            signin.sign_out()
            st.stop()


def delete_organization(actor: Actor, slug: str) -> None:
    """Delete the whole organization."""
    wish = own_data_panel.delete(
        "Delete the organization",
        "Everything of the organization is deleted for good: people, connections, files, chats, "
        "dashboards, alerts, reports. The databases that are connected stay as they are.",
        ask=f"Type {slug}",
    )
    if wish:
        with problems.shown():
            privacy.delete_organization(datamind(), actor, slug=wish.typed, password=wish.password)
            signin.sign_out()
            st.stop()
