"""What an analyst is, and the desk it works at.

An analyst turns words into SQL and results into words. It never touches a database, a screen
or a session: everything it may use lies on the desk, which `core.ask` implements over
`query.run`, so that every probe is guarded, masked, audited and can be cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.errors import QueryFailed
from core.types import (
    DatabaseSchema,
    Draft,
    Facts,
    Insight,
    ModelCall,
    Outcome,
    QueryResult,
    Question,
    Table,
)


@dataclass(frozen=True)
class ValueHit:
    """A value of the data that resembles what was looked for, in its stored spelling."""

    table: str
    column: str
    value: str


@dataclass(frozen=True)
class Described:
    """A drafted description of a table, or of one of its columns (`column` set)."""

    table: str
    column: str | None
    description: str
    business_term: str | None = None


@dataclass(frozen=True)
class Example:
    """A question of the organization, and the SQL that a person with rights stands for."""

    question: str
    sql: str


class Desk(Protocol):
    """All that an analyst may use while it answers one question."""

    @property
    def schema(self) -> DatabaseSchema:
        """The connection's schema, without what this person may not see."""

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        """The tables whose names, columns or descriptions fit the words, best first."""

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        """Values of text columns that equal one of the texts, whatever the case; at most
        `limit` for each text. All texts are looked for at once."""

    def try_sql(self, sql: str) -> QueryResult:
        """Run a probe through the guard. Raises DataMindError with a sentence to learn from."""

    def verified(self, words: str, limit: int = 3) -> tuple[Example, ...]:
        """Verified answers whose questions resemble the words, the most alike first."""

    def emit(self, step: str) -> None:
        """Tell the person what is being done, in a few words."""

    def stream(self, text: str) -> None:
        """Add to the answer that the person already reads while it is written."""

    def spend(self, call: ModelCall) -> None:
        """Record one model call and its tokens."""

    @property
    def shows_values(self) -> bool:
        """Whether values of the data may be sent to a model; names always may."""

    def doubts(self, question: Question, draft: Draft, result: QueryResult) -> tuple[str, ...]:
        """What speaks against a result that came: values that are not in the data, dates
        outside of it, joins that repeat rows, nothing but empty cells. Raises QueryCancelled."""

    def agree(self, one: QueryResult, other: QueryResult) -> bool:
        """Whether two results say the same, whatever the order of rows and names of columns."""

    def cancelled(self) -> bool:
        """Whether the person pressed Stop."""


class BareDesk:
    """A desk with nothing on it but the schema: no probes, nobody to tell anything."""

    def __init__(self, schema: DatabaseSchema) -> None:
        self.schema = schema

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        """The first tables."""
        return self.schema.tables[:limit]

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        """None but the samples, which analysts see in the schema."""
        return ()

    def try_sql(self, sql: str) -> QueryResult:
        """Raises QueryFailed."""
        raise QueryFailed("Probes are not run here.")

    def verified(self, words: str, limit: int = 3) -> tuple[Example, ...]:
        """None."""
        return ()

    def emit(self, step: str) -> None:
        """Nobody watches."""

    def stream(self, text: str) -> None:
        """Nobody reads along."""

    def spend(self, call: ModelCall) -> None:
        """Nothing is spent."""

    @property
    def shows_values(self) -> bool:
        """They may be sent."""
        return True

    def doubts(self, question: Question, draft: Draft, result: QueryResult) -> tuple[str, ...]:
        """None."""
        return ()

    def agree(self, one: QueryResult, other: QueryResult) -> bool:
        """Whether they are equal to the last cell."""
        return bool(one.table.equals(other.table))

    def cancelled(self) -> bool:
        """Never."""
        return False


class Analyst(Protocol):
    """Turns a question into an outcome, and a result's facts into an insight."""

    name: str

    def draft(self, question: Question, desk: Desk) -> Outcome:
        """Propose SQL, offer a choice, say why not, or reply. Repair happens in here.

        Raises AnalystFailed when the analyst itself cannot work, QueryCancelled on Stop.
        """

    def explain(self, question: Question, draft: Draft, facts: Facts, desk: Desk) -> Insight:
        """Write the answer from the facts of the result; every number comes from them."""

    def describe(self, tables: Sequence[Table], desk: Desk) -> tuple[Described, ...]:
        """Draft descriptions and business terms for tables that have none.

        Raises AnalystFailed when the analyst itself cannot work, QueryCancelled on Stop.
        """
