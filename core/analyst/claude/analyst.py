"""The analyst that asks Claude, or whatever model a compatible server offers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import structlog

from core.analyst.base import Described, Desk
from core.analyst.claude import prompts, replies, schema_text, tools
from core.analyst.claude.drafting import Drafting
from core.analyst.claude.live_text import LiveText
from core.analyst.claude.model import Call, Model, Said
from core.analyst.claude.steps import Steps
from core.analyst.claude.talk import REPHRASE, NotUnderstood, answered, understood
from core.errors import AnalystFailed
from core.types import Draft, Facts, Insight, Outcome, Question, Table

log = structlog.get_logger(__name__)

MOST_TABLES_FOUND: Final = 15
TABLES_A_BATCH: Final = 10
COLUMNS_A_BATCH: Final = 100
MAX_TOKENS_DESCRIBE: Final = 8_000


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
        self._strong, self._fast, self._seconds = strong, fast, timeout_seconds
        self._max_tokens_sql, self._max_tokens_insight = max_tokens_sql, max_tokens_insight

    def __repr__(self) -> str:
        return f"ClaudeAnalyst(strong={self._strong!r}, fast={self._fast!r})"

    def close(self) -> None:
        """Let go of the connections to the model's server; the analyst's work is over."""
        self._model.close()

    def draft(self, question: Question, desk: Desk) -> Outcome:
        """Ask for an outcome; the model may look things up on the desk before, and its query is
        tried there and corrected at most twice.

        Raises AnalystFailed when the model cannot be used or no query came to work, and
        QueryCancelled on Stop; what ends every query (no connection, a limit) passes through.
        """
        tables, whole = _tables(question, desk)
        call = Call(
            purpose="draft",
            model=self._strong,
            max_tokens=self._max_tokens_sql,
            system=(
                prompts.rules(desk.schema.dialect),
                prompts.schema(tables, whole=whole, shows_values=desk.shows_values),
            ),
            messages=(
                {
                    "role": "user",
                    "content": prompts.question(question, desk.verified(question.text)),
                },
            ),
            schema=replies.OUTCOME,
            tools=tools.offered(desk),
        )
        return Drafting(self._model, question, desk, Steps(self._seconds)).outcome(call)

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

    def describe(self, tables: Sequence[Table], desk: Desk) -> tuple[Described, ...]:
        """Draft descriptions in batches; a batch whose reply is unusable twice is left out.

        Raises AnalystFailed when the model cannot be reached or used, QueryCancelled on Stop.
        """

        def listen(call: Call) -> tuple[Said, Call]:
            said = self._model.say(call, spend=desk.spend, cancelled=desk.cancelled)
            return said, answered(call, said)

        found: list[Described] = []
        for batch in _batches(tables):
            call = Call(
                purpose="describe",
                model=self._fast,
                max_tokens=MAX_TOKENS_DESCRIBE,
                system=(prompts.describe_rules(),),
                messages=(
                    {
                        "role": "user",
                        "content": prompts.tables(batch, shows_values=desk.shows_values),
                    },
                ),
                schema=replies.DESCRIPTIONS,
            )
            try:
                described, _ = understood(call, partial(replies.descriptions, tables=batch), listen)
            except NotUnderstood:
                log.warning("tables_not_described", tables=len(batch))
            else:
                found += described
        return tuple(found)


def _tables(question: Question, desk: Desk) -> tuple[Sequence[Table], bool]:
    """The whole schema when it is small, else the tables that fit the question; and which."""
    whole = desk.schema.tables
    if len(schema_text.render(whole)) <= schema_text.LONGEST_SCHEMA:
        return whole, True
    return desk.search_schema(question.text, limit=MOST_TABLES_FOUND), False


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
