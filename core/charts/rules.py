"""Which chart suits a result: by the roles of its columns, their cardinality, and time."""

from collections.abc import Sequence

from core import columns
from core.charts import kpis
from core.columns import Column
from core.types import ChartKind, ChartSpec, QueryResult

MOST_SERIES = 4
"""Measures side by side; more is a table."""
MOST_DRAWN = 7
MOST_COLORS = 50
"""Values of a colour column; the drawing keeps the largest seven and sums up the rest."""
MOST_UPRIGHT = 12
LONGEST_UPRIGHT = 14
ALIKE = 30.0
"""Two measures share an axis when their largest values differ by less than this factor."""


def recommend(result: QueryResult, title: str = "") -> ChartSpec:
    """The chart for a result by rules; a table where no picture would say more.

    Identifiers are never drawn as figures. The result of this always passes `fit` unchanged.
    """
    found = columns.read(result.table)
    return _Suiting(found, result.row_count).best(title)


def fit(spec: ChartSpec, result: QueryResult) -> ChartSpec:
    """The chart asked for, corrected until it shows this data rightly.

    Names are matched whatever their case; missing ones are replaced; a kind that would mislead
    (a line over categories, a pie of averages or of negatives) gives way to one that does not.
    Falls back to a table. Never raises; fitting twice changes nothing more.
    """
    suiting = _Suiting(columns.read(result.table), result.row_count)
    return suiting.fitted(spec)


class _Suiting:
    """A result's columns sorted by what they can be in a chart."""

    def __init__(self, found: Sequence[Column], rows: int) -> None:
        self.rows = rows
        self.all = tuple(found)
        self.measures = [c for c in found if c.role == "measure" and _has_figures(c)]
        self.dimensions = [c for c in found if c.role != "measure" and not c.identifier]
        self.identifiers = [c for c in found if c.identifier]
        self.times = [c for c in self.dimensions if c.role == "time"]

    def best(self, title: str) -> ChartSpec:
        """The recommended chart."""
        if not self.rows or not self.measures:
            return self._table(title)
        if self.rows == 1:
            return self._single(title)
        match len(self.dimensions):
            case 0:
                return self._without_dimensions(title)
            case 1:
                return self._over(self.dimensions[0], title)
            case 2 if not self.identifiers:
                return self._over_two(title)
        return self._table(title)

    def fitted(self, spec: ChartSpec) -> ChartSpec:
        """The wanted chart made right, the recommended one, or a table."""
        if spec.kind == "table" or not self.rows or not self.measures:
            return self._table(spec.title)
        if self.rows == 1 or spec.kind == "kpi":
            return self._wanted_kpi(spec)
        x, color = self._named(spec.x), self._named(spec.color)
        named = [c for c in map(self._named, spec.y) if c is not None]
        if x is not None and x in self.measures and named and named[0] not in self.measures:
            x, named = named[0], [x]
        y = [c for c in named if c in self.measures and c is not x]
        if spec.kind == "scatter":
            return self._wanted_scatter(spec, x, y, color)
        return self._wanted_over(spec, x, y, color)

    def _wanted_over(
        self, spec: ChartSpec, x: Column | None, y: list[Column], color: Column | None
    ) -> ChartSpec:
        if x is None:
            x = next((c for c in (*self.dimensions, *self.identifiers) if c is not color), None)
        if x is None:
            return self.best(spec.title)
        y = alike(y or [c for c in self.measures if c is not x])[:MOST_SERIES]
        if not y:
            return self._table(spec.title)
        color = self._splitting(x, y, color)
        if not _unique(x, color):
            return self._repeating(spec, x, y)
        kind = _kind_over(spec.kind, x, y, color)
        if kind == "pie" or color is not None:
            y = y[:1]
        return _spec(kind, x, y, color, spec.title)

    def _splitting(self, x: Column, y: list[Column], wanted: Column | None) -> Column | None:
        """The colour column that is needed to tell rows of one x apart, or None."""
        if _unique(x, None):
            return None
        offered = [c for c in (wanted, *self.dimensions) if c is not None and c is not x]
        return next(
            (c for c in offered if _unique(x, c) and c not in self.measures and _few(c, y)), None
        )

    def _repeating(self, spec: ChartSpec, x: Column, y: list[Column]) -> ChartSpec:
        """Rows that repeat an x: points over time, else only a table tells the truth."""
        if x.role == "time" and self.rows > 2:
            return _spec("scatter", x, y[:1], None, spec.title)
        return self._table(spec.title)

    def _wanted_scatter(
        self, spec: ChartSpec, x: Column | None, y: list[Column], color: Column | None
    ) -> ChartSpec:
        across = x if x in self.measures or x in self.times else None
        if across is None and len(self.measures) > 1:
            across = next(c for c in self.measures if c not in y[:1])
        y = y[:1] or [c for c in self.measures if c is not across][:1]
        if across is None or not y:
            return self.best(spec.title)
        fits = color is not None and color not in self.measures and _few(color, y)
        return _spec("scatter", across, y, color if fits else None, spec.title)

    def _wanted_kpi(self, spec: ChartSpec) -> ChartSpec:
        y = [c for c in map(self._named, spec.y) if c in self.measures]
        if self.rows > 1:
            return self.best(spec.title)
        if spec.kind != "kpi" or not y:
            return self._single(spec.title)
        shown = y[: 2 if len(y) > 1 and kpis.compares(y[0], y[1]) else 1]
        return ChartSpec("kpi", y=tuple(c.name for c in shown), title=spec.title)

    def _single(self, title: str) -> ChartSpec:
        shown = self.measures
        if len(shown) == 1 or (len(shown) == 2 and kpis.compares(shown[0], shown[1])):
            return ChartSpec("kpi", y=tuple(c.name for c in shown), title=title)
        return self._table(title)

    def _without_dimensions(self, title: str) -> ChartSpec:
        if len(self.measures) >= 2 and self.rows > 2:
            return _spec("scatter", self.measures[0], [self.measures[1]], None, title)
        if len(self.identifiers) == 1 and _unique(self.identifiers[0], None):
            kind = _bars(self.identifiers[0])
            return _spec(kind, self.identifiers[0], self.measures[:1], None, title)
        return self._table(title)

    def _over(self, x: Column, title: str) -> ChartSpec:
        measures = alike(self.measures)[:MOST_SERIES]
        if _unique(x, None):
            kind: ChartKind = "pie" if _parts(x, measures[0]) else _drawn_over(x)
            return _spec(kind, x, measures[:1] if kind == "pie" else measures, None, title)
        if x.role == "time" and self.rows > 2:
            return _spec("scatter", x, measures[:1], None, title)
        if len(self.measures) >= 2 and self.rows > 20 and x.distinct <= MOST_DRAWN:
            return _spec("scatter", self.measures[0], [self.measures[1]], x, title)
        return self._table(title)

    def _over_two(self, title: str) -> ChartSpec:
        x = self.times[0] if self.times else max(self.dimensions, key=lambda c: c.distinct)
        color = next(c for c in self.dimensions if c is not x)
        if _unique(x, None):
            return self._over(x, title)
        if not _unique(x, color) or not _few(color, self.measures):
            return self._table(title)
        y = self.measures[:1]
        return _spec(_drawn_over(x), x, y, color, title)

    def _named(self, name: str | None) -> Column | None:
        wanted = (name or "").lower()
        exact = next((c for c in self.all if c.name == name), None)
        return exact or next((c for c in self.all if c.name.lower() == wanted), None)

    def _table(self, title: str) -> ChartSpec:
        return ChartSpec("table", title=title)


