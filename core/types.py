"""The data that crosses walls: frozen, typed, without behaviour beyond what they are.

ORM rows never leave core; a noun's own views (a list entry, a form) live in its module.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import pyarrow as pa

Role = Literal["admin", "analyst", "viewer"]
Via = Literal["user", "alert", "report", "link", "token", "system"]
Purpose = Literal["answer", "probe", "explore", "widget", "alert", "export", "schema"]
JobState = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
ChartKind = Literal[
    "bar", "horizontal_bar", "line", "area", "pie", "scatter", "kpi", "table",
    "heatmap", "histogram", "box", "funnel", "map",
]  # fmt: skip
ChartSort = Literal["", "largest", "smallest", "name", "given"]
ChartStack = Literal["", "stacked", "grouped", "share"]
ChartGaps = Literal["", "zero"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who acts. The second argument of every public function of floor 4.

    Tenancy and rights travel with it; a job acts as its `runs_as` and is checked again.
    `via` says by which road the act came; `time_zone` is an IANA name.
    """

    user_id: UUID
    org_id: UUID
    role: Role
    via: Via = "user"
    address: str = ""
    time_zone: str = "UTC"
    locale: str = "en"


# --- a query and what comes back -------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """SQL that somebody wants to run on a connection; unchecked until the guard saw it."""

    connection_id: UUID
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    purpose: Purpose = "answer"


@dataclass(frozen=True)
class Reads:
    """What a checked query reads: tables, and the columns named in it (`table.column`)."""

    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A parameter's place in a text: its name, and where it begins and ends, sign included."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class SafeSelect:
    """A query that the guard has checked. Only `core.guard` makes one.

    The only thing `Connector.run` accepts, so an unchecked string cannot reach a database.
    `cap` is the number of rows the person may get; `sql` asks for one more, which tells
    whether the result was cut. `schema` is where names of tables without one were looked up, and
    where the session must look them up. `marks` tells where its parameters stand, for drivers
    that want them written in another way. `masked` are the names of outputs that show ••• in
    the place of private values.
    """

    sql: str
    dialect: str
    cap: int
    params: Mapping[str, Any] = field(default_factory=dict)
    reads: Reads = Reads()
    marks: tuple[Mark, ...] = ()
    schema: str = ""
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueryResult:
    """A result as an Arrow table; pandas only at the edge (charts, tables).

    `seconds` is the time on the database (0 when `cached`), `at` when it was asked, where that
    is known. `truncated` says that the query had more rows than the cap.
    """

    table: pa.Table
    truncated: bool = False
    cached: bool = False
    seconds: float = 0.0
    at: datetime | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.table.column_names)

    @property
    def row_count(self) -> int:
        """Rows at hand (at most the cap)."""
        return int(self.table.num_rows)


# --- the schema of a customer's database -----------------------------------------------


@dataclass(frozen=True)
class SchemaColumn:
    """A column as discovered: its engine type, keys, and a look at its values.

    `data_type` is the engine's own name, upper case. `references` is "table.column" when a
    foreign key is declared. `samples` are up to 10 distinct values as text. Words about it are
    drafted that an analyst wrote and no person has looked at.
    """

    name: str
    data_type: str
    nullable: bool = True
    primary_key: bool = False
    references: str | None = None
    samples: tuple[str, ...] = ()
    distinct_count: int | None = None
    null_percentage: float | None = None
    description: str | None = None
    business_term: str | None = None
    description_drafted: bool = False
    term_drafted: bool = False


@dataclass(frozen=True)
class Table:
    """A table or view with its columns in their order.

    Equal fingerprints mean that nothing of its rows has changed; empty where that is not known.
    A description is drafted that an analyst wrote and no person has looked at.
    """

    name: str
    columns: tuple[SchemaColumn, ...]
    kind: Literal["table", "view"] = "table"
    row_count: int | None = None
    description: str | None = None
    fingerprint: str = ""
    description_drafted: bool = False

    def column(self, name: str) -> SchemaColumn | None:
        """The column of that name, whatever its case (its own case first), or None."""
        alike = [c for c in self.columns if c.name.lower() == name.lower()]
        return next((c for c in alike if c.name == name), alike[0] if alike else None)


