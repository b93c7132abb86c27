"""A person's own settings: profile, password, appearance, sessions."""

from zoneinfo import available_timezones

import streamlit as st

from app import frame, problems, signin
from app.resources import datamind
from core import accounts

dm = datamind()
actor, me = frame.begin("Settings")

with st.container(border=True, key="profile"):
    st.subheader("Profile")
    st.caption(problems.plain(f"{me.email} · {me.role} at {me.organization}"))
    with st.form("profile-form", border=False):
        name = st.text_input("Your name", me.full_name, max_chars=255)
        zones = sorted(available_timezones())
        zone = st.selectbox(
            "Time zone",
            zones,
            index=zones.index(me.time_zone),
            help="“Today” and “last quarter” follow it.",
        )
        if st.form_submit_button("Save profile", type="primary"):
            with problems.shown():
                accounts.update_profile(dm, actor, full_name=name, time_zone=zone)
                st.toast("Profile saved.")
                st.rerun()

with st.container(border=True, key="appearance"):
    st.subheader("Appearance")
    current = me.theme or accounts.THEMES[0]
    theme = st.segmented_control(
        "Theme", accounts.THEMES, default=current, required=True, key="theme-choice"
    )
    if theme and theme != current:
        with problems.shown():
            accounts.choose_theme(dm, actor, theme)
            st.rerun()

with st.container(border=True, key="password"):
    st.subheader("Password")
    st.caption("After a change you sign in again, on every device.")
    with st.form("password-form", border=False, clear_on_submit=True):
        old = st.text_input("Current password", type="password", autocomplete="current-password")
        new = st.text_input(
            "New password",
            type="password",
            max_chars=128,
            help="8 to 128 characters",
            autocomplete="new-password",
        )
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        if st.form_submit_button("Change password"):
            with problems.shown():
                if new != again:
                    problems.show("The two new passwords differ.", "Type the new one twice.")
                else:
                    accounts.change_password(dm, actor, current=old, new=new)
                    signin.sign_out()

with st.container(border=True, key="sessions"):
    st.subheader("Sessions")
    st.caption("Ends every open session of yours, this one too.")
    if st.button("Sign out everywhere", icon=":material/logout:"):
        with problems.shown():
            accounts.sign_out_everywhere(dm, actor)
            signin.sign_out()
