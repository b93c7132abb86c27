"""Axes: where points stand, which ticks are written, and how figures read on them."""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from core import formats
from core.charts.series import MOST_BARS, Series
from core.columns import Column
from core.formats import Grain

LONGEST_LABEL = 40
MOST_TICKS = 8


def short(label: str, length: int = LONGEST_LABEL) -> str:
    """A label for an axis: one line, cut, and safe for Plotly."""
    return html.escape(formats.shortened(label, length), quote=False)


def figures(
    shown: Sequence[float | None],
    measure: Column,
    titled: bool,
    *,
    from_zero: bool = True,
    grid: bool = True,
) -> dict[str, Any]:
    """The axis of a measure: 10k and 1.2M, percent where it is a share, from zero for bars."""
    found = [n for n in shown if n is not None]
    axis: dict[str, Any] = {"showgrid": grid, "zeroline": any(n < 0 for n in found), "nticks": 7}
    if titled:
        axis["title"] = {"text": short(formats.heading(measure.name))}
    if from_zero:
        axis["rangemode"] = "tozero"
    if measure.unit == "fraction":
        narrow = found and max(found) - min(found) < 0.08
        axis["tickformat"] = ".1%" if narrow else ".0%"
    elif measure.unit == "percent":
        axis["ticksuffix"] = "%"
    elif measure.unit == "year":
        axis["tickformat"] = "d"
    return axis


@dataclass(frozen=True)
class Places:
    """Where the rows of a result stand along the axis of x."""

    at: Callable[[int], Any]
    sort_key: Callable[[int], float]
    axis: Callable[[], dict[str, Any]]
    shown: tuple[str, ...] = ()
    cut: str = ""
    holds: Callable[[int], bool] = field(default=lambda row: True)
    times: Column | None = None

    @staticmethod
    def of_times(x: Column) -> "Places":
        """Along time, with ticks by the grain of the periods."""
        times = x.times or []
        order = x.order or []
        return Places(
            at=lambda row: moment(times[row]),
            sort_key=lambda row: order[row],
            axis=lambda: _time_axis(x),
            times=x,
        )

    @staticmethod
    def of_categories(x: Column, series: Sequence[Series], *, lying: bool) -> "Places":
        """Side by side: in the values' own order where they have one, else the largest first.

        Places are numbers, so two labels that read alike when cut never become one bar.
        """
        first: dict[str, int] = {}
        for row, key in enumerate(x.keys):
            first.setdefault(key, row)
        sizes = _sizes(x, series)
        ranked = sorted(first, key=lambda key: -sizes.get(key, -math.inf))[:MOST_BARS]
        order = x.order
        if order is not None and not x.identifier:
            ranked.sort(key=lambda key: order[first[key]])
        position = {key: index for index, key in enumerate(ranked)}
        labels = [x.labels[first[key]] for key in ranked]
        cut = f"{len(ranked)} largest of {len(first):,}" if len(ranked) < len(first) else ""
        return Places(
            at=lambda row: position[x.keys[row]],
            sort_key=lambda row: position[x.keys[row]],
            axis=lambda: _category_axis(labels, lying=lying),
            shown=tuple(ranked),
            cut=cut,
            holds=lambda row: x.keys[row] in position,
        )

    @staticmethod
    def in_order(x: Column) -> "Places":
        """Along numbers, or along categories that have an order of their own."""
        order = x.order or []
        if x.role == "measure":
            return Places(
                at=lambda row: x.numbers[row],
                sort_key=lambda row: order[row],
                axis=lambda: figures(x.numbers, x, True, from_zero=False, grid=False),
            )
        first: dict[str, int] = {}
        for row in sorted(range(len(order)), key=order.__getitem__):
            first.setdefault(x.keys[row], row)
        position = {key: index for index, key in enumerate(first)}
        labels = [x.labels[row] for row in first.values()]
        return Places(
            at=lambda row: position[x.keys[row]],
            sort_key=lambda row: order[row],
            axis=lambda: _category_axis(labels, lying=False),
        )

    def along(self, one: Series) -> tuple[list[Any], Series]:
        """The places of a series, with an empty one for each period that the data lacks."""
        if self.times is None:
            return [self.at(row) for row in one.rows], one
        return _with_gaps(self.times, one)


