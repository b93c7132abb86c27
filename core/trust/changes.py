"""Figures that compare: shares, changes, differences, points and multiples of what is named."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from core.trust import levels, pairs
from core.trust.context import Group, Sentence
from core.trust.grid import GridColumn
from core.trust.ground import Ground
from core.trust.rounding import MOST_ROUNDED, fits
from core.trust.tokens import Token
from core.types import Source

# "twice" and "half" are said of what is this near to it.
MOST_BESIDE_A_MULTIPLE = 0.03


def percent(
    ground: Ground, sentence: Sentence, token: Token, figures: Sequence[Token]
) -> Source | None:
    """Where a percentage comes from: a rate, a share of the total, a change, empty values."""
    if sentence.says("empty", token):
        return _empty(ground, sentence, token)
    if sentence.changes(token):
        return _change(ground, sentence, token) or _rate(ground, sentence, token, figures)
    return _rate(ground, sentence, token, figures) or _share(ground, sentence, token, figures)


def points(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    """Where percentage points come from: the difference of two rates."""
    for pair in pairs.of(ground, sentence, token):
        scale = 100 if pair.column.unit == "fraction" else 1
        if pair.column.like_percent and _signed(sentence, token, (pair.now - pair.then) * scale):
            return Source("fact", f"difference of {pair.label}", pair.column.name)
    return _from_facts(ground, sentence, token, "points", 1)


def difference(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    """Where "200 more than" comes from; and the level that something rose or fell from."""
    if token.currency and token.currency not in ground.currencies:
        return None
    found = list(pairs.of(ground, sentence, token))
    if sentence.changes(token):
        for pair in found:
            if _signed(sentence, token, pair.now - pair.then):
                return Source("fact", f"difference of {pair.label}", pair.column.name)
        before = sentence.low[max(sentence.part.start, token.start - 12) : token.start]
        if re.search(r"\b(?:from|against|than|over|after|of)\s\W*$", before):
            for pair in found:
                if fits(token, pair.then):
                    return Source("fact", f"what {pair.label} is compared with", pair.column.name)
        return _from_facts(ground, sentence, token, "difference", 1)
    return None


def multiple(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    """Where "twice", "half of", "3 times" comes from: a ratio of two levels, or a share."""
    for pair in pairs.of(ground, sentence, token):
        ratio = pair.now / pair.then if pair.then else None
        if ratio is not None and _times(token, ratio):
            return Source("fact", f"ratio of {pair.label}", pair.column.name)
    if token.value is not None and token.value < 1:
        for share, label, column in _shares(ground, sentence, token, []):
            if _times(token, share):
                return Source("fact", f"share of {column.name}, {label}", column.name)
    return None


def _times(token: Token, ratio: float) -> bool:
    if not np.isfinite(ratio) or token.value is None:
        return False
    if not token.word:
        return fits(token, ratio)
    said = float(token.value)
    room = MOST_BESIDE_A_MULTIPLE
    if token.near:
        room = 0.1 if token.near == "about" else float(MOST_ROUNDED)
    near = abs(ratio - said) <= room * said
    if token.near == "over":
        return near and ratio >= said
    return near and (token.near != "under" or ratio <= said)


def _signed(sentence: Sentence, token: Token, value: float) -> bool:
    """Whether a change fits with its sign, written or said: "fell by 12 %" is -12 %."""
    if not np.isfinite(value):
        return False
    if token.signed:
        return fits(token, value)
    direction = sentence.direction(token)
    if direction:
        return value * direction > 0 and fits(token, value, sign=False)
    return fits(token, value)


def _rate(
    ground: Ground, sentence: Sentence, token: Token, figures: Sequence[Token]
) -> Source | None:
    """A cell of a column of percentages, of the row that is named."""
    rates = [m for m in levels.measures(ground, sentence, token) if m.like_percent]
    rows = [np.array([0], dtype=np.int64)] if ground.grid.rows == 1 else [
        rows for groups in sentence.choices(token, figures)
        if (rows := sentence.rows(groups)).size == 1
    ]  # fmt: skip
    for column in rates:
        fraction = column.unit == "fraction" or (
            column.unit == "" and bool(np.nanmax(np.abs(column.numbers), initial=0) <= 1)
        )
        scale = Decimal(100 if fraction else 1)
        for row in (int(r[0]) for r in rows):
            exact = column.exact(row)
            if exact is not None and _signed_cell(sentence, token, exact * scale):
                label = ground.grid.label(row)
                return Source("cell", f"{column.name}, {label}", column.name, row)
        found = _rate_of_all(ground, sentence, token, column, scale)
        if found:
            return found
    return None


def _signed_cell(sentence: Sentence, token: Token, value: Decimal) -> bool:
    """A rate as it is; a negative change may be told as a fall."""
    if fits(token, value):
        return not (token.signed is False and sentence.direction(token) < 0 and value > 0
                    and not token.near)  # fmt: skip
    return value < 0 and sentence.direction(token) < 0 and fits(token, value, sign=False)


def _rate_of_all(
    ground: Ground, sentence: Sentence, token: Token, column: GridColumn, scale: Decimal
) -> Source | None:
    words = {"maximum": ("high", "range"), "minimum": ("low", "range"), "mean": ("mean",),
             "median": ("median",)}  # fmt: skip
    own = [f for f in ground.facts.figures if f.column == column.name and not f.partial]
    for fact in own if not sentence.groups else ():
        allowed = any(sentence.says(w) for w in words.get(fact.kind, ()))
        if allowed and fact.value is not None and fits(token, fact.value * float(scale)):
            return Source("fact", fact.name, column.name, fact.row)
    return None


def _share(
    ground: Ground, sentence: Sentence, token: Token, figures: Sequence[Token]
) -> Source | None:
    for share, label, column in _shares(ground, sentence, token, figures):
        if fits(token, share * 100):
            return Source("fact", f"share of {column.name}, {label}", column.name)
    return None


def _shares(
    ground: Ground, sentence: Sentence, token: Token, figures: Sequence[Token]
) -> Iterator[tuple[float, str, GridColumn]]:
    """Shares of the total of what is named, and of the top N together."""
    grid = ground.grid
    for column in levels.measures(ground, sentence, token):
        numbers = column.numbers
        if grid.result.truncated or not grid.additive(column) or np.nanmin(numbers, initial=0) < 0:
            continue
        number = levels.counted_top(sentence)
        top, whole = levels.top_total(ground, column, number)
        if top is not None and whole:
            yield top / whole, f"the {number} highest", column
        with np.errstate(over="ignore"):
            total = float(np.nansum(numbers))
        if not total or not np.isfinite(total):
            continue
        choices = sentence.choices(token, figures)
        together = _together(sentence)
        if together is not None:
            choices = [*choices, together]
        for groups in choices:
            rows = sentence.rows(groups)
            if 0 < rows.size < grid.rows:
                part = float(np.nansum(numbers[rows]))
                yield part / total, grid.label(int(rows[0])) or "", column


def _together(sentence: Sentence) -> list[Group] | None:
    """All names of one column, for "Lamp and Chair together make up 60 %"."""
    if len(sentence.groups) > 1 and sentence.says("total"):
        return sentence.groups
    return None


def _empty(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    for fact in ground.facts.figures:
        share = fact.value if fact.kind == "nulls" and fact.name.startswith("share") else None
        if share is not None and fits(token, share * 100):
            return Source("fact", fact.name, fact.column)
    return None


def _change(ground: Ground, sentence: Sentence, token: Token) -> Source | None:
    for pair in pairs.of(ground, sentence, token):
        if not pair.then or pair.column.unit:
            continue
        if _signed(sentence, token, (pair.now - pair.then) / abs(pair.then) * 100):
            return Source("fact", f"change of {pair.label}", pair.column.name)
    return _from_facts(ground, sentence, token, "change", 100)


def _from_facts(
    ground: Ground, sentence: Sentence, token: Token, kind: str, scale: int
) -> Source | None:
    """The change of the last whole period, when the sentence says what it is compared with."""
    if sentence.groups:
        return None
    of = {m.name for m in levels.measures(ground, sentence, token)}
    found = [f for f in ground.facts.figures if f.kind == kind and f.column in of]
    by_column: dict[str, int] = {}
    for fact in found:
        nth = by_column[fact.column] = by_column.get(fact.column, 0) + 1
        year = nth == 2 or (fact.at[-4:] != fact.against[-4:] and fact.at[:-4] == fact.against[:-4])
        said = (
            sentence.says("year") if year else sentence.says("before") and not sentence.says("year")
        )
        if said and fact.value is not None and _signed(sentence, token, fact.value * scale):
            return Source("fact", fact.name, fact.column, fact.row)
    return None
