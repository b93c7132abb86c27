"""A chart that somebody asked for, corrected until it shows the data rightly."""

from core.charts import kpis, options, spreads, suits
from core.charts.suiting import Suiting, spec
from core.columns import Column
from core.types import ChartSpec

FEWEST_IN_BOX = 5


def fitted(suiting: Suiting, wanted: ChartSpec) -> ChartSpec:
    """The wanted chart made right, the recommended one, or a table."""
    return options.kept(_fitted(suiting, wanted), wanted, suiting)


def _fitted(suiting: Suiting, wanted: ChartSpec) -> ChartSpec:  # noqa: PLR0911 - one line per kind
    if wanted.kind == "table" or not suiting.rows or not suiting.measures:
        return suiting.table(wanted.title)
    if suiting.rows == 1 or wanted.kind == "kpi":
        return _kpi(suiting, wanted)
    x, y, color = _columns(suiting, wanted)
    match wanted.kind:
        case "scatter":
            return _scatter(suiting, wanted, x, y, color)
        case "histogram":
            return _histogram(suiting, wanted, x, y)
        case "box":
            return _box(suiting, wanted, x, y, color)
        case "heatmap":
            return _heatmap(suiting, wanted, x, y, color)
        case _:
            return _over(suiting, wanted, x, y, color)


def _columns(
    suiting: Suiting, wanted: ChartSpec
) -> tuple[Column | None, list[Column], Column | None]:
    """The columns named; x and y are exchanged where only that makes sense."""
    x, color = suiting.named(wanted.x), suiting.named(wanted.color)
    named = [c for c in map(suiting.named, wanted.y) if c is not None]
    if x is not None and x in suiting.measures and named and named[0] not in suiting.measures:
        x, named = named[0], [x]
    return x, [c for c in named if c in suiting.measures and c is not x], color


def _over(
    suiting: Suiting, wanted: ChartSpec, x: Column | None, y: list[Column], color: Column | None
) -> ChartSpec:
    if x is None:
        offered = (*suiting.dimensions, *suiting.identifiers)
        x = next((c for c in offered if c is not color), None)
    if x is None:
        return suiting.best(wanted.title)
    y = suits.alike(y or [c for c in suiting.measures if c is not x])[: suits.MOST_SERIES]
    if not y:
        return suiting.table(wanted.title)
    color = _splitting(suiting, x, y, color)
    if not suits.unique(x, color):
        return _repeating(suiting, wanted, x, y)
    kind = suits.kind_over(wanted.kind, x, y, color)
    if kind in ("pie", "funnel", "map") or color is not None:
        y = y[:1]
    return spec(kind, x, y, color, wanted.title)


def _splitting(
    suiting: Suiting, x: Column, y: list[Column], wanted: Column | None
) -> Column | None:
    """The colour column that is needed to tell rows of one x apart, or None."""
    if suits.unique(x, None):
        return None
    offered = [c for c in (wanted, *suiting.dimensions) if c is not None and c is not x]
    return next(
        (c for c in offered
         if suits.unique(x, c) and c not in suiting.measures and suits.few(c, y)), None
    )  # fmt: skip


def _repeating(suiting: Suiting, wanted: ChartSpec, x: Column, y: list[Column]) -> ChartSpec:
    """Rows that repeat an x: points over time, else only a table tells the truth."""
    if x.role == "time" and suiting.rows > 2:
        return spec("scatter", x, y[:1], None, wanted.title)
    return suiting.table(wanted.title)


def _scatter(
    suiting: Suiting, wanted: ChartSpec, x: Column | None, y: list[Column], color: Column | None
) -> ChartSpec:
    across = x if x in suiting.measures or x in suiting.times else None
    if across is None and len(suiting.measures) > 1:
        across = next(c for c in suiting.measures if c not in y[:1])
    y = y[:1] or [c for c in suiting.measures if c is not across][:1]
    if across is None or not y:
        return suiting.best(wanted.title)
    fits = color is not None and color not in suiting.measures and suits.few(color, y)
    return spec("scatter", across, y, color if fits else None, wanted.title)


def _histogram(suiting: Suiting, wanted: ChartSpec, x: Column | None, y: list[Column]) -> ChartSpec:
    """Of the measure named first, wherever it was named."""
    measure = x if x in suiting.measures else next(iter([*y, *suiting.measures]))
    assert measure is not None
    if measure.distinct < 2:
        return suiting.best(wanted.title)
    return spec("histogram", measure, [], None, wanted.title)


def _box(
    suiting: Suiting, wanted: ChartSpec, x: Column | None, y: list[Column], color: Column | None
) -> ChartSpec:
    measure = (y or [c for c in suiting.measures if c is x] or suiting.measures)[0]
    group = next(
        (c for c in (x, color) if c is not None and c is not measure and c.role != "measure"), None
    )
    if group is not None and (group.distinct > spreads.MOST_BOXES or suits.unique(group, None)):
        if suits.unique(group, None):
            bars = ChartSpec("bar", group.name, (measure.name,), None, wanted.title)
            return _over(suiting, bars, group, [measure], None)
        group = None
    if sum(n is not None for n in measure.numbers) < FEWEST_IN_BOX:
        return suiting.best(wanted.title)
    if group is None:
        return ChartSpec("box", None, (measure.name,), None, wanted.title)
    return spec("box", group, [measure], None, wanted.title)


def _heatmap(
    suiting: Suiting, wanted: ChartSpec, x: Column | None, y: list[Column], color: Column | None
) -> ChartSpec:
    sides = [c for c in (x, color) if c is not None and c.role != "measure"]
    sides += [c for c in suiting.dimensions if c not in sides]
    shown = y[:1] or [c for c in suiting.measures if c not in sides][:1]
    pairs = [(a, b) for a in sides for b in sides if a is not b and suits.unique(a, b)]
    found = next(((a, b) for a, b in pairs if not suits.unique(a, None)), None)
    if found is None or not shown:
        return _over(suiting, wanted, x, y, color)
    across, down = found
    return spec("heatmap", across, shown, down, wanted.title)


def _kpi(suiting: Suiting, wanted: ChartSpec) -> ChartSpec:
    y = [c for c in map(suiting.named, wanted.y) if c in suiting.measures]
    if suiting.rows > 1:
        x = suiting.named(wanted.x)
        if wanted.kind == "kpi" and x in suiting.times and suits.unique(x, None):
            return spec("kpi", x, (y or suiting.measures)[:1], None, wanted.title)
        return suiting.best(wanted.title)
    if wanted.kind != "kpi" or not y:
        return suiting.single(wanted.title)
    shown = y[: 2 if len(y) > 1 and kpis.compares(y[0], y[1]) else 1]
    return ChartSpec("kpi", y=tuple(c.name for c in shown), title=wanted.title)
