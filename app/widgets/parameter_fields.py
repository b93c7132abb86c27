"""The fields of a query's parameters: their kind, and the value for the next run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.parameters import KINDS, Parameter

HINTS = {"text": "", "number": "2.5", "date": "2026-10-31", "list": "DE, AT, CH"}


def show(
    found: Sequence[Parameter], given: Mapping[str, str], key: str
) -> tuple[tuple[Parameter, ...], dict[str, str]]:
    """Draw the fields; returns the parameters with their kinds, and their values as text."""
    if not found:
        return (), {}
    kinds, values = [], {}
    with st.container(border=True, key=f"parameters-{key}"):
        for parameter in found:
            kind, value = st.columns([1, 3])
            chosen = kind.selectbox(
                f"{parameter.name} is a",
                KINDS,
                KINDS.index(parameter.kind),
                key=f"{key}-kind-{parameter.name}",
            )
            values[parameter.name] = value.text_input(
                parameter.name,
                given.get(parameter.name, parameter.default),
                placeholder=HINTS[chosen],
                key=f"{key}-value-{parameter.name}",
            )
            kinds.append(replace(parameter, kind=chosen))
    return tuple(kinds), values
