"""The words of a question: what tells it from others, and how well two questions' words agree.

Every word is a mark that must be the same (numbers, negations, averages, groups), a window of
time, content that must find its like in the other question, or a small word.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from core.analyst.local import lexicon as lexicons
from core.analyst.local import spans, times, words
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Field
from core.analyst.local.words import Token

_FILLER_WEIGHT: Final = 0.35
_SYNONYM, _TYPO = 0.92, 0.9

_LEFT_OUT: Final = lexicons.vocabulary("sameness")
_FUNCTION_WORDS: Final = frozenset(_LEFT_OUT["function"])
_FILLERS: Final = frozenset(_LEFT_OUT["filler"])
_MARKING: Final = ("superlative", "operator", "negation", "distinct", "share", "change", "new",
                   "active", "direction", "count", "aggregate", "implied")  # fmt: skip
_HARMLESS: Final = {("operator", "="), ("operator", "between"), ("aggregate", "sum"),
                    ("operator", "contains")}  # fmt: skip

Days = tuple[date | None, date | None]
"""The first and the last day of a window of time; None is open."""


@dataclass(frozen=True)
class Wording:
    """A question's words: what tells it from others, and its windows of time.

    `marks` and `said` must be the same in both questions, `content` must find each other.
    `phrases` are the windows of time as they are said.
    """

    content: tuple[str, ...]
    fillers: frozenset[str]
    marks: frozenset[tuple[str, int]]
    said: frozenset[tuple[str, int]]
    windows: tuple[Days, ...]
    phrases: tuple[str, ...] = ()


def nearness(known: str, asked: str) -> float:
    """A quick look before the careful one: the share of words that both have."""
    one, other = _stems(known), _stems(asked)
    return len(one & other) / max(1, min(len(one), len(other)))


@lru_cache(maxsize=2_000)
def of(text: str, today: date) -> Wording:
    """The words of a question, told apart by what they do; windows are those of that day."""
    said = words.tokens(words.cleaned(text))
    marks: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    content: list[str] = []
    fillers: list[str] = []
    windows: list[Days] = []
    phrases: list[str] = []
    timed = {span.first: span for span in times.find(said, today)}
    at = 0
    while at < len(said):
        span = timed.get(at)
        if span is not None:
            if span.period is not None:
                windows.append((span.period.start, span.period.end))
                phrases.append(_phrase(said[at : span.last]))
            else:
                _mark_time(span, marks)
            at = span.last
            continue
        at = _read(said, at, marks, exact, content, fillers)
    return Wording(
        tuple(content),
        frozenset(fillers),
        frozenset(marks.items()),
        frozenset(exact.items()),
        tuple(windows),
        tuple(phrases),
    )


def _read(
    said: Sequence[Token], at: int, marks: Counter[str], exact: Counter[str],
    content: list[str], fillers: list[str],
) -> int:  # fmt: skip
    """Put the word (or the longest cue) at a place where it belongs; returns the next place."""
    token = said[at]
    if token.quoted:
        exact[f"quoted {token.text.strip().lower()}"] += 1
        return at + 1
    if token.number is not None:
        exact[f"number {token.number:g}"] += 1
        return at + 1
    for length in range(min(6, len(said) - at), 0, -1):
        phrase = tuple(t.lemma for t in said[at : at + length])
        kinds = spans.cues().get(phrase, [])
        if any(kind == "group" for kind, _ in kinds) and at + length < len(said):
            following = said[at + length].lemma
            if following not in _FUNCTION_WORDS:
                marks[f"by {words.stem(_canonical(following))}"] += 1
            return at + length
        if phrase == ("one",) or (length == 1 and phrase[0] in _FUNCTION_WORDS):
            continue
        telling = [k for k in kinds if k[0] in _MARKING and k not in _HARMLESS]
        if telling:
            kind, detail = telling[0]
            (exact if kind == "negation" or detail == "!=" else marks)[f"{kind} {detail}"] += 1
            return at + length
        if kinds and length > 1:
            return at + length
    word = token.lemma
    if word in _FILLERS:
        fillers.append(word)
    elif word not in _FUNCTION_WORDS and not token.stop:
        content.append(word)
    return at + 1


def _phrase(said: Sequence[Token]) -> str:
    """A window of time as it is said, small words left out: the past 90 days, the last 90 days."""
    spoken = ["last" if t.lemma in ("past", "previous") else t.lemma for t in said]
    return " ".join(word for word in spoken if word not in _FUNCTION_WORDS)


def _mark_time(span: times.TimeSpan, marks: Counter[str]) -> None:
    for name in ("grain", "over", "against", "year_only", "ends"):
        value = getattr(span, name)
        if value:
            marks[f"{name} {value}"] += 1


def agreement(before: Wording, now: Wording, lexicon: Lexicon) -> tuple[float, list[str]]:
    """How well the words find each other, from 0 to 1, and those that found none."""
    rest = list(now.content)
    total, left = 0.0, []
    for word in before.content:
        best = max(rest, key=lambda other: _similar(word, other, lexicon), default=None)
        fit = _similar(word, best, lexicon) if best is not None else 0.0
        if best is None or not fit:
            left.append(word)
            continue
        rest.remove(best)
        total += 2 * fit
    left += rest
    odd = len(before.fillers ^ now.fillers) * _FILLER_WEIGHT
    shared = 2 * len(before.fillers & now.fillers) * _FILLER_WEIGHT
    weight = len(before.content) + len(now.content) + odd + shared
    return ((total + shared) / weight if weight else 0.0), left


def _similar(one: str, other: str, lexicon: Lexicon) -> float:
    """1 for the same word, less for another form, a synonym or a typing error, else 0."""
    if one == other:
        return 1.0
    if _canonical(one) == _canonical(other):
        return _SYNONYM if not {one, other} <= _names(lexicon) else 0.0
    if words.stem(one) == words.stem(other):
        return _SYNONYM
    names = _names(lexicon)
    if (one in names) != (other in names) and words.resembles(one, other):
        typed = other if one in names else one
        known = lexicon.values.get(spans.value_key(typed)) or lexicon.meanings((typed,))
        return 0.0 if known else _TYPO
    return 0.0


def _names(lexicon: Lexicon) -> frozenset[str]:
    return _names_of(tuple(lexicon.roles))


@lru_cache(maxsize=16)
def _names_of(columns: tuple[Field, ...]) -> frozenset[str]:
    """The words of which names of tables and columns are made."""
    found: set[str] = set()
    for column in columns:
        found |= {*lexicons.spoken(column.table), *lexicons.spoken(column.column)}
    return frozenset(found)


@lru_cache(maxsize=5_000)
def _canonical(word: str) -> str:
    """One word for all that mean the same; only single words, only within one group."""
    alike_ones = [p[0] for p in lexicons.synonyms().get((word,), ()) if len(p) == 1]
    metric = spans.metric_words().get((word,))
    return f"metric {metric}" if metric else min([word, *alike_ones])


def explained(word: str, lexicon: Lexicon) -> bool:
    """Whether the built-in analyst knows the word, so that its plan has heeded it."""
    return (
        word in lexicon.known_words
        or bool(lexicon.meanings((word,)))
        or (word,) in spans.metric_words()
        or (word,) in spans.cues()
        or (word,) in lexicon.values
        or any(word in phrase for phrase in spans.metric_words())
        or any(word in phrase for phrase in lexicon.values)
        or any(word in phrase for phrase in lexicon.phrases)
    )


def _stems(text: str) -> frozenset[str]:
    said = (t for t in words.tokens(words.cleaned(text)) if not t.stop)
    return frozenset(
        words.stem(_canonical(t.lemma)) for t in said if t.lemma not in _FUNCTION_WORDS
    )
