"""What a query looked for and whether the data has it; the words for a result with nothing."""

from datetime import date

from core import formats
from core.trust import periods
from core.trust.probes import Probes
from core.types import Condition, Facts, Reading, Sought

MOST_SOUGHT = 6
# Data may be this many days behind without anything being missing.
DAYS_LATE = 7
_EQUAL = ("=", "in", "like", "ilike")


def of(reading: Reading, probes: Probes, *, near: bool = True) -> tuple[Sought, ...]:
    """The texts and windows of time of a query, each held against the data.

    With `near`, values that exist are looked up for those that do not. Raises QueryCancelled.
    """
    found: list[Sought] = []
    for condition in reading.filters:
        if condition.operator not in _EQUAL or not _is_plain(condition):
            continue
        found += _texts(condition, probes, near=near)
    for period in {p.column: p for p in reading.periods}.values():
        days = probes.days(period.column)
        if days:
            found.append(Sought(period.column, "", None, (), *days))
    return tuple(found[:MOST_SOUGHT])


def _is_plain(condition: Condition) -> bool:
    return condition.bare and len(condition.columns) == 1 and not condition.unresolved


def _texts(condition: Condition, probes: Probes, *, near: bool) -> list[Sought]:
    column = condition.columns[0]
    texts = [v for v in condition.values if isinstance(v, str) and v.strip("%_ ")]
    if not texts:
        return []
    pattern = condition.operator in ("like", "ilike")
    held = None if pattern else probes.existing(column, texts)
    found = []
    for text in texts:
        exists = text in held if held is not None else None
        alike = probes.near(column, text) if near and exists is not True else ()
        if pattern and alike:
            exists = any(text.strip("%").casefold() in a.casefold() for a in alike)
        found.append(Sought(column, f"{_named(column)} “{text.strip('%')}”", exists, alike))
    return found


def _named(column: str) -> str:
    return " ".join(column.rpartition(".")[2].replace("_", " ").split())


def in_words(reading: str, facts: Facts) -> str:
    """The text of an answer that has nothing to tell: what was looked for, and what is near."""
    looked_for = reading[:1].lower() + reading[1:] if reading else ""
    first = "Nothing was found." if not facts.row_count else "There is no value."
    said = [first + (f" I looked for: {looked_for.rstrip('.')}." if looked_for else "")]
    return " ".join([*said, *missing(facts)])


def missing(facts: Facts) -> list[str]:
    """Sentences on what the data does not have, and on what it has instead."""
    said: list[str] = []
    for sought in facts.sought:
        if sought.exists is False:
            there = ", ".join(f"“{formats.shortened(v, 60)}”" for v in sought.near)
            said.append(
                f"There is no {formats.shortened(sought.what, 80)} in the data"
                + (f"; there is {there}." if there else ".")
            )
        elif sought.first and sought.last:
            days = f"{formats.day(sought.first)} to {formats.day(sought.last)}"
            said.append(f"The data has {_named(sought.column)} from {days}.")
    return said


def lies(sought: Sought, reading: Reading, today: date | None = None) -> str:
    """How a window of time lies to the days of the data: "inside", "part" or "outside"; "".

    What is still to come is not missing, nor are the last days before today.
    """
    if sought.first is None or sought.last is None:
        return ""
    for period in reading.periods:
        if period.column != sought.column or not (period.since or period.until):
            continue
        last = periods.shifted(period.until, "day", -1) if period.until else None
        if (period.since and period.since > sought.last) or (last and last < sought.first):
            return "outside"
        due = min(
            last or today or sought.last, periods.shifted(today or date.max, "day", -DAYS_LATE)
        )
        early = period.since is not None and period.since < sought.first
        return "part" if early or sought.last < due else "inside"
    return ""