@dataclass(frozen=True)
class DatabaseSchema:
    """What DataMind knows of a database. `dialect` is sqlglot's name of it.

    `engine` is the guard's name of it where that is a narrower one (mariadb). `schema` is the
    schema (on MySQL the database) of tables that are named without one, where there are several.
    `private` are the private columns ("table.column"), `sees_private` whether who asked sees them.
    """

    dialect: str
    tables: tuple[Table, ...]
    engine: str = ""
    schema: str = ""
    private: frozenset[str] = frozenset()
    sees_private: bool = False
    values_stay: bool = False

    @property
    def masked(self) -> "DatabaseSchema":
        """The same for whoever does not see private columns, as no model ever does."""
        return replace(self, sees_private=False)

    @property
    def hidden(self) -> frozenset[str]:
        """The private columns that are masked for whoever this was read for."""
        return frozenset() if self.sees_private else self.private

    @property
    def guarded_as(self) -> str:
        """The dialect whose lists the guard goes by."""
        return self.engine or self.dialect

    def table(self, name: str) -> Table | None:
        """The table of that name, whatever its case (its own case first), or None."""
        alike = [t for t in self.tables if t.name.lower() == name.lower()]
        return next((t for t in alike if t.name == name), alike[0] if alike else None)


@dataclass(frozen=True)
class Finding:
    """What the connection doctor found out: how bad it is, in words, and the SQL that cures it."""

    level: Literal["good", "note", "warning", "danger"]
    title: str
    detail: str = ""
    sql: str = ""


# --- what a checked query reads and assumes ------------------------------------------------

OutputKind = Literal["column", "aggregate", "window", "expression", "constant", "star"]
Clause = Literal["where", "having", "on", "qualify", "filter"]
Path = tuple[str, ...]
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class TableUse:
    """One place where a query names a real table, and what the table is there for.

    `path` tells the part of the query: () is the main one, then a step for each level inwards
    (`with:paid`, `from:t`, `where:1`, `select:1`, `branch:2` …). `filter` tables stand only in
    the sub-query of a condition.
    """

    name: str
    alias: str
    role: Literal["read", "joined", "filter"]
    path: Path = ()


@dataclass(frozen=True)
class JoinUse:
    """How one source is joined to those before it.

    `table` is empty where it is no real table (a WITH step, a sub-select, a series). `on` are
    the pairs of real columns held equal, the joined side second; `written` says where they
    stand. `complete` says that nothing else binds the two. `on_declared_key`: the pairs are
    declared foreign keys or cover a primary key; None where the schema cannot tell.
    """

    kind: Literal["inner", "left", "right", "full", "cross", "semi", "anti", "asof", "positional"]
    table: str
    alias: str
    on: tuple[tuple[str, str], ...] = ()
    written: Literal["on", "using", "natural", "where", ""] = ""
    complete: bool = True
    on_declared_key: bool | None = None
    lateral: bool = False
    sql: str = ""
    path: Path = ()


@dataclass(frozen=True)
class Output:
    """One column of the result, in order.

    `name` is empty where the engine makes one up. `columns` are the real ones ("table.column")
    it mentions, through steps, sub-selects, unions and stars; `unresolved` are names that are
    not certain. `functions` are its aggregates or window functions ("sum", "count distinct").
    `grain` is the unit of time of its values where it is cut to one: second … year, or a part
    such as "month of year". `place` finds its node in the tree of the checked SQL.
    """

    name: str
    kind: OutputKind
    columns: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    grain: str | None = None
    sql: str = ""
    place: Place = ()


@dataclass(frozen=True)
class Condition:
    """One single condition of a query, with its constants as Python values.

    The side with columns comes first: `10 < total` has the operator ">". Operators are =, <>, <,
    <=, >, >=, between, in, like, ilike, regexp, glob, is null, is true, exists, is distinct from …
    and "other". `bare` says that the condition is on the column itself, not on what is computed
    from it; `functions` are aggregates in it. `restricts` says that every row of its query
    surely meets it: joined by AND at the top, and not in an outer join or FILTER.
    `links` are equalities of columns of two sources. `relative` values depend on today; without
    today given they are left out. `subquery` is the path of the query it compares with.
    """

    clause: Clause
    operator: str
    values: tuple[Any, ...] = ()
    columns: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    negated: bool = False
    restricts: bool = True
    bare: bool = True
    links: bool = False
    relative: bool = False
    parameters: tuple[str, ...] = ()
    subquery: Path | None = None
    sql: str = ""
    path: Path = ()
    place: Place = ()


