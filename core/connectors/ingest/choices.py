"""Types that a person can choose for a column, and how its values are then read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from core.connectors.ingest import amounts, dates, readings
from core.connectors.ingest.reading import TEXT, Reading

CHOICES: Final[dict[str, str]] = {
    "text": "Text",
    "whole": "Whole number",
    "number": "Number",
    "day": "Date",
    "day_first": "Date, day first",
    "month_first": "Date, month first",
    "moment": "Date and time",
    "zoned": "Date, time and zone",
    "time": "Time of the day",
    "truth": "Yes or no",
}
"""What a person can choose, and what it is called on the screen."""

_OF_TYPE: Final = {
    **{"VARCHAR": "text", "BIGINT": "whole", "DOUBLE": "number", "DATE": "day"},
    **{"TIMESTAMP": "moment", "TIMESTAMP WITH TIME ZONE": "zoned"},
    **{"TIME": "time", "BOOLEAN": "truth"},
}


def of_type(type_name: str) -> str:
    """The choice that a DuckDB type stands for."""
    return _OF_TYPE.get(type_name, "text")


def chosen(choice: str, values: Sequence[str], european: bool, label: str) -> tuple[Reading, ...]:
    """Readings of that choice; the one that fits most values is to be taken."""
    likely = readings.candidates(values, european, label)
    written = amounts.numbers([v for v in values if amounts.looks_written(v)], european)
    numbers = (
        *written,
        *(r for r in likely if r.type in ("BIGINT", "DOUBLE")),
        *_any_number(european),
    )
    days = (*dates.dates(values, label), *dates.any_in_numbers(values), *dates.days())
    by_choice: dict[str, tuple[Reading, ...]] = {
        "whole": (_SHORTENED, *map(_whole, numbers)),
        "number": tuple(r for r in numbers if r.type == "DOUBLE"),
        "day": tuple(_as(r, "DATE", "dates") for r in days),
        "day_first": tuple(_as(r, "DATE", "dates") for r in days if r.day_first),
        "month_first": tuple(_as(r, "DATE", "dates") for r in days if r.day_first is False),
        "moment": _moments((*days, *dates.moments()), "TIMESTAMP"),
        "zoned": _moments((*days, *dates.moments()), "TIMESTAMP WITH TIME ZONE"),
        "time": dates.TIMES,
        "truth": readings.TRUTHS,
    }
    return by_choice.get(choice, (TEXT,)) or (dates.ISO_DAY,)


def _moments(found: Iterable[Reading], kind: str) -> tuple[Reading, ...]:
    return tuple(_as(reading, kind, "dates with a time") for reading in found)


_SHORTENED = Reading("BIGINT", "TRY_CAST({v} AS BIGINT)", "whole numbers")
"""Whole numbers even where they were codes: 007 is 7 when a person says so."""


def _any_number(european: bool) -> Iterable[Reading]:
    marks = ((".", ","), (",", ".")) if european else ((",", "."), (".", ","))
    return (amounts.NUMBER, *(amounts.written(*pair) for pair in marks))


def _whole(reading: Reading) -> Reading:
    value = f"({reading.sql})"
    whole = f"CASE WHEN {value} = floor({value}) THEN CAST({value} AS BIGINT) END"
    return replace(reading, type="BIGINT", sql=whole, sure="", noun="whole numbers", note="")


def _as(reading: Reading, kind: str, noun: str) -> Reading:
    if reading.type == kind:
        return reading
    return replace(
        reading, type=kind, sql=f"CAST(({reading.sql}) AS {kind})", sure="", noun=noun, note=""
    )
