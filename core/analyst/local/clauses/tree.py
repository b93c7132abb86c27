"""The clause tree: what is asked about which thing, with what must hold for it.

A question is outputs over a noun; a noun has clauses; a clause can hold a noun again (students
who own a pet that ...). Nothing here is bound to columns yet: leaves are spans.
"""

from dataclasses import dataclass, field

from core.analyst.local.plan import Function, Operator
from core.analyst.local.spans import Span
from core.analyst.local.times import TimeSpan


@dataclass
class Noun:
    """A thing with its clauses. Without `span` it is implied by its columns, or by a `value`."""

    span: Span | None = None
    clauses: list["Clause"] = field(default_factory=list)
    rank: "Rank | None" = None
    value: Span | None = None


@dataclass
class Against:
    """What a comparison compares with, when that is not a plain value.

    An aggregate of a column (the average age), a column of another thing (the salary of the
    employee with id 163), or another column of the same row.
    """

    function: Function | None = None
    column: Span | None = None
    noun: Noun | None = None


@dataclass
class Test:
    """A comparison: of a column, of an aggregate of it per thing, or of the thing's name."""

    column: Span | None
    operator: Operator
    values: tuple[str | float, ...] = ()
    function: Function | None = None
    against: Against | None = None
    about: str = ""
    negated: bool = False
    alternative: bool = False


@dataclass
class Valued:
    """A stored value named without its column: French singers, in Germany."""

    span: Span
    negated: bool = False
    alternative: bool = False
    column: Span | None = None


@dataclass
class Relation:
    """Related rows that are there, are not there, or are there so many times."""

    noun: Noun
    negated: bool = False
    number: tuple[Operator, tuple[float, ...]] | None = None
    alternative: bool = False
    distinct: bool = False
    verb: str = ""


@dataclass
class When:
    """A time expression about the thing."""

    time: TimeSpan
    column: Span | None = None
    negated: bool = False
    alternative: bool = False


@dataclass
class Filled:
    """A column that must hold something, or nothing."""

    column: Span
    negated: bool = False
    alternative: bool = False


@dataclass
class Same:
    """Something that is the same as that of other rows: in the department that Clara is in."""

    shared: Span
    noun: Noun
    negated: bool = False
    alternative: bool = False


Clause = Same | Test | Valued | Relation | When | Filled


@dataclass
class Rank:
    """The most or least: by a column, an aggregate of it, or a number of related rows."""

    descending: bool
    n: int | None = None
    target: Span | None = None
    function: Function | None = None
    noun: Noun | None = None
    counted: bool = False
    implied: str = ""
    word: str = ""


@dataclass
class Output:
    """Something to show: a column, aggregates of it, a count of a thing, or a thing's name."""

    span: Span | None
    functions: tuple[Function, ...] = ()
    count: bool = False
    distinct: bool = False
    noun: Noun | None = None
    owner: Span | None = None


@dataclass
class Sorting:
    """What rows are sorted by: a span, a number of things, or the first output."""

    span: Span | None
    descending: bool
    count: bool = False
    function: Function | None = None
    alphabetic: bool = False


@dataclass
class Ask:
    """A whole question."""

    subject: Noun = field(default_factory=Noun)
    outputs: list[Output] = field(default_factory=list)
    groups: list[Span] = field(default_factory=list)
    sorting: list[Sorting] = field(default_factory=list)
    distinct: bool = False
    everything: bool = False
    both: bool = False
    named: bool = False
    listing: bool = False
    person: bool = False
    when: bool = False
