"""Accept an invitation: the link's token becomes an account."""

import streamlit as st

from app import problems, signin, state
from app.resources import datamind
from app.widgets import new_password
from app.widgets.card import card
from core import invitations, sessions

dm = datamind()

with card("join"):
    with problems.shown():
        welcome = invitations.welcome(dm, state.token())
        st.subheader(f"Join {problems.plain(welcome.organization)}")
        st.caption(problems.plain(f"You are invited as {welcome.role}."))
        with st.form("join", border=False):
            email = st.text_input(
                "Email", welcome.email, disabled=bool(welcome.email), autocomplete="email"
            )
            name = st.text_input("Your name", max_chars=255, autocomplete="name")
            first, again = new_password.fields("Password")
            sent = st.form_submit_button("Join", type="primary", width="stretch")
        if sent and new_password.same(first, again):
            user_id = invitations.accept(
                dm,
                state.token(),
                full_name=name,
                password=first,
                email=email,
                address=st.context.ip_address or "",
            )
            state.address()
            signin.hand_over(sessions.issue_ticket(dm, user_id))
            st.stop()
    st.page_link("screens/sign_in.py", label="I have an account: sign in", width="stretch")
