"""The proof of a text: every number, date and name of it is held against the ground."""

import re
from dataclasses import dataclass, replace

import numpy as np

from core import formats
from core.trust import changes, counts, dates, levels, tokens, wording
from core.trust.context import Group, Sentence
from core.trust.dates import DateToken
from core.trust.ground import Ground, Placed
from core.trust.names import Name, key
from core.trust.tokens import Token
from core.trust.wording import Wording
from core.types import Proof, Source, Span, SpanKind
from core.types import Sentence as Unproven

MOST_ROUNDS = 4
LONGEST_TEXT = 50_000
_QUOTED = re.compile(r"[“\"„«](?P<inside>[^“”\"„«»\n]{2,80})[”\"“»]")
_AMOUNT_BEFORE = re.compile(
    r"(?:\b(?:is|was|were|are|reached|totals?|totall?ed|about|around|sum of|total of|had|has"
    r"|averag\w+|exactly|nearly|almost)|[:=(])\s?$"
)
_DATE_BEFORE = re.compile(
    r"\b(?:in|since|until|during|through|year|from|before|after|between|by|for|to|and|of|than|vs\.?"
    r"|early|late|mid|end of|start of|[a-z]{3,9})\s$|[(–-]\s?$|^\W*$"
)
# A heading with a number that no amount can be taken for: "2024 amount", "sales 2024", not
# "total 900".
_NUMBERED = re.compile(r"\d.*[^\W\d_]|[^\W\d_]\D*\b(?:19|20)\d\d$")
_LIST_MARK = re.compile(r"^\s*(?:[-•*]|\d{1,2}[.)])\s*", re.MULTILINE)


@dataclass(frozen=True)
class _Found:
    """A span in the clean text, with the group of rows that it brings into its sentence."""

    start: int
    end: int
    kind: SpanKind
    source: Source | None = None
    group: Group | None = None
    placed: Placed | None = None


def prove(text: str, ground: Ground) -> Proof:
    """Match every figure of a text to the ground; sentences with one that has none are told.

    Never raises for any text. A text of more than 50,000 characters is not proven at all.
    """
    if len(text) > LONGEST_TEXT:
        return Proof((), (Unproven(0, len(text), text),))
    read = wording.read(text)
    return _Prover(read, ground).proof()


def settle(text: str, ground: Ground) -> tuple[str, Proof]:
    """The sentences of a text that are proven, and their proof; `dropped` counts the others.

    What is left is proven again, since a sentence may have leant on one that went.
    """
    dropped = 0
    for _ in range(MOST_ROUNDS):
        found = prove(text, ground)
        if not found.unproven:
            return text, replace(found, dropped=dropped)
        dropped += len(found.unproven)
        text = _without(text, found.unproven)
    return "", Proof(dropped=dropped + (1 if text.strip() else 0))


def _without(text: str, sentences: tuple[Unproven, ...]) -> str:
    """The text without some sentences, and without the empty lines and marks they leave."""
    for sentence in reversed(sentences):
        text = text[: sentence.start] + "\0" + text[sentence.end :]
    kept: list[str] = []
    for line in text.split("\n"):
        if "\0" not in line:
            kept.append(line)
            continue
        rest = re.sub(r"[ \t]*\0[ \t]*", " ", line).strip()
        rest = re.sub(r"[ \t]+(\*{1,2})(?=\s|$)", r"\1", rest)
        if rest.count("**") % 2:
            rest = rest.replace("**", "")
        if re.search(r"\w", _LIST_MARK.sub("", rest)):
            kept.append(rest)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


