"""Which tables of a large schema a question is about: full-text rank, spread along foreign keys.

Okapi BM25 over the words of a table (its name counts three times what a column's does, sample
values half), then half of each table's score goes to the tables that its foreign keys join it to:
a question names what it wants, seldom what lies between.
"""

import math
import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from core.types import Table

NAME, COLUMN, TERM, DESCRIPTION, SAMPLE = 3.0, 1.0, 2.0, 1.0, 0.5
SATURATION, LENGTH = 1.2, 0.4
SPREAD: Final = 0.5
MOST_SAMPLES: Final = 5
MOST_KEPT: Final = 16

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_COMMON: Final = frozenset(
    [
        "a",
        "all",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "in",
        "is",
        "it",
        "list",
        "many",
        "me",
        "most",
        "much",
        "my",
        "not",
        "of",
        "on",
        "or",
        "our",
        "per",
        "show",
        "than",
        "that",
        "the",
        "their",
        "them",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whose",
        "why",
        "will",
        "with",
        "you",
    ]
)


class Index:
    """The words of a schema's tables, ready to be searched; does not change."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.tables = tables
        self._found: dict[str, dict[int, float]] = defaultdict(dict)
        lengths = []
        for number, table in enumerate(tables):
            weights: dict[str, float] = defaultdict(float)
            for text, weight in _texts(table):
                for word in words(text):
                    weights[word] += weight
            lengths.append(sum(weights.values()))
            for word, weight in weights.items():
                self._found[word][number] = weight
        usual = (sum(lengths) / len(lengths) if lengths else 0) or 1
        self._lengths = [1 - LENGTH + LENGTH * length / usual for length in lengths]
        self._joined = _joined(tables)

    def search(self, text: str, limit: int) -> tuple[Table, ...]:
        """The tables that fit the text, best first; none when no word is known."""
        scores: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(words(text)):
            places = self._found.get(word, {})
            rare = math.log(1 + (len(self.tables) - len(places) + 0.5) / (len(places) + 0.5))
            for number, weight in places.items():
                bound = weight + SATURATION * self._lengths[number]
                scores[number] += rare * weight * (SATURATION + 1) / bound
        spread = dict(scores)
        for number, score in scores.items():
            for other in self._joined[number]:
                spread[other] = max(spread.get(other, 0.0), scores.get(other, 0.0) + SPREAD * score)
        best = sorted(spread, key=lambda number: (-spread[number], self.tables[number].name))
        return tuple(self.tables[number] for number in best[:limit])


def words(text: str) -> Iterator[str]:
    """The telling words of a text or a name, in lower case and without the s of a plural."""
    for part in _WORD.findall(_HUMP.sub(" ", text)):
        word = part.lower()
        if word in _COMMON:
            continue
        if len(word) > 3 and word.endswith("ies"):
            yield word[:-3] + "y"
        elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
            yield word[:-1]
        else:
            yield word


def index_of(tables: tuple[Table, ...]) -> Index:
    """The index of these very tables, kept for the next question. Thread safe."""
    with _LOCK:
        kept = _KEPT.get(id(tables))
        if kept is not None and kept.tables is tables:
            _KEPT.move_to_end(id(tables))
            return kept
    made = Index(tables)
    with _LOCK:
        _KEPT[id(tables)] = made
        if len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return made


_KEPT: OrderedDict[int, Index] = OrderedDict()
_LOCK: Final = threading.Lock()


def _texts(table: Table) -> Iterator[tuple[str, float]]:
    yield table.name, NAME
    yield table.description or "", DESCRIPTION
    for column in table.columns:
        yield column.name, COLUMN
        yield column.business_term or "", TERM
        yield column.description or "", DESCRIPTION
        for sample in column.samples[:MOST_SAMPLES]:
            yield sample[:60], SAMPLE


def _joined(tables: Iterable[Table]) -> list[set[int]]:
    """For each table, the ones that a foreign key joins it to, in both directions."""
    listed = list(tables)
    numbers = {table.name.lower(): number for number, table in enumerate(listed)}
    joined: list[set[int]] = [set() for _ in listed]
    for number, table in enumerate(listed):
        for column in table.columns:
            target = (column.references or "").rpartition(".")[0].lower()
            if target in numbers and numbers[target] != number:
                joined[number].add(numbers[target])
                joined[numbers[target]].add(number)
    return joined
