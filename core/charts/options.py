"""The options of a chart that its kind and its data can bear; the others are left to the rules."""

import re
from dataclasses import replace

from core.charts import amounts, suits
from core.charts.suiting import Suiting
from core.columns import Column
from core.types import ChartKind, ChartSpec

MOST_TOP = 100
MOST_COLORS = 8
_COLOR = re.compile("#[0-9a-fA-F]{6}")
_BARS: tuple[ChartKind, ...] = ("bar", "horizontal_bar")


def kept(fitted: ChartSpec, wanted: ChartSpec, suiting: Suiting) -> ChartSpec:
    """The fitted chart with those of the options wanted that do not mislead."""
    if fitted.kind == "table":
        return fitted
    x, y = suiting.named(fitted.x), [c for c in map(suiting.named, fitted.y) if c is not None]
    listed = fitted.kind in _BARS and x is not None and x.role != "time"
    sorts = (listed and wanted.sort) or (
        fitted.kind == "funnel" and wanted.sort == "given" and wanted.sort
    )
    top = wanted.top if listed or fitted.kind == "pie" else 0
    made = replace(
        fitted,
        sort=sorts or "",
        top=min(top, MOST_TOP) if top > 0 else 0,
        stack=wanted.stack if _stacks(fitted, wanted, y) else "",
        labels=wanted.labels
        and fitted.kind not in ("kpi", "pie", "scatter", "box", "funnel", "map"),
        colors=tuple(c for c in wanted.colors if _COLOR.fullmatch(c))[:MOST_COLORS],
        gaps=wanted.gaps if _fills(fitted, x, y) else "",
        currency=wanted.currency if wanted.currency in amounts.SIGNS else "",
    )
    log = wanted.log and made.stack in ("", "grouped") and _positive(fitted, y)
    return replace(made, log=True) if log else made


def _stacks(fitted: ChartSpec, wanted: ChartSpec, y: list[Column]) -> bool:
    several = fitted.color is not None or len(y) > 1
    if fitted.kind == "area":
        return wanted.stack == "share" and several and not suits.negative(y)
    if fitted.kind not in _BARS or not several:
        return False
    if wanted.stack == "grouped":
        return True
    summed = all(c.additive for c in y)
    return summed and (wanted.stack == "stacked" or not suits.negative(y))


def _fills(fitted: ChartSpec, x: Column | None, y: list[Column]) -> bool:
    """Whether zeros may stand for periods without rows: sums, along time, one by one."""
    timed = x is not None and x.role == "time" and x.grain != "time"
    return (
        timed
        and fitted.kind in ("line", "area", "bar")
        and all(c.additive and not c.unit for c in y)
    )


def _positive(fitted: ChartSpec, y: list[Column]) -> bool:
    """Whether a log axis has a place for every figure."""
    if fitted.kind not in ("bar", "horizontal_bar", "line", "scatter", "box") or not y:
        return False
    return all(n is None or n > 0 for c in y for n in c.numbers)
