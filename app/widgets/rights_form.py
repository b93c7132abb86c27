"""The form for the rights on a connection and its private columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.rights import ConnectionRights
from core.security.rights import Grant, Rights

ASKING = {
    "viewer": "Everybody in the organization",
    "analyst": "Analysts and admins",
    "admin": "Admins",
}
WRITING = {"analyst": "Analysts and admins", "admin": "Admins"}
SEEING = {
    "admin": "Admins",
    "analyst": "Analysts and admins",
    "nobody": "Nobody but those named",
}


@dataclass(frozen=True)
class Save:
    """Set these rights and private columns."""

    rights: Rights
    private: tuple[str, ...]


def show(now: ConnectionRights, people: Mapping[UUID, str], key: str) -> Save | None:
    """Draw the form and return what is to be saved, if anything."""
    with st.form(f"rights-{key}", border=False):
        ask = _grant("Who may ask", ASKING, now.rights.ask, people, f"may-ask-{key}")
        write = _grant("Who may write SQL", WRITING, now.rights.write, people, f"may-write-{key}")
        private = st.multiselect(
            "Private columns",
            sorted({*now.columns, *now.private}),
            now.private,
            key=f"made-private-{key}",
            placeholder="None",
            help="Shown as ••• and never used in conditions, groups or sums. Chats, alerts, "
            "reports and public links never show them, to anybody, and no model gets them.",
        )
        see = _grant(
            "Who sees private columns in Explore, dashboards and files",
            SEEING,
            now.rights.unmasked,
            people,
            f"may-see-{key}",
        )
        stay = st.toggle(
            "Never send values to the model",
            now.rights.values_stay,
            key=f"values-stay-{key}",
            help="Claude then gets names of tables and columns, but no sample, no row and no "
            "figure; the built-in analyst writes the answers.",
        )
        if st.form_submit_button("Save", type="primary"):
            return Save(Rights(ask, write, see, stay), tuple(private))
    return None


def _grant(
    label: str, roles: Mapping[str, str], now: Grant, people: Mapping[UUID, str], key: str
) -> Grant:
    role_column, people_column = st.columns([1, 1.2], vertical_alignment="bottom")
    with role_column:
        role = st.selectbox(
            label, roles, index=list(roles).index(now.role), format_func=roles.get, key=key
        )
    with people_column:
        named = st.multiselect(
            "and by name",
            people,
            [one for one in now.people if one in people],
            format_func=people.get,
            key=f"{key}-people",
            placeholder="Nobody else",
        )
    return Grant(role, frozenset(named))
