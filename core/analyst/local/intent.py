"""What is asked, not yet bound to columns: outputs, groups, tests, order, periods."""

from dataclasses import dataclass, field
from typing import Literal

from core.analyst.local.plan import Function, Grain, Operator
from core.analyst.local.spans import Span
from core.analyst.local.times import TimeSpan


@dataclass
class Wanted:
    """An output: a column, an aggregate of one (`functions`), or a count."""

    span: Span | None
    functions: tuple[Function, ...] = ()
    count: bool = False
    distinct: bool = False
    rate: bool = False


@dataclass
class Test:
    """A condition as spoken: about `span`, or about the main figure when that is None."""

    span: Span | None
    operator: Operator
    values: tuple[str | float, ...] = ()
    aggregate: Function | None = None
    counted: bool = False
    alternative: bool = False
    about: str = ""


@dataclass
class Superlative:
    """The most or least of something; `n` rows. `target` is what is compared."""

    descending: bool
    n: int | None
    target: Span | None = None
    entity: Span | None = None
    implied: str = ""
    counted: bool = False
    aggregate: Function | None = None
    word: str = ""


@dataclass
class Intent:
    """Everything asked for, in the person's order."""

    entities: list[Span] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    groups: list[Span] = field(default_factory=list)
    grains: list[Grain] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    values: list[tuple[Span, bool]] = field(default_factory=list)
    without: list[Span] = field(default_factory=list)
    related: list[Span] = field(default_factory=list)
    order: list[tuple[Span | Literal["count", "output"], bool]] = field(default_factory=list)
    superlative: Superlative | None = None
    times: list[TimeSpan] = field(default_factory=list)
    metrics: list[Span] = field(default_factory=list)
    time_columns: list[Span] = field(default_factory=list)
    distinct: bool = False
    share: bool = False
    change: bool = False
    new: bool = False
    active: str | None = None
    pending: str = ""
    trend: bool = False
    both: bool = False
    chart: str = ""
    unsold: bool = False
    listing: bool = False
    asks_count: bool = False
    open_words: tuple[str, ...] = ()
