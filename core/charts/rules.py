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
    return tuple(kind for kind in get_args(ChartKind) if _turned(spec, kind, suiting).kind == kind)


def turned(spec: ChartSpec, kind: ChartKind, result: QueryResult) -> ChartSpec:
    """The chart as another kind, fitted: its columns take the places that they have there."""
    return _turned(spec, kind, _suiting(result))


def _turned(spec: ChartSpec, kind: ChartKind, suiting: Suiting) -> ChartSpec:
    x, y, color = spec.x, spec.y, spec.color
    if kind == spec.kind:
        return fitting.fitted(suiting, spec)
    if suiting.named(x) in suiting.measures and kind != "scatter":
        y, x = (*y, x or ""), color
        color = None
    if kind == "kpi":
        x, color = next((c.name for c in suiting.times), x), None
    if kind == "histogram":
        x = None
    return fitting.fitted(suiting, replace(spec, kind=kind, x=x, y=y, color=color))


def _suiting(result: QueryResult) -> Suiting:
    return Suiting(columns.named(result.table), result.row_count)