@dataclass(frozen=True)
class Period:
    """The window of time that conditions leave of one column: `since` included, `until` not.

    None is an open end, or one that depends on a today that was not given (`relative`).
    `filters` are the positions of its conditions in the reading.
    """

    column: str
    since: date | None = None
    until: date | None = None
    relative: bool = False
    restricts: bool = True
    filters: tuple[int, ...] = ()
    path: Path = ()


@dataclass(frozen=True)
class Grouping:
    """One expression of GROUP BY. `output` is the position of the column that shows it.

    `sets` says that it stands in a rollup, cube or grouping sets, which add rows of totals.
    """

    sql: str
    columns: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    grain: str | None = None
    output: int | None = None
    sets: Literal["", "rollup", "cube", "grouping sets"] = ""
    path: Path = ()
    place: Place = ()


@dataclass(frozen=True)
class Ordering:
    """One expression of ORDER BY. `nulls` is where this engine puts them."""

    sql: str
    columns: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    output: int | None = None
    descending: bool = False
    nulls: Literal["first", "last"] = "last"
    path: Path = ()
    place: Place = ()


@dataclass(frozen=True)
class WindowUse:
    """A window function: over which rows, in which order. `frame` is SQL, empty by default."""

    function: str
    columns: tuple[str, ...] = ()
    partition: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    frame: str = ""
    path: Path = ()


@dataclass(frozen=True)
class SetUse:
    """A chain of queries put together: the operators between its branches, in order."""

    operators: tuple[str, ...]
    path: Path = ()


@dataclass(frozen=True)
class RowLimit:
    """The rows that a sub-query is cut to; None where it only skips some."""

    rows: int | None
    offset: int | None = None
    path: Path = ()


@dataclass(frozen=True)
class Reading:
    """What a checked query reads and assumes, as data: docs/reading.md tells each part.

    `limit` is the number of rows asked for, None when only the cap ends it. `limits` are those
    of sub-queries. `distinct` is that of the main query.
    """

    tables: tuple[TableUse, ...] = ()
    joins: tuple[JoinUse, ...] = ()
    outputs: tuple[Output, ...] = ()
    filters: tuple[Condition, ...] = ()
    periods: tuple[Period, ...] = ()
    grouping: tuple[Grouping, ...] = ()
    order: tuple[Ordering, ...] = ()
    windows: tuple[WindowUse, ...] = ()
    sets: tuple[SetUse, ...] = ()
    limits: tuple[RowLimit, ...] = ()
    limit: int | None = None
    offset: int | None = None
    distinct: bool = False


@dataclass(frozen=True)
class ToldClause:
    """A clause of a query and what it does in plain words. `depth` counts the queries around it."""

    sql: str
    words: str
    depth: int = 0


@dataclass(frozen=True)
class Told:
    """A checked query in plain words: its clauses in order, its conditions without those of time,
    and its windows of time with their dates."""

    reading: Reading
    clauses: tuple[ToldClause, ...]
    conditions: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()


ChipKind = Literal["measure", "group", "grain", "time", "filter", "without", "limit"]


