"""The desk at which an analyst works on one question: probes over the one road, nothing else."""

import re
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlglot import exp

from core import guard, query, recall, retrieval, trust, usage, verified
from core.analyst.base import Example, ValueHit
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.errors import DataMindError, QueryCancelled, QueryFailed, QueryTimedOut, UnsafeSql
from core.jobs import Work
from core.types import (
    Actor,
    DatabaseSchema,
    Draft,
    ModelCall,
    Query,
    QueryResult,
    Question,
    Reason,
    SchemaColumn,
    Table,
    Usage,
)
from core.verified import Verified

MOST_COLUMNS_SEARCHED: Final = 60
LOOK_UP_SECONDS: Final = 3.0

_TEXT: Final = re.compile(r"CHAR|TEXT|STRING|ENUM|CLOB", re.IGNORECASE)


class QuestionDesk:
    """What an analyst may use for one question of one person on one connection."""

    def __init__(
        self,
        dm: DataMind,
        actor: Actor,
        work: Work,
        connection_id: UUID,
        schema: DatabaseSchema,
        kept: tuple[Verified, ...] | None = None,
    ) -> None:
        """`kept` are the verified answers to know of, where not all of the connection."""
        self._dm, self._actor, self._work = dm, actor, work
        self.connection_id = connection_id
        self.schema = schema
        self.usage = Usage()
        self._kept = kept

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        """The tables that fit the words best (core.retrieval); all, when they are few."""
        if len(self.schema.tables) <= limit:
            return self.schema.tables
        return retrieval.index_of(self.schema.tables).search(words, limit)

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        """Values that equal a text, whatever the case: known samples, then one probe for all
        texts that no sample equals."""
        wanted = {text.strip().lower() for text in texts} - {""}
        found: dict[str, list[ValueHit]] = {}
        for table, column in self._text_columns():
            for sample in column.samples:
                if sample.lower() in wanted:
                    hit = ValueHit(table.name, column.name, sample)
                    found.setdefault(sample.lower(), []).append(hit)
        sampled = tuple(hit for hits in found.values() for hit in hits[:limit])
        unseen = sorted(wanted - set(found))
        if not unseen or next(self._text_columns(), None) is None:
            return sampled
        try:
            result = self.try_sql(self._probe(unseen, limit * len(unseen)))
        except (UnsafeSql, QueryFailed):
            return sampled
        rows = zip(*(column.to_pylist() for column in result.table.columns), strict=True)
        return (*sampled, *(ValueHit(*map(str, row)) for row in rows))

    def try_sql(self, sql: str) -> QueryResult:
        """Run a probe through the guard, as the person, cancelled with the question."""
        return query.run(
            self._dm,
            self._actor,
            Query(self.connection_id, sql, purpose="probe"),
            cancel=self._work.cancel,
            known=self.schema,
        )

    def look_up(self, sql: str) -> QueryResult:
        """A probe that may take only a few seconds: what it tells is good to know, no more.

        Raises QueryTimedOut when it took longer, QueryCancelled on Stop.
        """
        cancel = Cancel()
        forget = self._work.cancel.on_request(cancel.request)
        timer = threading.Timer(LOOK_UP_SECONDS, cancel.request)
        timer.start()
        try:
            return query.run(
                self._dm,
                self._actor,
                Query(self.connection_id, sql, purpose="probe"),
                cancel=cancel,
                known=self.schema,
            )
        except QueryCancelled as stop:
            if self._work.cancel.requested:
                raise
            raise QueryTimedOut("A look at the data took too long.") from stop
        finally:
            timer.cancel()
            forget()

    @cached_property
    def kept(self) -> tuple[Verified, ...]:
        """The verified answers of the connection."""
        if self._kept is not None:
            return self._kept
        return verified.answers(self._dm, self._actor, connection_id=self.connection_id)

    def verified(self, words: str, limit: int = 3) -> tuple[Example, ...]:
        """Verified answers whose questions resemble the words, the most alike first."""
        return verified.examples(recall.resembling(words, self.kept, limit))

    def emit(self, step: str) -> None:
        """Tell the person what is being done."""
        self._work.step(step)

    def stream(self, text: str) -> None:
        """Add to the answer that the person already reads."""
        self._work.stream(text)

    def spend(self, call: ModelCall) -> None:
        """Record one model call and its tokens."""
        self.usage += call.usage
        usage.record(self._dm, self._actor, call)

    @property
    def shows_values(self) -> bool:
        """Whether values of the data may be sent to a model."""
        return not self.schema.values_stay

    def doubts(self, question: Question, draft: Draft, result: QueryResult) -> tuple[str, ...]:
        """The rules of the answer's grade that this result breaks, in words."""
        try:
            safe = query.check(
                self._dm, self._actor, Query(self.connection_id, draft.sql), known=self.schema
            )
        except DataMindError:
            return ()
        read = guard.reading(safe, self.schema, question.today)
        grade = trust.Case(question, draft, result, read, self.look_up).grade()
        return tuple(reason.text for reason in grade.reasons if _speaks_against(reason))

    def agree(self, one: QueryResult, other: QueryResult) -> bool:
        """Whether two results say the same, whatever the order of rows and names of columns."""
        return trust.same_result(one, other, ordered=False)

    def cancelled(self) -> bool:
        """Whether the person pressed Stop."""
        return self._work.cancel.requested

    def _text_columns(self) -> Iterator[tuple[Table, SchemaColumn]]:
        for table in self.schema.tables:
            for column in table.columns:
                hidden = f"{table.name}.{column.name}" in self.schema.private
                if not hidden and _TEXT.search(column.data_type):
                    yield table, column

    def _probe(self, texts: Sequence[str], limit: int) -> str:
        """One query over the text columns, written by sqlglot since the texts are a stranger's."""
        parts: list[exp.Query] = [
            exp.select(
                exp.Literal.string(table.name).as_("table_name"),
                exp.Literal.string(column.name).as_("column_name"),
                exp.column(column.name, quoted=True).as_("found"),
            ).from_(_named(table.name))
            for table, column in list(self._text_columns())[:MOST_COLUMNS_SEARCHED]
        ]
        stored: exp.Query = parts[0]
        for part in parts[1:]:
            stored = exp.union(stored, part, distinct=False, copy=False)
        equal = exp.In(
            this=exp.Lower(this=exp.column("found")),
            expressions=[exp.Literal.string(text) for text in texts],
        )
        names = ("table_name", "column_name", "found")
        probe = exp.select(*names).distinct().from_(stored.subquery("stored")).where(equal)
        return probe.limit(limit).sql(dialect=self.schema.dialect)


def _speaks_against(reason: Reason) -> bool:
    return reason.met is False or reason.text == "The result has no values."


def _named(table: str) -> exp.Table:
    """A table by its name, which may have its schema before it; all of it quoted."""
    schema, _, name = table.rpartition(".")
    return exp.table_(name, db=schema or None, quoted=True)
