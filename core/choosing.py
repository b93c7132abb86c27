"""Two readings of one question: whether they give different numbers, and then who decides."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from core import formats, trust
from core.analyst.base import Analyst, Desk
from core.analyst.local import alternatives
from core.errors import DataMindError, QueryCancelled
from core.types import Choice, Draft, Option, QueryResult, Question

MOST_OPTIONS: Final = 3
_MOST_CELLS: Final = 3

Run = Callable[[str], QueryResult]
"""A look at the data: guarded, as the person, of a few seconds."""


def doubted(question: Question, draft: Draft, run: Run) -> Choice | Draft:
    """The draft, or a choice where its words fit another column as well and the numbers differ.

    Where they agree, or where the other reading finds nothing or cannot be looked at, nobody is
    asked. Raises QueryCancelled.
    """
    both = alternatives.of(question, draft)
    if both is None:
        return draft
    results = [_looked_up(reading.draft.sql, run) for reading in both]
    mine, other = results
    if mine is None or other is None or _says_nothing(other) or _says_nothing(mine):
        return draft
    if trust.same_result(mine, other, ordered=False):
        return draft
    options = tuple(
        _option(f"{question.text.strip().rstrip('?')} ({reading.label})", reading.label,
                reading.draft, found)
        for reading, found in zip(both, (mine, other), strict=True)
    )  # fmt: skip
    labels = " or the ".join(reading.label for reading in both)
    return Choice(f"Do you mean the {labels}? The numbers differ.", options)


def weighed(
    question: Question,
    choice: Choice,
    analyst: Analyst,
    desk: Desk,
    run: Run,
    *,
    may_ask: bool,
    own: bool = False,
) -> Choice | Draft:
    """An analyst's choice with the numbers of its options, as far as the built-in analyst
    (`analyst`) reads them; one of its drafts where all agree, where the person was asked just
    before, or where it is the only one of its own options (`own`) that the data answers.
    Raises QueryCancelled.
    """
    options = choice.options[:MOST_OPTIONS]
    drafts = [_drafted(replace(question, text=o.question), analyst, desk) for o in options]
    found = [_looked_up(d.sql, run) if d else None for d in drafts]
    read = [(d, r) for d, r in zip(drafts, found, strict=True) if d and r]
    alone = own and len(read) == 1
    agreed = len(read) == len(options) and _all_agree([r for _, r in read])
    if read and (not may_ask or alone or agreed):
        first = next(o for o, d in zip(options, drafts, strict=True) if d is read[0][0])
        told = f"Read as “{formats.shortened(first.label, 80)}”"
        why = "; the other readings give the same." if agreed else "."
        why = "; the data does not answer the other reading." if alone else why
        return replace(read[0][0], assumptions=(*read[0][0].assumptions, told + why))
    told_options = tuple(
        _option(o.question, o.label, d, r) if d and r else o
        for o, d, r in zip(options, drafts, found, strict=True)
    )
    return replace(choice, options=told_options)


def headline(result: QueryResult) -> str:
    """The figure of a result in a few words: its only row, or its first of so many."""
    if not result.row_count:
        return "no rows"
    names = result.columns[:_MOST_CELLS]
    cells = [formats.cell(result.table.column(n)[0].as_py(), n) for n in names]
    first = formats.shortened(", ".join(cells), 60)
    return first if result.row_count == 1 else f"{result.row_count:,} rows, first {first}"


def _option(question: str, label: str, draft: Draft, found: QueryResult) -> Option:
    return Option(
        label,
        question,
        figure=headline(found),
        draft={"sql": draft.sql, "reading": draft.reading, "plan": draft.plan,
               "title": draft.title, "assumptions": list(draft.assumptions)},
    )  # fmt: skip


def _all_agree(results: list[QueryResult]) -> bool:
    return all(trust.same_result(results[0], one, ordered=False) for one in results[1:])


def _drafted(question: Question, analyst: Analyst, desk: Desk) -> Draft | None:
    try:
        outcome = analyst.draft(question, desk)
    except QueryCancelled:
        raise
    except DataMindError:
        return None
    return outcome if isinstance(outcome, Draft) else None


def _looked_up(sql: str, run: Run) -> QueryResult | None:
    try:
        return run(sql)
    except QueryCancelled:
        raise
    except DataMindError:
        return None


def _says_nothing(result: QueryResult) -> bool:
    """No rows, or one of nothing but empty values and zeros."""
    if result.row_count > 1:
        return False
    return not any(value for row in result.table.to_pylist() for value in row.values())
