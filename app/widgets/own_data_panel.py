"""One's own data: taken along, and deleted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from core.own_data import Ready


@dataclass(frozen=True)
class Make:
    """Put the data together."""


@dataclass(frozen=True)
class Delete:
    """Delete it all, this being the password."""

    password: str
    typed: str = ""


def take(ready: Ready | None, time_zone: str) -> Make | None:
    """The button that has one's data put together."""
    if ready:
        made, until = (_said(at, time_zone) for at in (ready.made_at, ready.until))
        st.caption(plain(f"Made {made}, kept until {until}."))
    if st.button("Put my data together", icon=":material/archive:", key="make-own-data"):
        return Make()
    return None


def delete(label: str, told: str, ask: str = "") -> Delete | None:
    """A menu that deletes after a password, and after words to type where `ask` names them."""
    with (
        st.popover(label, icon=":material/delete:", key=f"menu-{label}"),
        st.form(f"form-{label}", border=False, clear_on_submit=True),
    ):
        st.markdown(plain(told))
        typed = st.text_input(ask, key=f"typed-{label}") if ask else ""
        password = st.text_input(
            "Your password",
            type="password",
            autocomplete="current-password",
            key=f"password-{label}",
        )
        if st.form_submit_button(label, type="primary"):
            return Delete(password, typed)
    return None


def _said(at: datetime, time_zone: str) -> str:
    return at.astimezone(ZoneInfo(time_zone)).strftime("%-d %b %Y, %H:%M")
