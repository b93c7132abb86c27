"""The words of a question in a row: spans where something is understood, plain words between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.analyst.local.lexicon import Lexicon
from core.analyst.local.spans import Reading, Span, cues

# Words that together say only "and": what follows is shown as well.
_ALSO = (
    ("as", "well", "as"),
    ("along", "with"),
    ("together", "with"),
    ("in", "addition", "to"),
    ("and", "also"),
    ("and", "as", "well", "as"),
    ("and", "along", "with"),
)
_THEIR = (("his", "or", "her"), ("his", "/", "her"), ("her", "or", "his"))
_OR_MORE: dict[tuple[str, ...], str] = {
    ("or", "more"): ">=",
    ("or", "above"): ">=",
    ("or", "greater"): ">=",
    ("or", "higher"): ">=",
    ("or", "after"): ">=",
    ("or", "later"): ">=",
    ("and", "above"): ">=",
    ("or", "less"): "<=",
    ("or", "fewer"): "<=",
    ("or", "below"): "<=",
    ("or", "lower"): "<=",
    ("or", "before"): "<=",
    ("or", "earlier"): "<=",
}


_PARTS = {"first", "last", "middle", "family", "given"}
_HOW = {"old": "age", "tall": "height", "heavy": "weight", "long": "length", "large": "size"}


@dataclass(frozen=True)
class Item:
    """A span or a single plain word; `kind` is the span's, "word", "also" or "bound"."""

    kind: str
    text: str
    lemma: str
    first: int
    last: int
    span: Span | None = None
    detail: str = ""

    def best(self, kind: str) -> float:
        """Score of the best meaning of a kind; 0 when there is none."""
        return self.span.best(kind) if self.span else 0.0


def of(reading: Reading, lexicon: Lexicon) -> list[Item]:
    """All items of a question, from left to right."""
    return _Reader(reading, lexicon).items()


