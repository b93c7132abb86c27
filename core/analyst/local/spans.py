"""A question cut into typed spans: cues, mentions of the schema, values, numbers and times.

Each token belongs to at most one span; what no span covers and is not a function word is
reported as not understood.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core.analyst.local import lexicon as lexicons
from core.analyst.local import rates, times, words
from core.analyst.local.lexicon import LONGEST, Lexicon, Meaning, Phrase
from core.analyst.local.roles import Role
from core.analyst.local.times import TimeSpan
from core.analyst.local.words import Token

_NEVER_NAMES = {("of",), ("in",), ("on",), ("at",), ("the",), ("a",), ("by",), ("for",), ("to",)}
_STRUCTURE = (
    "count",
    "aggregate",
    "superlative",
    "operator",
    "group",
    "order",
    "direction",
    "negation",
    "distinct",
    "share",
    "clause",
    "new",
    "active",
    "pending",
    "change",
    "trend",
    "chart",
)


@dataclass(frozen=True)
class Span:
    """Some tokens, from `first` to `last` (not counted), and what they are.

    `kind` is a cue's name, or mention, metric, number, time, quote, join (and / or) or stop.
    """

    kind: str
    first: int
    last: int
    text: str
    detail: str = ""
    meanings: tuple[Meaning, ...] = ()
    number: float = 0.0
    time: TimeSpan | None = None
    fuzzy: bool = False

    def best(self, kind: str) -> float:
        """Score of the best meaning of a kind; 0 when there is none."""
        return max((m.score for m in self.meanings if m.kind == kind), default=0.0)


@dataclass(frozen=True)
class Reading:
    """All spans of a question in order, and the words that nothing explains."""

    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    unknown: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def cues() -> dict[Phrase, list[tuple[str, str]]]:
    """Every cue phrase with the (kind, detail) pairs it can stand for."""
    found: dict[Phrase, list[tuple[str, str]]] = {}
    listed = lexicons.vocabulary("cues")
    for kind in _STRUCTURE:
        for detail, phrases in listed[kind].items():
            for phrase in phrases:
                key = tuple(words.lemma(w) for w in phrase.split())
                found.setdefault(key, []).append((kind, detail))
    for phrase in listed["implied"]:
        found.setdefault(tuple(phrase.split()), []).insert(0, ("implied", phrase))
    return found


@lru_cache(maxsize=1)
def noise() -> frozenset[str]:
    """Function words: they may stay unexplained."""
    return frozenset(lexicons.vocabulary("cues")["noise"]["words"])


@lru_cache(maxsize=1)
def metric_words() -> dict[Phrase, str]:
    """Phrases that name a metric, with the metric's name."""
    found = {}
    for name, metric in lexicons.vocabulary("metrics").items():
        for phrase in metric["words"]:
            found[tuple(phrase.split())] = name
    return found


FindValues = Callable[[Sequence[str]], Mapping[str, Sequence[Meaning]]]
MOST_LOOKED_UP = 40


def read(text: str, lexicon: Lexicon, today: date, find_values: FindValues) -> Reading:
    """Cut a question into spans, the most telling cover first.

    Spans are chosen by a left-to-right best cover: exact and longer phrases win, a schema
    word beats a value of the same spelling, typing errors are mended last.
    """
    said = words.tokens(text)
    timed = {t.first: t for t in times.find(said, today)}
    covers = [_covers(said, i, lexicon, timed) for i in range(len(said))]
    chosen = _best_cover(len(said), covers)
    said, fixed, mended = _mend(said, chosen, lexicon, find_values)
    if fixed or mended:
        for first, spans in mended.items():
            covers[first] = [*covers[first], *spans]
        if fixed:
            extra = dict(mended)
            timed = {t.first: t for t in times.find(said, today)}
            covers = [_covers(said, i, lexicon, timed) for i in range(len(said))]
            for first, spans in extra.items():
                covers[first] += spans
        chosen = _best_cover(len(said), covers)
    covered = {i for s in chosen for i in range(s.first, s.last)}
    unknown = tuple(
        t.text
        for i, t in enumerate(said)
        if i not in covered
        and not t.stop
        and t.lemma not in noise()
        and t.text.lower() not in noise()
        and t.lemma not in ("'s", "’s")
    )
    return Reading(said, tuple(chosen), unknown, fixed)


