"""How figures are spread: histograms, and boxes with their quartiles."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.charts import amounts, axes
from core.charts.sketch import Drawn, Sketch, apart, faded
from core.columns import Column

MOST_BINS = 40
MOST_BOXES = 25
MOST_OUTLIERS = 200
"""Outliers that are drawn for a box; of more the farthest."""


def histogram(sketch: Sketch) -> Drawn:
    """How many rows have a figure in each step; the steps are round."""
    column = sketch.x
    figures = [n for n in column.numbers if n is not None]
    start, step, counts = bins(figures, whole=_is_whole(figures))
    meaning = sketch.meaning(column)
    edges = [start + step * i for i in range(len(counts) + 1)]
    said = [f"{meaning.written(_exact(a))} to {meaning.written(_exact(b))}"
            for a, b in itertools.pairwise(edges)]  # fmt: skip
    trace = {
        "type": "bar",
        "orientation": "v",
        "name": axes.heading(column),
        "x": [edge + step / 2 for edge in edges[:-1]],
        "y": counts,
        "width": [step * 0.96] * len(counts),
        "marker": {"color": sketch.paints[0], "line": {"width": 0}, "cornerradius": 2},
        "customdata": [[a, f"{n:,}"] for a, n in zip(said, counts, strict=True)],
        "hovertemplate": "<b>%{customdata[0]}</b><br>Rows: %{customdata[1]}<extra></extra>",
    }
    if sketch.spec.labels and len(counts) <= 25:
        trace |= {"text": [f"{n:,}" if n else "" for n in counts], "textposition": "outside"}
    across = axes.figures(edges, meaning, True, from_zero=False, grid=False)
    across |= {"range": [edges[0], edges[-1]], "showline": True}
    values = {"showgrid": True, "zeroline": False, "nticks": 7, "rangemode": "tozero",
              "title": {"text": "Rows"}}  # fmt: skip
    return [trace], {"xaxis": across, "yaxis": values, "showlegend": False, "bargap": 0}


def bins(figures: Sequence[float], *, whole: bool = False) -> tuple[float, float, list[int]]:
    """Where the steps of a histogram begin, how wide they are, and how many figures each has."""
    low, high = min(figures), max(figures)
    wanted = min(MOST_BINS, max(5, math.ceil(2 * len(figures) ** (1 / 3))))
    step = _round((high - low) / wanted) if high > low else 1.0
    step = max(1.0, step) if whole else step
    start = math.floor(low / step) * step
    count = min(max(1, math.floor((high - start) / step + 1e-9) + 1), 2 * MOST_BINS)
    counts = [0] * count
    for figure in figures:
        counts[min(count - 1, max(0, math.floor((figure - start) / step + 1e-9)))] += 1
    return start, step, counts


def _round(step: float) -> float:
    if step <= 0 or not math.isfinite(step):
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= step * 0.999999)


def _is_whole(figures: Sequence[float]) -> bool:
    return all(n == int(n) for n in figures)


def _exact(edge: float) -> float:
    """An edge without the dust of floating-point sums."""
    return float(f"{edge:.12g}")


@dataclass(frozen=True)
class Spread:
    """The figures of one box: quartiles, how far the whiskers reach, and what lies beyond."""

    low: float
    first: float
    middle: float
    third: float
    high: float
    beyond: tuple[float, ...]

    @staticmethod
    def of(figures: Sequence[float]) -> "Spread":
        """Whiskers reach the last figure within one and a half times the box."""
        found = sorted(figures)
        first, middle, third = (_quantile(found, part) for part in (0.25, 0.5, 0.75))
        reach = 1.5 * (third - first)
        within = [n for n in found if first - reach <= n <= third + reach] or found
        beyond = [n for n in found if n < within[0] or n > within[-1]]
        beyond.sort(key=lambda n: -abs(n - middle))
        return Spread(within[0], first, middle, third, within[-1], tuple(beyond[:MOST_OUTLIERS]))


def _quantile(found: Sequence[float], part: float) -> float:
    at = (len(found) - 1) * part
    low = math.floor(at)
    rest = at - low
    high = min(low + 1, len(found) - 1)
    return found[low] * (1 - rest) + found[high] * rest


def boxes(sketch: Sketch) -> Drawn:
    """A box for every group, the one with the highest median first; points beyond the whiskers."""
    measure, paint = sketch.y[0], sketch.paints[0]
    group = sketch.x if sketch.spec.x else None
    spreads = _spreads(measure, group)
    names = apart([axes.short(name, 24) for name, _ in spreads])
    found = [spread for _, spread in spreads]
    trace: dict[str, Any] = {
        "type": "box",
        "name": axes.heading(measure),
        "x": names,
        "q1": [s.first for s in found],
        "median": [s.middle for s in found],
        "q3": [s.third for s in found],
        "lowerfence": [s.low for s in found],
        "upperfence": [s.high for s in found],
        "fillcolor": faded(paint, 0.3),
        "line": {"color": paint, "width": 1.5},
        "marker": {"color": paint},
        "whiskerwidth": 0.5,
    }
    meaning = amounts.of(measure, sketch.spec.currency)
    beyond = [(name, n) for name, s in zip(names, found, strict=True) for n in s.beyond]
    traces = [trace]
    if beyond:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": "Outliers",
                "x": [name for name, _ in beyond],
                "y": [n for _, n in beyond],
                "marker": {"color": paint, "size": 5, "opacity": 0.6},
                "customdata": [[meaning.written(n)] for _, n in beyond],
                "hovertemplate": "%{customdata[0]}<extra></extra>",
            }
        )
    shown = [n for s in found for n in (s.low, s.high, *s.beyond)]
    values = axes.figures(shown, meaning, True, from_zero=False, log=sketch.spec.log)
    values["hoverformat"] = ",.2~f" if not measure.unit else values.get("tickformat", "")
    across = {"type": "category", "categoryorder": "array", "categoryarray": names,
              "showgrid": False, "showline": True}  # fmt: skip
    if group is None:
        across |= {"showticklabels": False}
    return traces, {"xaxis": across, "yaxis": values, "showlegend": False}


def _spreads(measure: Column, group: Column | None) -> list[tuple[str, Spread]]:
    keys = group.keys if group else [""] * len(measure.numbers)
    labels = group.labels if group else [axes.heading(measure)] * len(measure.numbers)
    figures: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    first: dict[str, int] = {}
    for row, (key, label, number) in enumerate(zip(keys, labels, measure.numbers, strict=True)):
        if number is not None:
            figures.setdefault(key, []).append(number)
            names.setdefault(key, label)
            first.setdefault(key, row)
    made = {key: Spread.of(found) for key, found in figures.items()}
    order = group.order if group and not group.identifier else None
    ranked = sorted(made, key=lambda key: -len(figures[key]))[:MOST_BOXES]
    ranked.sort(key=lambda key: order[first[key]] if order else -made[key].middle)
    return [(names[key], made[key]) for key in ranked]
