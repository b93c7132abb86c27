"""A last look: does the plan hold everything that was said?

A number, a value or a superlative that the plan has no place for means that the question was
misread; so does a thing that no table of the plan stands for, and a chain of many joins.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Compare, Field, Having, Measure, Order, Plan, Window, Within
from core.analyst.local.render import tables_of
from core.analyst.local.spans import Reading, Span

MOST_TABLES = 3
_LOOSE = {"name", "names", "title", "titles", "number", "numbers", "first", "last", "average",
          "one", "total", "current", "value", "values", "full"}  # fmt: skip
_COMPARING = {">", "<", ">=", "<="}


def missing(plan: Plan, reading: Reading, lexicon: Lexicon) -> str | None:
    """The first words that the plan has no place for, or None."""
    held = _Held(plan)
    for span in reading.spans:
        if not held.explains(span):
            return span.text
    return None


def too_far(plan: Plan) -> bool:
    """Whether one SELECT of the plan joins more tables than a person would follow."""
    return any(
        isinstance(part, Plan) and len(tables_of(part)) > MOST_TABLES for part in _walk(plan)
    )


def _walk(part: object) -> Iterator[object]:
    yield part
    if isinstance(part, tuple):
        for item in part:
            yield from _walk(item)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _walk(getattr(part, each.name))


class _Held:
    """Everything that a plan and its sub-selects hold."""

    def __init__(self, plan: Plan) -> None:
        parts = list(_walk(plan))
        self.fields = {p for p in parts if isinstance(p, Field)}
        self.tables = {t for p in parts if isinstance(p, Plan) for t in tables_of(p)}
        self.constants: set[str] = set()
        self.comparing = False
        self.ranked = False
        for part in parts:
            if isinstance(part, Compare | Having):
                self.constants |= {_plain(v) for v in part.values}
                self.comparing |= part.operator in _COMPARING | {"between"}
            elif isinstance(part, Within):
                self.comparing |= part.operator in _COMPARING
            elif isinstance(part, Window):
                self.comparing = True
                self.constants |= {str(d.year) for d in (part.start, part.end) if d}
            elif isinstance(part, Plan) and part.limit:
                self.ranked = True
                self.constants.add(str(part.limit))
            elif isinstance(part, Measure):
                self.ranked |= part.function in ("max", "min")
            elif isinstance(part, Order):
                pass

    def explains(self, span: Span) -> bool:
        """Whether a span has its place in the plan."""
        if span.kind == "number":
            return (
                span.number == 1
                or _plain(span.number) in self.constants
                or (span.text in self.constants)
            )
        if span.kind == "quote":
            return any(_alike(span.text, c) for c in self.constants)
        if span.kind in ("superlative", "implied") and span.text.lower() not in ("first", "last"):
            return self.ranked
        if span.kind == "operator" and span.detail in _COMPARING:
            single = span.text.lower() in ("over", "under", "above", "below")
            return self.comparing or single
        happened = span.fuzzy or span.text.lower().endswith(("ed", "ing"))
        if span.kind == "mention" and not happened and span.text.lower() not in _LOOSE:
            return self._mention(span)
        return True

    def _mention(self, span: Span) -> bool:
        best = max((m.score for m in span.meanings), default=0.0)
        if best < 0.7:
            return True
        for meaning in span.meanings:
            if meaning.score < best - 0.35:
                continue
            if meaning.kind == "value" and _plain(meaning.value or "") in self.constants:
                return True
            if meaning.kind == "table" and meaning.table in self.tables:
                return True
            if meaning.kind == "column" and (
                meaning.field in self.fields
                or (meaning.score < 0.6 and meaning.table in self.tables)
            ):
                return True
        return False


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return value.lower()
    return str(int(value)) if value == int(value) else str(value)


def _alike(typed: str, stored: str) -> bool:
    return typed.strip().lower() == stored.strip().lower()
