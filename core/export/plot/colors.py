"""Colours of a Plotly figure as a file takes them: six hexadecimal digits, and how opaque."""

import itertools
import re
from collections.abc import Sequence
from typing import Any

from core.charts import look

_RGB = re.compile(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def of(color: Any, otherwise: str = look.LIGHT.series[0]) -> tuple[str, float]:
    """A colour and its opacity from 0 to 1; another one where it is none that is known."""
    text = str(color or "")
    if _HEX.fullmatch(text):
        return text, 1.0
    match = _RGB.fullmatch(text)
    if match is None:
        return otherwise, 1.0
    red, green, blue = (min(255, round(float(match[i]))) for i in (1, 2, 3))
    return f"#{red:02X}{green:02X}{blue:02X}", float(match[4] or 1)


def on_white(color: Any) -> str:
    """A colour as it looks on white paper."""
    text, opacity = of(color)
    parts = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * opacity):02X}" for part in parts)


def at(value: Any, index: int) -> Any:
    """One of several, or the one for all."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return value[index] if index < len(value) else None


def between(steps: Sequence[tuple[float, str]], part: float) -> str:
    """The colour at a part of a colour scale."""
    part = min(1.0, max(0.0, part))
    for (low, first), (high, second) in itertools.pairwise(steps):
        if part <= high:
            share = (part - low) / (high - low) if high > low else 1.0
            pairs = zip(_parts(first), _parts(second), strict=True)
            return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
    return on_white(steps[-1][1])


def reads_on(color: str) -> str:
    """Black or white text: whichever is read better on this colour."""
    red, green, blue = _parts(color)
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    return look.LIGHT.text if bright > 150 else look.LIGHT.surface


def _parts(color: str) -> tuple[int, int, int]:
    text = on_white(color)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
