"""Figures that count: rows, different values, the N of a top N, ranks, keys, empty values."""

import re
from decimal import Decimal

import numpy as np

from core.trust.context import Group, Sentence
from core.trust.grid import GridColumn
from core.trust.ground import Ground, stem
from core.trust.levels import words_after
from core.trust.rounding import fits
from core.trust.tokens import Token
from core.types import Source

_WORD = re.compile(r"[^\W_]+")
_TOP_BEFORE = re.compile(r"\b(?:top|first|last|bottom|leading|best|worst|next)[\s-]$")
_TOP_AFTER = re.compile(r"\s(?:highest|largest|biggest|best|lowest|smallest|most|fewest|top|worst"
                        r"|leading)\b")  # fmt: skip
_KEY_WORDS = {"id", "no", "number", "code", "key", "nr"}


def count(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    """Where a count comes from, or None."""
    if not token.plain or token.value is None:
        return None
    return (
        _of_top(ground, sentence, token)
        or _of_rows(ground, sentence, token)
        or _of_empty(ground, sentence, token)
    )


def _of_top(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    before = sentence.low[max(sentence.part.start, token.start - 10) : token.start]
    after = sentence.low[token.end : token.end + 12]
    if not (_TOP_BEFORE.search(before) or _TOP_AFTER.match(after)) or token.near:
        return None
    limit = ground.reading.limit if ground.reading else None
    if limit is not None and token.value == limit:
        return Source("filter", f"limit of {limit:,} rows")
    if token.value is not None and 1 <= token.value <= ground.grid.rows:
        return Source("words", f"of the {ground.grid.rows:,} rows")
    return None


def _of_rows(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    if sentence.direction(token) or sentence.says("part", token):
        return None
    nouns = [stem(word) for word in words_after(sentence, token)]
    for noun in nouns:
        for column in ground.grid.columns:
            named = {stem(w) for w in column.words} - _KEY_WORDS
            if noun in named and not column.measure:
                found = _different(ground, column, token)
                if found:
                    return found
        if noun in ground.nouns or (noun in ("period", _unit(ground)) and noun):
            found = _rows(ground, token)
            if found:
                return found
    return None


def _unit(ground: Ground) -> str:
    return next((c.period for c in ground.grid.times if c.period), "")


def _rows(ground: Ground, token: Token) -> Source | None:
    facts = ground.facts
    if facts.truncated and token.near == "over" and token.value == facts.row_count:
        return Source("fact", "rows at hand")
    rows = facts.whole_rows if facts.truncated else facts.row_count
    return Source("fact", "rows") if rows is not None and fits(token, Decimal(rows)) else None


def _different(ground: Ground, column: GridColumn, token: Token) -> Source | None:
    if ground.grid.result.truncated or not fits(token, Decimal(column.different)):
        return None
    return Source("fact", f"different {column.name}", column.name)


def _of_empty(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    if not sentence.says("empty", token):
        return None
    found = (f for f in ground.facts.figures if f.kind in ("nulls", "gap") and f.value)
    for fact in found:
        whole = Decimal(int(fact.value or 0))
        if whole and fits(token, whole) and _names(sentence, fact.column, fact.kind):
            return Source("fact", fact.name, fact.column)
    return None


def _names(sentence: Sentence, column: str, kind: str) -> bool:
    if kind == "gap":
        return True
    words = {stem(w) for w in _WORD.findall(sentence.text)}
    return bool(words & {stem(w) for w in _WORD.findall(column.lower().replace("_", " "))})


def rank(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    """Where "the second highest", "3rd" comes from: the place of the row that is named."""
    if token.value is None or ground.grid.result.truncated:
        return None
    measures = sentence.measures(token) or ((ground.grid.main,) if ground.grid.main else ())
    for groups in sentence.choices(token, []):
        rows = sentence.rows(groups)
        if rows.size != 1:
            continue
        for column in measures:
            number = column.numbers[rows[0]]
            ahead = (
                column.numbers < number if sentence.says("low", token) else column.numbers > number
            )
            if not np.isnan(number) and int(np.sum(ahead)) + 1 == token.value:
                label = ground.grid.label(int(rows[0])) or ""
                return Source(
                    "fact", f"place of {label} by {column.name}", column.name, int(rows[0])
                )
    return None


def key_group(ground: Ground, low: str, token: Token) -> tuple[Source, Group] | None:
    """The row that "order 11", "customer_id 7" or "hour 14" speaks of."""
    if not token.plain or token.value is None or token.near:
        return None
    before = [stem(w) for w in _WORD.findall(low[max(0, token.start - 40) : token.start])[-2:]]
    for column in ground.grid.columns:
        if not column.numeric or column.measure or column.role == "time":
            continue
        telling = {stem(w) for w in column.words}
        bare_key = bool(before) and before[-1] in _KEY_WORDS
        if before and before[-1] in telling and (not bare_key or telling <= {*before}):
            rows = np.flatnonzero(column.numbers == float(token.value))
            exact = [r for r in rows[:50].tolist() if column.exact(r) == token.value]
            if exact:
                group = Group(token.start, token.end, column, np.array(exact, dtype=np.int64))
                return Source("cell", column.name, column.name, exact[0]), group
    return None


def bound(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    """Where "over 1,000" comes from when the query itself asked for that."""
    said = sentence.segment_text(token) + " " + (token.near or "")
    if not (
        token.near in ("over", "under") or re.search(r"\b(?:between|at least|at most)\b", said)
    ):
        return None
    for number, sql in ground.filter_numbers:
        if token.value == number:
            return Source("filter", f"condition {sql}")
    return None
