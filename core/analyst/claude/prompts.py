"""What is sent, rendered from the templates in `prompts/`.

The order serves the cache: what never changes first (rules, then the dialect), then the schema,
and only after both breakpoints what belongs to one question.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from math import isfinite
from pathlib import Path
from string import Template
from typing import Any, Final

from core.analyst.base import Example
from core.analyst.claude import fence, schema_text
from core.types import ColumnFacts, Draft, Fact, Facts, Question, Table, Turn

FOLDER: Final = Path(__file__).parent / "prompts"
MOST_TURNS: Final = 10
MOST_TERMS: Final = 50
LONGEST_QUESTION: Final = 5_000
LONGEST_SUMMARY: Final = 500
LONGEST_SQL: Final = 4_000
MOST_ROWS: Final = 20
MOST_COLUMNS: Final = 30
MOST_FACTS: Final = 30
# The facts that the lines of the columns and the rows do not tell already.
TOLD_FACTS: Final = ("change", "difference", "points", "share", "mean", "median", "outlier",
                     "running", "gap")  # fmt: skip


def rules(dialect: str) -> str:
    """The rules of drafting, with those of the database's dialect."""
    known = (FOLDER / f"dialect_{dialect}.md").exists()
    spoken = _render(
        f"dialect_{dialect}" if known else "dialect_other", dialect=fence.name(dialect)
    )
    return f"{_render('rules')}\n\n{spoken}"


def schema(tables: Sequence[Table], *, whole: bool = True, shows_values: bool = True) -> str:
    """The schema block; the same bytes whatever the order of the tables.

    `whole` is False for a part of the database. Sample values only where they may be shown.
    """
    shown = _render("schema", schema=fenced_schema(tables, shows_values))
    return shown if whole else f"{shown}\n\n{_render('schema_part')}"


def tool(name: str) -> str:
    """What a tool does, for the model."""
    return _render(f"tool_{name}")


def fenced_schema(tables: Sequence[Table], shows_values: bool = True) -> str:
    """Tables between tags that nothing in them can open or close."""
    return f"<schema>\n{schema_text.render(tables, samples=shows_values)}\n</schema>"


def result(text: str) -> str:
    """Lines that were written with `fence`, as the result of a query."""
    return f"<result>\n{text}\n</result>"


def verified(examples: Sequence[Example]) -> str:
    """Verified answers, fenced; empty when there are none."""
    told = "\n\n".join(
        f"{fence.block('question', e.question)}\n{fence.block('query', e.sql[:LONGEST_SQL])}"
        for e in examples
    )
    return f"<verified>\n{told}\n</verified>" if told else ""


def database_message(message: str) -> str:
    """What the database said, on one line between tags."""
    said = fence.quoted(message, fence.LONGEST_ERROR)
    return f"<database_message>\n{said}\n</database_message>"


def doubt(doubts: Sequence[str]) -> str:
    """What is suspicious about the result of a query that ran."""
    told = "\n".join(fence.quoted(doubt, fence.LONGEST_NOTE) for doubt in doubts)
    return _render("doubt", doubts=f"<result>\n{told}\n</result>")


def question(asked: Question, examples: Sequence[Example] = ()) -> str:
    """Verified answers that resemble it, the conversation before, today, and the question."""
    turns = asked.history[-MOST_TURNS:]
    told = "\n\n".join(_turn(turn) for turn in turns)
    conversation = (
        _render("conversation", turns=f"<conversation>\n{told}\n</conversation>") + "\n"
        if turns
        else ""
    )
    return _render(
        "question",
        conversation=_glossary(asked) + _examples(examples) + conversation,
        **_today(asked.today),
        time_zone=fence.name(asked.time_zone),
        question=_asked(asked),
    )


def _glossary(asked: Question) -> str:
    """The organization's words and wishes, fenced: they may hold anything."""
    told = [f"{fence.quoted(t.term, 100)}: {fence.quoted(t.meaning, 300)}"
            for t in asked.terms[:MOST_TERMS]]  # fmt: skip
    if not told and not asked.instructions:
        return ""
    return (
        _render(
            "glossary",
            terms=f"<terms>\n{chr(10).join(told) or 'none'}\n</terms>",
            instructions=fence.block("instructions", asked.instructions[:LONGEST_QUESTION]),
        )
        + "\n\n"
    )


def _examples(examples: Sequence[Example]) -> str:
    told = verified(examples)
    return _render("examples", examples=told) + "\n" if told else ""


