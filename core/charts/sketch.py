"""What every family of charts draws from: the fitted spec, its columns, colours, and hovers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.charts import amounts, axes
from core.charts.amounts import Meaning
from core.charts.look import Look
from core.charts.series import Series
from core.columns import Column
from core.types import ChartSpec

LONGEST_HOVER = 160
MOST_LABELS = 60
"""Figures written beside points; more would lie over each other."""

Drawn = tuple[list[dict[str, Any]], dict[str, Any]]
"""The traces of a figure and what its layout needs beyond the usual."""


@dataclass(frozen=True)
class Sketch:
    """A chart about to be drawn. `x` is its first measure where the spec names no x."""

    spec: ChartSpec
    x: Column
    y: tuple[Column, ...]
    color: Column | None
    look: Look

    @property
    def paints(self) -> tuple[str, ...]:
        """The colours of the series: those chosen, then the palette."""
        return (*self.spec.colors, *self.look.series[len(self.spec.colors) :])

    def meaning(self, column: Column) -> Meaning:
        """How the figures of a column are written."""
        return amounts.of(column, self.spec.currency)

    def painted(self, series: Sequence[Series]) -> list[tuple[Series, str]]:
        """Each series with its colour; the sum of the rest is grey."""
        paints = iter(self.paints)
        return [(one, self.look.rest if one.rest else next(paints)) for one in series]

    def hover(self, one: Series, *, placed: bool = True) -> dict[str, Any]:
        """What a point says when pointed at; `placed`: whether it names its own place too."""
        place = "<b>%{customdata[0]}</b><br>" if placed else ""
        written = self.meaning(one.measure).written
        shares = one.told is not None
        said = [
            f"{written(told)} · {part:.0%}" if shares and part is not None else written(told)
            for told, part in zip(one.read, one.figures, strict=True)
        ]
        return {
            "customdata": [
                [safe(one.place(row, self.x)), figure]
                for row, figure in zip(one.rows, said, strict=True)
            ],
            "hovertemplate": f"{place}{in_template(one.label)}: %{{customdata[1]}}<extra></extra>",
        }

    def written_out(self, one: Series) -> list[str] | None:
        """The figures of a series as labels, where they were asked for and there is room."""
        if not self.spec.labels or len(one.rows) > MOST_LABELS:
            return None
        if one.told is not None:
            return ["" if n is None else f"{n:.0%}" for n in one.figures]
        compact = self.meaning(one.measure).compact
        return ["" if n is None else compact(n) for n in one.figures]


def safe(text: str) -> str:
    """A text for a hover."""
    return axes.short(text, LONGEST_HOVER)


def in_template(label: str) -> str:
    """A label inside a hover template, where %{…} would be filled in."""
    return label.replace("%{", "%&#123;")


def apart(labels: Sequence[str]) -> list[str]:
    """Labels that Plotly does not take for one: equal ones get invisible marks."""
    seen: Counter[str] = Counter()
    made = []
    for label in labels:
        made.append(label + "\u200b" * seen[label])
        seen[label] += 1
    return made


def faded(paint: str, alpha: float = 0.16) -> str:
    """A colour that lets through what lies under it."""
    red, green, blue = (int(paint[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
