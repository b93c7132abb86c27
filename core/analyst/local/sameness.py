"""Whether two questions ask for the same, in other words, and which of their parts may differ.

Two roads: where the built-in analyst understands both, their plans are compared; else their
words are. On either, numbers, negations and quoted texts must be the same, and every word of one
must stand in the other or be explained. Doubt is settled against sameness: an answer that was
verified for one question must never be given to another one.
"""

import dataclasses
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from core.analyst.local import spans, wording
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Compare, Field, Plan, Window
from core.analyst.local.wording import Days, Wording

THRESHOLD: Final = 0.8
"""The least score of two questions that are held against each other by words alone. docs/answers.md
tells how it was measured, and why no score alone could tell them apart."""


@dataclass(frozen=True)
class Alike:
    """Two questions that ask for the same but for parameters.

    `windows` and `values` are those that differ: before and now. `column` is empty where words
    alone tell the window. `score` is 1 where nothing but small words differ. `same_phrases` says
    that the windows are said alike: only the day of asking moves them.
    """

    score: float
    windows: tuple[tuple[str, Days, Days], ...] = ()
    values: tuple[tuple[str, tuple[Any, ...], tuple[Any, ...]], ...] = ()
    same_phrases: bool = True


@dataclass(frozen=True)
class Asked:
    """One of the two: its words, the day on which it was asked, its plan where there is one."""

    text: str
    today: date
    plan: Plan | None = None


def alike(known: Asked, asked: Asked, lexicon: Lexicon) -> Alike | None:
    """How `asked` differs from `known`; None when it asks for something else, or may do so."""
    before, now = wording.of(known.text, known.today), wording.of(asked.text, asked.today)
    if before.said != now.said:
        return None
    found, left = wording.agreement(before, now, lexicon)
    if known.plan is None or asked.plan is None:
        fits = not left and found >= THRESHOLD and before.marks == now.marks
        alike_ones = _by_words(before, now, found) if fits else None
        return alike_ones and replace(alike_ones, same_phrases=before.phrases == now.phrases)
    values = {w for plan in (known.plan, asked.plan) for w in _words_of_values(plan)}
    heeded = all(word in values or wording.explained(word, lexicon) for word in left)
    if not heeded or _telling(before) != _telling(now):
        return None
    same = _by_plans(known.plan, asked.plan)
    return same and replace(same, same_phrases=before.phrases == now.phrases)


def score(known: str, asked: str, lexicon: Lexicon, today: date) -> float:
    """How alike the words of two questions are, from 0 to 1; 0 where a telling part differs."""
    before, now = wording.of(known, today), wording.of(asked, today)
    if before.said != now.said or before.marks != now.marks:
        return 0.0
    found, left = wording.agreement(before, now, lexicon)
    return 0.0 if left else found


_ONLY_WORDS: Final = ("label", "phrase", "unit", "chart")
_TELLING: Final = ("aggregate", "distinct", "share", "change", "new", "active", "operator")


def _by_words(before: Wording, now: Wording, found: float) -> Alike | None:
    """Alike where they name as many windows of time, of which the only one may differ."""
    if before.windows == now.windows:
        return Alike(found)
    if len(before.windows) != 1 or len(now.windows) != 1:
        return None
    return Alike(found, (("", before.windows[0], now.windows[0]),))


def _words_of_values(plan: Plan) -> set[str]:
    """The words of the values that a plan's own filters name."""
    return {
        word for _, values in _values(plan) for value in values for word in spans.value_key(value)
    }


def _telling(words: Wording) -> set[tuple[str, int]]:
    """Marks that a plan must have heeded; it is asked for by no other words."""
    return {mark for mark in words.marks if mark[0].partition(" ")[0] in _TELLING}


def _by_plans(before: Plan, now: Plan) -> Alike | None:
    """The same plan but for its own window of time and the values of its own filters."""
    if _shape(before) != _shape(now):
        return None
    windows = _differing(_windows(before), _windows(now))
    values = _differing(_values(before), _values(now))
    return None if windows is None or values is None else Alike(1.0, windows, values)


def _differing(before: list[Any], now: list[Any]) -> tuple[Any, ...] | None:
    """What differs, column by column; None where a column stands twice and so is not certain."""
    if before == now:
        return ()
    if len({name for name, _ in before}) != len(before):
        return None
    found = dict(now)
    return tuple((name, old, found[name]) for name, old in before if found[name] != old)


def _shape(plan: Plan) -> Any:
    free = tuple(sorted((_freed(c) for c in plan.conditions), key=repr))
    return _bare(replace(plan, conditions=free))


def _freed(condition: Any) -> Any:
    if isinstance(condition, Window):
        known = (condition.start is not None, condition.end is not None)
        return ("window", condition.field, known)
    if _is_filter(condition):
        return ("filter", condition.field)
    return _bare(condition)


def _is_filter(condition: Any) -> bool:
    return (
        isinstance(condition, Compare)
        and condition.operator in ("=", "in")
        and condition.aggregate is None
        and condition.grain is None
        and condition.other is None
        and bool(condition.values)
        and all(isinstance(value, str) for value in condition.values)
    )


def _windows(plan: Plan) -> list[tuple[str, Days]]:
    found = [c for c in plan.conditions if isinstance(c, Window)]
    return sorted(((_name(c.field), (c.start, c.end)) for c in found), key=repr)


def _values(plan: Plan) -> list[tuple[str, tuple[Any, ...]]]:
    found = [c for c in plan.conditions if isinstance(c, Compare) and _is_filter(c)]
    return sorted(((_name(c.field), c.values) for c in found), key=repr)


def _name(field: Field) -> str:
    return f"{field.table}.{field.column}"


def _bare(thing: Any) -> Any:
    """A plan without what is only for reading."""
    if isinstance(thing, tuple):
        return tuple(_bare(part) for part in thing)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return (
            type(thing).__name__,
            *(
                (f.name, _bare(getattr(thing, f.name)))
                for f in dataclasses.fields(thing)
                if f.name not in _ONLY_WORDS
            ),
        )
    return thing