def repair(message: str) -> str:
    """What the database said to a query, as something to learn from."""
    return _render("repair", message=database_message(message))


def again(problem: str) -> str:
    """The request for a usable answer; `problem` is our own sentence, without its full stop."""
    return _render("again", problem=problem)


def insight_rules() -> str:
    """The rules of writing the answer."""
    return _render("insight")


def facts(asked: Question, draft: Draft, found: Facts) -> str:
    """What is true of the result, with at most 20 of its rows."""
    return _render(
        "facts",
        question=_asked(asked),
        reading=fence.block("reading", "\n".join([draft.reading, *draft.assumptions])),
        query=fence.block("query", draft.sql[:LONGEST_SQL]),
        result=f"<result>\n{_result(found)}\n</result>",
    )


def describe_rules() -> str:
    """The rules of writing the data dictionary."""
    return _render("describe")


def tables(batch: Sequence[Table], *, shows_values: bool = True) -> str:
    """The tables to describe; sample values only where they may be shown."""
    return _render("tables", schema=fenced_schema(batch, shows_values), count=str(len(batch)))


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / f"{name}.md").read_text(encoding="utf-8").strip())


def _render(template: str, **parts: str) -> str:
    return _template(template).substitute(parts).strip()


def _asked(asked: Question) -> str:
    return fence.block("question", asked.text[:LONGEST_QUESTION])


def _today(today: date) -> dict[str, str]:
    return {
        "today": today.isoformat(),
        "weekday": today.strftime("%A"),
        "week": str(today.isocalendar().week),
    }


def _turn(turn: Turn) -> str:
    """The person's words in full; of the answer its summary and SQL."""
    lines = [f"asked: {fence.quoted(turn.question, LONGEST_QUESTION)}"]
    if turn.summary:
        lines.append(f"answered: {fence.quoted(turn.summary, LONGEST_SUMMARY)}")
    if turn.sql:
        lines.append(f"sql: {fence.quoted(turn.sql, LONGEST_SQL)}")
    return "\n".join(lines)


def _result(found: Facts) -> str:
    more = " (the result was cut: there are more)" if found.truncated else ""
    if found.truncated and found.whole_rows is not None:
        more = f" of {found.whole_rows:,} (cut; the facts are those of all of them)"
    lines = [f"rows: {found.row_count:,}{more}"]
    lines += [_column(column) for column in found.columns[:MOST_COLUMNS]]
    figures = [f for f in found.figures if f.kind in TOLD_FACTS][:MOST_FACTS]
    if figures:
        lines.append("facts:")
        lines += [_fact(fact) for fact in figures]
    if found.sample:
        lines.append(f"the first {len(found.sample[:MOST_ROWS])} rows:")
        lines += [row(cells) for cells in found.sample[:MOST_ROWS]]
    return "\n".join(lines)


def _column(column: ColumnFacts) -> str:
    parts = [f"column {fence.name(column.name)}: {column.role}"]
    if column.nulls:
        parts.append(f"empty in {column.nulls:,}")
    if column.total is not None:
        parts.append(f"total {_number(column.total)}")
    for label, value, place in (
        ("smallest", column.minimum, column.minimum_at),
        ("largest", column.maximum, column.maximum_at),
    ):
        if value is not None:
            at = f" at {fence.quoted(place, fence.LONGEST_VALUE)}" if place else ""
            parts.append(f"{label} {_number(value)}{at}")
    return ", ".join(parts)


def _fact(fact: Fact) -> str:
    at = f" at {fence.quoted(fact.at, fence.LONGEST_VALUE)}" if fact.at else ""
    name, value = (fence.quoted(t, fence.LONGEST_VALUE) for t in (fact.name, fact.text))
    return f"{name}{at}: {value}"


def row(cells: Sequence[Any]) -> str:
    """One row of a result, its values quoted and capped."""
    return "[" + ", ".join(_cell(value) for value in cells[:MOST_COLUMNS]) + "]"


def _cell(value: Any) -> str:
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        return _number(value)
    return fence.quoted(value, fence.LONGEST_VALUE)


def _number(value: float) -> str:
    """The number without an exponent where people would write none; at most 4 decimals."""
    if not isfinite(value) or abs(value) >= 1e15 or 0 < abs(value) < 0.001:
        return f"{value:.6g}"
    return f"{value:.4f}".rstrip("0").rstrip(".")
