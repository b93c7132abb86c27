"""Pictures of results: a fitting `ChartSpec` and its rows as a Plotly figure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core import columns, formats
from core.charts import axes, look, rules
from core.charts.look import Look
from core.charts.series import MOST_SLICES, Series, lone, sliced, split
from core.columns import Column
from core.types import ChartSpec, QueryResult

if TYPE_CHECKING:
    import plotly.graph_objects as go  # type: ignore[import-untyped]

MARKED_POINTS = 60
MANY_POINTS = 2000
LONGEST_TITLE = 90
LONGEST_HOVER = 160
HEIGHT = 380
ROW_HEIGHT = 30
SLIM_ROW_HEIGHT = 24


def figure(spec: ChartSpec, result: QueryResult, *, dark: bool = False) -> "go.Figure | None":
    """The picture, or None for kpi and table, which the screen draws natively.

    The spec is fitted first, so nothing is drawn wrong. Text from the data is escaped, for
    Plotly renders some HTML. More than 25 bars, 8 colours or 12 slices are cut to the largest,
    and the picture says so.
    """
    spec = rules.fit(spec, result)
    draw = _KINDS.get(spec.kind)
    if draw is None:
        return None
    found = {c.name: c for c in columns.read(result.table)}
    x = found[spec.x] if spec.x else None
    color = found[spec.color] if spec.color else None
    assert x is not None
    style = look.of(dark)
    traces, layout = draw(x, [found[name] for name in spec.y], color, style)
    return _assembled(spec, traces, layout, style)


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


Drawn = tuple[list[dict[str, Any]], dict[str, Any]]


def _bars(x: Column, y: list[Column], color: Column | None, style: Look) -> Drawn:
    if x.role == "time":
        return _bars_over_time(x, y, color, style)
    return _category_bars(x, y, color, style, lying=False)


def _lying_bars(x: Column, y: list[Column], color: Column | None, style: Look) -> Drawn:
    return _category_bars(x, y, color, style, lying=True)


def _bars_over_time(x: Column, y: list[Column], color: Column | None, style: Look) -> Drawn:
    series = split(x, y, color) if color else lone(y)
    places = axes.Places.of_times(x)
    traces = [
        _bar(one, [places.at(row) for row in one.rows], paint, x, lying=False)
        for one, paint in _painted(series, style)
    ]
    layout = {
        "xaxis": places.axis(),
        "yaxis": axes.figures([n for s in series for n in s.figures], y[0], len(y) == 1),
        "barmode": _bar_mode(series, color),
        "bargap": 0.3,
    }
    return traces, layout


def _category_bars(
    x: Column, y: list[Column], color: Column | None, style: Look, *, lying: bool
) -> Drawn:
    series = split(x, y, color) if color else lone(y)
    places = axes.Places.of_categories(x, series, lying=lying)
    traces = []
    for one, paint in _painted(series, style):
        kept = one.only(places.holds)
        traces.append(_bar(kept, [places.at(r) for r in kept.rows], paint, x, lying=lying))
    shown = [n for s in series for n in s.figures]
    values = axes.figures(shown, y[0], len(y) == 1)
    if places.cut:
        said = [values["title"]["text"]] if "title" in values else []
        values["title"] = {"text": " · ".join([*said, places.cut])}
    gap = 0.5 if len(places.shown) <= 4 else 0.28
    layout: dict[str, Any] = {"barmode": _bar_mode(series, color), "bargap": gap}
    if not lying:
        return traces, layout | {"xaxis": places.axis(), "yaxis": values}
    thick = 1 if layout["barmode"] == "stack" else max(1, len(series) * 0.6)
    layout |= {"yaxis": places.axis(), "xaxis": values}
    row = ROW_HEIGHT if len(places.shown) <= 12 else SLIM_ROW_HEIGHT
    layout["height"] = max(220, round(110 + row * thick * len(places.shown)))
    return traces, layout


def _bar(one: Series, at: list[Any], paint: str, x: Column, *, lying: bool) -> dict[str, Any]:
    across, along = ("y", "x") if lying else ("x", "y")
    return {
        "type": "bar",
        "orientation": "h" if lying else "v",
        "name": one.label,
        across: at,
        along: one.figures,
        "marker": {"color": paint, "line": {"width": 0}, "cornerradius": 3},
        **_hover(one, x),
    }


def _bar_mode(series: Sequence[Series], color: Column | None) -> str:
    negative = any(n is not None and n < 0 for s in series for n in s.figures)
    stacks = color is not None and series[0].measure.additive and not negative
    return "stack" if stacks and len(series) > 3 else "group"


def _lines(
    x: Column, y: list[Column], color: Column | None, style: Look, *, filled: bool = False
) -> Drawn:
    series = split(x, y, color) if color else lone(y)
    by_time = x.times is not None and x.role == "time"
    places = axes.Places.of_times(x) if by_time else axes.Places.in_order(x)
    unified = by_time and x.grain not in ("quarter", "time") and len(series) > 1
    stacked = filled and len(series) > 1
    traces = []
    for one, paint in _painted(series, style):
        at, ordered = places.along(one.sorted_by(places.sort_key))
        parts = _runs(at, ordered) if filled and not stacked else [(at, ordered)]
        marks = "lines+markers" if len(at) <= MARKED_POINTS else "lines"
        for part_at, part in parts:
            trace = {
                "type": "scatter",
                "mode": marks,
                "name": one.label,
                "x": part_at,
                "y": part.figures,
                "connectgaps": False,
                "line": {"color": paint, "width": 2.5 if len(series) == 1 else 2},
                "marker": {"color": paint, "size": 6},
                **_hover(part, x, placed=not unified),
            }
            if filled:
                trace |= {"fill": "tozeroy", "fillcolor": _faded(paint)}
            if stacked:
                trace |= {"stackgroup": "all", "fill": "tonexty", "fillcolor": _faded(paint, 0.4)}
            traces.append(trace)
    shown = [n for s in series for n in s.figures]
    values = axes.figures(shown, y[0], len(y) == 1, from_zero=filled)
    layout = {"xaxis": places.axis(), "yaxis": values, "showlegend": len(series) > 1}
    return traces, layout | ({"hovermode": "x unified"} if unified else {})


def _runs(at: list[Any], one: Series) -> list[tuple[list[Any], Series]]:
    """The stretches of a series without a gap: Plotly would fill an area across one."""
    runs: list[list[int]] = [[]]
    for index, figure in enumerate(one.figures):
        if figure is None:
            runs.append([])
        else:
            runs[-1].append(index)
    return [
        (
            [at[i] for i in run],
            replace(one, rows=[one.rows[i] for i in run], figures=[one.figures[i] for i in run]),
        )
        for run in runs
        if run
    ]


def _areas(x: Column, y: list[Column], color: Column | None, style: Look) -> Drawn:
    return _lines(x, y, color, style, filled=True)


def _pie(x: Column, y: list[Column], color: Column | None, style: Look) -> Drawn:
    labels, figures = sliced(x, y[0])
    paints = [*style.series, *(_faded(c, 0.55) for c in style.series)][: len(labels)]
    if len(labels) > MOST_SLICES:
        paints[-1] = style.rest
    trace = {
        "type": "pie",
        "labels": _apart([axes.short(label) for label in labels]),
        "values": figures,
        "customdata": [
            [_safe(label), formats.number(figure, y[0].unit)]
            for label, figure in zip(labels, figures, strict=True)
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} · %{percent}<extra></extra>",
        "texttemplate": "%{percent:.0%}",
        "textposition": "inside",
        "insidetextorientation": "horizontal",
        "textfont": {"color": style.surface, "size": 12},
        "hole": 0.58,
        "sort": False,
        "direction": "clockwise",
        "marker": {"colors": paints, "line": {"color": style.surface, "width": 2}},
    }
    legend = {"orientation": "v", "x": 1, "xanchor": "left", "y": 0.5, "yanchor": "middle"}
    return [trace], {"showlegend": True, "legend": legend}


def _scatter(x: Column, y: list[Column], color: Column | None, style: Look) -> Drawn:
    series = split(x, y, color, summing=False) if color else lone(y)
    times = x.times if x.role == "time" else None
    many = sum(len(s.rows) for s in series) > MANY_POINTS
    traces = [
        {
            "type": "scattergl" if many else "scatter",
            "mode": "markers",
            "name": one.label,
            "x": [axes.moment(times[r]) if times else x.numbers[r] for r in one.rows],
            "y": one.figures,
            "marker": {
                "color": paint,
                "size": 6 if many else 9,
                "opacity": 0.55 if many else 0.8,
                "line": {"width": 1, "color": style.surface},
            },
            **_hover(one, x),
        }
        for one, paint in _painted(series, style)
    ]
    across = (
        axes.Places.of_times(x).axis() if times else axes.figures(x.numbers, x, True, grid=False)
    )
    shown = [n for s in series for n in s.figures]
    return traces, {"xaxis": across, "yaxis": axes.figures(shown, y[0], True, from_zero=False)}


_KINDS: dict[str, Callable[[Column, list[Column], Column | None, Look], Drawn]] = {
    "bar": _bars,
    "horizontal_bar": _lying_bars,
    "line": _lines,
    "area": _areas,
    "pie": _pie,
    "scatter": _scatter,
}


def _painted(series: Sequence[Series], style: Look) -> list[tuple[Series, str]]:
    paints = iter(style.series)
    return [(one, style.rest if one.rest else next(paints)) for one in series]


def _hover(one: Series, x: Column, *, placed: bool = True) -> dict[str, Any]:
    """What a point says when pointed at; `placed` tells whether it names its own place too."""
    place = "<b>%{customdata[0]}</b><br>" if placed else ""
    return {
        "customdata": [
            [_safe(one.place(row, x)), formats.number(n, one.measure.unit)]
            for row, n in zip(one.rows, one.figures, strict=True)
        ],
        "hovertemplate": f"{place}{_in_template(one.label)}: %{{customdata[1]}}<extra></extra>",
    }


def _safe(text: str) -> str:
    return axes.short(text, LONGEST_HOVER)


def _in_template(label: str) -> str:
    """A label inside a hover template, where %{…} would be filled in."""
    return label.replace("%{", "%&#123;")


def _apart(labels: list[str]) -> list[str]:
    """Labels that Plotly does not take for one: equal ones get invisible marks."""
    seen: Counter[str] = Counter()
    made = []
    for label in labels:
        made.append(label + "\u200b" * seen[label])
        seen[label] += 1
    return made


def _faded(paint: str, alpha: float = 0.16) -> str:
    red, green, blue = (int(paint[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