def moment(value: datetime | None) -> str | None:
    """A point in time as Plotly reads it."""
    if value is None:
        return None
    return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()


def _sizes(x: Column, series: Sequence[Series]) -> dict[str, float]:
    """What bars are ranked by: the sum of a stack, or the first measure."""
    sizes: dict[str, float] = {}
    ranking = series if len({s.measure.name for s in series}) == 1 else series[:1]
    for one in ranking:
        for row, figure in zip(one.rows, one.figures, strict=True):
            if figure is not None:
                sizes[x.keys[row]] = sizes.get(x.keys[row], 0.0) + figure
    return sizes


def _category_axis(labels: Sequence[str], *, lying: bool) -> dict[str, Any]:
    last = len(labels) - 0.5
    return {
        "type": "linear",
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": [short(label) for label in labels],
        "range": [last, -0.5] if lying else [-0.5, last],
        "showgrid": False,
        "zeroline": False,
        "showline": not lying,
    }


def _time_axis(x: Column) -> dict[str, Any]:
    """Ticks that begin at periods; quarters are written out, for Plotly has no sign for them."""
    axis: dict[str, Any] = {"type": "date", "showgrid": False, "showline": True, "zeroline": False}
    starts = sorted({t for t in x.times or () if t is not None})
    grain = x.grain
    if not starts:
        return axis
    axis["hoverformat"] = _HOVER.get(grain, "")
    if grain == "quarter" or (len(starts) <= MOST_TICKS and grain != "time"):
        step = max(1, math.ceil(len(starts) / MOST_TICKS))
        ticks = starts[::step]
        texts = [_tick(t, grain) for t in ticks]
        return axis | {
            "tickmode": "array",
            "tickvals": [moment(t) for t in ticks],
            "ticktext": texts,
        }
    if grain in ("month", "year"):
        months = (starts[-1].year - starts[0].year) * 12 + starts[-1].month - starts[0].month
        step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months / s <= MOST_TICKS), 600)
        step = max(step, 12) if grain == "year" else step
        return axis | {
            "tick0": moment(starts[0].replace(month=1)),
            "dtick": f"M{step}",
            "tickformat": "%Y" if step >= 12 else "%b %Y",
        }
    if grain in ("day", "week"):
        days = (starts[-1] - starts[0]).days
        return axis | {"nticks": MOST_TICKS, "tickformat": "%b %-d" if days < 200 else "%b %Y"}
    return axis | {"nticks": MOST_TICKS}


_HOVER: dict[Grain, str] = {
    "year": "%Y",
    "month": "%b %Y",
    "week": "%b %-d, %Y",
    "day": "%b %-d, %Y",
}


def _tick(start: datetime, grain: Grain) -> str:
    if grain in ("day", "week"):
        return f"{formats.MONTHS[start.month - 1]} {start.day}"
    return formats.period(start, grain)


def _with_gaps(x: Column, one: Series) -> tuple[list[Any], Series]:
    times = x.times or []
    dated = [(times[r], r, n) for r, n in zip(one.rows, one.figures, strict=True) if times[r]]
    at: list[Any] = []
    rows: list[int] = []
    values: list[float | None] = []
    previous: datetime | None = None
    for time, row, figure in dated:
        assert time is not None
        if previous is not None:
            for missing in _between(previous, time, x.grain):
                at.append(moment(missing))
                rows.append(-1)
                values.append(None)
        at.append(moment(time))
        rows.append(row)
        values.append(figure)
        previous = time
    return at, Series(one.label, one.measure, rows, values, one.rest)


def _between(start: datetime, end: datetime, grain: Grain) -> list[datetime]:
    """One missing period after `start` is enough to break a line before `end`."""
    following = _next(start, grain)
    return [following] if following is not None and following < end else []


def _next(start: datetime, grain: Grain) -> datetime | None:
    months: dict[Grain, Literal[1, 3, 12]] = {"month": 1, "quarter": 3, "year": 12}
    if grain in months:
        index = start.year * 12 + start.month - 1 + months[grain]
        year, month = divmod(index, 12)
        return start.replace(year=year, month=month + 1) if year <= date.max.year else None
    if grain in ("day", "week"):
        return start + timedelta(days=7 if grain == "week" else 1)
    return None
