"""How the product looks where Streamlit's theme cannot say it. The one place for CSS."""

from pathlib import Path

import streamlit as st

STATIC = Path(__file__).with_name("static")
LOGO = str(STATIC / "logo.svg")
ICON = str(STATIC / "icon.svg")

_CSS = (Path(__file__).with_name("style.css")).read_text("utf-8")


def apply() -> None:
    """Put the style sheet on the page."""
    st.html(f"<style>{_CSS}</style>")
