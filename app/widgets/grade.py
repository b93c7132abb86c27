"""How sure an answer is: a badge that opens to its reasons."""

from typing import Final

import streamlit as st

from app.problems import plain
from core import trust
from core.types import Grade, GradeLevel

_ICONS: Final[dict[GradeLevel, str]] = {
    "verified": ":material/verified:",
    "checked": ":material/check_circle:",
    "single": ":material/info:",
    "guess": ":material/error:",
}
_MET: Final = {
    True: ":material/check:",
    None: ":material/question_mark:",
    False: ":material/close:",
}
_SAID: Final = {True: "", None: " (not checked)", False: " (not met)"}


def badge(name: str, grade: Grade) -> None:
    """Draw the badge of one answer under a name of its own."""
    title, meaning = grade.level.title(), trust.MEANINGS[grade.level]
    with (
        st.container(key=f"grade-{grade.level}-{name}", width="content"),
        st.popover(title, type="tertiary", icon=_ICONS[grade.level], help=meaning),
        st.container(gap="xsmall"),
    ):
        st.markdown(f"**{title}.** {meaning}")
        for reason in trust.worst_first(grade):
            st.markdown(f"{_MET[reason.met]} {plain(reason.text)}{_SAID[reason.met]}")
