"""The built-in analyst: understands questions by grammar and schema, without a network."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.analyst.base import Described, Desk
from core.analyst.local import (
    charts,
    describe,
    grounding,
    insight,
    lexicon,
    reading,
    render,
    smalltalk,
    spans,
    suggestions,
    terms,
    understanding,
)
from core.analyst.local import words as wording
from core.analyst.local.lexicon import Lexicon, Meaning
from core.analyst.local.plan import Field, dump, load
from core.analyst.local.understanding import Understood
from core.errors import DataMindError, QueryCancelled
from core.types import (
    Cannot,
    Choice,
    Draft,
    Facts,
    Insight,
    Option,
    Outcome,
    Question,
    Table,
)

LONGEST_UNDERSTOOD = 600
LONGEST_QUOTED = 40


class LocalAnalyst:
    """An analyst that needs neither key nor network, and says when it does not understand.

    Deterministic: the same question on the same schema and day has the same answer.
    """

    name = "local"

    def draft(self, question: Question, desk: Desk) -> Outcome:
        """A query with its reading, a choice, a refusal with reasons, or a reply."""
        if desk.cancelled():
            raise QueryCancelled("The question was stopped.")
        if question.terms:
            return terms.drafted(self, question, desk)
        question = replace(question, text=wording.cleaned(question.text))
        words = lexicon.of(question.schema)
        offered = suggestions.from_schema(words)
        talk = smalltalk.answer(question.text, words, offered)
        if talk:
            return talk
        if len(question.text) > LONGEST_UNDERSTOOD:
            return Cannot(
                "This is too long for me to read as one question. Please ask one thing at a time.",
                tuple(offered[:3]),
            )
        desk.emit("Reading the question")
        understood = understanding.understand(question, words, _value_finder(words, desk))
        if understood.grounded is None:
            return _cannot(understood, words)
        return self._outcome(question, understood, words)

    def explain(self, question: Question, draft: Draft, facts: Facts, desk: Desk) -> Insight:
        """The answer in words, from the facts alone, with questions that can come next."""
        words = lexicon.of(question.schema)
        return insight.write(question, draft, facts, _next_questions(draft, words))

    def describe(self, tables: Sequence[Table], desk: Desk) -> tuple[Described, ...]:
        """Descriptions and business terms from the names of tables and columns."""
        return describe.tables(tables)

    def _outcome(self, question: Question, understood: Understood, words: Lexicon) -> Outcome:
        grounded = understood.grounded
        assert grounded
        for span, one, other in grounded.ties[:1]:
            options = tuple(_option(question.text, span.text, f, words) for f in (one, other))
            if options[0].label != options[1].label:
                return Choice(f"“{span.text}” is kept in two places. Which do you mean?", options)
        plan = grounded.plan
        told = list(dict.fromkeys(grounded.assumptions))
        told += [f"I read “{typed}” as “{meant}”." for typed, meant in understood.reading.corrected]
        told += reading.gaps(plan, words)
        running = reading.running(plan, question.today)
        if running:
            told.append(running)
        aliases = render.Renderer(words).aliases(plan)
        return Draft(
            sql=render.sql(plan, words),
            reading=reading.of(plan, words),
            assumptions=tuple(told),
            plan=dump(plan),
            title=reading.title(plan),
            chart=charts.fitting(plan, aliases),
        )


def _cannot(understood: Understood, words: Lexicon) -> Cannot:
    missing = understood.reason.words if understood.reason else ()
    missing = tuple(dict.fromkeys((*missing, *understood.reading.unknown)))
    said = understood.reason.reason if understood.reason else ""
    if missing:
        named = ", ".join(f"“{_short(word)}”" for word in missing[:4])
        said = said or f"I found nothing for {named} in this data."
    near = tuple(
        dict.fromkeys(
            m.table for s in understood.reading.spans for m in s.meanings if m.score > 0.8
        )
    )
    offered = suggestions.from_schema(words, near)[:3]
    reason = (said or "I did not understand the question.").strip()
    return Cannot(reason, tuple(offered), missing=bool(missing))


def _short(word: str) -> str:
    return word if len(word) <= LONGEST_QUOTED else word[:LONGEST_QUOTED] + "…"


def _option(text: str, word: str, at: Field, words: Lexicon) -> Option:
    named = f"{lexicon.said(at.table)} {lexicon.said(at.column)}"
    asked = re.sub(re.escape(word), named, text, count=1, flags=re.IGNORECASE)
    return Option(f"{lexicon.said(at.column)} of {lexicon.said(at.table)}", asked)


def _value_finder(words: Lexicon, desk: Desk) -> spans.FindValues:
    spoken_of: dict[str, list[str]] = lexicon.vocabulary("synonyms")["demonyms"]

    def places(text: str) -> list[str]:
        return [name for name in spoken_of.get(text.lower(), ()) if len(name) > 2]

    def find(texts: Sequence[str]) -> dict[str, tuple[Meaning, ...]]:
        asked = [name for text in texts for name in (text, *places(text))]
        found = {name: tuple(words.values.get(spans.value_key(name), ())) for name in asked}
        unseen = [n for n, known in found.items() if not known and len(n) > 1 and _lettered(n)]
        for name, stored in _stored(unseen, words, desk).items():
            found[name] = stored
        return {t: found[t] or tuple(m for p in places(t) for m in found[p]) for t in texts}

    return find


def _lettered(text: str) -> bool:
    return any(c.isalpha() for c in text) or wording.is_code(text)


def _stored(texts: Sequence[str], words: Lexicon, desk: Desk) -> dict[str, tuple[Meaning, ...]]:
    """The values that the database holds for texts, with one look."""
    if not texts:
        return {}
    try:
        hits = desk.find_values(*texts)
    except QueryCancelled:
        raise
    except DataMindError:
        return {}
    found: dict[lexicon.Phrase, list[Meaning]] = {}
    for hit in hits:
        if Field(hit.table, hit.column) in words.roles:
            key = spans.value_key(hit.value)
            found.setdefault(key, []).append(Meaning(hit.table, hit.column, hit.value))
    return {text: tuple(found.get(spans.value_key(text), ())) for text in texts}


def _next_questions(draft: Draft, words: Lexicon) -> list[str]:
    """Follow-ups that this analyst answers, from what the plan leaves open."""
    if draft.plan is None:
        return suggestions.from_schema(words)[:3]
    try:
        plan = load(draft.plan)
    except ValueError:
        return []
    offered: list[str] = []
    if plan.measures and not plan.versus and not plan.average:
        shown = {g.field for g in plan.groups}
        table = plan.measures[0].table
        for owner in (table, *(s.other for s in words.joins.steps(table) if s.to_one)):
            split = suggestions.category(owner, words)
            if split and split not in shown:
                offered.append(f"And by {lexicon.said(split.column)}?")
                break
        if not plan.grain and grounding.dated(table, words) and plan.limit != 1:
            offered.append("By month")
        if plan.groups and not plan.grain and not plan.limit:
            offered.append("Top 5")
        if plan.window and plan.window.unit != "year":
            offered.append("Same for last year")
    return [o for o in offered if o][:3] or suggestions.from_schema(words)[:3]