def _covers(
    said: Sequence[Token], i: int, lexicon: Lexicon, timed: dict[int, TimeSpan]
) -> list[Span]:
    token = said[i]
    if token.stop:
        return [Span("stop", i, i + 1, token.text)]
    if token.quoted:
        found = tuple(lexicon.values.get(value_key(token.text), ()))
        return [Span("quote", i, i + 1, token.text, meanings=found)]
    spans = []
    if i in timed:
        spans.append(Span("time", i, timed[i].last, _text(said, i, timed[i].last), time=timed[i]))
    if token.number is not None:
        spans.append(Span("number", i, i + 1, token.text, number=token.number))
    if token.lemma in ("and", "or", ",", "both", "either"):
        spans.append(Span("join", i, i + 1, token.text, detail=token.lemma))
    for last in range(i + 1, min(i + 1 + LONGEST, len(said) + 1)):
        if said[last - 1].stop or said[last - 1].quoted:
            break
        spans += _phrases(said, i, last, lexicon)
    return spans


def _phrases(said: Sequence[Token], i: int, last: int, lexicon: Lexicon) -> list[Span]:
    phrase = tuple(t.lemma for t in said[i:last])
    raw = tuple(t.text.lower() for t in said[i:last])
    text = _text(said, i, last)
    spans = []
    for key in dict.fromkeys((phrase, raw)):
        spans += [
            Span(kind, i, last, text, detail)
            for kind, detail in cues().get(key, ())[:1]
            if not (kind == "order" and (raw[0] == "orders" or _is_thing(said, i)))
            and not (kind == "count" and phrase[0] == "number" and _numbers_known(said, i, lexicon))
        ]
    rate = _rate(phrase, lexicon)
    if rate:
        spans.append(Span("rate", i, last, text, phrase[0], rate))
    if phrase in metric_words():
        spans.append(
            Span("metric", i, last, text, metric_words()[phrase], tuple(lexicon.meanings(phrase)))
        )
    found = list(lexicon.meanings(phrase))
    if len(phrase) == 2 and not found:
        found = list(lexicon.meanings(("".join(phrase),)))
    if "of" in phrase[1:-1] and not _splits_a_name(said, i, last, lexicon):
        at = phrase.index("of")
        turned = (*(w for w in phrase[at + 1 :] if w not in ("the", "a")), *phrase[:at])
        plainly = (*phrase[:at], *(w for w in phrase[at + 1 :] if w not in ("the", "a")))
        named = () if _counts(said, i, last) else lexicon.meanings(turned)
        found += [
            m for m in (*named, *lexicon.meanings(plainly)) if m.kind == "column" and m.score > 0.85
        ]
    if len(phrase) > 2 and phrase[1] == "'s":
        found += lexicon.meanings((phrase[0], *phrase[2:]))
    plain = tuple(p for p in phrase if p != "-")
    values = list(lexicon.values.get(plain, []))
    if len(plain) == 1 and plain[0] in noise():
        values = [m for m in values if _right_behind(said, i, m)]
    found = [m for m in found if not _as_verb(said, i, last, m)]
    if not values and len(plain) <= 3:
        values = _people(" ".join(raw), lexicon)
    totals = last == i + 1 and last < len(said) and _modifies(said, i)
    if (found or values) and phrase not in _NEVER_NAMES and not totals:
        spans.append(Span("mention", i, last, text, meanings=(*found, *values)))
    return spans


def _counts(said: Sequence[Token], i: int, last: int) -> bool:
    """Whether "number of" is followed by several things: they are counted, not told by number."""
    end = said[last - 1]
    several = end.text.lower() != end.lemma and end.text.lower().endswith("s")
    return said[i].lemma == "number" and said[i + 1].lemma == "of" and several


def _right_behind(said: Sequence[Token], i: int, meaning: Meaning) -> bool:
    """Whether a value stands right behind the name of its column: the status code done."""
    name = lexicons.spoken(meaning.column or "")
    before = tuple(t.lemma for t in said[max(0, i - len(name)) : i])
    return bool(before) and (before == name or name[-len(before) :] == before[-2:])


def _is_thing(said: Sequence[Token], i: int) -> bool:
    """Whether "order by" begins with a thing: revenue per order by channel."""
    before = said[i - 1].lemma if i else ""
    return said[i].lemma == "order" and before in ("per", "each", "every", "an", "average", "of")


