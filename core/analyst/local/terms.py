"""An organization's own terms: read once as conditions or as another word, then heeded.

“Active customer” that means “ordered in the last 90 days” is read as the list of such customers;
its conditions narrow the question that names it. “Turnover” that means “revenue” is put in its
place. A term that the built-in analyst cannot read is said, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.analyst.base import Analyst, Desk
from core.analyst.local import definitions, reading, render, spans, suggestions, words
from core.analyst.local import lexicon as lexicons
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Compare, Condition, Plan, dump, load
from core.types import Cannot, Draft, Outcome, Question, Term

_JOINTS: Final = ("who", "that", "with", "whose", "", "in", "from")


@dataclass(frozen=True)
class Meant:
    """How a term is read: conditions on rows of `base`, or another word to put in its place."""

    term: Term
    base: str = ""
    conditions: tuple[Condition, ...] = ()
    instead: str = ""
    told: str = ""
    calculated: bool = False


def named(text: str, terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms that a text names, the longest first; none inside of another."""
    said = _lemmas(text)
    found: list[Term] = []
    for term in sorted(terms, key=lambda t: -len(_lemmas(t.term))):
        wanted = _lemmas(term.term)
        at = _place(said, wanted)
        if wanted and at is not None:
            found.append(term)
            said = [*said[:at], *[""] * len(wanted), *said[at + len(wanted) :]]
    return tuple(found)


def drafted(analyst: Analyst, question: Question, desk: Desk) -> Outcome:
    """The outcome of a question with its terms heeded. Raises QueryCancelled."""
    plain = replace(question, terms=())
    used = named(question.text, question.terms)
    if not used:
        return analyst.draft(plain, desk)
    known = lexicons.of(question.schema)
    text, narrowing = question.text, list[Meant]()
    for term in used:
        meant = read(analyst, plain, term, desk)
        if meant is None:
            return Cannot(f"The glossary says that {_says(term)}, which I cannot read.")
        if meant.calculated:
            text = f"{text.rstrip()} ({term.term} = {term.meaning})"
            continue
        text = _replaced(text, term, meant)
        narrowing += [meant] if meant.conditions else []
    outcome = analyst.draft(replace(plain, text=text), desk)
    if not isinstance(outcome, Draft) or not narrowing:
        return outcome
    narrowed = _narrowed(outcome, narrowing, known)
    return narrowed or Cannot(
        f"I cannot tell what “{narrowing[0].term.term}” narrows down in this question."
    )


def read(analyst: Analyst, question: Question, term: Term, desk: Desk) -> Meant | None:
    """How the built-in analyst reads a term's meaning; None where it cannot."""
    known = lexicons.of(question.schema)
    if _is_calculated(analyst, question, term, desk):
        return Meant(term, told=f"calculated as {term.meaning}", calculated=True)
    meaning = tuple(_lemmas(term.meaning))
    if known.meanings(meaning) or meaning in spans.metric_words():
        return Meant(term, instead=term.meaning, told=f"another word for {term.meaning}")
    if _is_figure(analyst, question, term.meaning, desk):
        return Meant(term, instead=term.meaning, told=f"another word for {term.meaning}")
    head = _lemmas(term.term)[-1:]
    noun = suggestions.plural(head[0]) if head else ""
    asked = [f"List of {noun} {joint} {term.meaning}" for joint in _JOINTS] if noun else []
    for text in (*asked, f"List of {term.meaning}"):
        plan = _listed(analyst, question, text, desk)
        if plan is not None and (text not in asked or _means(head[0], plan, known)):
            instead = "" if text in asked else suggestions.plural(lexicons.said(plan.base))
            told = reading.of(plan, known)
            return Meant(term, plan.base, plan.conditions, instead, told)
    return None


def _is_calculated(analyst: Analyst, question: Question, term: Term, desk: Desk) -> bool:
    """Whether a meaning is arithmetic over figures: revenue / number of orders."""
    if not definitions.Term(term.term, term.meaning).calculated:
        return False
    asked = f"What is the {term.term}? ({term.term} = {term.meaning})"
    outcome = analyst.draft(replace(question, text=asked, terms=(), history=()), desk)
    return isinstance(outcome, Draft)


def _is_figure(analyst: Analyst, question: Question, meaning: str, desk: Desk) -> bool:
    """Whether a meaning is a figure on its own: average order value."""
    outcome = analyst.draft(replace(question, text=meaning, terms=(), history=()), desk)
    if not isinstance(outcome, Draft) or outcome.plan is None:
        return False
    plan = load(outcome.plan)
    return bool(plan.measures) and not (plan.conditions or plan.groups or plan.having)


def _listed(analyst: Analyst, question: Question, text: str, desk: Desk) -> Plan | None:
    """The plan of a list with conditions and nothing else."""
    outcome = analyst.draft(replace(question, text=text, terms=(), history=()), desk)
    if not isinstance(outcome, Draft) or outcome.plan is None:
        return None
    if any(told.startswith("I read “") for told in outcome.assumptions):
        return None
    plan = load(outcome.plan)
    plain = not (plan.measures or plan.having or plan.limit or plan.then or plan.distinct)
    held = [
        c.field for c in plan.conditions if isinstance(c, Compare) and c.operator in ("=", "in")
    ]
    sure = len(held) == len(set(held))  # a column that must be two things at once was misread
    return plan if plain and sure and plan.conditions else None


def _means(word: str, plan: Plan, known: Lexicon) -> bool:
    meanings = known.meanings((word,))
    return word in lexicons.spoken(plan.base) or any(
        m.table == plan.base and m.score > 0.7 for m in meanings
    )


def _narrowed(draft: Draft, meanings: Sequence[Meant], known: Lexicon) -> Draft | None:
    """The draft with the conditions of the terms on its plan; None where they do not reach."""
    if draft.plan is None:
        return None
    plan = load(draft.plan)
    start = plan.measures[0].table if plan.measures else plan.base
    for meant in meanings:
        if start != meant.base and known.joins.path(start, meant.base, True) is None:
            return None
        plan = replace(plan, conditions=(*plan.conditions, *meant.conditions))
    try:
        sql = render.sql(plan, known)
    except render.NoPath:
        return None
    only = " and ".join(f"“{meant.term.term}”" for meant in meanings)
    told = f"{reading.of(plan, known)}, only {only}"
    return replace(draft, sql=sql, reading=told, plan=dump(plan))


def _replaced(text: str, term: Term, meant: Meant) -> str:
    """The text with a term's meaning, or with the noun that it ends in, in its place."""
    wanted = _lemmas(term.term)
    tokens = words.tokens(words.cleaned(text))
    at = _place([t.lemma for t in tokens], wanted)
    if at is None:
        return text
    instead = meant.instead or tokens[at + len(wanted) - 1].text
    kept = [t.text if not t.quoted else f'"{t.text}"' for t in tokens]
    return " ".join([*kept[:at], instead, *kept[at + len(wanted) :]])


def _says(term: Term) -> str:
    return f"“{term.term}” means “{term.meaning}”"


def _lemmas(text: str) -> list[str]:
    return [t.lemma for t in words.tokens(words.cleaned(text)) if not t.stop]


def _place(said: Sequence[str], wanted: Sequence[str]) -> int | None:
    length = len(wanted)
    places = (i for i in range(len(said) - length + 1) if list(said[i : i + length]) == [*wanted])
    return next(places, None) if length else None
