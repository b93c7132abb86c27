"""A single figure read out of a result, with its change and its past where the result has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core import columns, formats
from core.charts import amounts
from core.columns import Column
from core.formats import Grain
from core.types import ChartSpec, QueryResult

MOST_TREND = 200
_BEFORE = {"previous", "prior", "prev", "before", "last", "earlier"}
_CHANGE = {"change", "growth", "delta"}


@dataclass(frozen=True)
class Kpi:
    """A figure as the screen writes it; `delta_text` begins with + or -.

    `against` says what it is compared with, `trend` are the figures up to it, for a sparkline.
    """

    label: str
    value_text: str
    delta_text: str | None = None
    against: str = ""
    trend: tuple[float | None, ...] = ()


def kpi(spec: ChartSpec, result: QueryResult, *, today: date | None = None) -> Kpi:
    """The figure of the first row, or of the latest period where the spec names a time.

    A dash where there is none. Never raises. The change comes from a second column that holds the
    figure before, or the change itself, or from the period before. With `today` a period that
    still runs is not compared as if it were whole: the one before it is shown.
    """
    found = columns.named(result.table)
    measures = [c for c in found if c.role == "measure"]
    named = [c for c in measures if c.name in spec.y] or measures[:1]
    if not named or not result.row_count:
        return Kpi(spec.title or "No figure", formats.NOTHING)
    main = named[0]
    time = next((c for c in found if c.name == spec.x and c.times is not None), None)
    if time is not None and result.row_count > 1:
        return _latest(spec, main, time, today)
    about = [c.labels[0] for c in found if c.role != "measure" and not c.identifier and c.values[0]]
    label = formats.shortened(" · ".join([spec.title or formats.heading(main.name), *about]), 80)
    value = amounts.of(main, spec.currency).written(main.values[0])
    return Kpi(label, value, _delta(main, [c for c in measures if c is not main]))


def compares(first: Column, second: Column) -> bool:
    """Whether the second column holds what the first was before, or its change."""
    said = set(columns.words(second.name)) - set(columns.words(first.name))
    return bool(said & _BEFORE) or (bool(said & _CHANGE) and bool(second.unit))


def _latest(spec: ChartSpec, main: Column, time: Column, today: date | None) -> Kpi:
    order, times = time.order or [], time.times or []
    rows = sorted((r for r, t in enumerate(times) if t is not None), key=order.__getitem__)
    last = times[rows[-1]] if rows else None
    if today is not None and last is not None and len(rows) > 1 and _runs(last, time.grain, today):
        rows = rows[:-1]
    title = spec.title or formats.heading(main.name)
    if not rows:
        return Kpi(title, formats.NOTHING)
    now = rows[-1]
    label = formats.shortened(f"{title} · {time.labels[now]}", 80)
    value = amounts.of(main, spec.currency).written(main.numbers[now])
    trend = tuple(main.numbers[r] for r in rows[-MOST_TREND:])
    before = rows[-2] if len(rows) > 1 else None
    then = main.numbers[before] if before is not None else None
    figure = main.numbers[now]
    if before is None or then is None or figure is None:
        return Kpi(label, value, trend=trend)
    return Kpi(label, value, formats.change(figure, then), f"against {time.labels[before]}", trend)


def _runs(start: date, grain: Grain, today: date) -> bool:
    """Whether a period that begins then still runs today."""
    lengths: dict[Grain, int] = {"week": 7, "day": 1}
    if grain in lengths:
        return today < date(start.year, start.month, start.day) + timedelta(lengths[grain])
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months is None:
        return False
    return today.year * 12 + today.month < start.year * 12 + start.month + months


def _delta(main: Column, others: Sequence[Column]) -> str | None:
    other = next((c for c in others if compares(main, c)), None)
    if other is None:
        return None
    now, then = main.numbers[0], other.numbers[0]
    if now is None or then is None:
        return None
    if set(columns.words(other.name)) & _CHANGE:
        text = formats.number(then, other.unit)
        return text if then < 0 else f"+{text}"
    return formats.change(now, then)
