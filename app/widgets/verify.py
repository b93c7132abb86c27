"""Standing for an answer: one click, or the question written out; and what stands behind one."""

from dataclasses import dataclass

import streamlit as st

from app.problems import plain
from core.conversations import Message
from core.types import VerifiedBy


@dataclass(frozen=True)
class Verify:
    """Stand for the answer, under the question that was asked or under these words."""

    question: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of an answer: whether it is kept as verified already, and whether its
    question must be written out first."""

    kept: bool = False
    leans: bool = False


def button(message: Message, standing: Standing) -> Verify | None:
    """The button among what can be done with an answer."""
    if standing.kept:
        st.caption(
            ":material/verified: In the Library",
            help="Who asks for the same gets this answer. The Library lists it.",
            width="content",
        )
        return None
    pressed = st.button(
        "Verify",
        icon=":material/verified:",
        key=f"verify-{message.id}",
        help="Stand for this answer: who asks for the same gets it at once, marked as verified.",
    )
    return Verify() if pressed else None


def written_out(message: Message, question: str) -> Verify | None:
    """The form for a question that only makes sense after the ones before it."""
    with st.form(f"written-out-{message.id}"):
        words = st.text_input(
            "The question, so that it says the same on its own", question, max_chars=500
        )
        return Verify(words) if st.form_submit_button("Verify", type="primary") else None


def matched(name: str, by: VerifiedBy) -> None:
    """Which verified question an answer matches, who stands for it, and what is new."""
    owner = f" · verified by {by.owner}" if by.owner else ""
    anew = f" · asked now with {' and '.join(by.bound)}" if by.bound else ""
    with st.container(key=f"matched-{name}"):
        st.caption(f":material/verified: {plain(f'“{by.question}”{owner}{anew}')}")
