"""Maps: countries coloured by a figure. Drawn from our own outlines: nothing is fetched."""

from typing import Any

from core.charts import axes, countries
from core.charts.countries import Country
from core.charts.grids import scale
from core.charts.sketch import Drawn, Sketch, safe

HEIGHT = 380
RATIO = 2 * countries.WIDTH / (countries.TOP - countries.BOTTOM)
LEAST_SPAN = 180.0
"""The least of the world that is shown, across; a single country would tell nothing."""
DOT = 9


def world(sketch: Sketch) -> Drawn:
    """Countries with a figure in its colour, the others grey; values that are none are told."""
    measure = sketch.y[0]
    codes = countries.located(sketch.x) or []
    meaning = sketch.meaning(measure)
    figures: dict[str, tuple[float, str]] = {}
    for code, figure, label in zip(codes, measure.numbers, sketch.x.labels, strict=True):
        if code and figure is not None:
            figures[code] = (figure, f"<b>{safe(label)}</b><br>{meaning.written(figure)}")
    coloured = scale([figure for figure, _ in figures.values()], sketch)
    low, high = coloured["zmin"], coloured["zmax"]
    others = [one for code, one in countries.world().items() if code not in figures]
    traces = [_land([one for one in others if one.rings], sketch.look.grid, sketch)]
    for code, (figure, said) in figures.items():
        part = (figure - low) / (high - low) if high > low else 1.0
        paint = axes.between(coloured["colorscale"], part)
        one = countries.world()[code]
        traces.append(_country(one, paint, said, sketch))
    lost = sum(1 for code, n in zip(codes, measure.numbers, strict=True) if not code and n)
    span = {"visible": False, "fixedrange": True, "showgrid": False, "zeroline": False,
            "showticklabels": False}  # fmt: skip
    (left, right), (low_y, high_y) = _window([countries.world()[code] for code in figures])
    across: dict[str, Any] = span | {"range": [left, right]}
    traces.append(_key(coloured, meaning.axis([]), y=-0.12 if lost else -0.02))
    if lost:
        across |= {"visible": True, "title": {"text": f"Not on the map: {lost:,}"}}
    return traces, {
        "xaxis": across,
        "yaxis": span | {"range": [low_y, high_y], "scaleanchor": "x"},
        "showlegend": False,
        "height": HEIGHT,
        "meta": {"map": True},
    }


def _window(land: list[Country]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The part of the world that is shown: around the countries with figures, else all of it."""
    places = [place for one in land for place in (max(one.rings, key=len, default=()))]
    places += [one.dot for one in land if one.dot is not None]
    whole = ((-countries.WIDTH, countries.WIDTH), (countries.BOTTOM, countries.TOP))
    if not places:
        return whole
    xs, ys = [x for x, _ in places], [y for _, y in places]
    wide = max(LEAST_SPAN, (max(xs) - min(xs)) * 1.15, (max(ys) - min(ys)) * 1.15 * RATIO)
    if wide > countries.WIDTH:
        return whole
    x, y, high = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, wide / RATIO
    return (x - wide / 2, x + wide / 2), (y - high / 2, y + high / 2)


def _outline(land: list[Country]) -> tuple[list[int | None], list[int | None]]:
    xs: list[int | None] = []
    ys: list[int | None] = []
    for one in land:
        for ring in one.rings:
            xs += [*(x for x, _ in ring), None]
            ys += [*(y for _, y in ring), None]
    return xs, ys


def _land(land: list[Country], paint: str, sketch: Sketch) -> dict[str, Any]:
    xs, ys = _outline(land)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": paint,
        "line": {"color": sketch.look.surface, "width": 0.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _country(one: Country, paint: str, said: str, sketch: Sketch) -> dict[str, Any]:
    if one.dot is not None:
        x, y = one.dot
        edge = {"color": sketch.look.surface, "width": 1}
        return {
            "type": "scatter", "mode": "markers", "name": said, "x": [x], "y": [y],
            "marker": {"color": paint, "size": DOT, "line": edge},
            "text": [said], "hoverinfo": "text", "showlegend": False,
        }  # fmt: skip
    land = _land([one], paint, sketch)
    return land | {"name": said, "text": said, "hoverinfo": "text", "hoveron": "fills"}


def _key(coloured: dict[str, Any], form: dict[str, Any], *, y: float) -> dict[str, Any]:
    """Nothing but the bar that tells what the colours mean."""
    bar = {"thickness": 10, "outlinewidth": 0, "len": 0.5, "ticklen": 0, "orientation": "h",
           "y": y, "yanchor": "top", "nticks": 4}  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "x": [None], "y": [None], "hoverinfo": "skip",
        "showlegend": False,
        "marker": {
            "colorscale": coloured["colorscale"], "cmin": coloured["zmin"],
            "cmax": coloured["zmax"], "color": [coloured["zmin"]], "showscale": True,
            "colorbar": bar | form,
        },
    }  # fmt: skip
