"""Sign in, or try the demo where there is one."""

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets.card import card
from core import registration, sessions
from core.demo import organization as demo

with card("sign-in"):
    st.caption("Ask your company's data a question in plain words.")
    with problems.shown():
        if state.sign_in_failures():
            st.text_input(
                "Workspace (only if you belong to several)",
                key="workspace",
                placeholder="acme-retail",
            )
        signin.form()
        if state.sign_in_failures():
            problems.show(
                "Email or password is not right.",
                "Check both; if you belong to several workspaces, name yours above.",
            )
    if demo.sign_in(datamind()) and st.button(
        "Try the demo", icon=":material/play_arrow:", width="stretch"
    ):
        with problems.shown():
            user_id = demo.user(datamind(), "admin")
            signin.hand_over(sessions.issue_ticket(datamind(), user_id))
    st.page_link("screens/forgot.py", label="Forgot your password?", width="stretch")
    if registration.mode(datamind()) != "invited":
        st.page_link("screens/register.py", label="Create an organization", width="stretch")
