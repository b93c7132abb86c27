"""Pictures of results: a fitting `ChartSpec` and its rows as a Plotly figure."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core import columns
from core.charts import axes, bars, funnels, grids, lines, look, maps, pies, points, rules, spreads
from core.charts.look import Look
from core.charts.sketch import Drawn, Sketch
from core.types import ChartKind, ChartSpec, QueryResult

if TYPE_CHECKING:
    import plotly.graph_objects as go  # type: ignore[import-untyped]

LONGEST_TITLE = 90
HEIGHT = 380

FAMILIES: dict[ChartKind, Callable[[Sketch], Drawn]] = {
    "bar": bars.upright,
    "horizontal_bar": bars.lying,
    "line": lines.lines,
    "area": lines.areas,
    "pie": pies.ring,
    "scatter": points.points,
    "heatmap": grids.heatmap,
    "histogram": spreads.histogram,
    "box": spreads.boxes,
    "funnel": funnels.funnel,
    "map": maps.world,
}
"""How each kind is drawn. Single figures and tables are drawn by the screen itself."""


def figure(
    spec: ChartSpec, result: QueryResult, *, dark: bool = False, titled: bool = True
) -> "go.Figure | None":
    """The picture, or None for kpi and table, which the screen draws natively.

    The spec is fitted first, so nothing is drawn wrong. Text from the data is escaped, for
    Plotly renders some HTML. More than 25 bars, 8 colours or 12 slices are cut to the largest,
    and the picture says so. Without `titled` the screen writes the title itself.
    """
    spec = rules.fit(spec, result)
    draw = FAMILIES.get(spec.kind)
    if draw is None:
        return None
    found = {c.name: c for c in columns.named(result.table)}
    y = tuple(found[name] for name in spec.y)
    x = found[spec.x] if spec.x else y[0]
    style = look.of(dark)
    traces, layout = draw(Sketch(spec, x, y, found[spec.color] if spec.color else None, style))
    shown = spec if titled else replace(spec, title="")
    return _assembled(shown, traces, layout, style)


def _assembled(
    spec: ChartSpec, traces: list[dict[str, Any]], layout: dict[str, Any], style: Look
) -> "go.Figure":
    import plotly.graph_objects as go

    legend = layout.get("showlegend", len(traces) > 1)
    title = axes.short(spec.title, LONGEST_TITLE)
    top = 16 + (36 if title else 0) + (28 if legend and "legend" not in layout else 0)
    base = {
        "template": look.template(style),
        "title": {"text": title} if title else {},
        "height": HEIGHT,
        "margin": {"l": 8, "r": 16, "t": top, "b": 8, "pad": 4},
        "showlegend": legend,
        "hovermode": "closest",
        "dragmode": False,
    }
    return go.Figure(data=traces, layout=base | layout)
