"""Every rerun begins here: page, sign-in gate, navigation by role. Only this registers screens."""

import streamlit as st

from app import measuring, problems, signin, style
from app.widgets import theme
from core.security import access

PUBLIC = st.Page("screens/public.py", title="Dashboard", url_path="public", visibility="hidden")
# What a link opens, signed in or not.
BY_LINK = [
    PUBLIC,
    st.Page("screens/join.py", title="Join", url_path="join", visibility="hidden"),
    st.Page(
        "screens/new_password.py",
        title="New password",
        url_path="new-password",
        visibility="hidden",
    ),
]
SIGNED_OUT = [
    *BY_LINK,
    st.Page("screens/sign_in.py", title="Sign in", url_path="sign-in", default=True),
    st.Page("screens/register.py", title="Register", url_path="register"),
    st.Page("screens/forgot.py", title="Forgot password", url_path="forgot"),
]


def signed_in_pages(is_admin: bool, is_analyst: bool) -> list[st.Page]:
    """The screens of a role, in the order of the sidebar."""
    pages = [
        st.Page("screens/chat.py", title="Chat", icon=":material/forum:", default=True),
        st.Page(
            "screens/dashboards.py",
            title="Dashboards",
            icon=":material/dashboard:",
            url_path="dashboards",
        ),
        st.Page(
            "screens/dashboard.py",
            title="Dashboard",
            icon=":material/dashboard:",
            url_path="dashboard",
            visibility="hidden",
        ),
        st.Page(
            "screens/connections.py",
            title="Connections",
            icon=":material/database:",
            url_path="connections",
        ),
        st.Page(
            "screens/explore.py", title="Explore", icon=":material/search:", url_path="explore"
        ),
    ]
    if is_analyst:
        pages += [
            st.Page(
                "screens/alerts.py",
                title="Alerts",
                icon=":material/notification_important:",
                url_path="alerts",
            ),
            st.Page(
                "screens/reports.py",
                title="Reports",
                icon=":material/schedule_send:",
                url_path="reports",
            ),
            st.Page(
                "screens/library.py",
                title="Library",
                icon=":material/local_library:",
                url_path="library",
            ),
        ]
    pages.append(
        st.Page(
            "screens/settings.py", title="Settings", icon=":material/settings:", url_path="settings"
        )
    )
    if is_admin:
        pages.append(
            st.Page(
                "screens/admin.py",
                title="Organization",
                icon=":material/shield_person:",
                url_path="organization",
            )
        )
    return [*pages, *BY_LINK]


st.set_page_config(
    page_title="DataMind", page_icon=style.ICON, layout="wide", initial_sidebar_state="auto"
)
style.apply()

found = signin.signed_in()
if found is None:
    page = st.navigation(SIGNED_OUT, position="hidden")
else:
    st.logo(style.LOGO, size="large")
    page = st.navigation(
        signed_in_pages(access.allows(found.actor, "admin"), access.allows(found.actor, "analyst"))
    )
    theme.follow(found.profile.theme)
with problems.shown(), measuring.rerun(page.title, found.actor if found else None):
    page.run()
