"""The built-in analyst: understands questions by grammar and schema, without a network."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.analyst.base import Described, Desk
from core.analyst.local import (
    charts,
    clauses,
    describe,
    followups,
    grounding,
    insight,
    lexicon,
    reading,
    render,
    smalltalk,
    spans,
    suggestions,
    walk,
)
from core.analyst.local import words as wording
from core.analyst.local.grounding import Grounded, NotGrounded
from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon, Meaning
from core.analyst.local.plan import Field, Plan, dump, load
from core.analyst.local.spans import Reading
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


@dataclass(frozen=True)
class _Understood:
    """A question as far as it got: its spans, and a plan or the reason why there is none."""

    reading: Reading
    grounded: Grounded | None
    reason: NotGrounded | None = None


class LocalAnalyst:
    """An analyst that needs neither key nor network, and says when it does not understand.

    Deterministic: the same question on the same schema and day has the same answer.
    """

    name = "local"

    def draft(self, question: Question, desk: Desk) -> Outcome:
        """A query with its reading, a choice, a refusal with reasons, or a reply."""
        if desk.cancelled():
            raise QueryCancelled("The question was stopped.")
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
        understood = self._understand(question, words, desk)
        if understood.grounded is None:
            return _cannot(understood, words)
        return self._outcome(question, understood, words)

    def explain(self, question: Question, draft: Draft, facts: Facts, desk: Desk) -> Insight:
        """The answer in words, from the facts alone, with questions that can come next."""
        words = lexicon.of(question.schema)
        return insight.write(question, draft, facts, _next_questions(draft, words))

    def describe(self, tables: Sequence[Table]) -> tuple[Described, ...]:
        """Descriptions and business terms from the names of tables and columns."""
        return describe.tables(tables)

    def _understand(self, question: Question, words: Lexicon, desk: Desk) -> _Understood:
        read = spans.read(question.text, words, question.today, _value_finder(words, desk))
        intent = walk.understand(read, words)
        before = _plan_before(question)
        if before is not None and followups.looks_like_one(question.text, intent, read):
            edited = _edited(before, intent, read, words, question)
            if edited is not None:
                return _Understood(read, edited)
            intent = walk.understand(read, words)
        if _relational(read):
            grounded = _by_clauses(read, words, question)
            if grounded is not None:
                return _Understood(read, grounded)
        missing = _essential(read)
        if missing:
            return _Understood(read, None, NotGrounded("", missing))
        try:
            grounded = grounding.ground(intent, read, words, question.today)
            render.sql(grounded.plan, words)
        except NotGrounded as reason:
            return _Understood(read, None, reason)
        except render.NoPath as gap:
            told = f"{lexicon.said(gap.start)} and {lexicon.said(gap.end)} are not connected."
            return _Understood(read, None, NotGrounded(told.capitalize()))
        return _Understood(read, grounded)

    def _outcome(self, question: Question, understood: _Understood, words: Lexicon) -> Outcome:
        grounded = understood.grounded
        assert grounded
        for span, one, other in grounded.ties[:1]:
            options = tuple(_option(question.text, span.text, f, words) for f in (one, other))
            if options[0].label != options[1].label:
                return Choice(f"“{span.text}” is kept in two places. Which do you mean?", options)
        plan = grounded.plan
        told = list(dict.fromkeys(grounded.assumptions))
        told += [f"I read “{typed}” as “{meant}”." for typed, meant in understood.reading.corrected]
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


def _by_clauses(read: Reading, words: Lexicon, question: Question) -> Grounded | None:
    """The question as a tree of clauses, or None when it does not fit the schema so."""
    try:
        grounded = clauses.understand(read, words, question.today)
        render.sql(grounded.plan, words)
    except (NotGrounded, render.NoPath):
        return None
    return grounded


_MANAGING = {"metric", "share", "change", "trend", "new", "active", "rate"}


_TALKING = {"what", "which", "who", "whose", "where", "when", "how", "list", "show", "find", "give",
            "return", "display", "count", "for", "tell", "provide", "in", "on", "of", "are", "is",
            "please", "select", "name", "get", "compute", "calculate", "report", "identify",
            "describe", "retrieve", "state", "among", "whom", "i"}  # fmt: skip


def _relational(read: Reading) -> bool:
    """Whether a question is a sentence about things, not a figure over time in note form."""
    first = next((t.lemma for t in read.tokens if not t.stop), "")
    if first not in _TALKING:
        return False
    for span in read.spans:
        if span.kind in _MANAGING and not (span.kind == "metric" and span.best("column") > 0.75):
            return False
        if span.time and (span.time.period is None or span.time.against or span.time.ends):
            return False
        if span.time and not any(
            (t.number or 0) > 1000 or t.text[:4].isdigit()
            for t in read.tokens[span.first : span.last]
        ):
            return False
    return True


def _plan_before(question: Question) -> Plan | None:
    for turn in reversed(question.history):
        if turn.plan:
            try:
                return load(turn.plan)
            except ValueError:
                continue
    return None


def _edited(
    before: Plan, intent: Intent, read: Reading, words: Lexicon, question: Question
) -> Grounded | None:
    try:
        edited = followups.edit(before, intent, read, words, question.today)
        if edited is None:
            return None
        render.sql(edited.plan, words)
    except (NotGrounded, render.NoPath, KeyError, AssertionError):
        return None
    return Grounded(edited.plan, list(edited.assumptions))


def _essential(read: Reading) -> tuple[str, ...]:
    """Words that nothing explains and that the answer would have to respect."""
    return tuple(w for w in read.unknown if not _only_colours(w))


def _only_colours(word: str) -> bool:
    """A verb form between known words rarely changes what is counted: produced, weighing."""
    telling = word.lower() in lexicon.vocabulary("cues")["telling"]["words"]
    return not telling and word.islower() and len(word) > 4 and word.endswith(("ed", "ing"))


def _cannot(understood: _Understood, words: Lexicon) -> Cannot:
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
    return Cannot((said or "I did not understand the question.").strip(), tuple(offered))


def _short(word: str) -> str:
    return word if len(word) <= LONGEST_QUOTED else word[:LONGEST_QUOTED] + "…"


def _option(text: str, word: str, at: Field, words: Lexicon) -> Option:
    named = f"{lexicon.said(at.table)} {lexicon.said(at.column)}"
    asked = re.sub(re.escape(word), named, text, count=1, flags=re.IGNORECASE)
    return Option(f"{lexicon.said(at.column)} of {lexicon.said(at.table)}", asked)


def _value_finder(words: Lexicon, desk: Desk) -> Callable[[str], Sequence[Meaning]]:
    def find(text: str) -> Sequence[Meaning]:
        known = words.values.get(spans.value_key(text))
        if known:
            return known
        if len(text) < 2 or not any(c.isalpha() for c in text):
            return ()
        try:
            hits = desk.find_values(text)
        except QueryCancelled:
            raise
        except DataMindError:
            return ()
        wanted = spans.value_key(text)
        exact = [
            Meaning(h.table, h.column, h.value)
            for h in hits
            if spans.value_key(h.value) == wanted and Field(h.table, h.column) in words.roles
        ]
        if exact or text.lower() not in spoken_of:
            return exact
        return [m for name in spoken_of[text.lower()] if len(name) > 2 for m in find(name)]

    spoken_of: dict[str, list[str]] = lexicon.vocabulary("synonyms")["demonyms"]
    return find


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
