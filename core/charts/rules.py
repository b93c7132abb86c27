"""Which chart suits a result: by the roles of its columns, their cardinality, and time."""

from dataclasses import replace
from typing import get_args

from core import columns
from core.charts import fitting
from core.charts.suiting import Suiting
from core.types import ChartKind, ChartSpec, QueryResult


def recommend(result: QueryResult, title: str = "") -> ChartSpec:
    """The chart for a result by rules; a table where no picture would say more.

    Identifiers are never drawn as figures. The result of this always passes `fit` unchanged.
    """
    return _suiting(result).best(title)


def fit(spec: ChartSpec, result: QueryResult) -> ChartSpec:
    """The chart asked for, corrected until it shows this data rightly.

    Names are matched whatever their case; missing ones are replaced; a kind that would mislead
    (a line over categories, a pie of averages or of negatives) gives way to one that does not,
    an option that would (a log axis over zeros) to the rules' own choice. Falls back to a table.
    Never raises; fitting twice changes nothing more.
    """
    return fitting.fitted(_suiting(result), spec)


def kinds(spec: ChartSpec, result: QueryResult) -> tuple[ChartKind, ...]:
    """The kinds that this result can be drawn as, its own among them; the table is always one."""
    suiting = _suiting(result)
    x = next((c.name for c in suiting.times), spec.x)
    offered: list[ChartKind] = []
    for kind in get_args(ChartKind):
        asked = replace(spec, kind=kind, x=x if kind == "kpi" else spec.x)
        if fitting.fitted(suiting, asked).kind == kind:
            offered.append(kind)
    return tuple(offered)


def _suiting(result: QueryResult) -> Suiting:
    return Suiting(columns.read(result.table), result.row_count)
