"""The value of an alert, read out of a result: one, or one for each group."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from core import formats
from core.alerts.rules import Rule
from core.errors import BadInput
from core.types import QueryResult

MOST_GROUPS: Final = 1_000


@dataclass(frozen=True)
class Measured:
    """A value to hold against the rule. `group` is empty where the alert has no groups."""

    value: float | None
    group: str = ""


@dataclass(frozen=True)
class Pick:
    """Which columns an alert goes by: the value's (empty: the first with numbers) and groups'."""

    value: str = ""
    groups: tuple[str, ...] = ()


def measure(
    result: QueryResult, rule: Rule, pick: Pick, *, now: datetime, time_zone: str = "UTC"
) -> tuple[Measured, ...]:
    """The values of a result under a rule.

    Without groups it is that of the first row (of all rows for stale: the newest date; the
    number of rows for no_rows and any_rows). With groups one value for each row's group.
    Raises BadInput when a column is missing, holds no numbers (or dates), or groups come twice
    or are too many.
    """
    for name in (*pick.groups, *filter(None, (pick.value,))):
        if name not in result.columns:
            raise BadInput(
                f"The query has no column “{formats.shortened(name, 60)}”.",
                "Its columns are: " + ", ".join(result.columns[:10]) + ". Edit the alert.",
            )
    if rule.kind in ("no_rows", "any_rows"):
        return (Measured(float(result.row_count)),)
    if rule.kind == "stale":
        return _ages(result, pick, now, time_zone)
    return _figures(result, pick)


def _figures(result: QueryResult, pick: Pick) -> tuple[Measured, ...]:
    column = pick.value or _first_with_numbers(result, pick.groups)
    if not result.row_count:
        return () if pick.groups else (Measured(None),)
    values = result.table.column(column)
    if not pick.groups:
        return (Measured(_number(values[0].as_py(), column)),)
    labels = _labels(result, pick.groups)
    return tuple(
        Measured(_number(value, column), label)
        for label, value in zip(labels, values.to_pylist(), strict=True)
    )


def _first_with_numbers(result: QueryResult, groups: Sequence[str]) -> str:
    import pyarrow.types as kinds

    for field in result.table.schema:
        numeric = (
            kinds.is_integer(field.type) or kinds.is_floating(field.type)
            or kinds.is_decimal(field.type)
        )  # fmt: skip
        if numeric and field.name not in groups:
            return str(field.name)
    raise BadInput(
        "The query has no column with numbers.",
        "An alert watches a number: add a count or a sum to the query.",
    )


def _labels(result: QueryResult, groups: Sequence[str]) -> list[str]:
    if result.row_count > MOST_GROUPS or result.truncated:
        raise BadInput(
            f"The query has more than {MOST_GROUPS:,} groups.",
            "Group by something coarser, or keep only the groups that matter.",
        )
    columns = [result.table.column(name).to_pylist() for name in groups]
    labels = [" · ".join(map(formats.cell, row, groups)) for row in zip(*columns, strict=True)]
    twice, times = Counter(labels).most_common(1)[0] if labels else ("", 0)
    if times > 1:
        raise BadInput(
            f"The group “{formats.shortened(twice, 60)}” comes more than once.",
            "Group the query by the columns that name its groups, one row for each.",
        )
    return labels


def _ages(result: QueryResult, pick: Pick, now: datetime, time_zone: str) -> tuple[Measured, ...]:
    column = pick.value or _first_with_dates(result)
    values = result.table.column(column).to_pylist()
    if pick.groups:
        labels = _labels(result, pick.groups)
        return tuple(
            Measured(_age(value, column, now, time_zone), label)
            for label, value in zip(labels, values, strict=True)
        )
    ages = [_age(value, column, now, time_zone) for value in values]
    known = [age for age in ages if age is not None]
    return (Measured(min(known) if known else None),)


def _first_with_dates(result: QueryResult) -> str:
    import pyarrow.types as kinds

    for field in result.table.schema:
        if kinds.is_temporal(field.type) and not kinds.is_time(field.type):
            return str(field.name)
    raise BadInput(
        "The query has no column with dates.",
        "To watch how old data is, select its newest date, for example max(created_at).",
    )


def _age(value: Any, column: str, now: datetime, time_zone: str) -> float | None:
    """Hours since a moment; of a day, since its end where people are. Never negative."""
    match value:
        case None:
            return None
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(time_zone))
        case date():
            over = datetime.combine(value + timedelta(days=1), time(), ZoneInfo(time_zone))
            moment = over.astimezone(UTC)
        case _:
            raise BadInput(
                f"The column “{formats.shortened(column, 60)}” holds no dates.",
                "Choose a column with dates, or cast it to one in the query.",
            )
    return max((now - moment).total_seconds() / 3600, 0.0)


def _number(value: Any, column: str) -> float | None:
    match value:
        case None:
            return None
        case bool():
            return float(value)
        case int() | float() | Decimal():
            number = float(value)
            return None if math.isnan(number) else number
        case _:
            raise BadInput(
                f"The column “{formats.shortened(column, 60)}” holds no numbers.",
                "An alert watches a number: choose another column, or count or sum in the query.",
            )