def _as_verb(said: Sequence[Token], i: int, last: int, meaning: Meaning) -> bool:
    """Whether a word that could name something is a verb here: payments made, did they make."""
    word = said[i].text.lower()
    if last > i + 1 or word not in noise():
        return False
    if word.endswith("ed") or word in ("made", "sold", "bought", "paid", "sent", "given"):
        return meaning.score < 0.8
    helping = {t.lemma for t in said[max(0, i - 4) : i]} & {"did", "do", "does", "doe"}
    return bool(helping) and word in ("make", "cost", "work", "order", "place", "use")


def _numbers_known(said: Sequence[Token], i: int, lexicon: Lexicon) -> bool:
    """Whether "number" ends a name here: phone numbers of customers count nothing."""
    if i == 0:
        return False
    return any(m.score > 0.7 for m in lexicon.meanings((said[i - 1].lemma, "number")))


def _splits_a_name(said: Sequence[Token], i: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a word outside belongs to a name inside: email (address of customer)."""
    before = (said[i - 1].lemma, said[i].lemma) if i else ()
    after = (said[last - 1].lemma, said[last].lemma) if last < len(said) else ()
    return any(m.score > 0.75 for pair in (before, after) for m in lexicon.meanings(pair))


def _modifies(said: Sequence[Token], i: int) -> bool:
    """Whether a word such as total stands before the figure that it is about."""
    kinds = [kind for kind, _ in cues().get((said[i].lemma,), ())]
    after = said[i + 1]
    alone = after.stop or after.lemma in noise() or after.number is not None
    return "aggregate" in kinds and not alone and not cues().get((after.lemma,))


def _people(word: str, lexicon: Lexicon) -> list[Meaning]:
    """Stored values that an adjective stands for: French finds France, female finds F."""
    stored: dict[str, list[str]] = lexicons.vocabulary("synonyms")["demonyms"]
    found: list[Meaning] = []
    for name in stored.get(word, ()):
        key = tuple(words.lemma(w) for w in name.split())
        for meaning in lexicon.values.get(key, ()):
            wanted = {1: {"gender", "sex"}, 2: {"state", "province", "country", "nation"}}
            said = set(lexicons.spoken(meaning.column or ""))
            if len(name) > 2 or wanted[len(name)] & said:
                found.append(Meaning(meaning.table, meaning.column, meaning.value, 0.9))
    return found


def _rate(phrase: Phrase, lexicon: Lexicon) -> tuple[Meaning, ...]:
    """Conversion rate, win rate: where the schema tells that it happened."""
    if len(phrase) != 2 or phrase[1] not in ("rate", "ratio") or lexicon.meanings(phrase):
        return ()
    return tuple(happening.at for happening in rates.find(phrase[0], lexicon))


_WEIGHT = {"rate": 3.0, "time": 3.2, "count": 3.1, "implied": 3.05, "order": 3.0,
           "group": 2.4, "share": 2.4,
           "operator": 2.3, "superlative": 2.4, "aggregate": 2.4, "negation": 2.35,
           "direction": 3.0, "distinct": 2.3, "clause": 1.2, "new": 1.5, "active": 2.0,
           "pending": 2.0,
           "change": 2.2, "trend": 2.2, "chart": 3.0, "number": 2.0, "quote": 4.0, "stop": 0.1,
           "join": 1.3}  # fmt: skip


def _weight(span: Span) -> float:
    size = span.last - span.first
    if span.kind == "metric":
        return 2.8 * size + 0.25 * (size - 1)
    if span.kind == "mention":
        named = max(span.best("table"), span.best("column"))
        best = max(named, 0.88 * span.best("value"))
        if named < 0.6 and not span.best("value"):
            return 1.4 * size * (named + 0.3)
        return size * (1.0 + 1.75 * best) + 0.45 * (size - 1) - (0.4 if span.fuzzy else 0)
    return _WEIGHT[span.kind] * size + 0.15 * (size - 1)


def _best_cover(length: int, covers: list[list[Span]]) -> list[Span]:
    best: list[tuple[float, Span | None, int]] = [(0.0, None, length)] * (length + 1)
    for i in range(length - 1, -1, -1):
        best[i] = (best[i + 1][0], None, i + 1)
        for span in covers[i]:
            score = _weight(span) + best[span.last][0]
            if score > best[i][0]:
                best[i] = (score, span, span.last)
    chosen = []
    at = 0
    while at < length:
        _, found, after = best[at]
        if found:
            chosen.append(found)
        at = after
    return chosen


def _mend(
    said: tuple[Token, ...], chosen: list[Span], lexicon: Lexicon, find_values: FindValues
) -> tuple[tuple[Token, ...], tuple[tuple[str, str], ...], dict[int, list[Span]]]:
    """Explain left-over words: stored values first, then typing errors, then common stems."""
    covered = {i for s in chosen for i in range(s.first, s.last)}
    fixed: list[tuple[str, str]] = []
    mended: dict[int, list[Span]] = {}
    tokens = list(said)
    loose = [
        i for i, t in enumerate(said) if i not in covered and not t.stop and t.lemma not in noise()
    ]
    quoted = [
        i for i, t in enumerate(said) if t.quoted and not lexicon.values.get(value_key(t.text))
    ]
    ends = {i: _ends(said, i) for i in loose}
    texts = [said[i].text for i in quoted]
    texts += [_text(said, i, last) for i in loose for last in ends[i]]
    stored = find_values(texts[:MOST_LOOKED_UP]) if texts else {}
    for i in loose:
        if any(s.first <= i < s.last for spans in mended.values() for s in spans):
            continue
        for last in ends[i]:
            text = _text(said, i, last)
            found = tuple(stored.get(text, ()))
            if found:
                mended.setdefault(i, []).append(Span("mention", i, last, text, meanings=found))
                break
        else:
            verb = said[i].lemma.endswith(("ed", "ing")) and _by_stem(said[i].lemma, lexicon)
            near = (
                None
                if verb or said[i].lemma.endswith(("ed", "ing"))
                else _nearest(said[i].lemma, lexicon)
            )
            if near:
                fixed.append((said[i].text, near))
                tokens[i] = Token(near, near)
            else:
                related = _by_stem(said[i].lemma, lexicon)
                if related:
                    span = Span("mention", i, i + 1, said[i].text, meanings=related, fuzzy=True)
                    mended.setdefault(i, []).append(span)
    for i in quoted:
        found = tuple(stored.get(said[i].text, ()))
        if found:
            span = Span("quote", i, i + 1, said[i].text, meanings=found, detail="found")
            mended.setdefault(i, []).append(span)
    return tuple(tokens), tuple(fixed), mended


def _ends(said: Sequence[Token], first: int) -> list[int]:
    """Where a stored value that begins here may end, the longest first; no stop inside."""
    return [
        last
        for last in range(min(first + 4, len(said)), first, -1)
        if not any(t.stop for t in said[first:last])
    ]


def _nearest(word: str, lexicon: Lexicon) -> str | None:
    if len(word) < 4:
        return None
    known = lexicon.known_words | {w for p in metric_words() for w in p if len(w) >= 4}
    known |= {p[0] for p in lexicon.values if len(p) == 1 and len(p[0]) >= 5}
    known |= {"alphabetical", "descending", "ascending", "maximum", "minimum", "percentage"}
    known |= {"average", "monthly", "quarter", "quarterly", "month", "week", "highest", "lowest"}
    near = [k for k in known if words.resembles(word, k)]
    return min(near, key=lambda k: (words.typo_distance(word, k), k), default=None)


def _by_stem(word: str, lexicon: Lexicon) -> tuple[Meaning, ...]:
    root = words.stem(word)
    if len(root) < 4:
        return ()
    found = []
    for phrase, meanings in lexicon.phrases.items():
        if len(phrase) == 1 and words.stem(phrase[0]) == root:
            found += [Meaning(m.table, m.column, None, m.score * 0.7) for m in meanings]
    return tuple(found)


def happened(span: Span, lexicon: Lexicon) -> bool:
    """Whether a word only names the date of what happened to a thing: left, booked."""
    return bool(span.meanings) and all(
        m.kind == "column" and lexicon.role(m.field) is Role.TIME
        for m in span.meanings
        if m.score > 0.5
    )


def value_key(text: str) -> Phrase:
    """The words under which a stored value is found, whatever its case and hyphens."""
    return tuple(
        t.lemma for t in words.tokens(text.replace("-", " ").replace("_", " ")) if not t.stop
    )


def _text(said: Sequence[Token], first: int, last: int) -> str:
    return " ".join(t.text for t in said[first:last])
