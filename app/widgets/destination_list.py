"""Destinations and messages that did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from app.widgets.alert_list import moment
from core import destinations
from core.channels import DeadLetter, DestinationView


@dataclass(frozen=True)
class Add:
    """Keep a new destination."""

    name: str
    kind: str
    config: Mapping[str, str]


@dataclass(frozen=True)
class Remove:
    """Delete a destination."""

    destination_id: UUID


@dataclass(frozen=True)
class Test:
    """Send a test message there."""

    destination_id: UUID


@dataclass(frozen=True)
class SendAgain:
    """Try a message again."""

    delivery_id: UUID


@dataclass(frozen=True)
class TestMail:
    """Send oneself a test mail."""


Wish = Add | Remove | Test | SendAgain | TestMail


def show(places: Sequence[DestinationView], time_zone: str, *, can_mail: bool) -> Wish | None:
    """The destinations, and adding one."""
    wish: Wish | None = None
    if can_mail:
        if st.button("Send me a test mail", icon=":material/mail:"):
            wish = TestMail()
    else:
        st.caption("Nobody can be mailed: no mail server is set (SMTP_HOST).")
    if not places:
        st.markdown("Messages go to people's bells and mail.")
        st.caption("Add a Slack channel, a webhook or a mailbox outside of the organization.")
    for place in places:
        with st.container(border=True, key=f"destination-{place.id}"):
            icon = destinations.kind(place.kind).ICON
            st.markdown(f"{icon} **{plain(place.name)}**")
            sent = place.last_sent_at
            when = f"last message {moment(sent, ZoneInfo(time_zone))}" if sent else "not used yet"
            st.caption(plain(f"{place.label} · {place.hint} · {when}"))
            if place.last_error:
                st.warning(plain(place.last_error), icon=":material/error:")
            with st.container(horizontal=True):
                if st.button("Send a test", key=f"test-{place.id}"):
                    wish = Test(place.id)
                with st.popover("Delete"):
                    st.markdown("Alerts no longer go there. Messages on their way are dropped.")
                    if st.button("Delete it", key=f"remove-{place.id}", type="primary"):
                        wish = Remove(place.id)
    return _new() or wish


def _new() -> Add | None:
    with st.expander("Add a destination", icon=":material/add:"):
        kinds = list(destinations.KINDS)
        kind = st.selectbox(
            "Kind", kinds, format_func=lambda k: destinations.KINDS[k].LABEL, width=260
        )
        name = st.text_input("Name", key=f"destination-name-{kind}", placeholder="Operations")
        config = {}
        for field in destinations.KINDS[kind].FIELDS:
            draw = st.text_area if field.long else st.text_input
            secret = {"type": "password"} if field.secret else {}
            config[field.name] = draw(
                field.label, key=f"destination-{kind}-{field.name}", help=field.help or None,
                **secret,  # type: ignore[arg-type]
            )  # fmt: skip
        if st.button("Add it", type="primary", key=f"destination-add-{kind}"):
            return Add(name, kind, config)
    return None


def dead(letters: Sequence[DeadLetter], time_zone: str) -> Wish | None:
    """Messages that did not arrive."""
    wish: Wish | None = None
    if not letters:
        return None
    st.markdown("##### Did not arrive")
    for letter in letters:
        with st.container(border=True, key=f"letter-{letter.id}"):
            st.markdown(f"**{plain(letter.title)}**")
            to = letter.target or letter.channel
            times = f"{letter.attempts} {'time' if letter.attempts == 1 else 'times'}"
            st.caption(plain(f"{to} · tried {times} · {moment(letter.at, ZoneInfo(time_zone))}"))
            st.caption(plain(letter.reason))
            if st.button("Send again", key=f"again-{letter.id}"):
                wish = SendAgain(letter.id)
    return wish