def alike(measures: Sequence[Column]) -> list[Column]:
    """The first measure and those that can share its axis: same unit, similar size."""
    first = measures[0] if measures else None
    if first is None:
        return []
    size = _largest(first)

    def shares(other: Column) -> bool:
        largest = _largest(other)
        if other.unit != first.unit or other.additive != first.additive:
            return False
        return not size or not largest or 1 / ALIKE < largest / size < ALIKE

    return [c for c in measures if c is first or shares(c)]


def _kind_over(kind: ChartKind, x: Column, y: Sequence[Column], color: Column | None) -> ChartKind:
    """The kind that is right over this x: lines need an order, bars need room, pies need parts."""
    match kind:
        case "area" if _negative(y) or len(y) > 1 or (color and not y[0].additive):
            return _kind_over("line", x, y, color)
        case "line" | "area":
            return kind if _ordered(x) and x.distinct > 1 else _bars(x)
        case "pie":
            fits = color is None and x.distinct > 1 and _sliceable(x, y[0])
            return kind if fits else _bars(x)
        case "horizontal_bar":
            return "bar" if x.role == "time" else kind
        case _:
            crowded = x.distinct > 2 * MOST_UPRIGHT or _longest(x) > 2 * LONGEST_UPRIGHT
            return _bars(x) if crowded else "bar"


def _ordered(x: Column) -> bool:
    return x.order is not None and not x.identifier


def _drawn_over(x: Column) -> ChartKind:
    return "line" if x.role == "time" and x.distinct > 3 else _bars(x)


def _bars(x: Column) -> ChartKind:
    """Upright bars for periods and few short labels; else lying ones, where labels have room."""
    if x.role == "time" or (x.ordinal and not x.identifier):
        return "bar"
    roomy = x.distinct <= MOST_UPRIGHT and _longest(x) <= LONGEST_UPRIGHT
    return "bar" if roomy else "horizontal_bar"


def _longest(x: Column) -> int:
    return max(map(len, x.labels), default=0)


def _parts(x: Column, y: Column) -> bool:
    """Whether a column holds the shares of one whole, few enough for a pie."""
    if not y.unit or not 2 <= x.distinct <= 6 or not _sliceable(x, y):
        return False
    total = sum(n for n in y.numbers if n is not None)
    return abs(total - (100 if y.unit == "percent" else 1)) < (1.5 if total > 2 else 0.015)


def _sliceable(x: Column, y: Column) -> bool:
    summed = y.additive or bool(y.unit)
    return x.role != "time" and summed and not _negative([y]) and _largest(y) > 0


def _negative(y: Sequence[Column]) -> bool:
    return any(n is not None and n < 0 for c in y for n in c.numbers)


def _few(color: Column, y: Sequence[Column]) -> bool:
    """Whether colours can tell its values apart; averages of the rest cannot be summed up."""
    return 1 <= color.distinct <= (MOST_COLORS if y[0].additive else MOST_DRAWN)


def _unique(x: Column, color: Column | None) -> bool:
    """Whether no two rows fall on the same place of the chart."""
    given = list(zip(x.keys, color.keys if color else x.keys, strict=True))
    return len(set(given)) == len(given)


def _has_figures(column: Column) -> bool:
    return any(n is not None for n in column.numbers)


def _largest(column: Column) -> float:
    return max((abs(n) for n in column.numbers if n is not None), default=0.0)


def _spec(
    kind: ChartKind, x: Column, y: Sequence[Column], color: Column | None, title: str
) -> ChartSpec:
    names = tuple(c.name for c in y)
    return ChartSpec(kind, x.name, names, color.name if color else None, title)
