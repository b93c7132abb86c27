"""The narrow card on which signed-out people read and fill in one thing."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app import style


@contextmanager
def card(key: str) -> Iterator[None]:
    """A card in the middle of the screen, under the logo."""
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle, st.container(key=f"{key}-card", border=True):
        st.image(style.LOGO, width=150)
        yield
