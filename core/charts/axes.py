"""Axes: where points stand, which ticks are written, and how figures read on them."""

import html
import itertools
import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import formats
from core.charts.amounts import Meaning
from core.columns import Column
from core.formats import Grain

LONGEST_LABEL = 40
MOST_TICKS = 8


_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing: in a label they only deceive."""


def short(label: str, length: int = LONGEST_LABEL) -> str:
    """A label for an axis: one line, cut, and safe for Plotly."""
    return html.escape(formats.shortened(_TURNS.sub("", label), length), quote=False)


def heading(column: Column) -> str:
    """The name of a column as a title."""
    return formats.heading(column.name)


def figures(
    shown: Sequence[float | None],
    meaning: Meaning,
    titled: bool,
    *,
    from_zero: bool = True,
    grid: bool = True,
    log: bool = False,
) -> dict[str, Any]:
    """The axis of a measure: 10k and 1.2M, percent where it is a share, from zero for bars."""
    found = [n for n in shown if n is not None]
    axis: dict[str, Any] = {"showgrid": grid, "zeroline": any(n < 0 for n in found), "nticks": 7}
    if titled:
        axis["title"] = {"text": short(heading(meaning.column))}
    if log:
        axis |= {"type": "log", "zeroline": False, **_decades(found)}
    elif from_zero:
        axis["rangemode"] = "tozero"
    return axis | meaning.axis(shown)


def _decades(found: Sequence[float]) -> dict[str, Any]:
    """Ticks of 1, 2 and 5 where a log axis spans little, else whole powers of ten."""
    positive = [n for n in found if n > 0]
    narrow = bool(positive) and max(positive) / min(positive) < 1000
    return {"dtick": "D2" if narrow else 1}


def between(steps: Sequence[Sequence[Any]], part: float) -> str:
    """The colour at a part of a colour scale of at least two steps."""
    part = min(1.0, max(0.0, part))
    for (low, first), (high, second) in itertools.pairwise(steps):
        if part <= high:
            share = (part - low) / (high - low) if high > low else 1.0
            pairs = zip(_parts(first), _parts(second), strict=True)
            return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
    return str(steps[-1][1])


def _parts(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def moment(value: datetime | None) -> str | None:
    """A point in time as Plotly reads it."""
    if value is None:
        return None
    return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()


def category_axis(labels: Sequence[str], *, lying: bool) -> dict[str, Any]:
    """Places 0, 1, 2 … under their labels; lying ones begin at the top."""
    last = len(labels) - 0.5
    return {
        "type": "linear",
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": [short(label) for label in labels],
        "range": [last, -0.5] if lying else [-0.5, last],
        "showgrid": False,
        "zeroline": False,
        "showline": not lying,
    }


def time_axis(x: Column) -> dict[str, Any]:
    """Ticks that begin at periods; quarters are written out, for Plotly has no sign for them."""
    axis: dict[str, Any] = {"type": "date", "showgrid": False, "showline": True, "zeroline": False}
    starts = sorted({t for t in x.times or () if t is not None})
    grain = x.grain
    if not starts:
        return axis
    axis["hoverformat"] = _HOVER.get(grain, "")
    if grain == "quarter" or (len(starts) <= MOST_TICKS and grain != "time"):
        step = max(1, math.ceil(len(starts) / MOST_TICKS))
        ticks = starts[::step]
        texts = [_tick(t, grain) for t in ticks]
        return axis | {
            "tickmode": "array",
            "tickvals": [moment(t) for t in ticks],
            "ticktext": texts,
        }
    if grain in ("month", "year"):
        months = (starts[-1].year - starts[0].year) * 12 + starts[-1].month - starts[0].month
        step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months / s <= MOST_TICKS), 600)
        step = max(step, 12) if grain == "year" else step
        return axis | {
            "tick0": moment(starts[0].replace(month=1)),
            "dtick": f"M{step}",
            "tickformat": "%Y" if step >= 12 else "%b %Y",
        }
    if grain in ("day", "week"):
        days = (starts[-1] - starts[0]).days
        return axis | {"nticks": MOST_TICKS, "tickformat": "%b %-d" if days < 200 else "%b %Y"}
    return axis | {"nticks": MOST_TICKS}


_HOVER: dict[Grain, str] = {
    "year": "%Y",
    "month": "%b %Y",
    "week": "%b %-d, %Y",
    "day": "%b %-d, %Y",
}


def _tick(start: datetime, grain: Grain) -> str:
    if grain in ("day", "week"):
        return f"{formats.MONTHS[start.month - 1]} {start.day}"
    return formats.period(start, grain)
