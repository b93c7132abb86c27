"""Figures that are levels: cells of the rows they speak of, sums over them, facts of the whole."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from core.trust import extremes
from core.trust.context import Group, Sentence
from core.trust.cues import CHANGE, MOVED_BY
from core.trust.grid import GridColumn, Rows
from core.trust.ground import Ground, stem
from core.trust.rounding import fits
from core.trust.tokens import NUMBER_WORDS, Token
from core.types import Fact, Source

MOST_ROWS_LOOKED_AT = 200
_PAST = {"before", "previous", "prior"}
_COMPARED = re.compile(
    r"\b(?:against|than|from|vs\.?|versus|compared (?:with|to))(?: the| a)?\s\W*$"
)
COUNTING = {"count", "number", "n", "total", "num", "cnt", "row", "of", "distinct", "quantity"}
_SMALL_WORDS = {"in", "of", "from", "for", "by", "and", "to", "at", "on", "than", "with", "is",
                "was", "more", "less", "are", "were", "or", "per", "the", "against"}  # fmt: skip
_DERIVED = {"change", "growth", "difference", "share", "percent", "pct", "percentage"}
_WORD = re.compile(r"[^\W_]+")
_NUMBER = rf"\d{{1,4}}|{'|'.join(NUMBER_WORDS)}"
_TOP = re.compile(
    rf"\b(?:top|first|leading|largest|biggest|highest|best) (?P<a>{_NUMBER})\b"
    rf"|\b(?P<b>{_NUMBER}) (?:largest|biggest|highest|best|top|leading)\b"
)


def measures(ground: Ground, sentence: Sentence, token: Token) -> tuple[GridColumn, ...]:
    """The measures that a figure may be of: the ones named, and no count for money."""
    found = sentence.measures(token)
    derives = CHANGE.search(sentence.text) or sentence.changes(token) or sentence.says("share")
    if found and derives:
        found += tuple(m for m in ground.grid.measures if m.words & _DERIVED and m not in found)
    found = found or ground.grid.measures
    if token.kind == "money":
        found = tuple(m for m in found if not m.counted)
    found = _of_the_past(ground, sentence, token, found)
    return tuple(m for m in found if not _counts_others(ground, sentence, token, m))


def _of_the_past(
    ground: Ground, sentence: Sentence, token: Token, found: tuple[GridColumn, ...]
) -> tuple[GridColumn, ...]:
    """Beside "revenue" a column "revenue_before" is what "against", "up from" speak of."""
    before = sentence.low[max(sentence.part.start, token.start - 24) : token.start]
    compared = bool(_COMPARED.search(before))
    past = {m.index for m in ground.grid.measures if m.words & _PAST}
    if not past or len(past) == len(ground.grid.measures):
        return found
    if compared:
        return tuple(m for m in ground.grid.measures if m.index in past)
    return tuple(m for m in found if m.index not in past or m in sentence.measures(token))


def _counts_others(ground: Ground, sentence: Sentence, token: Token, column: GridColumn) -> bool:
    """Whether the word after a figure says that it counts something else than the column."""
    own = {stem(word) for word in column.words}
    for word in words_after(sentence, token, 2):
        if word in _SMALL_WORDS:
            return False
        noun = stem(word)
        if noun in own:
            return False
        if noun in ground.things:
            telling = own - COUNTING
            return bool(telling) or not column.counted or noun not in ground.nouns
    return False


def value_of(
    ground: Ground, column: GridColumn, rows: Rows, groups: Sequence[Group]
) -> float | None:
    """The level of a column over the rows of a name: its cell, or the sum where that adds up."""
    if rows.size == 1:
        number = float(column.numbers[rows[0]])
        return None if np.isnan(number) else number
    if not rows.size or not ground.grid.additive(column) or ground.grid.result.truncated:
        return None
    if any(g.stretch and not ground.covers(g.column, g.stretch, g.rows) for g in groups):
        return None
    with np.errstate(over="ignore"):
        total = float(np.nansum(column.numbers[rows]))
    return total if np.isfinite(total) else None


def level(
    ground: Ground, sentence: Sentence, token: Token, figures: Sequence[Token]
) -> Source | None:
    """Where a level comes from, or None."""
    if token.currency and token.currency not in ground.currencies:
        return None
    if MOVED_BY.search(sentence.low[max(sentence.part.start, token.start - 40) : token.start]):
        return None
    of = measures(ground, sentence, token)
    if ground.grid.rows == 1:
        return _cell(ground, sentence, token, np.array([0], dtype=np.int64), of)
    for groups in sentence.choices(token, figures):
        found = _in_groups(ground, sentence, token, groups, of)
        if found:
            return found
    found = _in_range(ground, sentence, token, of)
    if found or _speaks_of_one_row(ground, sentence, token):
        return found
    return _top(ground, sentence, token, of) or _whole(ground, sentence, token, of)


def _speaks_of_one_row(ground: Ground, sentence: Sentence, token: Token) -> bool:
    """Whether names near the figure leave no room for a figure of the whole."""
    if not sentence.groups or sentence.says("total", token) or sentence.says("example"):
        return False
    before = sentence.low[max(sentence.part.start, token.start - 12) : token.start]
    if re.search(r"\bof(?: the)? \W*$", before):
        return False
    ranged = sentence.range()
    return not (ranged and ranged[0].size == ground.grid.rows)


def _in_groups(
    ground: Ground,
    sentence: Sentence,
    token: Token,
    groups: Sequence[Group],
    of: Sequence[GridColumn],
) -> Source | None:
    rows = sentence.rows(groups)
    if rows.size == 1 or (rows.size <= MOST_ROWS_LOOKED_AT and _is_a_list(ground)):
        found = _cell(ground, sentence, token, rows, of)
        if found:
            return found
    if rows.size < 2:
        return None
    for column in of:
        total = value_of(ground, column, rows, groups)
        if _money_fits(ground, token, rows) and fits(token, total):
            return Source("fact", f"total of {column.name}, {_label(groups)}", column.name)
    return extremes.of_rows(sentence, token, rows, of, _label(groups))


def _is_a_list(ground: Ground) -> bool:
    """Whether the query lists rows as they are, so that a name may stand for several."""
    reading = ground.reading
    return (
        reading is not None
        and bool(reading.outputs)
        and not any(output.functions for output in reading.outputs)
    )


def _label(groups: Sequence[Group]) -> str:
    return ", ".join(g.column.label(int(g.rows[0])) for g in groups if g.rows.size)


def _cell(
    ground: Ground, sentence: Sentence, token: Token, rows: Rows, of: Sequence[GridColumn]
) -> Source | None:
    """The cell of some rows that the figure is, to the digit or rounded."""
    sign = token.signed or not sentence.says("loss", token)
    for column in (*of, *_plain_numbers(ground, sentence, token)):
        for row in rows[~np.isnan(column.numbers[rows])].tolist():
            row_fits = not column.measure or _money_fits(ground, token, np.array([row]))
            if row_fits and fits(token, column.exact(row), sign=sign):
                if not extremes.is_as_called(ground, sentence, token, column, row):
                    continue
                name = ground.grid.label(row)
                told = f"{column.name}, {name}" if name else column.name
                return Source("cell", told, column.name, row)
    return None


def _plain_numbers(ground: Ground, sentence: Sentence, token: Token) -> tuple[GridColumn, ...]:
    """Columns of keys, months and the like, where no measure is named for a bare figure."""
    if not token.plain or sentence.measures(token):
        return ()
    return tuple(c for c in ground.grid.columns if c.numeric and not c.measure)


def _money_fits(ground: Ground, token: Token, rows: Rows) -> bool:
    """Whether the rows are in the currency that the figure is told in."""
    found = {
        column.label(row).strip().upper()
        for column in ground.grid.columns
        if column.texts and column.words & {"currency", "ccy", "curr"}
        for row in rows[:MOST_ROWS_LOOKED_AT].tolist()
    }
    return not token.currency or not found or found == {token.currency}


def _in_range(
    ground: Ground, sentence: Sentence, token: Token, of: Sequence[GridColumn]
) -> Source | None:
    ranged = sentence.range()
    if ranged is None or sentence.changes(token):
        return None
    rows, stretch, time = ranged
    others = [g for g in sentence.groups if g.column is not time]
    rows = sentence.rows([Group(0, 0, time, rows, stretch), *others])
    label = (
        f"{time.label(int(ranged[0][0]))} to {time.label(int(ranged[0][-1]))}" if rows.size else ""
    )
    for column in of:
        total = value_of(ground, column, rows, [Group(0, 0, time, rows, stretch)])
        if rows.size > 1 and _money_fits(ground, token, rows) and fits(token, total):
            return Source("fact", f"total of {column.name}, {label}", column.name)
    return extremes.of_rows(sentence, token, rows, of, label) if rows.size else None


def _top(
    ground: Ground, sentence: Sentence, token: Token, of: Sequence[GridColumn]
) -> Source | None:
    """ "The top three come to 900"."""
    number = counted_top(sentence)
    for column in of if number else ():
        total, _ = top_total(ground, column, number)
        if fits(token, total):
            return Source("fact", f"the {number} highest {column.name} together", column.name)
    return None


def counted_top(sentence: Sentence) -> int:
    """How many of the highest rows a sentence puts together; 0 for none."""
    for match in _TOP.finditer(sentence.text):
        word = match["a"] or match["b"]
        number = int(word) if word.isdigit() else NUMBER_WORDS.get(word, 0)
        if number > 1:
            return number
    return 0


def top_total(ground: Ground, column: GridColumn, number: int) -> tuple[float | None, float | None]:
    """The sum of the highest rows, and of all; None where they do not add up."""
    grid = ground.grid
    numbers = column.numbers[~np.isnan(column.numbers)]
    if grid.result.truncated or not grid.additive(column) or not 1 < number <= numbers.size:
        return None, None
    with np.errstate(over="ignore"):
        top, whole = float(np.sum(np.sort(numbers)[-number:])), float(np.sum(numbers))
    return (top, whole) if np.isfinite(top) and np.isfinite(whole) else (None, None)


def _whole(
    ground: Ground, sentence: Sentence, token: Token, of: Sequence[GridColumn]
) -> Source | None:
    """A fact about all rows that the words of the sentence allow."""
    if token.currency and len(ground.grid.currencies) > 1:
        return None
    names = {column.name for column in of}
    for fact in ground.facts.figures:
        if fact.column not in names or not _allowed(fact, ground, sentence, token):
            continue
        if fits(token, _exact(ground, fact)):
            return Source("fact", fact.name, fact.column, fact.row)
    if sentence.says("example"):
        return _cell(ground, sentence, token, np.arange(min(3, ground.grid.rows)), of)
    return None


def _exact(ground: Ground, fact: Fact) -> Decimal | float | None:
    if fact.row is not None and fact.kind in ("maximum", "minimum"):
        column = next(c for c in ground.grid.columns if c.name == fact.column)
        return column.exact(fact.row)
    return fact.value


def _allowed(fact: Fact, ground: Ground, sentence: Sentence, token: Token) -> bool:  # noqa: PLR0911
    if fact.partial and not sentence.says("some"):
        return False
    same = _all_the_same(fact, ground)
    match fact.kind:
        case "total":
            aside = any(sentence.says(w, token) for w in ("mean", "median", "high", "low", "range"))
            return sentence.says("total", token) or not (aside or sentence.changes(token))
        case "maximum":
            return (
                sentence.says("high") or sentence.says("range") or (same and sentence.says("same"))
            )
        case "minimum":
            return sentence.says("low") or sentence.says("range")
        case "mean":
            return sentence.says("mean")
        case "median":
            return sentence.says("median")
        case _:
            return False


def _all_the_same(fact: Fact, ground: Ground) -> bool:
    told = next((c for c in ground.facts.columns if c.name == fact.column), None)
    return told is not None and told.maximum == told.minimum


def words_after(sentence: Sentence, token: Token, most: int = 3) -> Iterator[str]:
    """The words that follow a figure within its segment."""
    index = sentence.segments.of(token.start)
    end = sentence.segments.end(index, sentence.part.end)
    yield from _WORD.findall(sentence.low[token.end : end])[:most]
