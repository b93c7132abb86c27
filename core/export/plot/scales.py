"""Scales: where a value stands along an axis, and which ticks are written, as Plotly would."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from core import formats
from core.export.plot import words

Kind = Literal["linear", "log", "date", "category"]
Tick = tuple[float, str]

DAY = 86_400.0
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
          DAY, 2 * DAY, 7 * DAY, 14 * DAY)  # fmt: skip
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_FORMAT = re.compile(r"(?P<money>[$])?(?P<comma>,)?(?:\.(?P<places>\d+))?~?(?P<kind>[%dfsgpr]?)")


@dataclass(frozen=True)
class Scale:
    """An axis between two values. `low` may be the larger one, where it runs backwards."""

    kind: Kind
    low: float
    high: float
    ticks: tuple[Tick, ...]
    title: str = ""
    grid: bool = True
    line: bool = False
    zero: bool = False
    names: tuple[str, ...] = ()

    def part(self, value: float) -> float:
        """How far along the axis a number stands, 0 at its beginning and 1 at its end."""
        if self.kind == "log":
            value = math.log10(value) if value > 0 else self.low
        return (value - self.low) / (self.high - self.low) if self.high != self.low else 0.5

    def number(self, value: Any) -> float | None:
        """A value of the data as a number on this axis; None where it has no place."""
        if value is None:
            return None
        if self.kind == "category":
            return float(self.names.index(str(value))) if str(value) in self.names else None
        if self.kind == "date":
            return seconds(value)
        found = figure(value)
        return None if found is None or (self.kind == "log" and found <= 0) else found


def scale(
    axis: dict[str, Any],
    values: Sequence[Any],
    *,
    most_ticks: int,
    pads: tuple[float, float] = (0.0, 0.0),
) -> Scale:
    """The scale of a Plotly axis over all values that stand on it.

    `pads` is what stays free before the first and after the last value, as a part of the span.
    """
    kind, names = _kind(axis, values)
    found = [n for n in (_number(kind, names, v) for v in values) if n is not None]
    low, high = _span(axis, kind, names, found, pads)
    return Scale(
        kind,
        low,
        high,
        tuple(_ticks(axis, kind, names, low, high, most_ticks)),
        title=said(axis.get("title")),
        grid=axis.get("showgrid", True) is not False,
        line=bool(axis.get("showline", False)),
        zero=bool(axis.get("zeroline", False)),
        names=names,
    )


def seconds(value: Any) -> float | None:
    """A moment, or its ISO text, in seconds; zones are left away as on the screen."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).timestamp()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()
    return None


def figure(value: Any) -> float | None:
    """A finite number, or None."""
    if value is None or isinstance(value, str):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def said(title: Any) -> str:
    """The words of a Plotly title, which may be a text or hold one."""
    return words.plain(title.get("text") if isinstance(title, dict) else title)


def written(value: float, axis: dict[str, Any], step: float) -> str:
    """A number as the axis writes it: by its format, else 10k and 1.2M."""
    text = _by_format(value, axis.get("tickformat") or "", step)
    return f"{axis.get('tickprefix') or ''}{text}{axis.get('ticksuffix') or ''}"


def _kind(axis: dict[str, Any], values: Sequence[Any]) -> tuple[Kind, tuple[str, ...]]:
    given = axis.get("type")
    if given == "category" or (given is None and any(isinstance(v, str) for v in values)):
        if given is None and all(v is None or seconds(v) is not None for v in values):
            return "date", ()
        order = [str(v) for v in axis.get("categoryarray") or ()]
        return "category", tuple(dict.fromkeys([*order, *(str(v) for v in values)]))
    if given in ("date", "log", "linear"):
        return given, ()
    return ("date" if any(isinstance(v, date) for v in values) else "linear"), ()


def _number(kind: Kind, names: tuple[str, ...], value: Any) -> float | None:
    if kind == "category":
        return None
    if kind == "date":
        return seconds(value)
    found = figure(value)
    if kind == "log":
        return math.log10(found) if found is not None and found > 0 else None
    return found


def _span(
    axis: dict[str, Any],
    kind: Kind,
    names: tuple[str, ...],
    found: Sequence[float],
    pads: tuple[float, float],
) -> tuple[float, float]:
    given = axis.get("range")
    if given is not None and len(given) == 2 and None not in given:
        ends = [seconds(v) if kind == "date" else float(v) for v in given]
        if None not in ends:
            return float(ends[0] or 0), float(ends[1] or 0)
    backwards = axis.get("autorange") == "reversed"
    low, high = _around(axis, kind, names, found, pads)
    return (high, low) if backwards else (low, high)


def _around(
    axis: dict[str, Any],
    kind: Kind,
    names: tuple[str, ...],
    found: Sequence[float],
    pads: tuple[float, float],
) -> tuple[float, float]:
    if kind == "category":
        return -0.5, len(names) - 0.5
    if not found:
        return 0.0, 1.0
    low, high = min(found), max(found)
    if axis.get("rangemode") == "tozero" and kind == "linear":
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        half = {"date": DAY, "log": 0.5}.get(kind, abs(low) * 0.5 or 1.0)
        return low - half, high + half
    span = high - low
    before = 0.0 if low == 0 and axis.get("rangemode") == "tozero" else pads[0]
    after = 0.0 if high == 0 and axis.get("rangemode") == "tozero" else pads[1]
    return low - before * span, high + after * span


