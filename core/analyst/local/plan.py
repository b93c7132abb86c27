"""The logical plan: what is asked, before it is SQL in any dialect.

A plan is a small tree of frozen dataclasses; `dump` and `load` turn it into JSON and back, so
that it can be stored with an answer and edited by the next question.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from core.types import Json

Function = Literal["sum", "avg", "min", "max", "count", "count_distinct"]
Grain = Literal[
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "weekday",
    "weekend",
    "month of year",
    "quarter of year",
]
Operator = Literal[
    "=",
    "!=",
    ">",
    ">=",
    "<",
    "<=",
    "between",
    "contains",
    "starts",
    "ends",
    "in",
    "not in",
    "empty",
    "filled",
]


@dataclass(frozen=True)
class Field:
    """A column of a table."""

    table: str
    column: str


@dataclass(frozen=True)
class Amount:
    """A number of one row: a sum of products of columns, each added or taken away.

    `revenue - quantity * cost` is `((1, (revenue,)), (-1, (quantity, cost)))`.
    """

    terms: tuple[tuple[int, tuple[Field, ...]], ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every column in it."""
        return tuple(field for _, product in self.terms for field in product)

    @property
    def single(self) -> Field | None:
        """The one column that it is, or None when it is computed."""
        return self.terms[0][1][0] if len(self.fields) == 1 else None


@dataclass(frozen=True)
class Days:
    """The days from one date of a row to another."""

    start: Field
    end: Field

    terms: ClassVar[tuple[tuple[int, tuple[Field, ...]], ...]] = ()
    single: ClassVar[None] = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Both columns."""
        return (self.start, self.end)


@dataclass(frozen=True)
class Compare:
    """A condition on a column. With `aggregate`, it compares with that of the whole column.

    With `other`, it compares with another column of the same row.
    """

    field: Field
    operator: Operator
    values: tuple[str | float, ...] = ()
    aggregate: Function | None = None
    grain: Grain | None = None
    other: Field | None = None


@dataclass(frozen=True)
class Either:
    """At least one of the conditions holds."""

    options: tuple["Condition", ...]


@dataclass(frozen=True)
class Within:
    """A column compared with what another plan gives: one of its rows, or its only value."""

    field: Field
    operator: Operator
    plan: "Plan"


@dataclass(frozen=True)
class Related:
    """Rows that have (or, negated, do not have) a related row elsewhere.

    With `number`, only those that have so many of them.
    """

    field: Field
    inner: Field
    negated: bool
    where: tuple["Compare | Either | Window", ...] = ()
    number: tuple[Operator, float] | None = None


@dataclass(frozen=True)
class Window:
    """Days from `start` to `end`, both counted; either may be open. `phrase` is as asked."""

    field: Field
    start: date | None
    end: date | None
    phrase: str = ""
    unit: Grain | None = None


Condition = Compare | Either | Related | Window | Within


@dataclass(frozen=True)
class Measure:
    """An aggregate over rows: of an amount, or a count of rows of `table`.

    With `only`, rows that do not hold are left out of this measure alone. With `per`, it is
    divided by that measure; `percent` multiplies by 100.
    """

    function: Function
    table: str
    amount: Amount | Days | None = None
    label: str = ""
    only: tuple[Condition, ...] = ()
    per: "Measure | None" = None
    percent: bool = False


@dataclass(frozen=True)
class Group:
    """A column to group by or to show; dates may be cut to a grain.

    `key` is a primary key that tells apart rows of the same name.
    """

    field: Field
    label: str
    grain: Grain | None = None
    key: Field | None = None


@dataclass(frozen=True)
class Order:
    """Sort by an output (its number from 0), or by something that is not shown."""

    descending: bool
    output: int | None = None
    field: Field | None = None
    measure: Measure | None = None


@dataclass(frozen=True)
class Having:
    """A condition on a measure of each group; `against` is a plan that gives one value."""

    measure: Measure
    operator: Operator
    values: tuple[float, ...] = ()
    against: "Plan | None" = None


@dataclass(frozen=True)
class Flow:
    """What begins at one date and ends at another: the share of what runs that ends."""

    start: Field
    end: Field


@dataclass(frozen=True)
class Plan:
    """A question in logical form.

    With measures, rows are grouped by the groups; without, the groups are columns to list.
    `base` is the table whose rows are counted or listed. `change` adds the value of the
    period before and the change in percent; `share` the percentage of the whole.
    `joined` names tables that a row must have a row in, although nothing of them is shown.
    `then` keeps what also is (intersect), is not (except) or alternatively is (union) there.
    `running` adds the figure so far, `ranked` the place of each row, `per_group` keeps so many
    rows of each value of the first group. With `versus`, `movers` orders by the change (`up` and
    `down` keep only what rose or fell), and `drivers` are the ways to split the change.
    `flow` tells of what begins and ends over the first group.
    """

    base: str
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    conditions: tuple[Condition, ...] = ()
    having: tuple[Having, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    distinct: bool = False
    everything: bool = False
    change: bool = False
    share: bool = False
    average: bool = False
    versus: Window | None = None
    then: tuple[Literal["intersect", "except", "union"], "Plan"] | None = None
    chart: str = ""
    joined: tuple[str, ...] = ()
    running: bool = False
    ranked: bool = False
    per_group: int | None = None
    movers: Literal["", "most", "up", "down"] = ""
    drivers: tuple[Group, ...] = ()
    flow: Flow | None = None

    @property
    def window(self) -> Window | None:
        """The time window, when there is one."""
        return next((c for c in self.conditions if isinstance(c, Window)), None)

    @property
    def grain(self) -> Grain | None:
        """The grain of the first group over time, when there is one."""
        return next((g.grain for g in self.groups if g.grain), None)


def fields_of(condition: Condition) -> list[Field]:
    """The columns that a condition is about."""
    if isinstance(condition, Either):
        return [field for option in condition.options for field in fields_of(option)]
    if isinstance(condition, Compare) and condition.other:
        return [condition.field, condition.other]
    return [condition.field]


_PARTS = (Field, Amount, Days, Compare, Either, Within, Related, Window, Measure, Group, Order,
          Having, Flow, Plan)  # fmt: skip
_KINDS = {cls.__name__: cls for cls in _PARTS}


def dump(plan: Plan) -> Json:
    """The plan as JSON; what has its default value is left out."""
    dumped = _dump(plan)
    assert isinstance(dumped, dict)
    return dumped


def load(stored: Json) -> Plan:
    """A plan from its JSON. Raises ValueError when it is not one of ours."""
    try:
        plan = _load(stored)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("not a stored plan") from error
    if not isinstance(plan, Plan):
        raise ValueError("not a stored plan")
    return plan


def _dump(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return [_dump(part) for part in thing]
    if isinstance(thing, date):
        return {"is": "date", "day": thing.isoformat()}
    if dataclasses.is_dataclass(thing):
        kept = {
            f.name: _dump(getattr(thing, f.name))
            for f in dataclasses.fields(thing)
            if getattr(thing, f.name) != f.default
        }
        return {"is": type(thing).__name__, **kept}
    return thing


def _load(stored: Any) -> Any:
    if isinstance(stored, list):
        return tuple(_load(part) for part in stored)
    if isinstance(stored, dict):
        kind = stored["is"]
        if kind == "date":
            return date.fromisoformat(stored["day"])
        return _KINDS[kind](**{k: _load(v) for k, v in stored.items() if k != "is"})
    return stored
