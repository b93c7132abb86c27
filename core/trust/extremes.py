"""Highest and lowest: of the rows that are named, and whether a row is what it is called."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

from core.trust import periods
from core.trust.context import Sentence
from core.trust.cues import LEAST, MOST, NOT_THE_MOST
from core.trust.grid import GridColumn, Rows
from core.trust.ground import Ground
from core.trust.rounding import fits
from core.trust.tokens import Token
from core.types import Source


def of_rows(
    sentence: Sentence, token: Token, rows: Rows, of: Sequence[GridColumn], label: str
) -> Source | None:
    """The highest, lowest or average of some rows, where the sentence speaks of it."""
    wanted: list[tuple[str, str]] = []
    if sentence.says("high") or sentence.says("range"):
        wanted.append(("highest", "max"))
    if sentence.says("low") or sentence.says("range"):
        wanted.append(("lowest", "min"))
    if sentence.says("mean"):
        wanted.append(("average", "mean"))
    for column in of:
        numbers = column.numbers[rows]
        if np.isnan(numbers).all():
            continue
        for word, how in wanted:
            with np.errstate(over="ignore"):
                number = float(getattr(np, f"nan{how}")(numbers))
            if fits(token, number):
                return Source("fact", f"{word} {column.name}, {label}", column.name)
    return None


def is_as_called(
    ground: Ground, sentence: Sentence, token: Token, column: GridColumn, row: int
) -> bool:
    """Whether a row that is called the highest or lowest is that by the figure told of it."""
    text = sentence.segment_text(token)
    most, least = (_unweakened(pattern, text) for pattern in (MOST, LEAST))
    if most == least or not column.measure:
        return True
    number = column.numbers[row]
    if most:
        return not bool((column.numbers > number).any())
    lower = np.flatnonzero(column.numbers < number).tolist()
    running = ground.calendar.today if ground.calendar else None
    return all(running is not None and _is_late(ground, r, running) for r in lower)


def _unweakened(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a superlative stands there that is not "the second highest" or "one of the"."""
    return any(not NOT_THE_MOST.search(text[: m.start()]) for m in pattern.finditer(text))


def _is_late(ground: Ground, row: int, today: date) -> bool:
    """Whether a row is of a period that is not over."""
    for column in ground.grid.times:
        starts, unit = column.starts, column.period
        start = starts[row] if starts else None
        if unit and start and periods.beginning(start, unit).last >= today:
            return True
    return False
