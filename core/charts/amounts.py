"""Figures by what they mean: money with its currency and cents, shares as percent, years plain.

A currency is written only where the column's name or the spec tells it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core import columns, formats
from core.columns import Column

SIGNS = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩",
    "TRY": "₺", "ILS": "₪", "BRL": "R$", "PLN": "zł ", "CHF": "CHF ", "SEK": "SEK ",
    "NOK": "NOK ", "DKK": "DKK ", "CZK": "CZK ", "CAD": "CA$", "AUD": "A$",
}  # fmt: skip
"""Currencies by ISO code, and what is written before a figure."""

_SAID = {"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP"}


@dataclass(frozen=True)
class Meaning:
    """How the figures of a column are written."""

    column: Column
    sign: str = ""
    cents: bool = False

    def written(self, value: float | None) -> str:
        """A figure in full."""
        if value is None or not math.isfinite(value):
            return formats.number(value)
        if self.cents and abs(value) < formats.LARGEST_PLAIN:
            text = f"{abs(value):,.2f}"
        elif self.sign:
            text = formats.number(abs(value))
        else:
            return formats.number(value, self.column.unit)
        return f"{'-' if value < 0 else ''}{self.sign}{text}"

    def compact(self, value: float | None) -> str:
        """A figure in few letters, for a bar or a cell: 12.3k."""
        if value is None or not math.isfinite(value) or self.column.unit or abs(value) < 10_000:
            return self.written(value)
        for power, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
            if abs(value) >= power:
                text = formats.number(float(f"{abs(value) / power:.3g}"))
                return f"{'-' if value < 0 else ''}{self.sign}{text}{letter}"
        return self.written(value)

    def axis(self, shown: Sequence[float | None]) -> dict[str, Any]:
        """What the ticks of an axis look like."""
        unit = self.column.unit
        found = [n for n in shown if n is not None]
        if unit == "fraction":
            narrow = bool(found) and max(found) - min(found) < 0.08
            return {"tickformat": ".1%" if narrow else ".0%"}
        if unit == "percent":
            return {"ticksuffix": "%"}
        if unit == "year":
            return {"tickformat": "d"}
        return {"tickprefix": self.sign} if self.sign else {}


def of(column: Column, currency: str = "") -> Meaning:
    """The meaning of a column; `currency` is for one whose name tells none."""
    if column.unit or not column.numeric:
        return Meaning(column)
    told = currency_of(column.name)
    if not told and not (
        formats.names_money(column.name) or (currency and not formats.names_count(column.name))
    ):
        return Meaning(column)
    sign = SIGNS.get(told or currency, "")
    return Meaning(column, sign, cents=any(n is not None and n != round(n) for n in column.numbers))


def currency_of(name: str) -> str:
    """The ISO code that a column's name tells: revenue_eur, "Price ($)"; else empty."""
    for word in columns.words(name):
        if word.upper() in SIGNS or word in _SAID:
            return _SAID.get(word, word.upper())
    return next((code for code, sign in SIGNS.items() if len(sign) == 1 and sign in name), "")
