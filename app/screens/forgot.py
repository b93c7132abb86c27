"""Ask for a link to choose a new password."""

import streamlit as st

from app import problems
from app.resources import datamind
from app.widgets.card import card
from core import channels, resets

dm = datamind()

with card("forgot"):
    st.subheader("Forgot your password?")
    with st.form("forgot", border=False):
        email = st.text_input("Email", max_chars=255, autocomplete="email")
        sent = st.form_submit_button("Send me a link", type="primary", width="stretch")
    if sent and email.strip():
        with problems.shown():
            resets.ask(dm, email=email, address=st.context.ip_address or "")
            told = (
                "If there is an account with this email, a link is on its way. It works for an "
                "hour."
                if channels.can_mail(dm)
                else "This server sends no mail. If there is an account with this email, your "
                "admins see that you asked, and can pass a link on to you."
            )
            st.info(told, icon=":material/mark_email_read:")
    st.page_link("screens/sign_in.py", label="Back to sign in", width="stretch")
