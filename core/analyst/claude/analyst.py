"""The analyst that asks Claude, or whatever model a compatible server offers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

import structlog
from anthropic.types import MessageParam

from core.analyst.base import Described, Desk
from core.analyst.claude import prompts, replies, schema_text
from core.analyst.claude.live_text import LiveText
from core.analyst.claude.model import Call, Model, Said
from core.errors import (
    AnalystFailed,
    CannotConnect,
    DataMindError,
    LimitReached,
    QueryCancelled,
)
from core.types import (
    Draft,
    Facts,
    Insight,
    Outcome,
    Question,
    Table,
    Usage,
)

log = structlog.get_logger(__name__)

MOST_REPAIRS: Final = 2
MOST_TABLES_FOUND: Final = 15
TABLES_A_BATCH: Final = 10
COLUMNS_A_BATCH: Final = 100
MAX_TOKENS_DESCRIBE: Final = 8_000
REPHRASE: Final = "Ask in other words, or ask the built-in analyst."
HOPELESS: Final = ("refusal", "model_context_window_exceeded")
NOT_TO_REPAIR: Final = (QueryCancelled, CannotConnect, LimitReached, AnalystFailed)

T = TypeVar("T")


class _NotUnderstood(AnalystFailed):
    """Two replies in a row that do not fit the form."""


class ClaudeAnalyst:
    """Drafts SQL with the strong model; writes insights and descriptions with the fast one.

    `max_retries` is how often the SDK repeats a call that the server turned away.
    """

    name = "claude"

    def __init__(
        self,
        api_key: str,
        base_url: str | None,
        *,
        strong: str,
        fast: str,
        max_tokens_sql: int = 2000,
        max_tokens_insight: int = 1500,
        timeout_seconds: float = 60.0,
        max_retries: int = 2,
    ) -> None:
        self._model = Model(api_key, base_url, timeout_seconds, max_retries)
        self._strong, self._fast = strong, fast
        self._max_tokens_sql, self._max_tokens_insight = max_tokens_sql, max_tokens_insight

    def __repr__(self) -> str:
        return f"ClaudeAnalyst(strong={self._strong!r}, fast={self._fast!r})"

    def close(self) -> None:
        """Let go of the connections to the model's server; the analyst's work is over."""
        self._model.close()

    def draft(self, question: Question, desk: Desk) -> Outcome:
        """Ask for an outcome; a query is tried on the desk and repaired at most twice.

        Raises AnalystFailed when the model cannot be used or no query came to work, and
        QueryCancelled on Stop; what ends every query (no connection, a limit) passes through.
        """
        call = Call(
            purpose="draft",
            model=self._strong,
            max_tokens=self._max_tokens_sql,
            system=(prompts.rules(desk.schema.dialect), prompts.schema(_tables(question, desk))),
            messages=(
                {
                    "role": "user",
                    "content": prompts.question(question, desk.verified(question.text)),
                },
            ),
            schema=replies.OUTCOME,
        )
        for attempt in range(MOST_REPAIRS + 1):
            desk.emit("Thinking about the question" if attempt == 0 else "Correcting the query")
            outcome, call = self._understood(
                call, replies.outcome, spend=desk.spend, cancelled=desk.cancelled
            )
            if not isinstance(outcome, Draft):
                return outcome
            desk.emit("Trying the query")
            try:
                desk.try_sql(outcome.sql)
            except NOT_TO_REPAIR:
                raise
            except DataMindError as error:
                problem = error
                call = _followed(call, prompts.repair(f"{error.message} {error.hint}".strip()))
            else:
                return outcome
        raise AnalystFailed(
            f"No query for this question came to work. The last attempt: {problem.message}",
            problem.hint or REPHRASE,
        ) from problem

    def explain(self, question: Question, draft: Draft, facts: Facts, desk: Desk) -> Insight:
        """Write the answer in one call, streamed. Text without the asked form is kept as it is.

        Raises AnalystFailed when there is no text, QueryCancelled on Stop.
        """
        call = Call(
            purpose="insight",
            model=self._fast,
            max_tokens=self._max_tokens_insight,
            system=(prompts.insight_rules(),),
            messages=({"role": "user", "content": prompts.facts(question, draft, facts)},),
            schema=replies.INSIGHT,
        )
        live = LiveText()

        def show(piece: str) -> None:
            if text := live.add(piece):
                desk.stream(text)

        said = self._model.say(call, spend=desk.spend, on_text=show, cancelled=desk.cancelled)
        if said.stop == "refusal":
            raise AnalystFailed("The model declined to write about this result.", REPHRASE)
        try:
            return replies.insight(said.text, [column.name for column in facts.columns])
        except replies.Unusable as error:
            if not live.text.strip():
                raise AnalystFailed("The model wrote no answer.", REPHRASE) from error
            written = live.text.strip() + (" …" if said.stop == "max_tokens" else "")
            return Insight(written, replies.first_sentence(written))

    def describe(self, tables: Sequence[Table]) -> tuple[Described, ...]:
        """Draft descriptions in batches; a batch whose reply is unusable twice is left out.

        Raises AnalystFailed when the model cannot be reached or used.
        """
        found: list[Described] = []
        for batch in _batches(tables):
            call = Call(
                purpose="describe",
                model=self._fast,
                max_tokens=MAX_TOKENS_DESCRIBE,
                system=(prompts.describe_rules(),),
                messages=({"role": "user", "content": prompts.tables(batch)},),
                schema=replies.DESCRIPTIONS,
            )
            try:
                described, _ = self._understood(call, partial(replies.descriptions, tables=batch))
            except _NotUnderstood:
                log.warning("tables_not_described", tables=len(batch))
            else:
                found += described
        return tuple(found)

    def _understood(
        self,
        call: Call,
        read: Callable[[str], T],
        *,
        spend: Callable[[Usage], None] = lambda usage: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[T, Call]:
        """What the reply holds, and the call with the reply added, to go on from.

        An unusable reply is asked for once more. Raises AnalystFailed.
        """
        for last in (False, True):
            said = self._model.say(call, spend=spend, cancelled=cancelled)
            if said.stop in HOPELESS:
                raise _unusable(said)
            call = _answered(call, said)
            try:
                return read(said.text), call
            except replies.Unusable as error:
                if last:
                    raise _unusable(said) from error
                call = _followed(call, prompts.again(_problem(said, call, error)))
        raise AssertionError


def _tables(question: Question, desk: Desk) -> Sequence[Table]:
    """The whole schema when it is small, else the tables that fit the question."""
    whole = desk.schema.tables
    if len(schema_text.render(whole)) <= schema_text.LONGEST_SCHEMA:
        return whole
    return desk.search_schema(question.text, limit=MOST_TABLES_FOUND)


def _answered(call: Call, said: Said) -> Call:
    if not said.text.strip():
        return call
    reply: MessageParam = {"role": "assistant", "content": said.text.rstrip()}
    return replace(call, messages=(*call.messages, reply))


def _followed(call: Call, text: str) -> Call:
    return replace(call, messages=(*call.messages, {"role": "user", "content": text}))


def _problem(said: Said, call: Call, error: replies.Unusable) -> str:
    if said.stop == "max_tokens":
        return f"it was cut off at its limit of {call.max_tokens:,} tokens, so be shorter"
    return str(error)


def _unusable(said: Said) -> AnalystFailed:
    match said.stop:
        case "refusal":
            return AnalystFailed("The model declined to work on this question.", REPHRASE)
        case "model_context_window_exceeded":
            return AnalystFailed(
                "The question and its tables are too much for the model at once.",
                "Ask about fewer things at a time.",
            )
        case "max_tokens":
            return _NotUnderstood("The model's answer was too long and was cut off.", REPHRASE)
        case _:
            return _NotUnderstood("The model answered in a form that cannot be used.", REPHRASE)


def _batches(tables: Sequence[Table]) -> Iterator[tuple[Table, ...]]:
    """Batches of few tables and few columns; a very wide table comes in several parts."""
    batch: list[Table] = []
    columns = 0
    for table in tables:
        for start in range(0, max(len(table.columns), 1), COLUMNS_A_BATCH):
            part = replace(table, columns=table.columns[start : start + COLUMNS_A_BATCH])
            full = columns + len(part.columns) > COLUMNS_A_BATCH or len(batch) == TABLES_A_BATCH
            if batch and full:
                yield tuple(batch)
                batch, columns = [], 0
            batch.append(part)
            columns += len(part.columns)
    if batch:
        yield tuple(batch)
