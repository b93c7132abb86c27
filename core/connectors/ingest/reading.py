"""One way to read the text of a column, as SQL."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MISSING = (
    *("null", "n/a", "na", "n.a.", "#n/a", "#na", "none", "nan", "nil", "k.a.", "\\n"),
    *("-", "--", "?", "(null)", "<null>", "#null!", "missing", "unknown", "undefined"),
)
"""What stands for a missing value among numbers, dates and the like, in lower case."""

CODE = "^0[0-9]+$|^[0-9]{16,}$|^[+][0-9]{7,}$"
"""A leading zero, many digits, a telephone number: a column with one such value holds codes."""


@dataclass(frozen=True)
class Reading:
    """One way to read a column. `sql` has {v} where the value stands.

    `sure` is a quicker expression for a column all of whose values are known to fit.
    `noun` completes "… were not": numbers, dates. `note` is told when this reading wins.
    `day_first` is set where the order of day and month could have been the other.
    """

    type: str
    sql: str
    noun: str
    sure: str = ""
    note: str = ""
    day_first: bool | None = None

    def of(self, value: str) -> str:
        """The expression for a value, given as SQL."""
        return self.sql.replace("{v}", value)

    def surely_of(self, value: str) -> str:
        """The expression for a value that is known to fit."""
        return (self.sure or self.sql).replace("{v}", value)


TEXT = Reading("VARCHAR", "{v}", "text")


def most(truths: Iterable[object]) -> bool:
    """Whether at least four of five are true."""
    listed = list(map(bool, truths))
    return sum(listed) >= 0.8 * len(listed)


_DAY_WORDS = re.compile(
    r"date|datum|fecha|\bdata\b|\bday\b|\btag\b|\bjour\b|\bdia\b|created|updated|_on$|_at$|\bam$",
    re.IGNORECASE,
)


def names_a_day(label: str) -> bool:
    """Whether a header promises dates, so that numbers below it may be days."""
    return _DAY_WORDS.search(label) is not None