class _Prover:
    def __init__(self, read: Wording, ground: Ground) -> None:
        self._read, self._ground = read, ground

    def proof(self) -> Proof:
        found = self._names()
        figures = tokens.of(self._read.text, self._read.low, _places(found))
        dated = self._dates(found, figures)
        found += dated
        taken = _places(found)
        figures = tokens.of(self._read.text, self._read.low, taken)
        keys = self._keys(figures)
        found += keys.values()
        self._parts = self._read.sentences([*_places(found), *((t.start, t.end) for t in figures)])
        found = self._strong(found)
        sentences = self._sentences(found, figures)
        for sentence in sentences:
            inside = [t for t in figures if _within(t, sentence) and t.start not in keys]
            levels_told = [
                t for t in inside if t.kind in ("number", "money", "percent") and not t.word
            ]
            found += [self._figure(t, sentence, levels_told) for t in inside]
        return self._told(found)

    def _names(self) -> list[_Found]:
        known, strange = self._ground.names.of(self._read)
        found = self._headings()
        known = [n for n in known if not _overlaps(n.start, n.end, found)]
        strange = [n for n in strange if not _overlaps(n.start, n.end, found)]
        found += [self._name(name) for name in known]
        found += [_Found(n.start, n.end, "name") for n in strange if not self._is_word(n)]
        for match in _QUOTED.finditer(self._read.text):
            start, end = match.span("inside")
            if _overlaps(start, end, found):
                continue
            if not any(c.isdigit() for c in match["inside"]) and not self._is_known(
                match["inside"]
            ):
                found.append(_Found(start, end, "name"))
        return sorted(found, key=lambda f: f.start)

    def _headings(self) -> list[_Found]:
        """Columns of the result that have numbers in their names: those are no figures."""
        found: list[_Found] = []
        for column in self._ground.grid.columns:
            said = formats.heading(column.name).lower()
            if not _NUMBERED.search(said):
                continue
            for match in re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", self._read.low):
                if not _overlaps(*match.span(), found):
                    source = Source("words", "the names of columns")
                    found.append(_Found(*match.span(), "name", source))
        return found

    def _name(self, name: Name) -> _Found:
        if not name.cells:
            text = self._read.text[name.start : name.end]
            return _Found(name.start, name.end, "name", Source("filter", f"condition on {text}"))
        column, code = name.cells[0]
        rows = column.rows_of(code)
        if not rows.size:
            return _Found(name.start, name.end, "name", Source("cell", column.name, column.name))
        source = Source("cell", column.name, column.name, int(rows[0]))
        group = Group(name.start, name.end, column, rows)
        return _Found(name.start, name.end, "name", source, group)

    def _is_word(self, name: Name) -> bool:
        """Whether a value of the data elsewhere is also what a column or table is called."""
        return self._is_called(key(self._read.text[name.start : name.end]))

    def _is_called(self, found: str) -> bool:
        schema = self._ground.schema
        called = {key(c) for c in self._ground.grid.result.columns}
        for table in schema.tables if schema else ():
            called |= {key(table.name), *(key(c.name) for c in table.columns)}
            called |= {key(c.business_term) for c in table.columns if c.business_term}
        return found in called

    def _is_known(self, text: str) -> bool:
        found = key(text)
        return (
            not found
            or self._ground.names.inside(text)
            or found in key(self._ground.question)
            or self._is_called(found)
        )

    def _dates(self, taken: list[_Found], figures: list[Token]) -> list[_Found]:
        read, ground = self._read, self._ground
        found: list[_Found] = []
        for token in dates.of(read.text, read.low, ground.calendar, ground.years, _places(taken)):
            placed = ground.date(token)
            if token.perhaps_number and not self._is_year(token, placed, figures):
                continue
            if placed:
                group = None
                if placed.column is not None and placed.rows is not None:
                    group = Group(
                        token.start, token.end, placed.column, placed.rows, placed.stretch
                    )
                found.append(_Found(token.start, token.end, "date", placed.source, group, placed))
                continue
            now = ground.is_now(token)
            source = Source("calendar", "today") if now and self._tells_now(token) else None
            found.append(_Found(token.start, token.end, "date", source))
        return found

    def _is_year(self, token: DateToken, placed: Placed | None, figures: list[Token]) -> bool:
        """Whether a bare "2026" is meant as a year here, not as an amount."""
        before = self._read.low[max(0, token.start - 14) : token.start]
        whole = next((t for t in figures if t.start <= token.start < t.end), None)
        if whole and (whole.end != token.end or not whole.plain):
            return False
        if _AMOUNT_BEFORE.search(before) and not before.rstrip().endswith("("):
            return False
        return placed is not None or bool(_DATE_BEFORE.search(before))

    def _tells_now(self, token: DateToken) -> bool:
        near = self._read.low[max(0, token.start - 20) : token.end + 40]
        return bool(re.search(r"\b(?:not over|running|so far|to date|incomplete|as of|today|still"
                              r"|not (?:yet )?complete|partial)\b", near))  # fmt: skip

    def _keys(self, figures: list[Token]) -> dict[int, _Found]:
        found: dict[int, _Found] = {}
        for token in figures:
            hit = counts.key_group(self._ground, self._read.low, token)
            if hit:
                found[token.start] = _Found(token.start, token.end, "number", hit[0], hit[1])
        return found

    def _strong(self, found: list[_Found]) -> list[_Found]:
        """Dates that hold only a part of the window count when their sentence tells all of it."""
        kept: list[_Found] = []
        for part in self._parts:
            inside = [f for f in found if part.start <= f.start < part.end]
            placed = [f.placed for f in inside if f.placed and f.placed.rows is None]
            strong = any(not p.weak for p in placed) or self._spans_window(placed)
            for item in inside:
                weak = item.placed is not None and item.placed.weak and not strong
                kept.append(replace(item, source=None) if weak else item)
        return kept

    def _spans_window(self, placed: list[Placed]) -> bool:
        stretches = [p.stretch for p in placed if p.stretch]
        return len(stretches) > 1 and any(
            min(s.first for s in stretches) == since and max(s.last for s in stretches) == last
            for since, last, _ in self._ground.windows
        )

    def _sentences(self, found: list[_Found], figures: list[Token]) -> list[Sentence]:
        kept_whole = [*_places(found), *((t.start, t.end) for t in figures)]
        told: list[Sentence] = []
        before: list[Group] = []
        for part in self._parts:
            groups = [f.group for f in found if f.group and part.start <= f.start < part.end]
            groups.sort(key=lambda g: g.start)
            segments = self._read.breaks(part, kept_whole)
            told.append(Sentence(part, self._read.low, segments, groups, self._ground.grid, before))
            before = groups or before
        return told

    def _figure(self, token: Token, sentence: Sentence, figures: list[Token]) -> _Found:
        with np.errstate(all="ignore"):
            source = self._source(token, sentence, figures)
        return _Found(token.start, token.end, token.kind, source)

    def _source(self, token: Token, sentence: Sentence, figures: list[Token]) -> Source | None:
        ground = self._ground
        match token.kind:
            case "code":
                return self._code(token)
            case "ordinal":
                return counts.rank(ground, sentence, token)
            case "percent":
                return changes.percent(ground, sentence, token, figures)
            case "points":
                return changes.points(ground, sentence, token)
            case "multiple":
                return changes.multiple(ground, sentence, token)
            case _:
                return (
                    counts.count(ground, sentence, token)
                    or changes.difference(ground, sentence, token)
                    or levels.level(ground, sentence, token, figures)
                    or counts.bound(ground, sentence, token)
                )

    def _code(self, token: Token) -> Source | None:
        """A word with digits in it is only known, never computed: a cell, a name, a question."""
        text = self._read.text[token.start : token.end]
        if self._ground.names.inside(text):
            return Source("cell", "a value of the result")
        if not any(c.isalpha() for c in text):
            return None
        if key(text) in key(self._ground.question).split() or self._is_called(key(text)):
            return Source("words", "the question or the names of columns")
        called = " ".join(self._ground.grid.result.columns)
        known = f" {key(text)} " in f" {key(called)} "
        return Source("words", "the names of columns") if known else None

    def _told(self, found: list[_Found]) -> Proof:
        found = sorted(found, key=lambda f: f.start)
        spans = []
        for item in found:
            start, end = self._read.place(item.start, item.end)
            spans.append(Span(start, end, self._read.written[start:end], item.kind, item.source))
        unproven = []
        for part in self._parts:
            inside = [f for f in found if part.start <= f.start < part.end]
            turned = any(part.start <= at <= part.end for at in self._read.turned)
            if any(f.source is None for f in inside) or (turned and inside):
                start, end = self._read.place(part.start, part.end)
                unproven.append(Unproven(start, end, self._read.written[start:end]))
        return Proof(tuple(spans), tuple(unproven))


def _overlaps(start: int, end: int, found: list[_Found]) -> bool:
    return any(f.start < end and start < f.end for f in found)


def _places(found: list[_Found]) -> list[tuple[int, int]]:
    return [(f.start, f.end) for f in found]


def _within(token: Token, sentence: Sentence) -> bool:
    return sentence.part.start <= token.start < sentence.part.end
