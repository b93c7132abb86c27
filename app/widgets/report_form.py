"""The form of a report: what, when, to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

from app.problems import plain
from app.widgets.alert_list import moment
from core.errors import BadInput
from core.reports import timing
from core.reports.keeping import FORMATS, Wanted
from core.reports.making import EMAIL

KINDS = {"dashboard": "A dashboard", "saved query": "A saved query"}
LABELS = {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV"}


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, by id."""

    boards: Mapping[UUID, str]
    queries: Mapping[UUID, str]
    places: Mapping[str, str]
    people: Mapping[UUID, str]
    can_mail: bool


@dataclass(frozen=True)
class Preview:
    """Make the file now, for oneself."""

    wanted: Wanted


@dataclass(frozen=True)
class Save:
    """Keep the report."""

    wanted: Wanted


@dataclass(frozen=True)
class Cancel:
    """Leave without keeping anything."""


Wish = Preview | Save | Cancel


def show(
    key: str, start: Wanted | None, choices: Choices, time_zone: str, now: datetime
) -> Wish | None:
    """Draw the form; returns what the person wants."""
    began = start or Wanted("", "every Monday at 8:00", time_zone)
    name = st.text_input("Name", began.name, max_chars=255, key=f"{key}-name")
    with st.container(border=True):
        board_id, query_id, fmt = _what(key, began, choices)
    with st.container(border=True):
        schedule, zone = _when(key, began, now)
    with st.container(border=True):
        channels, people = _whom(key, began, choices)
    wanted = Wanted(name, schedule, zone, board_id, query_id, fmt, channels, people)
    with st.container(horizontal=True):
        save = st.button("Save report", type="primary", key=f"{key}-save")
        preview = st.button("Preview", icon=":material/visibility:", key=f"{key}-preview")
        if st.button("Cancel", type="tertiary", key=f"{key}-cancel"):
            return Cancel()
    if save:
        return Save(wanted)
    return Preview(wanted) if preview else None


def _what(key: str, began: Wanted, choices: Choices) -> tuple[UUID | None, UUID | None, str]:
    st.markdown("**What is sent**")
    kinds = list(KINDS)
    kind = st.segmented_control(
        "Kind", kinds, default=kinds[1 if began.saved_query_id else 0], required=True,
        format_func=KINDS.__getitem__, key=f"{key}-kind", label_visibility="collapsed",
    )  # fmt: skip
    found = choices.boards if kind == "dashboard" else choices.queries
    kept = began.dashboard_id if kind == "dashboard" else began.saved_query_id
    ids = list(found)
    chosen = st.selectbox(
        "Which", ids, ids.index(kept) if kept in ids else (0 if ids else None),
        format_func=found.__getitem__, key=f"{key}-{kind}", placeholder="There is none yet",
    )  # fmt: skip
    formats = FORMATS[str(kind)]
    fmt = st.segmented_control(
        "As", formats, default=began.format if began.format in formats else formats[0],
        required=True, format_func=LABELS.__getitem__, key=f"{key}-{kind}-format",
    )  # fmt: skip
    return (chosen, None, str(fmt)) if kind == "dashboard" else (None, chosen, str(fmt))


def _when(key: str, began: Wanted, now: datetime) -> tuple[str, str]:
    st.markdown("**When**")
    left, right = st.columns([2, 1])
    schedule = left.text_input("Schedule", began.schedule, key=f"{key}-when", help=timing.HINT)
    zones = sorted(available_timezones())
    zone = right.selectbox(
        "Time zone", zones, zones.index(began.time_zone) if began.time_zone in zones else 0,
        key=f"{key}-zone",
    )  # fmt: skip
    try:
        times = timing.after(schedule, now, zone, 3)
    except BadInput as problem:
        st.caption(plain(f"{problem.message} {problem.hint}"))
    else:
        st.caption(plain("Next: " + " · ".join(moment(at, ZoneInfo(zone)) for at in times)))
    return schedule, zone


def _whom(key: str, began: Wanted, choices: Choices) -> tuple[tuple[str, ...], tuple[UUID, ...]]:
    st.markdown("**Who gets it**")
    chosen = [person for person in began.recipients if person in choices.people]
    people = st.multiselect(
        "Besides yourself", list(choices.people), chosen,
        format_func=choices.people.__getitem__, key=f"{key}-people", placeholder="Choose members",
    )  # fmt: skip
    ways = {EMAIL: "By mail too", **choices.places} if choices.can_mail else {}
    if not ways:
        st.caption("It comes to the bell, with its file. Nobody is mailed: SMTP_HOST is not set.")
        return (), tuple(people)
    kept = [channel for channel in began.channels if channel in ways]
    channels = st.pills(
        "Ways", list(ways), selection_mode="multi", default=kept,
        format_func=ways.__getitem__, key=f"{key}-ways",
        help="Mailboxes outside are those that an admin has added under Alerts, Destinations.",
    )  # fmt: skip
    return tuple(channels), tuple(people)
