"""What the model may look up while it drafts: the desk, as tools, and nothing besides it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from anthropic.types import ToolParam, ToolResultBlockParam

from core.analyst.base import Desk
from core.analyst.claude import fence, near, prompts
from core.analyst.claude.model import Use
from core.errors import AnalystFailed, CannotConnect, DataMindError, LimitReached, QueryCancelled
from core.types import Json, QueryResult

MOST_TABLES: Final = 15
MOST_HITS: Final = 10
MOST_TEXTS: Final = 10
MOST_ROWS: Final = 20
MOST_COLUMNS: Final = 30
LONGEST_RESULT: Final = 20_000
NOT_TO_LEARN_FROM: Final = (QueryCancelled, CannotConnect, LimitReached, AnalystFailed)


class _Misused(Exception):
    """Arguments that do not fit; the words say why, for the model to correct."""


@dataclass(frozen=True)
class _Tool:
    """A tool: the one argument that it takes, what the person is told, and what it does."""

    argument: str
    several: bool
    step: str
    does: Callable[[Any, Desk], str]
    shows_values: bool = False


def offered(desk: Desk) -> tuple[ToolParam, ...]:
    """The tools for this desk, in an order that never changes: they are part of what is cached."""
    return tuple(
        {
            "name": name,
            "description": prompts.tool(name),
            "input_schema": _schema(tool),
        }
        for name, tool in _TOOLS.items()
        if desk.shows_values or not tool.shows_values
    )


def use(wanted: Use, desk: Desk) -> ToolResultBlockParam:
    """Do what the model wants with a tool; what goes wrong is told to it, to learn from.

    Raises what ends every question: QueryCancelled, CannotConnect, LimitReached.
    """
    try:
        said, failed = _used(wanted, desk), False
    except _Misused as error:
        said, failed = str(error), True
    except NOT_TO_LEARN_FROM:
        raise
    except DataMindError as error:
        said, failed = prompts.database_message(learnt(error, desk)), True
    content = said if len(said) <= LONGEST_RESULT else said[:LONGEST_RESULT] + "\n… (cut)"
    return {
        "type": "tool_result",
        "tool_use_id": wanted.id,
        "content": content,
        "is_error": failed,
    }


def learnt(error: DataMindError, desk: Desk) -> str:
    """What the database said, with the names that were probably meant."""
    said = near.told(f"{error.message} {error.hint}".strip(), desk.schema)
    return said if desk.shows_values else fence.without_values(said)


def _used(wanted: Use, desk: Desk) -> str:
    tool = _TOOLS.get(wanted.name)
    if tool is None or (tool.shows_values and not desk.shows_values):
        raise _Misused(f"There is no such tool. The tools are: {', '.join(_TOOLS)}.")
    given = wanted.input.get(tool.argument) if wanted.input is not None else None
    if tool.several:
        fits = isinstance(given, list) and given and all(isinstance(one, str) for one in given)
    else:
        fits = isinstance(given, str) and bool(given.strip())
    if not fits:
        kind = "a list of texts" if tool.several else "a text"
        raise _Misused(f"“{tool.argument}” has to be {kind}, and not empty.")
    desk.emit(tool.step)
    return tool.does(given, desk)


def _search(words: str, desk: Desk) -> str:
    found = desk.search_schema(words, limit=MOST_TABLES)
    return prompts.fenced_schema(found, desk.shows_values) if found else "No table fits."


def _tables(names: list[str], desk: Desk) -> str:
    found = [table for name in names[:MOST_TABLES] if (table := desk.schema.table(name))]
    if not found:
        raise _Misused("There are no such tables. Look for them with search_schema.")
    return prompts.fenced_schema(found, desk.shows_values)


def _values(texts: list[str], desk: Desk) -> str:
    hits = desk.find_values(*texts[:MOST_TEXTS], limit=MOST_HITS)
    lines = [
        f"{fence.name(hit.table)}.{fence.name(hit.column)}: "
        f"{fence.quoted(hit.value, fence.LONGEST_VALUE)}"
        for hit in hits
    ]
    return prompts.result("\n".join(lines) or "no column holds any of them")


def _verified(words: str, desk: Desk) -> str:
    return prompts.verified(desk.verified(words)) or "Nothing verified resembles this."


def _try(sql: str, desk: Desk) -> str:
    return prompts.result(rows(desk.try_sql(sql), desk.shows_values))


def rows(result: QueryResult, shows_values: bool) -> str:
    """How many rows there are, and the first ones where values may be shown."""
    more = " or more" if result.truncated else ""
    names = ", ".join(fence.name(name) for name in result.table.column_names[:MOST_COLUMNS])
    lines = [f"rows: {result.row_count:,}{more}", f"columns: {names}"]
    if shows_values:
        shown = result.table.slice(0, MOST_ROWS).select(
            range(min(result.table.num_columns, MOST_COLUMNS))
        )
        columns = [column.to_pylist() for column in shown.columns]
        lines += [prompts.row(row) for row in zip(*columns, strict=True)]
    return "\n".join(lines)


_TOOLS: Final = {
    "search_schema": _Tool("words", False, "Looking for tables", _search),
    "tables": _Tool("names", True, "Looking at tables", _tables),
    "find_values": _Tool("texts", True, "Looking for values", _values, shows_values=True),
    "verified": _Tool("words", False, "Looking at verified answers", _verified),
    "try_sql": _Tool("sql", False, "Trying a query", _try),
}


def _schema(tool: _Tool) -> Json:
    text: Json = {"type": "string"}
    argument: Json = {"type": "array", "items": text} if tool.several else text
    return {
        "type": "object",
        "properties": {tool.argument: argument},
        "required": [tool.argument],
        "additionalProperties": False,
    }
