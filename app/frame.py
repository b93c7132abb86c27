"""How every screen begins: who acts, the top line with the bell, and the way out."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from app import measuring, problems, signin, state
from app.resources import datamind
from app.widgets import bell
from app.widgets.header import header
from core import notices, watch
from core.accounts import Profile
from core.security import access
from core.sessions import SignedIn
from core.types import Actor

SCREENS = {
    "alerts": "screens/alerts.py",
    "connections": "screens/connections.py",
    "dashboard": "screens/dashboard.py",
    "explore": "screens/explore.py",
    "organization": "screens/admin.py",
    "reports": "screens/reports.py",
}
"""Where notices may point: the first part of their links."""
BELL_SECONDS = 8


def begin(title: str, middle: Callable[[], None] | None = None) -> tuple[Actor, Profile]:
    """Draw the top of a screen and return the acting person.

    When the session has ended (sign-out elsewhere, deactivation) the app starts over.
    """
    found: SignedIn | None = signin.signed_in()
    if found is None:
        st.rerun()
    if header(title, found.profile, middle, ring):
        signin.sign_out()
        st.stop()
    warn_of_silence(found.actor)
    return found.actor, found.profile


@st.fragment(run_every=BELL_SECONDS)
@measuring.part("bell")
def ring() -> None:
    """The bell, fresh within seconds, without drawing the screen anew."""
    found = signin.signed_in()
    if found is None:
        st.rerun(scope="app")
    dm, actor = datamind(), found.actor
    with problems.shown():
        unread = notices.unread(dm, actor)
        told = notices.notices(dm, actor)
        announce(unread, [notice.title for notice in told if not notice.is_read])
        match bell.show(unread, told, actor.time_zone, dm.clock.now()):
            case bell.ReadAll():
                notices.mark_all(dm, actor)
                st.rerun(scope="fragment")
            case bell.Open(notice_id, link):
                notices.mark_read(dm, actor, notice_id)
                go(link)


def announce(unread: int, titles: list[str]) -> None:
    """Say what is new since this tab looked last."""
    before = state.recall("unread")
    state.remember("unread", unread)
    if isinstance(before, int) and unread > before and titles:
        st.toast(problems.plain(titles[0]), icon=":material/notifications_active:")


def go(link: str) -> None:
    """Open the screen that a notice points to."""
    parts = urlsplit(link)
    if parts.path in SCREENS:
        st.switch_page(SCREENS[parts.path], query_params=dict(parse_qsl(parts.query)))
    st.rerun(scope="fragment")


def warn_of_silence(actor: Actor) -> None:
    """Say that nobody keeps the time or works, to those who rely on it."""
    if not access.allows(actor, "analyst"):
        return
    for silence in watch.silences(datamind()):
        st.warning(problems.plain(silence.sentence), icon=":material/alarm_off:")
