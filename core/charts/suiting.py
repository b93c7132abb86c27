"""A result's columns sorted by what they can be in a chart, and the chart that suits them."""

from collections.abc import Sequence

from core import columns
from core.charts import countries, kpis, suits
from core.columns import Column
from core.types import ChartKind, ChartSpec

ENOUGH_ROWS = 20
"""Rows from which their spread says more than each of them."""
MOST_BOXES = 12
MANY_COUNTRIES = 20
_STEPS = {"stage", "step", "funnel"}


class Suiting:
    """The columns of a result in their roles."""

    def __init__(self, found: Sequence[Column], rows: int) -> None:
        self.rows = rows
        self.all = tuple(found)
        self.measures = [c for c in found if c.role == "measure" and suits.has_figures(c)]
        self.dimensions = [c for c in found if c.role != "measure" and not c.identifier]
        self.identifiers = [c for c in found if c.identifier]
        self.times = [c for c in self.dimensions if c.role == "time"]

    def named(self, name: str | None) -> Column | None:
        """The column of a name, whatever its case."""
        wanted = (name or "").lower()
        exact = next((c for c in self.all if c.name == name), None)
        return exact or next((c for c in self.all if c.name.lower() == wanted), None)

    def table(self, title: str) -> ChartSpec:
        """The answer where no picture says more."""
        return ChartSpec("table", title=title)

    def best(self, title: str) -> ChartSpec:
        """The recommended chart."""
        if not self.rows or not self.measures:
            return self.table(title)
        if self.rows == 1:
            return self.single(title)
        match len(self.dimensions):
            case 0:
                return self._without_dimensions(title)
            case 1:
                return self._over(self.dimensions[0], title)
            case 2 if not self.identifiers:
                return self._over_two(title)
        return self.table(title)

    def single(self, title: str) -> ChartSpec:
        """One row: its figure, with what it is compared with; more figures are a table."""
        shown = self.measures
        if len(shown) == 1 or (len(shown) == 2 and kpis.compares(shown[0], shown[1])):
            return ChartSpec("kpi", y=tuple(c.name for c in shown), title=title)
        return self.table(title)

    def _without_dimensions(self, title: str) -> ChartSpec:
        if len(self.measures) >= 2 and self.rows > 2:
            return spec("scatter", self.measures[0], [self.measures[1]], None, title)
        if len(self.identifiers) == 1 and suits.unique(self.identifiers[0], None):
            kind = suits.bars(self.identifiers[0])
            return spec(kind, self.identifiers[0], self.measures[:1], None, title)
        if len(self.measures) == 1 and self.rows > ENOUGH_ROWS and self.measures[0].distinct > 5:
            return spec("histogram", self.measures[0], [], None, title)
        return self.table(title)

    def _over(self, x: Column, title: str) -> ChartSpec:
        if suits.unique(x, None):
            return self._one_each(x, title)
        if x.role == "time" and self.rows > 2:
            return spec("scatter", x, self.measures[:1], None, title)
        many = self.rows > ENOUGH_ROWS
        if len(self.measures) >= 2 and many and 1 <= x.distinct <= suits.MOST_DRAWN:
            return spec("scatter", self.measures[0], [self.measures[1]], x, title)
        if many and 1 <= x.distinct <= MOST_BOXES and self.rows >= 5 * x.distinct:
            return spec("box", x, self.measures[:1], None, title)
        return self.table(title)

    def _one_each(self, x: Column, title: str) -> ChartSpec:
        """One row for every value of a column."""
        measures = suits.alike(self.measures)[: suits.MOST_SERIES]
        one: ChartKind | None = None
        if _narrows(x, measures[0], self.rows):
            one = "funnel"
        elif suits.parts(x, measures[0]):
            one = "pie"
        elif x.distinct >= MANY_COUNTRIES and countries.located(x):
            one = "map"
        return spec(one or suits.drawn_over(x), x, measures[:1] if one else measures, None, title)

    def _over_two(self, title: str) -> ChartSpec:
        x = self.times[0] if self.times else max(self.dimensions, key=lambda c: c.distinct)
        color = next(c for c in self.dimensions if c is not x)
        if suits.unique(x, None):
            return self._over(x, title)
        if not suits.unique(x, color):
            return self.table(title)
        y = self.measures[:1]
        clocked = suits.ordered(x) and suits.ordered(color)
        if clocked and min(x.distinct, color.distinct) > 4 and suits.gridded(x, color):
            return spec("heatmap", x, y, color, title)
        if not suits.few(color, self.measures):
            fits = suits.gridded(x, color)
            return spec("heatmap", x, y, color, title) if fits else self.table(title)
        return spec(suits.drawn_over(x), x, y, color, title)


def _narrows(x: Column, y: Column, rows: int) -> bool:
    """Whether the rows are the steps of a funnel: named so, and fewer at each."""
    if not _STEPS & set(columns.words(x.name)) or rows < 3 or not suits.staged(x, y):
        return False
    figures = [n or 0.0 for n in y.numbers]
    return figures == sorted(figures, reverse=True)


def spec(
    kind: ChartKind, x: Column, y: Sequence[Column], color: Column | None, title: str
) -> ChartSpec:
    """A chart of columns."""
    names = tuple(c.name for c in y)
    return ChartSpec(kind, x.name, names, color.name if color else None, title)
