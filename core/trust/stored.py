"""Grade, proof and facts as JSON beside an answer, and back."""

from dataclasses import asdict
from datetime import date
from typing import Any

from core.types import (
    Fact,
    Facts,
    Grade,
    Json,
    Proof,
    Reason,
    Sentence,
    Sought,
    Source,
    Span,
)

MOST_FACTS = 60
MOST_SPANS = 200


def pack(grade: Grade | None, proof: Proof | None, facts: Facts | None) -> Json:
    """What is kept; whatever JSON or PostgreSQL's lacks (days, the zero character) as text."""
    found: Json = {}
    if grade:
        found["grade"] = asdict(grade)
    if proof:
        kept = Proof(proof.spans[:MOST_SPANS], (), proof.dropped)
        found["proof"] = asdict(kept)
    if facts:
        found["facts"] = [asdict(fact) for fact in facts.figures[:MOST_FACTS]]
        found["sought"] = [asdict(sought) for sought in facts.sought]
        found["empty"] = facts.empty
    plain: Json = _plain(found)
    return plain


def grade(kept: Json) -> Grade | None:
    """The grade that was kept, or None of an answer from before there were grades."""
    found = kept.get("grade")
    if not found:
        return None
    return Grade(found["level"], tuple(Reason(**reason) for reason in found["reasons"]))


def proof(kept: Json) -> Proof | None:
    """The proof that was kept: each figure of the text by its place, with its source."""
    found = kept.get("proof")
    if not found:
        return None
    spans = tuple(
        Span(**{**span, "source": Source(**span["source"]) if span["source"] else None})
        for span in found["spans"]
    )
    unproven = tuple(Sentence(**sentence) for sentence in found["unproven"])
    return Proof(spans, unproven, found["dropped"])


def facts(kept: Json) -> tuple[Fact, ...]:
    """The single facts that were kept."""
    return tuple(Fact(**fact) for fact in kept.get("facts") or ())


def sought(kept: Json) -> tuple[Sought, ...]:
    """What was looked for, as it was kept."""
    return tuple(
        Sought(**{**one, "near": tuple(one["near"]), "first": _day(one["first"]),
                  "last": _day(one["last"])})
        for one in kept.get("sought") or ()
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.replace("\0", "") if isinstance(value, str) else value
