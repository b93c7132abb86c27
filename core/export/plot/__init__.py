"""Charts for paper and mail: what `core.charts.figure` would show on the screen, as a drawing.

The Plotly figure is read and drawn again, in light colours, so both show the same bars in the
same order with the same labels. A kind that is not known here is no picture; a table stands for
it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from core import charts
from core.charts import look
from core.export import fonts
from core.export.drawing import Block, Drawing, Words
from core.export.plot import (
    bars,
    boxes,
    colors,
    frame,
    grids,
    lines,
    maps,
    metrics,
    rings,
    scales,
    words,
)
from core.export.plot.frame import Box
from core.types import ChartSpec, QueryResult

__all__ = ["drawing"]

RATIO = 0.46
LOWEST, HIGHEST = 150.0, 620.0
TITLE = 13.0
KEY = 9.0
KPI = 76.0
PIXEL = 0.75
"""A point of a figure on the screen, in points of the picture."""

Trace = dict[str, Any]


def drawing(
    spec: ChartSpec,
    result: QueryResult,
    *,
    width: float,
    height: float | None = None,
    title: bool = True,
    today: date | None = None,
) -> Drawing | None:
    """The chart of a result, or None where a table says it. Sizes are points.

    Without a height it takes the one that suits the chart. With `today` a figure over time is
    that of the latest whole period. Raises nothing for odd data: a spec
    that does not fit is corrected first, as on the screen.
    """
    spec = charts.fit(spec, result)
    if spec.kind == "kpi":
        return metrics.draw(charts.kpi(spec, result, today=today), width, height or KPI)
    figure = charts.figure(spec, result)
    if figure is None:
        return None
    told = figure.to_plotly_json()
    layout = told["layout"]
    if height is None:
        own = float(layout.get("height") or 0) * PIXEL
        height = min(HIGHEST, max(LOWEST, own if own > 290 else width * RATIO))
    made = Drawing(width, height)
    traces = [_listed(trace) for trace in told["data"]]
    drawn = _drawn(made, traces, layout, title)
    return made if drawn else None


def _drawn(made: Drawing, traces: Sequence[Trace], layout: dict[str, Any], title: bool) -> bool:
    top = _title(made, layout) if title else 4.0
    kinds = {str(trace.get("type") or "scatter") for trace in traces}
    if kinds == {"pie"}:
        rings.draw(made, traces[0], Box(0, top, made.width, made.height))
        return True
    if (layout.get("meta") or {}).get("map"):
        maps.draw(made, traces, layout, Box(0, top + 4, made.width, made.height))
        return True
    if kinds == {"heatmap"}:
        grids.draw(made, traces[0], layout, Box(0, top + 4, made.width, made.height))
        return True
    draw = _AXES.get("+".join(sorted(kinds)))
    if draw is None:
        return False
    if layout.get("showlegend"):
        top = _legend(made, traces, top)
    draw(made, traces, layout, Box(0, top + 4, made.width, made.height))
    return True


def _bars(made: Drawing, traces: Sequence[Trace], layout: dict[str, Any], box: Box) -> None:
    lying = bars.lies(traces[0])
    figures = bars.ends(traces, layout)
    places = [v for trace in traces for v in trace.get("y" if lying else "x") or ()]
    across, along = _axis(layout, "y" if lying else "x"), _axis(layout, "x" if lying else "y")
    said = any(trace.get("text") is not None for trace in traces)
    steps = len({str(place) for place in places})
    half = 0.5 / max(1, steps - 1) if across.get("range") is None else 0.0
    place_scale = scales.scale(across, places, most_ticks=8, pads=(half, half))
    pads = (0.05, 0.1 if said else 0.05)
    figure_scale = scales.scale(along, figures, most_ticks=_most(box, lying), pads=pads)
    x, y = (figure_scale, place_scale) if lying else (place_scale, figure_scale)
    bars.draw(made, frame.frame(made, x, y, box), traces, layout)


def _lines(made: Drawing, traces: Sequence[Trace], layout: dict[str, Any], box: Box) -> None:
    piled = [trace for trace in traces if trace.get("stackgroup")]
    alone = [trace for trace in traces if not trace.get("stackgroup")]
    figures = [n for trace in alone for n in trace.get("y") or ()]
    figures += [n for edge in lines.stacked(piled) for n in edge]
    places = [place for trace in traces for place in trace.get("x") or ()]
    pointed = any("markers" in str(trace.get("mode")) for trace in traces)
    pad = 0.04 if pointed else 0.0
    x = scales.scale(_axis(layout, "x"), places, most_ticks=8, pads=(pad, pad))
    y = scales.scale(
        _axis(layout, "y"), figures, most_ticks=_most(box, lying=False), pads=(0.06, 0.06)
    )
    lines.draw(made, frame.frame(made, x, y, box), traces)


def _boxes(made: Drawing, traces: Sequence[Trace], layout: dict[str, Any], box: Box) -> None:
    spread = [trace for trace in traces if trace.get("type") == "box"]
    beyond = [trace for trace in traces if trace.get("type") != "box"]
    names = [name for trace in spread for name in trace.get("x") or ()]
    figures = [n for trace in spread for n in boxes.ends(trace)]
    figures += [n for trace in beyond for n in trace.get("y") or ()]
    x = scales.scale(_axis(layout, "x"), names, most_ticks=25)
    most = _most(box, lying=False)
    y = scales.scale(_axis(layout, "y"), figures, most_ticks=most, pads=(0.06, 0.06))
    drawn = frame.frame(made, x, y, box)
    for trace in spread:
        boxes.draw(made, drawn, trace)
    lines.draw(made, drawn, beyond)


_AXES: dict[str, Callable[[Drawing, Sequence[Trace], dict[str, Any], Box], None]] = {
    "bar": _bars,
    "scatter": _lines,
    "scattergl": _lines,
    "box": _boxes,
    "box+scatter": _boxes,
}


def _most(box: Box, lying: bool) -> int:
    return max(3, int(box.width / 70) if lying else int(box.height / 34))


def _axis(layout: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(layout.get(f"{name}axis") or {})


def _listed(trace: Trace) -> Trace:
    """The trace with its values as plain lists, which Plotly may keep as arrays."""
    return {
        name: value.tolist() if hasattr(value, "tolist") else value for name, value in trace.items()
    }


def _title(made: Drawing, layout: dict[str, Any]) -> float:
    text = words.plain((layout.get("title") or {}).get("text"))
    if not text:
        return 4.0
    said = fonts.cut(text, TITLE, made.width - 8, bold=True)
    made.add(Words(4, TITLE + 2, said, TITLE, look.LIGHT.text, bold=True))
    return TITLE + 12


def _legend(made: Drawing, traces: Sequence[Trace], top: float) -> float:
    x, y = 4.0, top + KEY
    seen: set[str] = set()
    for trace in traces:
        name = words.plain(trace.get("name"))
        if name in seen or trace.get("showlegend") is False:
            continue
        seen.add(name)
        said = fonts.cut(name, KEY, 160)
        wide = 14 + fonts.width(said, KEY) + 14
        if x + wide > made.width and x > 4:
            x, y = 4.0, y + 14
        paint = (trace.get("marker") or {}).get("color") or (trace.get("line") or {}).get("color")
        fill = colors.on_white(paint if isinstance(paint, str) else None)
        made.add(Block(x, y - 7.5, 8, 8, fill, 2))
        made.add(Words(x + 12, y, said, KEY, look.LIGHT.text))
        x += wide
    return y + 6
