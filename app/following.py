"""Long work on the screen: it runs on a thread, and its steps are shown as they come."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from app.problems import plain

LOOK_SECONDS = 0.2
Result = TypeVar("Result")
Tell = Callable[[str], None]


def followed(label: str, work: Callable[[Tell], Result]) -> Result:
    """Do the work and show its last step and the seconds; raises what the work raises.

    The work must not draw. It goes on to its end when the person leaves the screen.
    """
    steps = [label]
    outcome: list[Result] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work(steps.append))
        except BaseException as problem:
            problems.append(problem)

    worker = threading.Thread(target=run, daemon=True)
    began = time.monotonic()
    place = st.empty()
    worker.start()
    while worker.is_alive():
        worker.join(LOOK_SECONDS)
        seconds = time.monotonic() - began
        told = f" · {seconds:.0f} s" if seconds >= 1 else ""
        place.markdown(f":material/hourglass_top: {plain(steps[-1])} …{told}")
    place.empty()
    if problems:
        raise problems[0]
    return outcome[0]
