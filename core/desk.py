"""The desk at which an analyst works on one question: probes over the one road, nothing else."""

import re
import threading
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlglot import exp

from core import query
from core.analyst.base import ValueHit
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.errors import QueryCancelled, QueryFailed, QueryTimedOut, UnsafeSql
from core.jobs import Work
from core.types import Actor, DatabaseSchema, Query, QueryResult, SchemaColumn, Table, Usage

MOST_COLUMNS_SEARCHED: Final = 60
LOOK_UP_SECONDS: Final = 3.0

_TEXT: Final = re.compile(r"CHAR|TEXT|STRING|ENUM|CLOB", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z0-9]+")


class QuestionDesk:
    """What an analyst may use for one question of one person on one connection."""

    def __init__(
        self, dm: DataMind, actor: Actor, work: Work, connection_id: UUID, schema: DatabaseSchema
    ) -> None:
        self._dm, self._actor, self._work = dm, actor, work
        self.connection_id = connection_id
        self.schema = schema
        self.usage = Usage()

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        """Tables that share the most words with the given ones; all, when they are few."""
        if len(self.schema.tables) <= limit:
            return self.schema.tables
        wanted = set(_words(words))
        ranked = sorted(
            self.schema.tables,
            key=lambda table: (-len(wanted & set(_table_words(table))), table.name),
        )
        return tuple(ranked[:limit])

    def find_values(self, text: str, limit: int = 10) -> tuple[ValueHit, ...]:
        """Values of text columns that equal or contain the text: known samples, then a probe."""
        wanted = text.strip()
        if not wanted:
            return ()
        sampled = tuple(
            ValueHit(table.name, column.name, sample)
            for table, column in self._text_columns()
            for sample in column.samples
            if sample.lower() == wanted.lower()
        )
        if sampled or next(self._text_columns(), None) is None:
            return sampled[:limit]
        try:
            result = self.try_sql(self._probe(wanted, limit))
        except (UnsafeSql, QueryFailed):
            return ()
        rows = zip(*(column.to_pylist() for column in result.table.columns), strict=True)
        return tuple(ValueHit(*map(str, row)) for row in rows)

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

    def emit(self, step: str) -> None:
        """Tell the person what is being done."""
        self._work.step(step)

    def stream(self, text: str) -> None:
        """Add to the answer that the person already reads."""
        self._work.stream(text)

    def spend(self, usage: Usage) -> None:
        """Record the tokens of one model call."""
        self.usage += usage

    def cancelled(self) -> bool:
        """Whether the person pressed Stop."""
        return self._work.cancel.requested

    def _text_columns(self) -> Iterator[tuple[Table, SchemaColumn]]:
        for table in self.schema.tables:
            for column in table.columns:
                if _TEXT.search(column.data_type):
                    yield table, column

    def _probe(self, text: str, limit: int) -> str:
        """One query over the text columns, written by sqlglot since the text is a stranger's."""
        parts: list[exp.Query] = []
        for table, column in list(self._text_columns())[:MOST_COLUMNS_SEARCHED]:
            value = exp.column(column.name, quoted=True)
            parts.append(
                exp.select(
                    exp.Literal.string(table.name).as_("table_name"),
                    exp.Literal.string(column.name).as_("column_name"),
                    value.copy().as_("found"),
                )
                .distinct()
                .from_(_named(table.name))
                .where(
                    exp.EQ(
                        this=exp.Lower(this=value.copy()),
                        expression=exp.Literal.string(text.lower()),
                    )
                )
            )
        whole: exp.Query = parts[0]
        for part in parts[1:]:
            whole = exp.union(whole, part, distinct=False, copy=False)
        return whole.limit(limit).sql(dialect=self.schema.dialect)


def _named(table: str) -> exp.Table:
    """A table by its name, which may have its schema before it; all of it quoted."""
    schema, _, name = table.rpartition(".")
    return exp.table_(name, db=schema or None, quoted=True)


def _words(text: str) -> list[str]:
    return [word.rstrip("s") for word in _WORD.findall(text.lower())]


def _table_words(table: Table) -> list[str]:
    texts = [table.name, table.description or ""]
    for column in table.columns:
        texts += [column.name, column.business_term or ""]
    return _words(" ".join(texts).replace("_", " "))
