"""Whether a plan answers the whole question: every telling word must have left a trace in it.

A plan that passes over "never" or over the name of a column answers another question, with a
figure that looks right. Then it is better to say which words were not understood.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

from core.analyst.local import words
from core.analyst.local.lexicon import Lexicon, Meaning
from core.analyst.local.plan import (
    Compare,
    Field,
    Having,
    Measure,
    Order,
    Plan,
    Related,
    Window,
    Within,
)
from core.analyst.local.render import tables_of
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span, cues, happened

SURE, SURE_VERB, LIKELY = 0.9, 0.75, 0.7
MOST_TABLES = 3
_COMPARING = {">", "<", ">=", "<=", "between"}
_LOOSE = {"name", "names", "title", "titles", "number", "numbers", "first", "last", "average",
          "one", "total", "current", "value", "values", "full"}  # fmt: skip
_EITHER_WAY = {"from", "over", "under", "above", "below", "first", "last"}
_BEFORE_TEXT = {"named", "called", "titled"}
_NEGATIVE = {"!=", "not in", "empty", "<", "<="}


@dataclasses.dataclass(frozen=True)
class _Traces:
    tables: frozenset[str]
    fields: frozenset[Field]
    values: frozenset[str]
    numbers: frozenset[float]
    negative: bool
    timed: bool
    ranked: bool
    comparing: bool
    texts: bool
    sorted: bool


def untold(reading: Reading, plan: Plan, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of a question that a plan passes over, in their order."""
    traces = _traces(plan)
    return tuple(s.text for s in reading.spans if not _told(s, traces, plan, lexicon))


def too_far(plan: Plan) -> bool:
    """Whether one SELECT of the plan joins more tables than a person would follow."""
    return any(isinstance(p, Plan) and len(tables_of(p)) > MOST_TABLES for p in _parts(plan))


def _told(  # noqa: PLR0911 - one return per kind of words
    span: Span, traces: _Traces, plan: Plan, lexicon: Lexicon
) -> bool:
    if span.kind == "negation" or (span.kind == "operator" and span.detail == "!="):
        return traces.negative
    if span.kind == "number":
        return span.number in traces.numbers or span.number in (0.0, 1.0)
    if span.kind == "time":
        if span.time and span.time.grain == "year" and _by_year(plan, lexicon):
            return True
        return traces.timed or plan.change or plan.versus is not None
    if span.kind in ("superlative", "implied"):
        return traces.ranked or span.text.lower() in _EITHER_WAY
    if span.kind in ("order", "direction"):
        return traces.sorted
    if span.kind == "operator" and span.detail in _COMPARING:
        return traces.comparing or span.text.lower() in _EITHER_WAY
    if span.kind == "operator" and span.text.lower() in _BEFORE_TEXT:
        return traces.texts
    named = span.text.lower() == "name" and traces.sorted  # by whatever names the rows
    if span.kind not in ("mention", "quote") or named:
        return True
    if not _telling(span, lexicon):
        return span.fuzzy or span.kind == "quote" or _likely(span, traces)
    if happened(span, lexicon):  # whoever visited has visits: the verb names them
        others = traces.tables - {plan.base}
        if any(meaning.table in others for meaning in span.meanings):
            return True
    return any(_traced(meaning, traces, lexicon) for meaning in span.meanings)


def _likely(span: Span, traces: _Traces) -> bool:
    """Whether a name that is less sure left a trace by one of its better meanings."""
    best = max((m.score for m in span.meanings), default=0.0)
    if best < LIKELY or span.text.lower() in _LOOSE:
        return True
    stored = {value.lower() for value in traces.values}
    return any(
        (m.kind == "value" and str(m.value).lower() in stored)
        or (m.kind == "table" and m.table in traces.tables)
        or (m.kind == "column" and m.field in traces.fields)
        or (m.kind == "column" and m.score < 0.6 and m.table in traces.tables)
        for m in span.meanings
        if m.score >= best - 0.35
    )


def _by_year(plan: Plan, lexicon: Lexicon) -> bool:
    return any(lexicon.role(g.field) is Role.YEAR for g in plan.groups)


def _traced(meaning: Meaning, traces: _Traces, lexicon: Lexicon) -> bool:
    if meaning.kind == "table":
        return _reached(meaning.table, traces, lexicon)
    if meaning.kind == "column":
        return meaning.field in traces.fields
    return str(meaning.value) in traces.values


def _telling(span: Span, lexicon: Lexicon) -> bool:
    """Whether a name is meant beyond doubt, and is no word such as average or most."""
    if span.fuzzy or tuple(words.lemma(w) for w in span.text.split()) in cues():
        return False
    best = max((m.score for m in span.meanings), default=0.0)
    return best >= (SURE_VERB if happened(span, lexicon) else SURE)


def _reached(table: str, traces: _Traces, lexicon: Lexicon) -> bool:
    """Whether a table is in the plan, or stood for by one that points at it: a pair of both."""
    return table in traces.tables or any(
        step.to_one and step.other == table
        for known in traces.tables
        for step in lexicon.joins.steps(known)
    )


def _traces(plan: Plan) -> _Traces:
    parts = list(_parts(plan))
    fields = {p for p in parts if isinstance(p, Field)}
    tables = {f.table for f in fields}
    tables |= {p.base for p in parts if isinstance(p, Plan)}
    tables |= {t for p in parts if isinstance(p, Plan) for t in p.joined}
    tables |= {p.table for p in parts if isinstance(p, Measure)}
    negative = any(
        (isinstance(p, Compare) and p.operator in _NEGATIVE)
        or (isinstance(p, Related) and p.negated)
        or (isinstance(p, Within) and p.operator in _NEGATIVE)
        or (isinstance(p, Plan) and p.then is not None and p.then[0] == "except")
        for p in parts
    )
    return _Traces(
        frozenset(tables),
        frozenset(fields),
        frozenset(str(p) for p in parts if isinstance(p, str)),
        frozenset(float(p) for p in parts if isinstance(p, int | float)),
        negative,
        ranked=any(
            (isinstance(p, Plan) and p.limit is not None)
            or (isinstance(p, Measure) and p.function in ("max", "min"))
            for p in parts
        ),
        comparing=any(
            isinstance(p, Window)
            or (isinstance(p, Compare | Having | Within | Related) and _compares(p))
            for p in parts
        ),
        texts=any(isinstance(v, str) for p in parts if isinstance(p, Compare) for v in p.values),
        sorted=any(isinstance(p, Order) for p in parts) or plan.change or plan.versus is not None,
        timed=any(isinstance(p, Window) or getattr(p, "grain", None) for p in parts),
    )


def _compares(part: Compare | Having | Within | Related) -> bool:
    if isinstance(part, Related):
        return part.number is not None
    return part.operator in _COMPARING


def _parts(thing: Any) -> Iterator[Any]:
    yield thing
    if isinstance(thing, tuple):
        for part in thing:
            yield from _parts(part)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from _parts(getattr(thing, field.name))
