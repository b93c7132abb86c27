"""The names in a text: values of the result, of its filters, and of the data beyond it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.trust import wording
from core.trust.grid import Grid, GridColumn
from core.trust.wording import Wording

LONGEST_NAME_IN_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_NOT_WORDS = re.compile(r"(?:[^\w\n]|_)+")
_DRESSED = re.compile(r"[<>*&`\\~]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_AMOUNT = re.compile(r"\d[.,]\d|[€$£¥₹%]|\d{5,}")
_COMMON = frozenset({
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "average", "be", "before", "both",
    "but", "by", "change", "count", "data", "date", "day", "each", "empty", "every", "few", "first",
    "for", "from", "had", "has", "have", "high", "highest", "in", "is", "it", "its", "last",
    "least", "less", "low", "lowest", "may", "mean", "more", "most", "new", "no", "none", "not",
    "nothing", "now", "of", "off", "on", "one", "only", "open", "or", "other", "out", "over", "per",
    "rest", "row", "rows", "same", "share", "some", "still", "sum", "that", "the", "their", "them",
    "there", "these", "they", "this", "to", "top", "total", "unknown", "up", "us", "value", "was",
    "we", "were", "what", "when", "which", "with", "without", "yes",
})  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A name by place in the clean text, and the cells that hold it (column, code)."""

    start: int
    end: int
    cells: tuple[tuple[GridColumn, int], ...] = ()
    filtered: bool = False


def key(text: str) -> str:
    """The words of a name, so that punctuation and case do not tell two apart."""
    return " ".join(_WORD.findall(text.casefold()))


class Names:
    """All names of a result and around it, ready to be found in texts."""

    def __init__(self, grid: Grid, filtered: Iterable[str], beyond: Iterable[str]) -> None:
        self._cells: dict[str, list[tuple[GridColumn, int]]] = {}
        for column in grid.columns:
            if column.texts and column.starts is None:
                for code, found in enumerate(_keys(column.texts)):
                    if found:
                        self._cells.setdefault(found, []).append((column, code))
        self._filtered = {key(text): text for text in filtered if key(text)}
        self._beyond = {key(text): text for text in beyond if len(key(text)) > 3}
        self._measures = {w for m in grid.measures for w in m.words} | {"total", "sum", "average"}

    def holds(self, text: str) -> bool:
        """Whether a value of the result or of a filter is written so."""
        return key(text) in self._cells or key(text) in self._filtered

    def inside(self, text: str) -> bool:
        """Whether some value of the result holds these words."""
        wanted = f" {key(text)} "
        return any(wanted in f" {known} " for known in (*self._cells, *self._filtered))

    def of(self, read: Wording) -> tuple[list[Name], list[Name]]:
        """The names that are proven, and those of values that the result does not hold."""
        words = list(_WORD.finditer(read.text))
        folded = [word[0].casefold() for word in words]
        known: list[Name] = []
        strange: list[Name] = []
        at = 0
        while at < len(words):
            length = self._longest(words, folded, at, read.text)
            if not length:
                at += 1
                continue
            start, end = words[at].start(), words[at + length - 1].end()
            found = " ".join(folded[at : at + length])
            if found in self._cells or found in self._filtered:
                cells = tuple(self._cells.get(found, ()))
                known.append(Name(start, end, cells, found in self._filtered))
            else:
                strange.append(Name(start, end))
            at += length
        return known, strange

    def _longest(self, words: list[re.Match[str]], folded: list[str], at: int, text: str) -> int:
        for length in range(min(LONGEST_NAME_IN_WORDS, len(words) - at), 0, -1):
            found = " ".join(folded[at : at + length])
            written = text[words[at].start() : words[at + length - 1].end()]
            if "\n" in written:
                continue
            originals = self._originals(found)
            if originals and self._speaks(found, written, originals):
                return length
        return 0

    def _originals(self, found: str) -> list[str]:
        cells = [column.texts[code] for column, code in self._cells.get(found, ())]
        others: list[Mapping[str, str]] = [self._filtered, self._beyond]
        return cells + [other[found] for other in others if found in other]

    def _speaks(self, found: str, written: str, originals: list[str]) -> bool:
        """Whether these words are the name, not words that happen to be one."""
        if not any(c.isalpha() for c in found) or _AMOUNT.search(written):
            return False
        has_digits = any(c.isdigit() for c in found)
        if has_digits and self._measures & set(found.split()):
            return False
        exact = any(written.strip() in original for original in originals)
        if found in _COMMON:
            return exact and written[:1].isupper()
        if found not in self._cells and found not in self._filtered:
            return exact and written[:1].isupper()
        return exact or (len(found) > 3)


def _keys(texts: list[str]) -> list[str]:
    """The keys of many texts at once."""
    whole = "\n".join(texts)
    if not whole.isascii():
        whole = _INVISIBLE.sub("", whole)
    lines = _NOT_WORDS.sub(" ", whole.casefold()).split("\n")
    if len(lines) != len(texts):
        return [key(wording.read(text).text) for text in texts]
    if not _DRESSED.search(whole):
        return [line.strip() for line in lines]
    return [
        key(wording.read(text).text) if _DRESSED.search(text) else line.strip()
        for text, line in zip(texts, lines, strict=True)
    ]