@dataclass(frozen=True)
class Chip:
    """One thing that a query assumes and that can be changed in place, in its own words.

    `values` are what it says now: the first and the last day (None is open), the values of a
    filter, the number of rows, or the key of an option. `options` are (key, words) to choose
    from; where there are none any value of the kind goes. `column` is a "table.column".
    """

    kind: ChipKind
    label: str
    column: str = ""
    values: tuple[Any, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """What tells it from the other chips of its query."""
        return f"{self.kind}:{self.column}"


# --- asking ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """An earlier turn of the conversation, condensed.

    The person's words in full; of the answer only its one-sentence summary, its SQL and
    the plan that follow-ups edit.
    """

    question: str
    summary: str = ""
    sql: str | None = None
    plan: Json | None = None


@dataclass(frozen=True)
class Term:
    """A word of the organization and what it means there, in the words of its people."""

    term: str
    meaning: str
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Question:
    """What is asked of an analyst: the words, the conversation before, and today's date.

    `terms` and `instructions` are the organization's own, of any content: hostile text too.
    """

    text: str
    schema: DatabaseSchema
    today: date
    history: tuple[Turn, ...] = ()
    time_zone: str = "UTC"
    terms: tuple[Term, ...] = ()
    instructions: str = ""


@dataclass(frozen=True)
class Draft:
    """An analyst's proposal: SQL, how it read the question, and what it assumed.

    `plan` is JSON that the analyst can edit on a follow-up. `title` names the chart.
    """

    sql: str
    reading: str
    assumptions: tuple[str, ...] = ()
    plan: Json | None = None
    title: str = ""
    chart: "ChartSpec | None" = None


@dataclass(frozen=True)
class Option:
    """One reading among equals, offered to the person.

    `figure` is the number that it gives, where it could be looked at; `draft` then holds its
    query (sql, reading, plan), so that picking it asks no analyst again.
    """

    label: str
    question: str
    figure: str = ""
    draft: Json | None = None


@dataclass(frozen=True)
class Choice:
    """The question has two or three equally good readings: the person picks one."""

    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Cannot:
    """The question cannot be answered from this data; `suggestions` are ones that can.

    `missing`: it names something that the data does not have.
    """

    reason: str
    suggestions: tuple[str, ...] = ()
    missing: bool = False


@dataclass(frozen=True)
class Reply:
    """Not a data question: a helpful answer in words."""

    text: str
    suggestions: tuple[str, ...] = ()


Outcome = Draft | Choice | Cannot | Reply


@dataclass(frozen=True)
class ChartSpec:
    """A chart as data, never code; stored as JSON by core.charts. `y` may name several columns.

    `color` splits the rows: into series, or into the rows of a heatmap. An empty option leaves the
    choice to the rules. `top` keeps that many of the largest and sums up the rest, 0 for all that
    have room; `colors` are "#6366F1"-like, in the order of the series; `gaps` says what stands for
    periods without rows; `currency` is an ISO code for columns whose name tells none.
    """

    kind: ChartKind
    x: str | None = None
    y: tuple[str, ...] = ()
    color: str | None = None
    title: str = ""
    sort: ChartSort = ""
    top: int = 0
    stack: ChartStack = ""
    log: bool = False
    labels: bool = False
    colors: tuple[str, ...] = ()
    gaps: ChartGaps = ""
    currency: str = ""


@dataclass(frozen=True)
class ColumnFacts:
    """Figures over one column of a result. Numbers are None where the column has none."""

    name: str
    role: Literal["measure", "time", "category"]
    nulls: int
    total: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    minimum_at: str | None = None
    maximum_at: str | None = None
    mean: float | None = None
    median: float | None = None


FactKind = Literal[
    "rows", "different", "total", "mean", "median", "minimum", "maximum", "top", "bottom", "share",
    "change", "difference", "points", "nulls", "outlier", "first", "last", "running", "gap",
]  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One figure that is true of a result: what it is, its value, and where it stands.

    Shares and changes are fractions: 0.12 is 12 %; a difference of rates is in points. `text`
    is the value as people read it.
    `column` and `row` (from 0) find its cell where it is one; `at` names the row or the period,
    `against` what a change is compared with. `partial`: true of the rows at hand only, since the
    result was cut, or of a period that is not over.
    """

    kind: FactKind
    name: str
    text: str
    value: float | None = None
    column: str = ""
    row: int | None = None
    at: str = ""
    against: str = ""
    partial: bool = False


@dataclass(frozen=True)
class Sought:
    """What a query looked for in one column, whether the data has it, and what is near.

    `what` reads after "no": "country “Germny”". `near` are values that exist, the most alike
    first; `first` and `last` the days that the data covers, for a window of time.
    """

    column: str
    what: str
    exists: bool | None = None
    near: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Facts:
    """What is true of a result, computed once; insight texts are written from it.

    Of a result that was cut, `columns` tell the whole where an aggregate query was run
    (`whole_rows`), else they hold no figures. `figures` are all single facts, the most telling
    first. `empty`: no rows, or no value in any of them; `sought` then tells what is near.
    """

    row_count: int
    truncated: bool
    columns: tuple[ColumnFacts, ...]
    sample: tuple[tuple[Any, ...], ...] = ()
    figures: tuple[Fact, ...] = ()
    main: str = ""
    whole_rows: int | None = None
    empty: bool = False
    sought: tuple[Sought, ...] = ()


SpanKind = Literal["number", "percent", "points", "money", "multiple", "ordinal", "date", "name",
                   "code"]  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a figure of a text comes from, for a person who points at it.

    `row` counts from 0; `column` may be set without it (a total).
    """

    kind: Literal["cell", "fact", "filter", "calendar", "words"]
    name: str
    column: str = ""
    row: int | None = None


@dataclass(frozen=True)
class Span:
    """A number, date, ordinal or name in a text, from `start` to `end`; proven with a source."""

    start: int
    end: int
    text: str
    kind: SpanKind
    source: Source | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text, by place, that says something the result does not."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Proof:
    """Every figure of a text with its source, and the sentences with one that has none.

    `dropped` counts the sentences that were left out before it was saved.
    """

    spans: tuple[Span, ...] = ()
    unproven: tuple[Sentence, ...] = ()
    dropped: int = 0


@dataclass(frozen=True)
class Provenance:
    """Where a figure of a text comes from, in words: what it is, its place, its exact value.

    `exact` is empty where the value is not kept; `rounded` says that the text has fewer digits.
    """

    what: str
    where: str
    exact: str = ""
    rounded: bool = False


GradeLevel = Literal["verified", "checked", "single", "guess"]


@dataclass(frozen=True)
class Reason:
    """One rule of a grade, in plain words; `met` is None where it could not be checked."""

    text: str
    met: bool | None = True


@dataclass(frozen=True)
class Grade:
    """How sure an answer is, by rules, and why. docs/answers.md tells each level."""

    level: GradeLevel
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens of the model calls of one answer, merged; all zero for the built-in analyst."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
        )

    @property
    def total(self) -> int:
        """Tokens in and out, cached ones included."""
        return self.input + self.output + self.cache_read + self.cache_write


@dataclass(frozen=True)
class ModelCall:
    """One call of a model: what it was for, its tokens, seconds, and the server's own id of it."""

    purpose: str
    model: str
    usage: Usage
    seconds: float
    request_id: str | None = None


@dataclass(frozen=True)
class Insight:
    """The written answer: text, a one-sentence summary for later turns, a chart, next questions."""

    text: str
    summary: str
    chart: ChartSpec | None = None
    follow_ups: tuple[str, ...] = ()


Cause = Literal["not understood", "no such data", "refused", "failed", "empty", "disliked"]
"""Why a question went wrong: what admins group questions by."""


@dataclass(frozen=True)
class VerifiedBy:
    """The verified answer that stands behind an answer: its question and who stands for it.

    `bound` says what was put in anew (another period, another value), in words.
    """

    question: str
    owner: str = ""
    bound: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A question answered, as it is saved and as screens, exports and later the API get it.

    `summary` is the one sentence that later turns see. `error` and `hint` are set when the
    question could not be answered; `sql` may be there all the same. `offers_built_in` is set
    where the model failed, and the built-in analyst would not.
    """

    question: str
    text: str = ""
    summary: str = ""
    reading: str = ""
    assumptions: tuple[str, ...] = ()
    sql: str | None = None
    plan: Json | None = None
    result: QueryResult | None = None
    chart: ChartSpec | None = None
    suggestions: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    usage: Usage = Usage()
    analyst: str = ""
    error: str = ""
    hint: str = ""
    grade: Grade | None = None
    proof: Proof | None = None
    facts: Facts | None = None
    verified: VerifiedBy | None = None
    cause: Cause | None = None
    offers_built_in: bool = False


# --- long work ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of long work as the person reads it, with the seconds since its start."""

    text: str
    at: float


@dataclass(frozen=True)
class Progress:
    """How far a job is. `text` is an answer being streamed; `result` is set when done."""

    job_id: UUID
    state: JobState
    steps: tuple[Step, ...] = ()
    text: str = ""
    error: str = ""
    hint: str = ""
    result: Json | None = None
    started_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in ("queued", "running")
