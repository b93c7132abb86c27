"""Choose a new password with the link that was mailed or passed on."""

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import new_password
from app.widgets.card import card
from core import resets, sessions

dm = datamind()

with card("new-password"):
    with problems.shown():
        asked = resets.asked(dm, state.token())
        st.subheader("Choose a new password")
        st.caption(problems.plain(f"{asked.email} at {asked.organization}"))
        with st.form("new-password", border=False):
            first, again = new_password.fields()
            sent = st.form_submit_button("Save and sign in", type="primary", width="stretch")
        if sent and new_password.same(first, again):
            address = st.context.ip_address or ""
            user_id = resets.choose(dm, state.token(), first, address=address)
            state.address()
            signin.hand_over(sessions.issue_ticket(dm, user_id))
            st.stop()
    st.page_link("screens/sign_in.py", label="Sign in", width="stretch")
