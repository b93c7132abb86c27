"""A person's own settings: profile, password, appearance, sessions."""

from zoneinfo import available_timezones

import streamlit as st

from app import frame, going, problems, signin
from app.resources import datamind
from app.widgets import new_password, session_list
from core import channels, profiles, sessions

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
                profiles.update(dm, actor, full_name=name, time_zone=zone)
                st.toast("Profile saved.")
                st.rerun()

with st.container(border=True, key="appearance"):
    st.subheader("Appearance")
    current = me.theme or profiles.THEMES[0]
    theme = st.segmented_control(
        "Theme", profiles.THEMES, default=current, required=True, key="theme-choice"
    )
    if theme and theme != current:
        with problems.shown():
            profiles.choose_theme(dm, actor, theme)
            st.rerun()

if channels.can_mail(dm):
    with st.container(border=True, key="notifications"):
        st.subheader("Notifications")
        mailed = profiles.mails(dm, actor)
        wanted = st.toggle("Mail me what alerts say", mailed, key=f"mail-{mailed}")
        st.caption("The bell tells you either way. Channels of an alert get it as well.")
        if wanted != mailed:
            profiles.choose_mail(dm, actor, wanted)
            st.rerun()

with st.container(border=True, key="password"):
    st.subheader("Password")
    st.caption("After a change you sign in again, on every device.")
    with st.form("password-form", border=False, clear_on_submit=True):
        old = st.text_input("Current password", type="password", autocomplete="current-password")
        new, again = new_password.fields()
        if st.form_submit_button("Change password"):
            with problems.shown():
                if new_password.same(new, again):
                    profiles.change_password(dm, actor, current=old, new=new)
                    signin.sign_out()

with st.container(border=True, key="sessions"):
    st.subheader("Sessions")
    days = dm.settings.session_days
    st.caption(f"Where you are signed in. A session that is not used for {days} days ends.")
    here = signin.signed_in()
    if here is not None:
        with problems.shown():
            match session_list.show(sessions.sessions(dm, actor), here.session_id, me.time_zone):
                case session_list.End(session_id):
                    sessions.end(dm, actor, session_id)
                    st.rerun()
                case session_list.EndOthers():
                    sessions.end_others(dm, actor, here.session_id)
                    st.rerun()
                case session_list.EndAll():
                    sessions.sign_out_everywhere(dm, actor)
                    signin.sign_out()

with st.container(border=True, key="own-data"):
    st.subheader("Your data")
    st.caption("A zip of all that DataMind keeps of you, to take along; or all of it deleted.")
    with problems.shown():
        going.take_along(actor, me)
        going.delete_account(actor)
