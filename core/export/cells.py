"""Values on their way into a file: what a spreadsheet would run is made harmless."""

import json
import math
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def runs_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula; plain numbers it may read.

    Some cut spaces off before they look.
    """
    starts = text.startswith(_RUNS) or text.lstrip().startswith(_RUNS)
    return starts and _NUMBER.fullmatch(text) is None


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if runs_as_formula(text) else text


def text(value: Any) -> str:  # noqa: PLR0911 - one line per kind of value
    """A value as a file of text holds it: plain, exact, without separators; NULL is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return number(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else ""
        case datetime():
            return value.isoformat(sep=" ")
        case bytes():
            return value.hex()
        case dict() | list() | tuple():
            return json.dumps(value, default=str, ensure_ascii=False)
        case _:
            return str(value)


def number(value: float) -> str:
    """A float as short as it can be written exactly; NaN is empty."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
