"""How values read: numbers with separators, dates as people write them, NULL as a dash.

English only for now. Used by charts, insights and facts; files keep real values instead.
"""

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

Grain = Literal["year", "quarter", "month", "week", "day", "time"]
Unit = Literal["", "percent", "fraction", "year"]

NOTHING = "–"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONEY = {
    "revenue", "revenues", "price", "prices", "cost", "costs", "amount", "profit", "spend", "spent",
    "spending", "turnover", "income", "expense", "expenses", "budget", "salary", "fee", "fees",
    "payment", "payments", "mrr", "arr", "gmv", "wage", "wages", "refunds", "tax",
}  # fmt: skip
_COUNTED = {
    "count", "number", "orders", "order", "units", "quantity", "qty", "customers", "rank", "days",
    "rows", "items", "share", "index", "ratio", "rate", "growth", "change", "score", "id",
    "percent", "pct",
}  # fmt: skip
LARGEST_PLAIN = 1e15
LONGEST_CELL = 500


def number(value: float | Decimal | None, unit: Unit = "") -> str:
    """A number with thousands separators and at most two decimals.

    Below 0.01 two significant digits are kept, so that a small figure never reads as zero.
    `percent` adds the sign, `fraction` multiplies by 100 first, `year` has no separators.
    """
    if value is None or (isinstance(value, Decimal) and not value.is_finite()):
        return NOTHING
    if isinstance(value, float) and not math.isfinite(value):
        return NOTHING if math.isnan(value) else ("∞" if value > 0 else "-∞")
    if unit == "year" and value == int(value):
        return str(int(value))
    if unit == "fraction":
        return _plain(value * 100) + "%"
    return _plain(value) + ("%" if unit == "percent" else "")


def change(now: float, before: float) -> str | None:
    """The relative change as "+12.3%"; None where there was nothing to compare with."""
    if not before or not all(map(math.isfinite, (now, before))):
        return None
    ratio = (now - before) / abs(before)
    return f"{ratio:+,.1%}" if math.isfinite(ratio) else None


def day(value: date) -> str:
    """A day as "Sep 30, 2026"."""
    return f"{MONTHS[value.month - 1]} {value.day}, {value.year}"


def period(value: date, grain: Grain) -> str:
    """The period that begins at a date, as its grain is written: "Jan 2026", "Q3 2026"."""
    match grain:
        case "year":
            return str(value.year)
        case "quarter":
            return f"Q{(value.month + 2) // 3} {value.year}"
        case "month":
            return f"{MONTHS[value.month - 1]} {value.year}"
        case "week":
            return f"week of {day(value)}"
        case "time" if isinstance(value, datetime):
            seconds = f":{value.second:02}" if value.second else ""
            return f"{day(value)} {value.hour:02}:{value.minute:02}{seconds}"
        case _:
            return day(value)


def cell(value: Any, name: str = "") -> str:  # noqa: PLR0911 - one line per kind of value
    """A value of a result as text; `name` is its column, which tells years and money."""
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case float() | Decimal() if names_money(name) and has_cents(value):
            return f"{value:,.2f}"
        case int() | float() | Decimal():
            return number(value, "year" if names_year(name) and _is_year(value) else "")
        case datetime():
            at_midnight = value.time() == time() and value.tzinfo is None
            return period(value, "day" if at_midnight else "time")
        case date():
            return day(value)
        case time():
            return value.strftime("%H:%M:%S" if value.second else "%H:%M")
        case timedelta():
            return str(value)
        case bytes():
            return f"{len(value):,} bytes"
        case dict() | list() | tuple():
            return shortened(json.dumps(value, default=str, ensure_ascii=False), LONGEST_CELL)
        case _:
            return shortened(str(value), LONGEST_CELL)


def heading(name: str) -> str:
    """A column's name as a title: "total_revenue" reads "Total revenue"."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:] if words else name


def shortened(text: str, length: int) -> str:
    """The text in one line, cut to a length with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def names_year(name: str) -> bool:
    """Whether a column's name says that it holds years."""
    words = name.lower().replace("_", " ").split()
    return bool(words) and words[-1] in ("year", "yr") and "per" not in words


def names_money(name: str) -> bool:
    """Whether a column's name says that it holds amounts of money, not counts or shares."""
    words = set(name.lower().replace("_", " ").split())
    return bool(words & _MONEY) and not words & _COUNTED


def names_count(name: str) -> bool:
    """Whether a column's name says that it counts, ranks or compares, so that no currency fits."""
    return bool(set(name.lower().replace("_", " ").split()) & _COUNTED)


def has_cents(value: float | Decimal) -> bool:
    """Whether an amount is not whole, and neither too small nor too large for two decimals."""
    size = abs(float(value))
    return 0.01 <= size < LARGEST_PLAIN and size != round(size)


def _is_year(value: float | Decimal) -> bool:
    return isinstance(value, int | float) and 1900 <= value <= 2100


def _plain(value: float | Decimal) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    size = abs(float(value))
    if size >= LARGEST_PLAIN:
        return f"{float(value):.3g}"
    if 0 < size < 0.005:
        return _small(value)
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _small(value: float | Decimal) -> str:
    size = abs(float(value))
    if size < 1e-6:
        return f"{float(value):.2g}"
    decimals = 1 - math.floor(math.log10(size))
    return f"{float(value):.{decimals}f}".rstrip("0")
