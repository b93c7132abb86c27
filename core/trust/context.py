"""What a figure of a sentence speaks of: the rows that are named near it, and its measure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from core.trust.cues import CHANGE, DOWN, SAYS, UP
from core.trust.grid import Grid, GridColumn, Rows
from core.trust.ground import stem
from core.trust.periods import Stretch
from core.trust.tokens import Token
from core.trust.wording import Part, Segments

_WORD = re.compile(r"[^\W_]+")
_BOUND = re.compile(r"(?:more than|less than|fewer than|above|below|just \w+|exceeding)\s*\W*$")
_GENERIC = {"total", "sum", "avg", "average", "count", "number", "of", "min", "max", "mean",
            "minimum", "maximum", "in", "the", "per", "and", "a"}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A name or a period of a sentence: the rows it stands for, by column."""

    start: int
    end: int
    column: GridColumn
    rows: Rows
    stretch: Stretch | None = None


@dataclass
class Sentence:
    """A sentence with what stands in it. `before` are the groups of the sentence before it."""

    part: Part
    low: str
    segments: Segments
    groups: list[Group]
    grid: Grid
    before: list[Group] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The sentence in lower case."""
        return self.low[self.part.start : self.part.end]

    def says(self, what: str, token: Token | None = None) -> bool:
        """Whether the sentence, or the segment of a figure, has words of a kind."""
        text = self.segment_text(token) if token else self.text
        return bool(SAYS[what].search(text))

    def segment_text(self, token: Token) -> str:
        """The words of the segment that a figure stands in."""
        index = self.segments.of(token.start)
        start, end = self.segments.starts[index], self.segments.end(index, self.part.end)
        if index and self.low[start - 1] in "(:":
            start = self.segments.starts[index - 1]
        return self.low[start:end]

    def direction(self, token: Token) -> Literal[-1, 0, 1]:
        """Whether the words near a figure say up (1), down (-1) or nothing (0)."""
        before = self.low[self.part.start : token.start]
        if token.near:
            before = _BOUND.sub("", before)
        index = self.segments.of(token.start)
        after = self.low[token.end : self.segments.end(index, self.part.end)]
        near = [(m.start(), 1) for m in UP.finditer(after)]
        near += [(m.start(), -1) for m in DOWN.finditer(after)]
        if near:
            return 1 if min(near)[1] > 0 else -1
        found = [(m.start(), 1) for m in UP.finditer(before)]
        found += [(m.start(), -1) for m in DOWN.finditer(before)]
        return 0 if not found else 1 if max(found)[1] > 0 else -1

    def changes(self, token: Token) -> bool:
        """Whether a figure is said to be a change or a difference rather than a level."""
        return self.direction(token) != 0 or bool(CHANGE.search(self.segment_text(token)))

    def measures(self, token: Token) -> tuple[GridColumn, ...]:
        """The measures that the segment names, else those of the segments before it; () for any."""
        for index in range(self.segments.of(token.start), -1, -1):
            start = self.segments.starts[index]
            found = mentioned(
                self.low[start : self.segments.end(index, self.part.end)], self.grid.measures
            )
            if found:
                return found
        return ()

    def choices(self, token: Token, figures: Sequence[Token]) -> list[list[Group]]:
        """The groups that a figure may speak of, one for each column, the likeliest first."""
        if not self.groups:
            return [self.before] if self.before and self.says("back") else []
        columns = list({g.column.index: g.column for g in self.groups}.values())
        found = [[self._nearest(token, column) for column in columns]]
        paired = self._paired(token, figures)
        if paired:
            found.append(paired)
        return [[g for g in groups if g is not None] for groups in found]

    def rows(self, groups: Iterable[Group]) -> Rows:
        """The rows that all of the groups hold; groups of one column are put together."""
        kept: Rows | None = None
        by_column: dict[int, Rows] = {}
        for group in groups:
            known = by_column.get(group.column.index)
            joined = group.rows if known is None else np.union1d(known, group.rows)
            by_column[group.column.index] = joined
        for rows in by_column.values():
            kept = rows if kept is None else np.intersect1d(kept, rows)
        return kept if kept is not None else np.array([], dtype=np.int64)

    def range(self) -> tuple[Rows, Stretch, GridColumn] | None:
        """All rows from the first to the last period that the sentence names."""
        told = [g for g in self.groups if g.stretch is not None]
        if len(told) < 2 or len({g.column.index for g in told}) > 1:
            return None
        stretches = [g.stretch for g in told if g.stretch]
        whole = Stretch(min(s.first for s in stretches), max(s.last for s in stretches))
        starts = told[0].column.starts or []
        rows = [i for i, d in enumerate(starts) if d is not None and whole.first <= d <= whole.last]
        return np.array(rows, dtype=np.int64), whole, told[0].column

    def _nearest(self, token: Token, column: GridColumn) -> Group | None:
        """The group of a column in the figure's segment, else before it, else after it."""
        own = [g for g in self.groups if g.column.index == column.index]
        at = self.segments.of(token.start)
        clause = self.segments.clauses[at]
        placed = [(self.segments.of(g.start), g) for g in own]
        inside = [g for segment, g in placed if segment == at]
        if inside:
            return min(
                inside, key=lambda g: min(abs(g.start - token.end), abs(token.start - g.end))
            )
        same = [(s, g) for s, g in placed if self.segments.clauses[s] == clause]
        before = [g for segment, g in same if segment < at]
        if before:
            return before[-1]
        after = [g for segment, g in same if segment > at]
        if after:
            return after[0]
        earlier = [g for segment, g in placed if segment < at]
        return earlier[-1] if earlier else placed[0][1]

    def _paired(self, token: Token, figures: Sequence[Token]) -> list[Group | None]:
        """ "A and B had 1 and 2": the figure and the name of the same place in their lists."""
        for column in {g.column.index for g in self.groups}:
            names = [g for g in self.groups if g.column.index == column]
            if (
                len(names) > 1
                and len(names) == len(figures)
                and names[-1].end <= figures[0].start
                and token in figures
            ):
                others = [g for g in self.groups if g.column.index != column]
                return [names[figures.index(token)], *others]
        one = self.groups[0]
        one_by_one = len(self.groups) == 1 and one.stretch and one.rows.size == len(figures) > 1
        if one_by_one and token in figures and one.end <= figures[0].start:
            row = one.rows[figures.index(token)]
            return [Group(one.start, one.end, one.column, np.array([row]), one.stretch)]
        return []


def mentioned(text: str, measures: Sequence[GridColumn]) -> tuple[GridColumn, ...]:
    """The measures whose names' words stand in a text; the more telling of two that overlap."""
    words = {stem(word) for word in _WORD.findall(text)}
    found: list[tuple[frozenset[str], GridColumn]] = []
    for measure in measures:
        stems = frozenset(stem(word) for word in measure.words)
        telling = stems - _GENERIC or stems
        if telling and telling <= words:
            found.append((stems if stems <= words else telling, measure))
    return tuple(
        measure for stems, measure in found if not any(stems < other for other, _ in found)
    )
