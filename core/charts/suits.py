"""What a column is good for in a chart: questions that the rules ask."""

from collections.abc import Sequence

from core.charts import countries
from core.columns import Column
from core.types import ChartKind

MOST_SERIES = 4
"""Measures side by side; more is a table."""
MOST_DRAWN = 7
MOST_COLORS = 50
"""Values of a colour column; the drawing keeps the largest seven and sums up the rest."""
MOST_UPRIGHT = 12
LONGEST_UPRIGHT = 14
MOST_STEPS = 15
ALIKE = 30.0
"""Two measures share an axis when their largest values differ by less than this factor."""


def alike(measures: Sequence[Column]) -> list[Column]:
    """The first measure and those that can share its axis: same unit, similar size."""
    first = measures[0] if measures else None
    if first is None:
        return []
    size = largest(first)

    def shares(other: Column) -> bool:
        other_size = largest(other)
        if other.unit != first.unit or other.additive != first.additive:
            return False
        return not size or not other_size or 1 / ALIKE < other_size / size < ALIKE

    return [c for c in measures if c is first or shares(c)]


def kind_over(  # noqa: PLR0911 - one line per kind
    kind: ChartKind, x: Column, y: Sequence[Column], color: Column | None
) -> ChartKind:
    """The kind that is right over this x: lines need an order, bars need room, pies need parts."""
    match kind:
        case "area" if negative(y) or len(y) > 1 or (color and not y[0].additive):
            return kind_over("line", x, y, color)
        case "line" | "area":
            return kind if ordered(x) and x.distinct > 1 else bars(x)
        case "pie":
            fits = color is None and x.distinct > 1 and sliceable(x, y[0])
            return kind if fits else bars(x)
        case "map":
            return kind if color is None and countries.located(x) else bars(x)
        case "funnel":
            return kind if color is None and staged(x, y[0]) else bars(x)
        case "horizontal_bar":
            return "bar" if x.role == "time" else kind
        case "heatmap" | "box" | "histogram" | "scatter":
            return bars(x)
        case _:
            crowded = x.distinct > 2 * MOST_UPRIGHT or longest(x) > 2 * LONGEST_UPRIGHT
            return bars(x) if crowded else "bar"


def ordered(x: Column) -> bool:
    """Whether its values have an order of their own."""
    return x.order is not None and not x.identifier


def drawn_over(x: Column) -> ChartKind:
    """A line along more than three periods, else bars."""
    return "line" if x.role == "time" and x.distinct > 3 else bars(x)


def bars(x: Column) -> ChartKind:
    """Upright bars for periods and few short labels; else lying ones, where labels have room."""
    if x.role == "time" or (x.ordinal and not x.identifier):
        return "bar"
    roomy = x.distinct <= MOST_UPRIGHT and longest(x) <= LONGEST_UPRIGHT
    return "bar" if roomy else "horizontal_bar"


def longest(x: Column) -> int:
    """The length of its longest label."""
    return max(map(len, x.labels), default=0)


def parts(x: Column, y: Column) -> bool:
    """Whether a column holds the shares of one whole, few enough for a pie."""
    if not y.unit or not 2 <= x.distinct <= 6 or not sliceable(x, y):
        return False
    total = sum(n for n in y.numbers if n is not None)
    return abs(total - (100 if y.unit == "percent" else 1)) < (1.5 if total > 2 else 0.015)


def sliceable(x: Column, y: Column) -> bool:
    """Whether figures are parts of a whole: not over time, not averages, none negative."""
    summed = y.additive or bool(y.unit)
    return x.role != "time" and summed and not negative([y]) and largest(y) > 0


def negative(y: Sequence[Column]) -> bool:
    """Whether a figure is below zero."""
    return any(n is not None and n < 0 for c in y for n in c.numbers)


def few(color: Column, y: Sequence[Column]) -> bool:
    """Whether colours can tell its values apart; averages of the rest cannot be summed up."""
    return 1 <= color.distinct <= (MOST_COLORS if y[0].additive else MOST_DRAWN)


def unique(x: Column, color: Column | None) -> bool:
    """Whether no two rows fall on the same place of the chart."""
    given = list(zip(x.keys, color.keys if color else x.keys, strict=True))
    return len(set(given)) == len(given)


def has_figures(column: Column) -> bool:
    """Whether there is any finite number."""
    return any(n is not None for n in column.numbers)


def largest(column: Column) -> float:
    """The largest figure, whatever its sign."""
    return max((abs(n) for n in column.numbers if n is not None), default=0.0)


def staged(x: Column, y: Column) -> bool:
    """Whether rows can be the steps of a funnel: few, no periods, none negative."""
    figures = [n for n in y.numbers if n is not None]
    few_steps = 2 <= len(figures) <= MOST_STEPS and x.role != "time"
    return few_steps and not negative([y]) and max(figures) > 0 and not y.unit


def gridded(x: Column, down: Column) -> bool:
    """Whether a heatmap has room for all pairs and most of them are there."""
    pairs = x.distinct * down.distinct
    return x.distinct <= 60 and down.distinct <= 40 and 0 < pairs <= 4 * len(x.keys)
