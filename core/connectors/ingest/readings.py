"""Which readings a column could have.

`candidates` proposes them from a sample, best first; `decide` (in columns) tries them on all
values.
"""

import re
from collections.abc import Sequence

from core.connectors.ingest import amounts, dates
from core.connectors.ingest.reading import CODE, MISSING, TEXT, Reading, most

# N and S are also north and south: of single letters only these are taken for words.
_YES_AND_NO = (
    ({"true", "yes", "y", "t", "on"}, {"false", "no", "n", "f", "off"}),
    ({"ja", "j", "wahr"}, {"nein", "n", "falsch"}),
    ({"oui", "vrai"}, {"non", "faux"}),
    ({"sí", "si", "verdadero"}, {"no", "falso"}),
    ({"sim", "verdadeiro"}, {"não", "nao", "falso"}),
    ({"sì", "si", "vero"}, {"no", "falso"}),
)

__all__ = ["CODE", "MISSING", "TEXT", "Reading", "candidates"]


def candidates(sample: Sequence[str], european: bool, label: str = "") -> tuple[Reading, ...]:
    """Readings that most of the sample fits, best first; empty for a column of text.

    `european` says that the file looks continental (semicolons); `label` is the header.
    """
    values = [value for value in sample if value.lower() not in MISSING]
    if not values:
        return ()
    if spoken := _yes_or_no({value.lower() for value in values}):
        return (spoken,)
    if most(any(c.isdigit() for c in value) for value in values):
        days = dates.dates(values, label)
        coded = any(re.match(CODE, value) for value in values)
        numbers = () if coded else amounts.numbers(values, european)
        found = (*days, *numbers) if days and days[0].note else (*numbers, *days)
        return (*found, *dates.times(values))
    return ()


def _yes_or_no(words: set[str]) -> Reading | None:
    """The reading as true and false; words such as yes need their no in the column."""
    for yes, no in _YES_AND_NO:
        if words <= yes | no and ((words & yes and words & no) or words <= {"true", "false"}):
            return truth(yes, no)
    return truth({"true"}, {"false"}) if _mostly_truth(words) else None


def _mostly_truth(words: set[str]) -> bool:
    return {"true", "false"} <= words and len(words) <= 4


def truth(yes: set[str], no: set[str]) -> Reading:
    """The reading of these words, in lower case, as true and false."""
    told = " ".join(
        f"WHEN '{word}' THEN {value}"
        for words, value in ((yes, "true"), (no, "false"))
        for word in sorted(words)
    )
    return Reading("BOOLEAN", f"CASE lower({{v}}) {told} END", "true or false")


TRUTHS = (
    *(truth(yes, no) for yes, no in _YES_AND_NO),
    truth({"1", "x", "+", "✓"}, {"0", "", "-", "–"}),
)
"""Readings as true and false that a person can choose."""
