"""Rates by name (win rate, churn rate, refund rate): where a schema tells that it happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from core.analyst.local import words
from core.analyst.local.lexicon import Lexicon, Meaning, spoken, vocabulary
from core.analyst.local.plan import Field
from core.analyst.local.roles import Role

Kind = Literal["flag", "value", "date", "table"]
FEW_VALUES = 15
_RANK: dict[Kind, float] = {"flag": 0.0, "value": 0.1, "date": 0.2, "table": 0.3}


@dataclass(frozen=True)
class Happening:
    """Where it is told that something happened; `others` are the values of the other outcome."""

    kind: Kind
    at: Meaning
    others: tuple[str, ...] = ()
    ends: bool = False

    @property
    def cost(self) -> float:
        """How indirect the telling is; less is better."""
        indirect = 0.5 if self.ends and self.kind == "value" else 0.0
        return _RANK[self.kind] + indirect


@lru_cache(maxsize=64)
def _stems(word: str) -> frozenset[str]:
    listed = vocabulary("rates").get(word)
    told = listed["words"] if listed else [word]
    return frozenset(words.stem(words.lemma(w)) for w in told)


def known(word: str) -> bool:
    """Whether it is a rate that people speak of, whatever the schema holds."""
    return word in vocabulary("rates")


def find(word: str, lexicon: Lexicon) -> tuple[Happening, ...]:
    """Every place that tells it, the most direct kinds first."""
    stems = _stems(word)
    listed = vocabulary("rates").get(word, {})
    ends = bool(listed.get("ends"))
    found: list[Happening] = []
    for at, role in lexicon.roles.items():
        said = _stemmed(at.column)
        if role is Role.FLAG and _shares(stems, said):
            found.append(Happening("flag", Meaning(at.table, at.column), ends=ends))
        happenings = stems & _stemmed(at.table)  # each of its rows is one: it always happened
        if role is Role.TIME and stems & said and lexicon.column(at).nullable and not happenings:
            found.append(Happening("date", Meaning(at.table, at.column), ends=ends))
        if role is Role.TEXT:
            found += _by_value(at, stems, listed, lexicon)
    for table in lexicon.schema.tables:
        if stems & {words.stem(w) for w in spoken(table.name)} and any(
            step.to_one for step in lexicon.joins.steps(table.name)
        ):
            found.append(Happening("table", Meaning(table.name), ends=ends))
    return tuple(sorted(found, key=lambda h: (h.cost, h.at.table, h.at.column or "")))


def _shares(stems: frozenset[str], said: set[str]) -> bool:
    return bool(stems & said) or any(a[:6] == b[:6] for a in stems for b in said if len(a) > 5)


def _stemmed(name: str) -> set[str]:
    return {words.stem(w) for w in spoken(name)}


def _by_value(
    at: Field, stems: frozenset[str], listed: Mapping[str, Any], lexicon: Lexicon
) -> list[Happening]:
    stored = lexicon.column(at)
    if not 2 <= len(stored.samples) <= FEW_VALUES:
        return []
    other = {words.stem(words.lemma(w)) for w in listed.get("decided", ())}
    hits = [v for v in stored.samples if stems & _value_stems(v)]
    others = tuple(v for v in stored.samples if other & _value_stems(v))
    if len(hits) != 1:
        return []
    return [
        Happening("value", Meaning(at.table, at.column, hits[0]), others, bool(listed.get("ends")))
    ]


def _value_stems(value: str) -> set[str]:
    said = {t.lemma for t in words.tokens(value.replace("_", " ").replace("-", " "))}
    written = {t.text.lower() for t in words.tokens(value.replace("_", " "))}
    return {words.stem(w) for w in said | written}
