"""A text as it reads, without its markup, each character knowing where it stood."""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

_MARKUP = re.compile(
    r"</?[A-Za-z][^<>\n]{0,200}>|<!--.*?-->|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,20});"
    r"|[*`\\]|~~|^[ \t]*#{1,6}[ \t]",
    re.DOTALL | re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[.!?…。]+[\"”’')\]]*(?=\s)|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:vs|e\.g|i\.e|approx|ca|no|nr|st|inc|ltd|mr|mrs|ms|dr|prof|etc|incl|excl|max|min|avg"
    r"|est|cf|fig|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|corp|co|u\.s|p\.a)|\b[A-Za-z])$",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;()\n]|,(?!\d)|:(?!\d)|—|(?<=\s)–(?=\s)|(?<=\s)(?:and|or|while|whereas|but|versus|vs\.?|than"
    r"|to|from|against|followed by|ahead of|compared with|compared to|after|before)(?=\s)",
    re.IGNORECASE,
)
_SPACES = {"\u00a0": "\u00a0", "\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0"}
_MINUS = {"\u2212": "-", "\ufe63": "-", "\uff0d": "-", "\u2010": "-", "\u2011": "-"}
_TURNED = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_ARABIC = {"\u066b": ".", "\u066c": ",", "\u066a": "%", "\uff0c": ",", "\uff0e": ".", "\uff05": "%"}


@dataclass(frozen=True)
class Part:
    """A stretch of the clean text."""

    start: int
    end: int


@dataclass(frozen=True)
class Wording:
    """The clean text. `origin` has one place in the written text for each of its characters, and
    one for the end. `turned` are places in it at which the direction of reading is forced."""

    written: str
    text: str
    origin: tuple[int, ...] = field(repr=False)
    turned: tuple[int, ...] = ()

    @cached_property
    def low(self) -> str:
        """The clean text in lower case, of the same length."""
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the clean text stands in the written one."""
        return self.origin[start], (self.origin[end - 1] + 1 if end > start else self.origin[start])

    def sentences(self, kept_whole: Sequence[tuple[int, int]] = ()) -> tuple[Part, ...]:
        """The sentences, in order; never cut inside of what is to be kept whole."""
        found: list[Part] = []
        start = 0
        for match in _SENTENCE_END.finditer(self.text):
            before = self.text[max(0, match.start() - 12) : match.start()]
            newline = self.text[match.start()] == "\n"
            if not newline and match[0][0] == "." and _ABBREVIATED.search(before):
                continue
            if any(s < match.end() and match.start() < e - 1 for s, e in kept_whole):
                continue
            found.append(Part(start, match.start() if newline else match.end()))
            start = match.end()
        found.append(Part(start, len(self.text)))
        return tuple(
            Part(p.end - len(self.text[p.start : p.end].lstrip()), p.end)
            for p in found
            if self.text[p.start : p.end].strip()
        )

    def breaks(self, part: Part, kept_whole: Sequence[tuple[int, int]]) -> "Segments":
        """The sentence cut into segments, the pieces that a figure and its name share."""
        cuts = [
            (m.start(), m.end(), m[0] in ";\n")
            for m in _BREAK.finditer(self.text, part.start, part.end)
            if not any(s < m.end() and m.start() < e for s, e in kept_whole)
        ]
        starts = [part.start, *(end for _, end, _ in cuts)]
        strong = [0]
        for _, _, divides in cuts:
            strong.append(strong[-1] + divides)
        return Segments(tuple(starts), tuple(strong))


@dataclass(frozen=True)
class Segments:
    """Where the segments of a sentence begin, and which are of one clause (no ";" between)."""

    starts: tuple[int, ...]
    clauses: tuple[int, ...]

    def of(self, at: int) -> int:
        """The segment that a place is in."""
        return max(0, bisect_right(self.starts, at) - 1)

    def end(self, segment: int, otherwise: int) -> int:
        """Where a segment ends."""
        return self.starts[segment + 1] if segment + 1 < len(self.starts) else otherwise


def read(written: str) -> Wording:
    """The text without Markdown's and HTML's marks and without invisible characters.

    Digits of every script become 0 to 9, kinds of minus and wide spaces one of each.
    """
    letters: list[str] = []
    origin: list[int] = []
    turned: list[int] = []
    at = 0
    for match in [*_MARKUP.finditer(written), None]:
        end = match.start() if match else len(written)
        for index in range(at, end):
            _add(written[index], index, letters, origin, turned)
        if match:
            if match[0].startswith("&"):
                for letter in html.unescape(match[0]):
                    _add(letter, match.start(), letters, origin, turned)
            at = match.end()
    origin.append(len(written))
    return Wording(written, "".join(letters), tuple(origin), tuple(turned))


def _add(letter: str, index: int, letters: list[str], origin: list[int], turned: list[int]) -> None:
    if letter.isascii():
        letters.append(letter if letter >= " " or letter == "\n" else " ")
        origin.append(index)
        return
    if letter in _TURNED:
        turned.append(len(letters))
        return
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Cc"):
        return
    known = _SPACES.get(letter) or _MINUS.get(letter) or _ARABIC.get(letter)
    if known is None:
        known = str(unicodedata.digit(letter)) if kind == "Nd" else letter
    letters.append(known)
    origin.append(index)
