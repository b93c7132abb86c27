"""What a sentence puts beside each other: two names, two periods, a name and the leader."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.trust import levels, periods
from core.trust.context import Group, Sentence
from core.trust.grid import GridColumn, Rows
from core.trust.ground import Ground
from core.trust.periods import Stretch
from core.trust.tokens import Token

_AGAINST = re.compile(
    r"\b(?:over|against|than|vs\.?|versus|with|to|on|from|of|behind|above|below|before|after)"
    r"(?: (?:that|those) (?:of|in))?(?: the| in)? $"
)
_LEADER = re.compile(r"\b(?:leader|the top|the largest|the best|the highest|first place)\b")


@dataclass(frozen=True)
class Pair:
    """Two levels that a sentence puts beside each other: `now` is compared with `then`."""

    column: GridColumn
    now: float
    then: float
    label: str


def of(ground: Ground, sentence: Sentence, token: Token) -> Iterator[Pair]:
    """The levels that the names of a sentence put beside each other, for each measure."""
    of = levels.measures(ground, sentence, token)
    for now, then, others, label in _sides(ground, sentence, token):
        for column in of:
            one = levels.value_of(ground, column, sentence.rows([now, *others]), [now, *others])
            two = levels.value_of(ground, column, sentence.rows([then, *others]), [then, *others])
            if one is not None and two is not None:
                yield Pair(column, one, two, f"{column.name}, {label}")


def _sides(
    ground: Ground, sentence: Sentence, token: Token
) -> Iterator[tuple[Group, Group, list[Group], str]]:
    groups = sentence.groups or (sentence.before if sentence.says("back") else [])
    for index in dict.fromkeys(g.column.index for g in groups):
        own = [g for g in groups if g.column.index == index]
        others = [g for g in groups if g.column.index != index]
        if len({g.column.index for g in others}) != len(others):
            continue
        if len(own) == 1 and own[0].stretch is not None:
            yield from _periods_before(ground, sentence, own[0], others)
        for first, second in _neighbours([*own, *_implied(ground, sentence, own)]):
            running = any(g.stretch and _is_running(ground, g.stretch) for g in (first, second))
            if running and not sentence.says("running"):
                continue
            now, then = _ordered(sentence, first, second)
            yield now, then, others, f"{_name(now)} against {_name(then)}"


def _ordered(sentence: Sentence, first: Group, second: Group) -> tuple[Group, Group]:
    """Which of two is compared with the other: told by the words before them, else by time."""
    if _AGAINST.search(sentence.low[max(sentence.part.start, second.start - 16) : second.start]):
        return first, second
    if _AGAINST.search(sentence.low[max(sentence.part.start, first.start - 16) : first.start]):
        return second, first
    if first.stretch and second.stretch and first.stretch.first < second.stretch.first:
        return second, first
    return first, second


def _implied(ground: Ground, sentence: Sentence, own: list[Group]) -> list[Group]:
    """What a lone name is compared with unsaid: the leader, or the name of the sentence before."""
    if len(own) != 1 or own[0].stretch is not None:
        return []
    index, main = own[0].column.index, ground.grid.main
    if _LEADER.search(sentence.text) and main is not None and not np.isnan(main.numbers).all():
        rows = np.array([int(np.nanargmax(main.numbers))], dtype=np.int64)
        return [Group(own[0].end, own[0].end, own[0].column, rows)]
    return [g for g in sentence.before if g.column.index == index][:1]


def _neighbours(groups: Sequence[Group]) -> Iterator[tuple[Group, Group]]:
    """Names beside each other; the first and the last of many as well."""
    yield from pairwise(groups)
    if len(groups) > 2:
        yield groups[0], groups[-1]


def _periods_before(
    ground: Ground, sentence: Sentence, group: Group, others: list[Group]
) -> Iterator[tuple[Group, Group, list[Group], str]]:
    """A period against the one before it, or against the same of the year before."""
    column, stretch, starts = group.column, group.stretch, group.column.starts
    unit = column.period
    if unit is None or stretch is None or starts is None:
        return
    if periods.beginning(stretch.first, unit) != stretch:
        return
    if _is_running(ground, stretch):
        return
    year = sentence.says("year")
    before = (
        periods.year_before(stretch.first, unit)
        if year
        else periods.shifted(stretch.first, unit, -1)
    )
    rows: Rows = np.array([i for i, d in enumerate(starts) if d == before], dtype=np.int64)
    if rows.size:
        then = Group(group.start, group.end, column, rows, periods.beginning(before, unit))
        yield group, then, others, f"{_name(group)} against {_name(then)}"


def _is_running(ground: Ground, stretch: Stretch) -> bool:
    return ground.calendar is not None and stretch.last >= ground.calendar.today


def _name(group: Group) -> str:
    return group.column.label(int(group.rows[0])) if group.rows.size else ""
