"""What a chart shows, in words, for those who cannot see it."""

from core import columns, formats
from core.charts import amounts, rules
from core.charts.kpis import kpi
from core.types import ChartSpec, QueryResult

LONGEST = 400
NAMES = {
    "bar": "Bar chart",
    "horizontal_bar": "Bar chart",
    "line": "Line chart",
    "area": "Area chart",
    "pie": "Ring chart",
    "scatter": "Scatter chart",
    "heatmap": "Heatmap",
    "histogram": "Histogram",
    "box": "Box plot",
    "funnel": "Funnel",
    "map": "Map",
    "kpi": "Figure",
    "table": "Table",
}
"""The kinds as people call them."""


def alt(spec: ChartSpec, result: QueryResult) -> str:
    """Kind, columns, how many values, the lowest and the highest, in at most 400 characters."""
    spec = rules.fit(spec, result)
    if spec.kind == "kpi":
        told = kpi(spec, result)
        return formats.shortened(f"{told.label}: {told.value_text}", LONGEST)
    found = {c.name: c for c in columns.named(result.table)}
    names = " and ".join(formats.heading(n) for n in spec.y)
    about = [f" of {names}" if names else "", f" by {formats.heading(spec.x)}" if spec.x else ""]
    title = f"{spec.title}. " if spec.title else ""
    said = f"{title}{NAMES[spec.kind]}{''.join(about)}, {result.row_count:,} rows."
    y = found[spec.y[0]] if spec.y else None
    x = found[spec.x] if spec.x else None
    if y is not None and x is not None and spec.kind not in ("scatter", "box"):
        figures = [(n, row) for row, n in enumerate(y.numbers) if n is not None]
        written = amounts.of(y, spec.currency).written
        if figures:
            (low, at_low), (high, at_high) = min(figures), max(figures)
            said += f" Highest: {x.labels[at_high]}, {written(high)}."
            if low != high:
                said += f" Lowest: {x.labels[at_low]}, {written(low)}."
    return formats.shortened(said, LONGEST)
