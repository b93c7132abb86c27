"""Places: where the rows of a result stand along the axis of x."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from core.charts import amounts, axes
from core.charts.series import MISSING, MOST_BARS, REST, Series
from core.columns import Column
from core.formats import Grain
from core.types import ChartGaps, ChartSort

MOST_FILLED = 400
"""Periods without rows that are drawn as zero between two with rows."""
LARGEST_REST = 3.0
"""The sum of all that has no room is shown while it is at most so many times the largest."""


@dataclass(frozen=True)
class Places:
    """Where the rows of a result stand along the axis of x."""

    at: Callable[[int], Any]
    sort_key: Callable[[int], float]
    axis: Callable[[], dict[str, Any]]
    shown: tuple[str, ...] = ()
    cut: str = ""
    holds: Callable[[int], bool] = field(default=lambda row: True)
    rest: bool = False
    times: Column | None = None
    gaps: ChartGaps = ""

    @staticmethod
    def of_times(x: Column, gaps: ChartGaps = "") -> "Places":
        """Along time, with ticks by the grain of the periods."""
        times = x.times or []
        order = x.order or []
        return Places(
            at=lambda row: axes.moment(times[row]),
            sort_key=lambda row: order[row],
            axis=lambda: axes.time_axis(x),
            times=x,
            gaps=gaps,
        )

    @staticmethod
    def of_categories(
        x: Column,
        series: Sequence[Series],
        *,
        lying: bool,
        sort: ChartSort = "",
        top: int = 0,
        log: bool = False,
    ) -> "Places":
        """Side by side: in the values' own order where they have one, else the largest first.

        Places are numbers, so two labels that read alike when cut never become one bar. Those
        without room are summed up as Other where a sum of them means something.
        """
        first: dict[str, int] = {}
        for row, key in enumerate(x.keys):
            first.setdefault(key, row)
        sizes = _sizes(x, series)
        ranked = sorted(first, key=lambda key: -sizes.get(key, -math.inf))
        kept, beyond = ranked[: top or MOST_BARS], ranked[top or MOST_BARS :]
        seen, unseen = ([sizes.get(key, 0.0) for key in keys] for keys in (kept, beyond))
        rest = not log and _sums_up(series, seen, unseen, wanted=bool(top))
        _arrange(kept, x, first, sort)
        position = {key: index for index, key in enumerate(kept)}
        labels = [x.labels[first[key]] for key in kept]
        shown = (*kept, "") if rest else tuple(kept)
        if rest:
            labels.append(f"Other ({len(beyond):,})")
        cut = f"{len(kept)} largest of {len(first):,}" if beyond else ""
        return Places(
            at=lambda row: len(kept) if row == REST else position[x.keys[row]],
            sort_key=lambda row: len(kept) if row == REST else position[x.keys[row]],
            axis=lambda: axes.category_axis(labels, lying=lying),
            shown=shown,
            cut=cut,
            holds=lambda row: row >= 0 and x.keys[row] in position,
            rest=rest,
        )

    @staticmethod
    def in_order(x: Column) -> "Places":
        """Along numbers, or along categories that have an order of their own."""
        order = x.order or []
        if x.role == "measure":
            return Places(
                at=lambda row: x.numbers[row],
                sort_key=lambda row: order[row],
                axis=lambda: axes.figures(
                    x.numbers, amounts.of(x), True, from_zero=False, grid=False
                ),
            )
        first: dict[str, int] = {}
        for row in sorted(range(len(order)), key=order.__getitem__):
            first.setdefault(x.keys[row], row)
        position = {key: index for index, key in enumerate(first)}
        labels = [x.labels[row] for row in first.values()]
        return Places(
            at=lambda row: position[x.keys[row]],
            sort_key=lambda row: order[row],
            axis=lambda: axes.category_axis(labels, lying=False),
        )

    def along(self, one: Series) -> tuple[list[Any], Series]:
        """The places of a series, with an empty one where the data lacks periods, or zeros."""
        if self.times is None:
            return [self.at(row) for row in one.rows], one
        return _with_gaps(self.times, one, filled=self.gaps == "zero")


def _sizes(x: Column, series: Sequence[Series]) -> dict[str, float]:
    """What bars are ranked by: the sum of a stack, or the first measure."""
    sizes: dict[str, float] = {}
    ranking = series if len({s.measure.name for s in series}) == 1 else series[:1]
    for one in ranking:
        for row, figure in zip(one.rows, one.figures, strict=True):
            if figure is not None:
                sizes[x.keys[row]] = sizes.get(x.keys[row], 0.0) + figure
    return sizes


def _with_gaps(x: Column, one: Series, *, filled: bool) -> tuple[list[Any], Series]:
    times = x.times or []
    at: list[Any] = []
    rows: list[int] = []
    values: list[float | None] = []
    previous: datetime | None = None
    for row, figure in zip(one.rows, one.figures, strict=True):
        time = times[row]
        if time is None:
            continue
        for missing in _between(previous, time, x.grain, MOST_FILLED if filled else 1):
            at.append(axes.moment(missing))
            rows.append(MISSING)
            values.append(0.0 if filled else None)
        at.append(axes.moment(time))
        rows.append(row)
        values.append(figure)
        previous = time
    return at, replace(one, rows=rows, figures=values, told=None)


def _between(start: datetime | None, end: datetime, grain: Grain, most: int) -> Iterator[datetime]:
    """The periods missing between two; one of them is enough to break a line."""
    following = _next(start, grain) if start is not None else None
    while following is not None and following < end and most:
        yield following
        following, most = _next(following, grain), most - 1


def _sums_up(
    series: Sequence[Series], kept: Sequence[float], beyond: Sequence[float], *, wanted: bool
) -> bool:
    """Whether what has no room is shown as one sum: it means something and dwarfs nothing."""
    additive = all(one.measure.additive and not one.measure.unit for one in series)
    if not beyond or not additive or min((*kept, *beyond)) < 0:
        return False
    return wanted or math.fsum(beyond) <= LARGEST_REST * max(kept, default=0.0)


def _arrange(kept: list[str], x: Column, first: Mapping[str, int], sort: ChartSort) -> None:
    """Put the largest categories into the order that was asked for, or that they have."""
    order = x.order
    match sort:
        case "smallest":
            kept.reverse()
        case "name" if order is None:
            kept.sort(key=lambda key: x.labels[first[key]].casefold())
        case "given":
            kept.sort(key=lambda key: first[key])
        case "" | "name" if order is not None and not x.identifier:
            kept.sort(key=lambda key: order[first[key]])


def _next(start: datetime, grain: Grain) -> datetime | None:
    months: dict[Grain, Literal[1, 3, 12]] = {"month": 1, "quarter": 3, "year": 12}
    if grain in months:
        index = start.year * 12 + start.month - 1 + months[grain]
        year, month = divmod(index, 12)
        return start.replace(year=year, month=month + 1) if year <= date.max.year else None
    if grain in ("day", "week"):
        return start + timedelta(days=7 if grain == "week" else 1)
    return None
