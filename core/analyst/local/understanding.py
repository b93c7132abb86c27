"""From a question to a plan: a follow-up, a sentence as a tree of clauses, or a manager's notes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.analyst.local import (
    clauses,
    continuing,
    coverage,
    definitions,
    followups,
    frames,
    grounding,
    lexicon,
    metrics,
    paraphrases,
    recollecting,
    render,
    spans,
    walk,
)
from core.analyst.local.definitions import Term
from core.analyst.local.frames import Frame, outputs
from core.analyst.local.frames.outputs import Shown
from core.analyst.local.grounding import Grounded, NotGrounded
from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Compare, Plan, Related, load
from core.analyst.local.roles import Role
from core.analyst.local.spans import FindValues, Reading
from core.types import Question

_MANAGING = {"metric", "share", "change", "trend", "new", "active", "rate", "pending"}
_TOP = ("top", "bottom", "best", "worst", "highest", "lowest", "largest", "smallest")
_MONEY = {"revenue", "sale", "turnover", "profit", "margin"}
_TALKING = {"what", "which", "who", "whose", "where", "when", "how", "list", "show", "find", "give",
            "return", "display", "count", "for", "tell", "provide", "in", "on", "of", "are", "is",
            "please", "select", "name", "get", "compute", "calculate", "report", "identify",
            "describe", "retrieve", "state", "among", "whom", "i"}  # fmt: skip


_LOST = "I could not tell what this says about the answer before."


@dataclass(frozen=True)
class Understood:
    """A question as far as it got: its spans, and a plan or the reason why there is none."""

    reading: Reading
    grounded: Grounded | None
    reason: NotGrounded | None = None


def understand(question: Question, words: Lexicon, find: FindValues) -> Understood:
    """Read a question in the light of the turns before; `find` looks stored values up."""
    question = replace(question, text=paraphrases.plainer(question.text))
    text, terms = definitions.take(question.text)
    if terms or text != question.text:
        explained = _explained(text, terms, question, words, find)
        if explained:
            return explained
    shown = outputs.find(question.text)
    if shown:
        listed = _listed(shown, question, words, find)
        if listed and listed.grounded:
            return listed
    frame = frames.find(question.text, words)
    return _framed(frame, question, words, find) if frame else _plain(question, words, find)


def _alone(
    question: Question, words: Lexicon, find: FindValues
) -> Callable[[str], Grounded | None]:
    """Reads a phrase as a question of its own."""

    def read(text: str) -> Grounded | None:
        inner = _plain(replace(question, text=text, history=()), words, find)
        return None if inner.reading.unknown else inner.grounded

    return read


def _explained(
    text: str, terms: tuple[Term, ...], question: Question, words: Lexicon, find: FindValues
) -> Understood | None:
    """A question whose terms it explains itself, or None when that does not help."""
    inner = understand(replace(question, text=text), words, find)
    if inner.grounded is None:
        return None
    try:
        grounded = definitions.calculated(terms, inner.grounded, _alone(question, words, find))
    except NotGrounded as reason:
        return replace(inner, grounded=None, reason=reason)
    return replace(inner, grounded=grounded) if _renders(grounded.plan, words) else None


def _listed(
    shown: Shown, question: Question, words: Lexicon, find: FindValues
) -> Understood | None:
    """A question whose outputs a second sentence lists, or None when they do not fit."""
    inner = _plain(replace(question, text=shown.main), words, find)
    if inner.grounded is None:
        return None
    try:
        grounded = outputs.apply(shown, inner.grounded, words, _alone(question, words, find))
    except NotGrounded as reason:
        return replace(inner, grounded=None, reason=reason)
    return replace(inner, grounded=grounded) if _renders(grounded.plan, words) else None


def _framed(frame: Frame, question: Question, words: Lexicon, find: FindValues) -> Understood:
    """What is inside the frame is read first, then the frame is worked into its plan."""
    inner = _plain(replace(question, text=frame.rest), words, find)
    before = _plan_before(question, words)
    if before and frame.rest.lower() in ("", "it", "that", "this", "them"):
        inner = replace(inner, grounded=Grounded(before), reason=None)
    if inner.grounded is None:
        return inner if frame.kind == "drivers" else _plain(question, words, find)
    try:
        grounded = frames.apply(frame, inner.grounded, words, question.today)
    except NotGrounded as reason:
        return replace(inner, grounded=None, reason=reason)
    if not _renders(grounded.plan, words):
        return replace(inner, grounded=None, reason=NotGrounded(""))
    return replace(inner, grounded=grounded)


def _plain(question: Question, words: Lexicon, find: FindValues) -> Understood:
    read = spans.read(question.text, words, question.today, find)
    before = _plan_before(question, words)
    follow_up = before and _follow_up(before, question, read, words, find)
    if follow_up:
        return follow_up
    if _is_sentence(read, words):
        try:
            told = _sentence(read, words, question)
            return Understood(read, _of_the_same_rows(before, told, words))
        except clauses.BareFigure:
            return _by_notes(read, words, question)
        except NotGrounded as reason:
            return Understood(read, None, reason)
    noted = _by_notes(read, words, question)
    alone = noted.grounded or any(s.kind in _MANAGING for s in read.spans)
    grounded = None if alone else _by_clauses(read, words, question)
    return Understood(read, grounded) if grounded else noted


def _follow_up(
    before: Plan, question: Question, read: Reading, words: Lexicon, find: FindValues
) -> Understood | None:
    """A question that edits or continues the one before, or None when it stands alone."""
    if continuing.beyond(question.text) and not any(s.best("table") > 0.9 for s in read.spans):
        return Understood(read, None, NotGrounded(_LOST))
    leaning = _leaning(before, question, words, find)
    if leaning and continuing.is_sentence(question.text, before):
        return leaning
    intent = walk.understand(read, words)
    if followups.looks_like_one(question.text, intent, read, before):
        edited = _edited(before, intent, read, words, question)
        if edited is not None and not _passes_over(read, edited.plan, words):
            return Understood(read, edited)
    if leaning:
        return leaning
    if continuing.leans(question.text, words):
        return Understood(read, None, NotGrounded(_LOST))
    return None


def _passes_over(read: Reading, plan: Plan, words: Lexicon) -> bool:
    """Whether an edited plan says nothing of a word that would have changed it."""
    rates = any(span.kind == "rate" for span in read.spans)
    missing = [word for word in _essential(read) if word.lower() not in followups.LINKING]
    return rates or bool(missing or coverage.untold(read, plan, words))


def _leaning(
    before: Plan, question: Question, words: Lexicon, find: FindValues
) -> Understood | None:
    """A sentence about what was found before, or None when it does not point there."""
    if not continuing.leans(question.text, words):
        return None
    table = continuing.subject(before, words)
    text = continuing.put_in_words(question.text, before, table)
    read = spans.read(text, words, question.today, find)
    grounded = _by_clauses(read, words, question)
    if grounded is None:
        return None
    also = continuing.adds(question.text)
    plan = continuing.carried(before, grounded.plan, table, words, also)
    return Understood(read, replace(grounded, plan=plan)) if _renders(plan, words) else None


def _of_the_same_rows(before: Plan | None, grounded: Grounded, words: Lexicon) -> Grounded:
    """A further question about the same things, which says no more about which ones."""
    if before is None or not continuing.goes_on(before, grounded.plan):
        return grounded
    table = continuing.subject(before, words)
    plan = continuing.carried(before, grounded.plan, table, words, also=False)
    return replace(grounded, plan=plan) if _renders(plan, words) else grounded


def _by_clauses(read: Reading, words: Lexicon, question: Question) -> Grounded | None:
    """The question as a tree of clauses, or None when it does not fit the schema so."""
    try:
        return _sentence(read, words, question)
    except NotGrounded:
        return None


def _sentence(read: Reading, words: Lexicon, question: Question) -> Grounded:
    """The question as a tree of clauses. Raises NotGrounded when it does not fit the schema so."""
    grounded = clauses.understand(read, words, question.today)
    passed_over = coverage.untold(read, grounded.plan, words)
    if passed_over:
        raise _passed_over(passed_over)
    if coverage.too_far(grounded.plan):
        raise NotGrounded("The parts of the question lie too far apart in this data.")
    if not _renders(grounded.plan, words):
        raise NotGrounded("The parts of the question are not connected in this data.")
    return grounded


def _passed_over(told: tuple[str, ...]) -> NotGrounded:
    named = ", ".join(f"“{word}”" for word in told[:3])
    return NotGrounded(f"I do not know what to do with {named} here.")


def _by_notes(read: Reading, words: Lexicon, question: Question) -> Understood:
    """A figure over time in note form: revenue by month, last year."""
    missing = _essential(read)
    if missing:
        return Understood(read, None, NotGrounded("", missing))
    intent = walk.understand(read, words)
    try:
        grounded = grounding.ground(intent, read, words, question.today)
        render.sql(grounded.plan, words)
    except NotGrounded as reason:
        return Understood(read, None, reason)
    except render.NoPath as gap:
        told = f"{lexicon.said(gap.start)} and {lexicon.said(gap.end)} are not connected."
        return Understood(read, None, NotGrounded(told.capitalize()))
    if _adds_what_cannot_be_added(grounded.plan, words):
        return Understood(read, None, NotGrounded("Ids and dates are not added up or averaged."))
    passed_over = coverage.untold(read, grounded.plan, words)
    if passed_over:
        return Understood(read, None, _passed_over(passed_over))
    return Understood(read, grounded)


def _renders(plan: Plan, words: Lexicon) -> bool:
    if _adds_what_cannot_be_added(plan, words):
        return False
    try:
        render.sql(plan, words)
    except (NotGrounded, render.NoPath):
        return False
    return True


def _adds_what_cannot_be_added(plan: Plan, words: Lexicon) -> bool:
    """Whether ids or dates are summed or averaged, or a date is compared with a number."""
    compared = [c for c in plan.conditions if isinstance(c, Compare) and not c.grain]
    compared += [c for r in plan.conditions if isinstance(r, Related) for c in r.where
                 if isinstance(c, Compare)]  # fmt: skip
    if any(
        words.role(c.field) is Role.TIME and any(isinstance(v, float) for v in c.values)
        for c in compared
    ):
        return True
    return any(
        words.role(at) in (Role.KEY, Role.TIME)
        for m in (*plan.measures, *(h.measure for h in plan.having))
        if m.function in ("sum", "avg") and m.amount
        for at in ([m.amount.single] if m.amount.single else [])
    )


def _is_sentence(read: Reading, words: Lexicon) -> bool:
    """Whether a question is a sentence about things, not a figure over time in note form."""
    first = next((t.lemma for t in read.tokens if not t.stop), "")
    if first not in _TALKING or _ranks(read) or _counts_sold(read):
        return False
    for span in read.spans:
        if span.kind == "metric":
            money = _MONEY & set(spans.value_key(span.text))
            if (money or span.best("column") < 0.75) and metrics.find(span.detail, words, ()):
                return False
        elif span.kind in _MANAGING:
            return False
        if span.time and (span.time.period is None or span.time.against or span.time.ends):
            return False
        if span.time and not any(
            (t.number or 0) > 1000 or t.text[:4].isdigit()
            for t in read.tokens[span.first : span.last]
        ):
            return False
    return True


def _ranks(read: Reading) -> bool:
    """The top N of something by a figure: a note, however it is asked."""
    kinds = [(s.kind, s.text.lower()) for s in read.spans]
    top = next((i for i, (k, t) in enumerate(kinds) if k == "superlative" and t in _TOP), None)
    return (
        top is not None
        and kinds[top + 1 : top + 2] != []
        and kinds[top + 1][0] == "number"
        and ("group", "by") in kinds[top:]
    )


def _counts_sold(read: Reading) -> bool:
    """How many were sold asks for sales, not for things."""
    counts = any(s.kind == "count" for s in read.spans[:1])
    return counts and any(t.lemma in ("sold", "bought", "purchased") for t in read.tokens)


def _plan_before(question: Question, words: Lexicon) -> Plan | None:
    for turn in reversed(question.history):
        if turn.plan:
            try:
                return load(turn.plan)
            except ValueError:
                continue
        found = recollecting.plan_of(turn.sql, words) if turn.sql else None
        if found is not None:
            return found
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
