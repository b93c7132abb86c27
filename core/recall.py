"""Recalling a verified answer for a question that asks for the same, bound to its own period."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core import chips, formats, guard, query
from core.analyst.base import Desk
from core.analyst.local import lexicon, plan, sameness, terms, wording
from core.analyst.local.sameness import Alike, Asked
from core.datamind import DataMind
from core.errors import BadInput, DataMindError, QueryCancelled, UnsafeSql
from core.trust import Case
from core.types import Actor, Chip, Draft, Grade, Query, Question, Reason, VerifiedBy
from core.verified import Verified

MOST_COMPARED: Final = 8
LEAST_NEAR: Final = 0.5
"""The share of words that must agree before two questions are read with care."""


@dataclass(frozen=True)
class Recalled:
    """A verified answer that fits a question. `bound` says what was put in anew, in words."""

    verified: Verified
    draft: Draft
    bound: tuple[str, ...] = ()


def find(
    dm: DataMind, actor: Actor, question: Question, desk: Desk, kept: Sequence[Verified]
) -> Recalled | None:
    """The verified answer for this question, or None where none surely asks for the same.

    Its SQL is bound to the question's own period and filter values where they differ, on the
    tree and proven by a new reading (core/chips); where that cannot be, it is not recalled.
    Raises QueryCancelled.
    """
    near = [one for one in _near(question.text, kept) if not _outdated(one, question)]
    if not near:
        return None
    own = _drafted(dm, question, desk)
    if question.history and _means_more(dm, question, desk, own):
        return None
    words = lexicon.of(question.schema)
    asked = Asked(question.text, question.today, _plan(own))
    found: list[tuple[float, Recalled]] = []
    for one in near:
        then = replace(question, text=one.question, today=one.asked_on, history=())
        known = Asked(one.question, one.asked_on, _plan(_drafted(dm, then, desk)))
        fit = sameness.alike(known, asked, words)
        recalled = _bound(dm, actor, question, one, fit) if fit else None
        if fit and recalled:
            recalled = _with_plan(recalled, own)
            found.append((fit.score - 0.1 * len(recalled.bound), recalled))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _outdated(one: Verified, question: Question) -> bool:
    """Whether a word of the verified question has got another meaning since."""
    used = terms.named(one.question, question.terms)
    return any(t.changed_at is not None and t.changed_at > one.verified_at for t in used)


def graded(case: Case, recalled: Recalled) -> Grade:
    """Verified, with what was put in anew; where there is no figure the rules decide."""
    if case.facts.empty:
        return case.grade()
    grade = case.grade(verified=recalled.verified.question)
    anew = f"Asked now with {' and '.join(recalled.bound)}; all else is as it was verified."
    return replace(grade, reasons=(*grade.reasons, Reason(anew))) if recalled.bound else grade


def told(recalled: Recalled) -> VerifiedBy:
    """What is kept with the answer: the matched question, who stands for it, what is new."""
    return VerifiedBy(recalled.verified.question, recalled.verified.owner, recalled.bound)


def resembling(words: str, kept: Sequence[Verified], limit: int) -> tuple[Verified, ...]:
    """Verified answers that share the most words with these, as examples and suggestions."""
    return tuple(_near(words, kept, least=0.3)[:limit])


def _near(text: str, kept: Sequence[Verified], least: float = LEAST_NEAR) -> list[Verified]:
    ranked = [(wording.nearness(one.question, text), one) for one in kept if not one.broken]
    ranked = sorted((pair for pair in ranked if pair[0] >= least), key=lambda pair: -pair[0])
    return [one for _, one in ranked[:MOST_COMPARED]]


def _drafted(dm: DataMind, question: Question, desk: Desk) -> Draft | None:
    """What the built-in analyst makes of a question on its own."""
    try:
        outcome = dm.analysts.local.draft(replace(question, history=()), desk)
    except QueryCancelled:
        raise
    except DataMindError:
        return None
    return outcome if isinstance(outcome, Draft) else None


def _plan(drafted: Draft | None) -> plan.Plan | None:
    return plan.load(drafted.plan) if drafted and drafted.plan else None


def _means_more(dm: DataMind, question: Question, desk: Desk, own: Draft | None) -> bool:
    """Whether the conversation before gives the question another meaning than its words have."""
    outcome = dm.analysts.local.draft(question, desk)
    if not isinstance(outcome, Draft) or outcome.plan is None:
        return own is not None
    return plan.load(outcome.plan) != _plan(own)


def _with_plan(recalled: Recalled, own: Draft | None) -> Recalled:
    """With the plan that follow-ups edit, where the analyst would have written the same SQL."""
    if own is None or own.sql != recalled.draft.sql:
        return recalled
    return replace(recalled, draft=replace(recalled.draft, plan=own.plan))


def _bound(
    dm: DataMind, actor: Actor, question: Question, one: Verified, fit: Alike
) -> Recalled | None:
    """The answer with the question's own period and values; None where they cannot be put in."""
    sql, told = one.sql, list[str]()
    try:
        for kind, name, before, now in _changes(one, question, fit):
            chip = _chip(one, question, kind, name, before)
            sql = chips.edited(sql, question.schema, question.today, chip, now)
            told.append(_in_words(kind, now))
        query.check(dm, actor, Query(one.connection_id, sql), known=question.schema)
        reading = chips.in_words(sql, question.schema, question.today) if told else one.reading
    except (BadInput, UnsafeSql, LookupError):
        return None
    title = one.chart.title if one.chart and not told else ""
    draft = Draft(sql, reading, title=title or one.question, chart=one.chart)
    return Recalled(one, draft, tuple(told))


def _changes(one: Verified, question: Question, fit: Alike) -> list[tuple[Any, ...]]:
    """What must be put in anew. Raises LookupError where the SQL moves with the days and the
    question does not."""
    values = [("filter", *change) for change in fit.values]
    windows = [("time", *change) for change in fit.windows]
    if one.asked_on == question.today or not _moves(one, question):
        return windows + values
    if fit.windows and fit.same_phrases:
        return values
    if not fit.windows:
        raise LookupError("the window moves")
    return windows + values


def _moves(one: Verified, question: Question) -> bool:
    """Whether the SQL's window of time depends on the day on which it runs."""
    safe = guard.check(one.sql, question.schema.guarded_as)
    return any(p.relative for p in guard.reading(safe, question.schema).periods)


def _chip(
    one: Verified, question: Question, kind: str, column: str, values: tuple[Any, ...]
) -> str:
    """The key of the only chip that says what the verified question says. Raises LookupError."""
    offered = chips.chips(one.sql, question.schema, one.asked_on)
    fitting = [
        c.key
        for c in offered
        if c.kind == kind and (not column or c.column == column) and _says(c, values)
    ]
    if len(fitting) != 1:
        raise LookupError(column)
    return fitting[0]


def _says(chip: Chip, values: tuple[Any, ...]) -> bool:
    if chip.kind == "time":
        return chip.values == values
    return {str(v) for v in chip.values} == {str(v) for v in values}


def _in_words(kind: str, now: tuple[Any, ...]) -> str:
    if kind == "time":
        return chips.times.label(*now)
    return ", ".join(formats.shortened(str(value), 40) for value in now)
