"""Create an organization and its first admin, where that is allowed."""

import re

import streamlit as st

from app import problems, signin
from app.resources import datamind
from app.widgets.card import card
from app.widgets.new_password import RULES
from core import accounts, registration, sessions

mode = registration.mode(datamind())

with card("register"):
    if mode == "invited":
        st.subheader("People are invited here")
        st.write("Ask an admin of your organization for an invitation, then open its link.")
    else:
        with st.form("register"):
            st.subheader("Create an organization")
            code = ""
            if mode == "code":
                code = st.text_input(
                    "Code for the first admin",
                    max_chars=40,
                    help="The server prints it when it starts.",
                )
            full_name = st.text_input("Your name", max_chars=255, autocomplete="name")
            email = st.text_input("Email", max_chars=255, autocomplete="email")
            password = st.text_input(
                "Password",
                type="password",
                max_chars=128,
                autocomplete="new-password",
                help=RULES,
            )
            organization = st.text_input("Organization", max_chars=255, autocomplete="organization")
            slug = st.text_input(
                "Workspace address (optional)",
                max_chars=100,
                placeholder="made from the organization's name",
                help="Small letters, digits and hyphens, for example acme-retail",
            )
            sent = st.form_submit_button("Create", type="primary", width="stretch")
        if sent:
            with problems.shown():
                user_id = accounts.register(
                    datamind(),
                    email=email,
                    password=password,
                    full_name=full_name,
                    organization=organization,
                    slug=slug or re.sub(r"[^a-z0-9]+", "-", organization.lower()).strip("-"),
                    address=st.context.ip_address or "",
                    code=code,
                )
                signin.hand_over(sessions.issue_ticket(datamind(), user_id))
    st.page_link("screens/sign_in.py", label="I have an account: sign in", width="stretch")
