"""What an answer assumed, as chips that open and are changed in place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from app.problems import plain
from core import chips
from core.types import Chip

OWN, ALL_TIME = "Own dates", "All time"
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
MOST_ROWS: Final = 10_000
_TITLES: Final = {
    "measure": "Figure",
    "group": "Grouped by",
    "grain": "Periods",
    "time": "Time",
    "filter": "Only",
    "without": "Without",
    "limit": "Rows",
}


@dataclass(frozen=True)
class Change:
    """Answer again with one chip changed."""

    key: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Offer:
    """The chips of an answer, the day it is, and a look at what a filtered column holds."""

    chips: Sequence[Chip]
    today: date
    values: Callable[[str], Sequence[Any]]


def show(name: str, offer: Offer) -> Change | None:
    """Draw the chips of one answer under a name of its own; returns what is changed, if anything.

    Values are looked up only when the chip of a filter is opened.
    """
    if not offer.chips:
        return None
    wish: Change | None = None
    with st.container(horizontal=True, gap="small", key=f"chips-{name}"):
        for index, chip in enumerate(offer.chips):
            opened = st.popover(
                plain(chip.label),
                icon=":material/edit:",
                key=f"chip-{index}-{name}",
                on_change="rerun",
            )
            if opened.open:
                with opened:
                    wish = _editor(f"{index}-{name}", chip, offer) or wish
    return wish


def _editor(name: str, chip: Chip, offer: Offer) -> Change | None:
    title = _TITLES[chip.kind]
    chosen: tuple[Any, ...] | None
    match chip.kind:
        case "time":
            chosen = _window(name, chip, offer.today)
        case "filter" | "without":
            chosen = _values(name, chip, offer.values(chip.column))
        case "limit":
            chosen = _rows(name, chip)
        case _:
            words = dict(chip.options)
            keys = list(words)
            at = keys.index(chip.values[0]) if chip.values[0] in words else 0
            picked = st.selectbox(
                title, keys, at, format_func=lambda key: words[key], key=f"pick-{name}"
            )
            chosen = (picked,)
    # Never disabled: a number just typed only counts when its field is left, by this very click.
    if st.button("Apply", type="primary", key=f"apply-{name}") and chosen is not None:
        if chosen != chip.values:
            return Change(chip.key, chosen)
        st.caption("That is what it says now.")
    return None


def _window(name: str, chip: Chip, today: date) -> tuple[date | None, date | None] | None:
    """A ready period, own dates, or all time; None while a second date is still to be chosen."""
    ready = chips.times.ready(today)
    names = [*ready, OWN, ALL_TIME]
    known = next((label for label, days in ready.items() if days == chip.values), OWN)
    picked = st.selectbox("Time", names, names.index(known), key=f"period-{name}")
    if picked == ALL_TIME:
        return (None, None)
    if picked != OWN:
        days = ready[picked]
        st.caption(plain(chips.times.label(*days)))
        return days
    since, last = chip.values
    first = min(max(since or last or today, EARLIEST), LATEST)
    until = min(max(last or max(first, today), first), LATEST)
    given = st.date_input(
        "First and last day",
        (first, until),
        min_value=EARLIEST,
        max_value=LATEST,
        key=f"days-{name}",
    )
    if not isinstance(given, tuple) or len(given) != 2:
        st.caption("Choose the last day too.")
        return None
    if given == (first, until):
        return (since, last)
    return (given[0], given[1])


def _values(name: str, chip: Chip, held: Sequence[Any]) -> tuple[Any, ...]:
    """Values of the column; texts that are not among them may be typed."""
    texts = all(isinstance(value, str) for value in chip.values)
    options = list(dict.fromkeys([*held, *chip.values]))
    picked = st.multiselect(
        _TITLES[chip.kind],
        options,
        list(chip.values),
        format_func=lambda value: str(value) or "(empty)",
        accept_new_options=texts,
        key=f"values-{name}",
    )
    st.caption("Without any value the filter is taken away.")
    return tuple(picked)


def _rows(name: str, chip: Chip) -> tuple[int, ...]:
    every = st.checkbox("All rows", key=f"every-{name}")
    rows = st.number_input(
        "Rows", 1, MOST_ROWS, min(chip.values[0], MOST_ROWS), disabled=every, key=f"rows-{name}"
    )
    return () if every else (int(rows),)
