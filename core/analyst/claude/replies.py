"""What a model may answer, as JSON schemas, and the reading of what it did answer.

A server may ignore the schema that it was given, and a model may wrap its JSON in words; so
everything is looked at here, and nothing is taken that does not fit.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, get_args

from core.analyst.base import Described
from core.types import (
    Cannot,
    ChartKind,
    ChartSpec,
    Choice,
    Draft,
    Insight,
    Json,
    Option,
    Outcome,
    Reply,
    Table,
)

MOST_SUGGESTIONS: Final = 3
LONGEST_LINE: Final = 300
LONGEST_SUMMARY: Final = 500
LONGEST_TEXT: Final = 8_000
LONGEST_SQL: Final = 20_000


class Unusable(Exception):
    """A reply that does not fit; the words say why, for the model to correct."""


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_TEXT: Final[Json] = {"type": "string"}
_TEXTS: Final[Json] = _list(_TEXT)

OUTCOME: Final[Json] = _object(
    kind={"type": "string", "enum": ["draft", "choice", "cannot", "reply"]},
    sure={"type": "boolean"},
    reading=_TEXT,
    assumptions=_TEXTS,
    sql=_TEXT,
    title=_TEXT,
    text=_TEXT,
    options=_list(_object(label=_TEXT, question=_TEXT)),
    suggestions=_TEXTS,
)
INSIGHT: Final[Json] = _object(
    text=_TEXT,
    summary=_TEXT,
    chart=_object(
        kind={"type": "string", "enum": list(get_args(ChartKind))},
        x=_TEXT,
        y=_TEXTS,
        color=_TEXT,
        title=_TEXT,
    ),
    follow_ups=_TEXTS,
)
DESCRIPTIONS: Final[Json] = _object(
    tables=_list(
        _object(
            table=_TEXT,
            description=_TEXT,
            columns=_list(_object(column=_TEXT, description=_TEXT, business_term=_TEXT)),
        )
    )
)


def drafted(text: str) -> tuple[Outcome, bool]:
    """The outcome that the text holds, and whether the model was sure of it. Raises Unusable."""
    return outcome(text), json_object(text).get("sure") is not False


def outcome(text: str) -> Outcome:
    """The outcome that the text holds. Raises Unusable."""
    said = json_object(text)
    suggestions = _lines(said, "suggestions")[:MOST_SUGGESTIONS]
    match said.get("kind"):
        case "draft":
            return Draft(
                sql=_needed(said, "sql", LONGEST_SQL).rstrip("; \n"),
                reading=_line(said, "reading", LONGEST_TEXT),
                assumptions=_lines(said, "assumptions"),
                title=_line(said, "title"),
            )
        case "choice":
            return Choice(_needed(said, "text", LONGEST_TEXT), _options(said))
        case "cannot":
            return Cannot(_needed(said, "text", LONGEST_TEXT), suggestions)
        case "reply":
            return Reply(_needed(said, "text", LONGEST_TEXT), suggestions)
    raise Unusable('"kind" has to be "draft", "choice", "cannot" or "reply"')


def insight(text: str, columns: Sequence[str]) -> Insight:
    """The insight that the text holds; its chart only if it names columns there are.

    Text that is no JSON object is taken as the answer itself, without a chart. Raises Unusable
    when there is nothing to read at all.
    """
    try:
        said = json_object(text)
        written = _needed(said, "text", LONGEST_TEXT)
    except Unusable:
        if not text.strip() or text.strip().startswith("{"):
            raise
        said, written = {}, text.strip()[:LONGEST_TEXT]
    summary = _line(said, "summary", LONGEST_SUMMARY) or first_sentence(written)
    follow_ups = _lines(said, "follow_ups")[:MOST_SUGGESTIONS]
    return Insight(written, summary, _chart(said.get("chart"), columns), follow_ups)


def descriptions(text: str, tables: Sequence[Table]) -> tuple[Described, ...]:
    """The descriptions in the text, of those tables and columns only. Raises Unusable."""
    entries = json_object(text).get("tables")
    if not isinstance(entries, list):
        raise Unusable('"tables" has to be a list')
    by_name = {table.name: table for table in tables}
    found: list[Described] = []
    for entry in filter(_is_object, entries):
        table = by_name.get(str(entry.get("table")))
        if table is None:
            continue
        if description := _line(entry, "description"):
            found.append(Described(table.name, None, description))
        columns = entry.get("columns")
        for part in filter(_is_object, columns if isinstance(columns, list) else []):
            column = table.column(str(part.get("column")))
            description, term = _line(part, "description"), _line(part, "business_term")
            if column is not None and (description or term):
                found.append(Described(table.name, column.name, description, term or None))
    return tuple(found)


def json_object(text: str) -> Json:
    """The JSON object that the text is, or else the first one in it. Raises Unusable."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            start = text.find("{", start + 1)
            continue
        if isinstance(found, dict) and found:
            return found
        start = text.find("{", start + 1)
    raise Unusable("it holds no JSON object that can be read")


def first_sentence(text: str) -> str:
    """The first sentence of a text, at most 500 characters."""
    line = text.strip().split("\n", 1)[0]
    head, stop, _ = line.partition(". ")
    return (head + stop).strip()[:LONGEST_SUMMARY]


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _line(said: Json, name: str, longest: int = LONGEST_LINE) -> str:
    value = said.get(name)
    return value.strip()[:longest] if isinstance(value, str) else ""


def _needed(said: Json, name: str, longest: int) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f'"{name}" has to be a text that is not empty')
    if len(value) > longest:
        raise Unusable(f'"{name}" is longer than {longest:,} characters')
    return value.strip()


def _lines(said: Json, name: str) -> tuple[str, ...]:
    values = said.get(name)
    texts = [v.strip() for v in values if isinstance(v, str)] if isinstance(values, list) else []
    return tuple(text[:LONGEST_LINE] for text in texts if text)


def _options(said: Json) -> tuple[Option, ...]:
    values = said.get("options")
    found = [
        Option(_line(value, "label"), _line(value, "question", LONGEST_TEXT))
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, dict)
    ]
    complete = tuple(o for o in found if o.label and o.question)[:MOST_SUGGESTIONS]
    if len(complete) < 2:
        raise Unusable('a "choice" needs two or three "options" with "label" and "question"')
    return complete


def _chart(value: Any, columns: Sequence[str]) -> ChartSpec | None:
    """The chart, or None when it is no chart or draws a column that the result lacks."""
    if not isinstance(value, dict) or value.get("kind") not in get_args(ChartKind):
        return None
    x, color, y = _line(value, "x"), _line(value, "color"), _lines(value, "y")
    if any(name not in columns for name in (x, color, *y) if name):
        return None
    if not y and value["kind"] != "table":
        return None
    return ChartSpec(value["kind"], x or None, y, color or None, _line(value, "title"))