def _ticks(
    axis: dict[str, Any], kind: Kind, names: tuple[str, ...], low: float, high: float, most: int
) -> list[Tick]:
    if axis.get("showticklabels") is False or axis.get("visible") is False:
        return []
    if axis.get("tickvals") is not None:
        return _given(axis, kind, low, high)
    if kind == "category":
        return [(float(i), name) for i, name in enumerate(names)]
    low, high = min(low, high), max(low, high)
    most = max(2, min(most, int(axis.get("nticks") or most)))
    if kind == "date":
        return _times(axis, low, high, most)
    if kind == "log":
        return _powers(axis, low, high)
    step = nice((high - low) / most)
    first = math.ceil(low / step - 1e-9)
    count = int((high - first * step) / step + 1e-9) + 1
    return [
        ((first + i) * step, written((first + i) * step, axis, step)) for i in range(min(count, 50))
    ]


def _given(axis: dict[str, Any], kind: Kind, low: float, high: float) -> list[Tick]:
    values = list(axis["tickvals"])
    texts = axis.get("ticktext")
    made: list[Tick] = []
    for index, value in enumerate(values):
        number = seconds(value) if kind == "date" else figure(value)
        if number is None:
            continue
        at = math.log10(number) if kind == "log" and number > 0 else number
        if min(low, high) - 1e-9 <= at <= max(low, high) + 1e-9:
            text = words.plain(texts[index]) if texts is not None else written(number, axis, number)
            made.append((number, text))
    return made


def nice(step: float) -> float:
    """The next step of 1, 2 or 5 that is no smaller."""
    if step <= 0 or not math.isfinite(step):
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= step * 0.999999)


def _powers(axis: dict[str, Any], low: float, high: float) -> list[Tick]:
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    factors = (1,) if last - first >= 2 else (1, 2, 5)
    made = [
        (n * 10.0**p, written(n * 10.0**p, axis, 10.0**p))
        for p in range(first - 1, last + 1)
        for n in factors
    ]
    skip = max(1, math.ceil((last - first + 1) / 9)) if factors == (1,) else 1
    return [t for t in made if low - 1e-9 <= math.log10(t[0]) <= high + 1e-9][::skip]


def _times(axis: dict[str, Any], low: float, high: float, most: int) -> list[Tick]:
    tickformat = axis.get("tickformat") or ""
    step = axis.get("dtick")
    if isinstance(step, str) and step.startswith("M"):
        origin = seconds(axis.get("tick0"))
        return _months(low, high, int(step[1:]), tickformat or "%b %Y", origin, most)
    wanted = (high - low) / most
    even = next((s for s in _STEPS if s >= wanted), None)
    if even is None:
        months = next((m for m in _MONTH_STEPS if m * 30.44 * DAY >= wanted), 1200)
        form = tickformat or ("%Y" if months >= 12 else "%b %Y")
        return _months(low, high, months, form, None, most)
    day_long = high - low >= DAY
    form = tickformat or (
        "%b %-d" if even >= DAY else ("%b %-d, %H:%M" if day_long else "%H:%M:%S")
    )
    if not tickformat and even >= 60 and not day_long:
        form = "%H:%M"
    start = math.ceil(low / even) * even
    return [(t, _dated(t, form)) for t in _range(start, high, even)]


def _months(
    low: float, high: float, step: int, form: str, origin: float | None, most: int
) -> list[Tick]:
    begin = datetime.fromtimestamp(origin if origin is not None else low, UTC)
    index = begin.year * 12 + begin.month - 1
    if origin is None:
        index -= index % step
    made: list[Tick] = []
    while len(made) < 200:
        year, month = divmod(index, 12)
        if not 1 <= year <= 9999:
            break
        at = datetime(year, month + 1, 1, tzinfo=UTC).timestamp()
        if at > high:
            break
        if at >= low:
            made.append((at, _dated(at, form)))
        index += step
    return made[:: max(1, math.ceil(len(made) / most))]


def _range(start: float, stop: float, step: float) -> list[float]:
    return [start + i * step for i in range(min(200, int((stop - start) / step + 1e-9) + 1))]


def _dated(at: float, form: str) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    text = form.replace("%-d", str(moment.day)).replace("%b", formats.MONTHS[moment.month - 1])
    return moment.strftime(text)


def _by_format(value: float, form: str, step: float) -> str:
    match = _FORMAT.fullmatch(form)
    if not form or match is None or match["kind"] in ("s", "g", "r"):
        money = "$" if form.startswith("$") else ""
        return money + _short(value, step)
    places = int(match["places"] or 0)
    kind = match["kind"]
    if kind in ("%", "p"):
        return f"{value:.{places}%}"
    comma = "," if match["comma"] else ""
    return f"{match['money'] or ''}{value:{comma}.{0 if kind == 'd' else places}f}"


def _short(value: float, step: float) -> str:
    if abs(value) < step * 1e-6:
        return "0"
    size = max(abs(value), abs(step))
    for power, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= power and (size >= 10_000 or step >= 1000):
            return _trimmed(value / power, step / power) + sign
    return _trimmed(value, step)


def _trimmed(value: float, step: float) -> str:
    if abs(value) >= 1e15 or 0 < abs(value) < 1e-6:
        return f"{value:.3g}"
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    text = f"{value:,.{min(places, 8)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
