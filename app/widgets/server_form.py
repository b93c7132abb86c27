"""The form of a database server: connecting one, editing one, and its read-only account.

Each form returns what the person wants, and the place to say how that went: above its buttons,
so that on a phone it is seen without scrolling.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.problems import plain
from core.connectors.base import FormField
from core.servers import ServerKind

BESIDE = {"number": [3, 1], "password": [1, 1]}
"""Kinds of fields that stand beside the field before them, and how wide the two are."""


@dataclass(frozen=True)
class Try:
    """Reach the database with these values; keep nothing."""

    kind: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Connect:
    """Add the database as a connection."""

    name: str
    kind: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Save:
    """Give the connection these values."""

    values: Mapping[str, str]


@dataclass(frozen=True)
class UseReader:
    """Use this read-only account from now on."""

    username: str
    password: str


@dataclass(frozen=True)
class RemoveReader:
    """Go back to the connection's first account."""


def connect(kinds: Sequence[ServerKind]) -> tuple[Try | Connect | None, DeltaGenerator]:
    """Draw the empty form."""
    by_kind = {kind.kind: kind for kind in kinds}
    chosen = st.selectbox(
        "Kind of database", list(by_kind), format_func=lambda kind: by_kind[kind].label
    )
    with st.form("connect", border=False, enter_to_submit=False):
        name = st.text_input("Name", key="connect-name", placeholder="For example: Shop")
        values = _fields(by_kind[chosen].fields, {}, f"connect-{chosen}")
        place = st.container()
        tried, connected = _buttons("Connect", ":material/link:")
    if tried:
        return Try(chosen, values), place
    return Connect(name, chosen, values) if connected else None, place


def edit(
    kind: ServerKind, values: Mapping[str, str], key: str
) -> tuple[Try | Save | None, DeltaGenerator]:
    """Draw the form with what the connection has."""
    with st.form(f"edit-{key}", border=False, enter_to_submit=False):
        given = _fields(kind.fields, values, f"edit-{key}", "Leave empty to keep the stored one")
        place = st.container()
        tried, saved = _buttons("Save", ":material/check:")
    if tried:
        return Try(kind.kind, given), place
    return Save(given) if saved else None, place


def reader(username: str, key: str) -> tuple[UseReader | RemoveReader | None, DeltaGenerator]:
    """Draw the read-only account in use, or the form for one."""
    st.markdown("##### Read-only account")
    if username:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/verified_user: **{plain(username)}** is used for all queries.")
            removed = st.button("Remove", icon=":material/delete:", key=f"remove-reader-{key}")
        return RemoveReader() if removed else None, st.container()
    st.caption("Used instead of the account above for everything that is read.")
    with st.form(f"reader-{key}", border=False, enter_to_submit=False):
        user, secret = st.columns(2)
        username = user.text_input("User", key=f"reader-user-{key}", autocomplete="off")
        password = secret.text_input(
            "Password", type="password", key=f"reader-password-{key}", autocomplete="new-password"
        )
        place = st.container()
        used = st.form_submit_button("Use this account", key=f"use-reader-{key}")
    return UseReader(username, password) if used else None, place


def _buttons(label: str, icon: str) -> tuple[bool, bool]:
    with st.container(horizontal=True):
        done = st.form_submit_button(label, type="primary", icon=icon)
        tried = st.form_submit_button("Test", icon=":material/network_check:")
    return tried, done


def _fields(
    fields: Sequence[FormField], values: Mapping[str, str], key: str, for_password: str = ""
) -> dict[str, str]:
    given = {}
    for row in _rows(fields):
        columns = st.columns(BESIDE[row[-1].kind]) if len(row) > 1 else [st.container()]
        for column, field in zip(columns, row, strict=True):
            with column:
                given[field.name] = _field(
                    field,
                    values.get(field.name, field.default),
                    f"{key}-{field.name}",
                    for_password,
                )
    return given


def _rows(fields: Sequence[FormField]) -> Iterator[list[FormField]]:
    row: list[FormField] = []
    for field in fields:
        if row and (field.kind not in BESIDE or len(row) > 1):
            yield row
            row = []
        row.append(field)
    yield row


def _field(field: FormField, value: str, key: str, for_password: str) -> str:
    if field.kind == "choice":
        index = field.choices.index(value) if value in field.choices else 0
        return st.selectbox(field.label, field.choices, index, key=key, help=field.help or None)
    if field.kind == "password":
        return st.text_input(
            field.label,
            type="password",
            key=key,
            help=field.help or None,
            placeholder=for_password or None,
            autocomplete="new-password",
        )
    return st.text_input(field.label, value, key=key, help=field.help or None, autocomplete="off")
