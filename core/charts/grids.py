"""Heatmaps: a figure for every pair of two columns, told by its colour."""

import math
from typing import Any

from core import formats
from core.charts import axes
from core.charts.look import Look
from core.charts.sketch import Drawn, Sketch, safe
from core.columns import Column

MOST_ACROSS, MOST_DOWN = 60, 40
MOST_WRITTEN = 64
"""Cells that have their figure written in them without being asked."""
ROW_HEIGHT = 28


def heatmap(sketch: Sketch) -> Drawn:
    """A grid; a pair that the data lacks stays empty. Of too many the largest or latest."""
    down = sketch.color
    assert down is not None
    measure = sketch.y[0]
    columns = _kept(sketch.x, measure, MOST_ACROSS)
    rows = _kept(down, measure, MOST_DOWN)
    across = {key: i for i, key in enumerate(columns)}
    along = {key: i for i, key in enumerate(rows)}
    grid: list[list[float | None]] = [[None] * len(columns) for _ in rows]
    for x, y, figure in zip(sketch.x.keys, down.keys, measure.numbers, strict=True):
        if x in across and y in along:
            grid[along[y]][across[x]] = figure
    names_x, names_y = _names(sketch.x, columns), _names(down, rows)
    meaning = sketch.meaning(measure)
    trace: dict[str, Any] = {
        "type": "heatmap",
        "x": list(range(len(columns))),
        "y": list(range(len(rows))),
        "z": grid,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "customdata": [
            [[safe(names_x[i]), safe(names_y[j]), meaning.written(grid[j][i])]
             for i in range(len(columns))] for j in range(len(rows))
        ],
        "hovertemplate": "<b>%{customdata[0]}</b> · %{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
        **scale([n for row in grid for n in row], sketch),
    }  # fmt: skip
    cells = len(columns) * len(rows)
    if (cells <= MOST_WRITTEN and len(columns) <= 8) or sketch.spec.labels:
        trace["text"] = [["" if n is None else meaning.compact(n) for n in row] for row in grid]
        trace["texttemplate"] = "%{text}"
        trace["textfont"] = {"size": 11}
    bar: dict[str, Any] = {"thickness": 10, "outlinewidth": 0, "len": 0.9, "ticklen": 0}
    trace["colorbar"] = bar | meaning.axis([])
    xaxis = axes.category_axis(names_x, lying=False) | {"showline": False}
    if len(names_x) > 20:
        step = math.ceil(len(names_x) / 16)
        xaxis |= {"tickvals": xaxis["tickvals"][::step], "ticktext": xaxis["ticktext"][::step]}
    cut = _cut(sketch.x, columns, down, rows)
    if cut:
        xaxis["title"] = {"text": cut}
    layout = {
        "xaxis": xaxis,
        "yaxis": axes.category_axis(names_y, lying=True),
        "showlegend": False,
        "height": max(240, 110 + ROW_HEIGHT * len(rows)),
    }
    return [trace], layout


def _kept(column: Column, measure: Column, most: int) -> list[str]:
    """Its values in their own order, else the largest first; of a time the latest."""
    sizes: dict[str, float] = {}
    first: dict[str, int] = {}
    for row, key in enumerate(column.keys):
        first.setdefault(key, row)
        sizes[key] = sizes.get(key, 0.0) + abs(measure.numbers[row] or 0.0)
    order = column.order
    ordered = order is not None and not column.identifier
    if ordered and column.role == "time":
        assert order is not None
        return sorted(first, key=lambda key: order[first[key]])[-most:]
    kept = sorted(first, key=lambda key: -sizes[key])[:most]
    if ordered:
        assert order is not None
        kept.sort(key=lambda key: order[first[key]])
    return kept


def _names(column: Column, keys: list[str]) -> list[str]:
    labels: dict[str, str] = {}
    for key, label in zip(column.keys, column.labels, strict=True):
        labels.setdefault(key, label)
    return [labels[key] for key in keys]


def _cut(x: Column, columns: list[str], down: Column, rows: list[str]) -> str:
    said = []
    for column, kept in ((x, columns), (down, rows)):
        whole = len(set(column.keys))
        if len(kept) < whole:
            which = "latest" if column.role == "time" else "largest"
            said.append(f"{formats.heading(column.name)}: {len(kept)} {which} of {whole:,}")
    return axes.short(" · ".join(said), 120)


def scale(figures: list[float | None], sketch: Sketch) -> dict[str, Any]:
    """From pale to the brand's colour; with negatives from orange over pale to it."""
    found = [n for n in figures if n is not None]
    low, high = min(found, default=0.0), max(found, default=1.0)
    style: Look = sketch.look
    main = sketch.paints[0]
    if low < 0 < high:
        most = max(-low, high)
        steps = [[0.0, style.series[1]], [0.5, style.pale], [1.0, main]]
        return {"colorscale": steps, "zmin": -most, "zmax": most}
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    return {"colorscale": [[0.0, style.pale], [1.0, main]], "zmin": low, "zmax": high}
