"""Signing in: streamlit-authenticator's form, core's accounts, an HttpOnly session cookie.

The library's form and session state are used; its own cookie is not (it is readable by
scripts and outlives a sign-out). A checked password becomes a one-time ticket, which the
browser exchanges at POST /auth/session for a cookie with a random id.
"""

from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models.authentication_model import AuthenticationModel

from app import state
from app.resources import datamind
from core import accounts, sessions
from core.sessions import SignedIn
from core.types import Actor

COOKIE = "datamind_session"

_EXCHANGE = st.components.v2.component(
    "datamind_session_exchange",
    js="""
export default function ({ data }) {
  fetch(data.path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ticket: data.ticket || "" }),
  }).then(() => window.location.assign("/"));
}
""",
)


def signed_in() -> SignedIn | None:
    """Who this browser's session belongs to now, or None."""
    return sessions.resume(
        datamind(), st.context.cookies.get(COOKIE, ""), address=st.context.ip_address or ""
    )


def actor() -> Actor:
    """The acting person. When the session has ended, the screen starts over at sign-in."""
    found = signed_in()
    if found is None:
        st.rerun(scope="app")
    return found.actor


def form() -> None:
    """The form; after the right password the browser is handed a ticket."""
    _Form().login(
        fields={
            "Form name": "Sign in",
            "Username": "Email",
            "Password": "Password",
            "Login": "Sign in",
        },
        key="sign_in",
    )
    ticket = state.ticket()
    if ticket:
        hand_over(ticket)
        st.stop()


def hand_over(ticket: str) -> None:
    """Have the browser exchange a ticket for its cookie."""
    _EXCHANGE(data={"path": "/auth/session", "ticket": ticket}, key=f"exchange-{ticket[:8]}")


def sign_out() -> None:
    """Have the browser end its session; the cookie goes with it."""
    state.forget_sign_in()
    _EXCHANGE(data={"path": "/auth/sign-out"}, key="end-session")


class _Form(stauth.Authenticate):  # type: ignore[misc]
    """The library's form over core's accounts, without the library's cookie."""

    def __init__(self) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        nobody: dict[str, Any] = {"usernames": {}}
        self.authentication_controller = AuthenticationController(nobody, auto_hash=False)
        self.authentication_controller.authentication_model = _CoreModel(nobody, auto_hash=False)


class _NoCookie:
    """Stands where the library keeps its own cookie: there is none."""

    def get_cookie(self) -> None:
        """Nobody is remembered this way."""

    def set_cookie(self) -> None:
        """Nothing is written."""


class _CoreModel(AuthenticationModel):  # type: ignore[misc]
    """The library's model, asking core whether a password is right."""

    def login(self, username: str | None = None, password: str | None = None, *_: Any) -> bool:
        """Check with core, and keep a ticket for the browser when it is right."""
        user_id = accounts.sign_in(
            datamind(),
            email=username or "",
            password=password or "",
            workspace=state.workspace(),
            address=st.context.ip_address or "",
        )
        if user_id is None:
            state.count_sign_in_failure()
            return False
        state.hold_ticket(sessions.issue_ticket(datamind(), user_id))
        return True