class _Reader:
    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.starts = {s.first: s for s in reading.spans}
        self.found: list[Item] = []

    def items(self) -> list[Item]:
        at = 0
        while at < len(self.reading.tokens):
            at = self._step(at)
        return [self._cue_or_name(i) for i in range(len(self.found))]

    def _step(self, at: int) -> int:  # noqa: PLR0911 - one return per form of words
        phrase = _phrase(self.reading, at, _ALSO)
        if phrase:
            self.found.append(Item("also", "and", "and", at, at + len(phrase)))
            return at + len(phrase)
        bound = _phrase(self.reading, at, tuple(_OR_MORE))
        further = self._said(at + 2, at + 3)
        if (
            bound
            and self.found
            and self.found[-1].kind in ("number", "time")
            and (further != ("than",))
        ):
            words_of = " ".join(bound)
            self.found.append(Item("bound", words_of, bound[1], at, at + 2, detail=_OR_MORE[bound]))
            return at + 2
        if _phrase(self.reading, at, _THEIR):
            self.found.append(Item("word", "their", "their", at, at + 3))
            return at + 3
        part = self._part_of_name(at)
        if part:
            self.found.append(part)
            return part.last
        how = self._how(at)
        if how:
            self.found.append(how)
            return how.last
        span = self.starts.get(at)
        if span is None:
            token = self.reading.tokens[at]
            self.found.append(Item("word", token.text.lower(), token.lemma, at, at + 1))
            return at + 1
        self.found += self._unfused(span)
        return span.last

    def _said(self, first: int, last: int) -> tuple[str, ...]:
        return tuple(t.lemma for t in self.reading.tokens[first:last])

    def _mention(self, first: int, last: int, phrase: tuple[str, ...]) -> Item | None:
        meanings = tuple(self.lexicon.meanings(phrase))
        if not meanings:
            return None
        text = " ".join(t.text for t in self.reading.tokens[first:last])
        return _item(Span("mention", first, last, text, meanings=meanings))

    def _part_of_name(self, at: int) -> Item | None:
        """First, middle and last names: each word is a name of its own."""
        said = self._said(at, at + 8)
        if not said or said[0] not in _PARTS or len(said) < 3:
            return None
        tail = 1
        while tail < len(said) and (said[tail] in _PARTS or said[tail] in ("and", ",", "or")):
            tail += 1
        linked = {"and", ",", "or"} & set(said[1:tail])
        if not linked or tail >= len(said) or said[tail] != "name":
            return None
        return self._mention(at, at + 1, (said[0], "name"))

    def _how(self, at: int) -> Item | None:
        """How old, how long: the column of that."""
        said = self._said(at, at + 2)
        column = _HOW.get(said[1]) if len(said) == 2 and said[0] == "how" else None
        return self._mention(at, at + 2, (column,)) if column else None

    def _unfused(self, span: Span) -> list[Item]:
        """The name of the student: a column, and the thing that it belongs to."""
        said = self._said(span.first, span.last)
        if span.kind != "mention" or "of" not in said[1:]:
            return [_item(span)]
        cut = said.index("of", 1)
        rest = cut + 1
        while rest < len(said) and said[rest] in ("the", "a", "an", "all", "each", "every"):
            rest += 1
        head = self._mention(span.first, span.first + cut, said[:cut])
        if head is None:
            return [_item(span)]
        tail = (
            self._mention(span.first + rest, span.last, said[rest:]) if rest < len(said) else None
        )
        if rest < len(said) and (tail is None or tail.best("table") < 0.7):
            return [_item(span)]
        between = [
            Item("word", t.text.lower(), t.lemma, span.first + i, span.first + i + 1)
            for i, t in enumerate(self.reading.tokens[span.first + cut : span.first + rest], cut)
        ]
        return [head, *between, *([tail] if tail else [])]

    def _is_tested(self, at: int) -> bool:
        """A cue that is also a column (total), with a comparison right behind it."""
        following = self.found[at + 1] if at + 1 < len(self.found) else None
        named = any(
            m.kind == "column" and m.score > 0.9
            for m in self.lexicon.meanings((self.found[at].lemma,))
        )
        compared = following is not None and following.kind in ("operator", "number")
        return named and compared and following is not None and following.text not in ("of", "is")

    def _cue_or_name(self, at: int) -> Item:
        """A column named like a cue (average) is the cue where it stands before a column."""
        item = self.found[at]
        if item.kind == "aggregate" and self._is_tested(at):
            return self._mention(item.first, item.last, (item.lemma,)) or item
        if item.kind != "mention" or item.last - item.first != 1:
            return item
        kinds = cues().get((self.reading.tokens[item.first].lemma,), [])
        kinds = [k for k in kinds if k[0] in ("aggregate", "superlative")]
        if not kinds:
            return item
        further = at + 1
        while further < len(self.found) and (
            self.found[further].kind in ("join", "aggregate", "superlative")
            or self.found[further].text in (",", "the")
        ):
            further += 1
        following = self.found[further] if further < len(self.found) else None
        linked = further > at + 1 and self.found[further - 1].kind in ("aggregate", "superlative")
        beside = further == at + 1 and following is not None and following.kind == "mention"
        before = self.found[at - 1] if at else None
        than = (
            before is not None
            and before.kind == "operator"
            and before.detail in (">", "<", ">=", "<=")
        )
        if linked or than or (beside and following and following.best("column") > 0.5):
            kind, detail = kinds[0]
            return Item(kind, item.text, item.lemma, item.first, item.last, item.span, detail)
        return item


def _item(span: Span) -> Item:
    return Item(
        span.kind, span.text.lower(), span.text.lower(), span.first, span.last, span, span.detail
    )


def _phrase(
    reading: Reading, at: int, phrases: Sequence[tuple[str, ...]]
) -> tuple[str, ...] | None:
    for phrase in phrases:
        tokens = reading.tokens[at : at + len(phrase)]
        if tuple(t.text.lower() for t in tokens) == phrase and not any(t.quoted for t in tokens):
            return phrase
    return None


def renamed(item: Item, kind: str) -> Item:
    """The same words, understood as something else."""
    return replace(item, kind=kind)
