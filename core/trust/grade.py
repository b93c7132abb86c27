"""The grade of an answer, by rules: what was checked, and what speaks against it."""

from collections.abc import Sequence
from datetime import date

from core import formats
from core.trust import joined
from core.trust import sought as looked_for
from core.trust.probes import Probes
from core.types import Draft, Facts, Grade, GradeLevel, Reading, Reason

MEANINGS: dict[GradeLevel, str] = {
    "verified": "It matches an answer that a person with rights has verified.",
    "checked": "Every rule was checked and is met.",
    "single": "Nothing speaks against it, but not everything could be checked.",
    "guess": "At least one rule is not met: look at the reasons before you use it.",
}
"""What each level means, in a sentence."""

LEAST_SCORE = 0.5
MOST_NAMED = 6


def grade(
    draft: Draft,
    reading: Reading | None,
    facts: Facts,
    probes: Probes,
    *,
    today: date | None = None,
    verified: str = "",
    score: float | None = None,
) -> Grade:
    """How sure an answer is.

    Verified when a verified answer (`verified` names it) stands behind it; Checked when every
    rule was checked and is met; Guess when one is broken; Single otherwise: nothing speaks against
    it, but not everything could be checked. `score` is the analyst's own, from 0 to 1.
    Raises QueryCancelled.
    """
    if verified:
        return Grade("verified", (Reason(f"It matches the verified answer “{verified}”."),))
    reasons = [
        *_names(reading),
        *_values(facts),
        *_window(facts, reading, today),
        *joined.reasons(reading, probes),
        *_result(facts),
        *_draft(draft, score),
    ]
    return Grade(_level(reasons), tuple(reasons))


def in_words(grade: Grade) -> str:
    """The grade, what it means and what is not met or not checked, for a file or a notice."""
    open_ones = [reason.text for reason in worst_first(grade) if not reason.met]
    return " ".join([f"{grade.level.title()}: {MEANINGS[grade.level]}", *open_ones])


def worst_first(grade: Grade) -> tuple[Reason, ...]:
    """The reasons: rules that are broken, then those not checked, then those that are met."""
    order = {False: 0, None: 1, True: 2}
    return tuple(sorted(grade.reasons, key=lambda reason: order[reason.met]))


def _level(reasons: Sequence[Reason]) -> GradeLevel:
    if any(reason.met is False for reason in reasons):
        return "guess"
    return "checked" if all(reason.met for reason in reasons) else "single"


def _names(reading: Reading | None) -> list[Reason]:
    if reading is None:
        return [Reason("The query could not be read in detail.", None)]
    unsure = {name for output in reading.outputs for name in output.unresolved}
    unsure |= {name for condition in reading.filters for name in condition.unresolved}
    unsure |= {name for group in reading.grouping for name in group.unresolved}
    unsure |= {name for order in reading.order for name in order.unresolved}
    if unsure:
        return [Reason(f"It is not certain which column is meant by {_listed(unsure)}.", None)]
    tables = dict.fromkeys(table.name for table in reading.tables)
    if not tables:
        return [Reason("The query reads no table.", None)]
    return [Reason(f"All names are tables and columns of the data: {_listed(tables)}.")]


def _listed(names: Sequence[str] | set[str] | dict[str, None]) -> str:
    some = sorted(names)
    more = f" and {len(some) - MOST_NAMED} more" if len(some) > MOST_NAMED else ""
    return ", ".join(formats.shortened(name, 60) for name in some[:MOST_NAMED]) + more


def _values(facts: Facts) -> list[Reason]:
    found = []
    for sought in facts.sought:
        if not sought.what:
            continue
        what = formats.shortened(sought.what, 80)
        if sought.exists is False:
            near = f"; near is {_listed(sought.near[:3])}" if sought.near else ""
            found.append(Reason(f"There is no {what} in the data{near}.", False))
        elif sought.exists:
            found.append(Reason(f"{formats.heading(what)} exists in the data."))
        else:
            found.append(Reason(f"Whether {what} exists could not be looked up.", None))
    return found


def _window(facts: Facts, reading: Reading | None, today: date | None) -> list[Reason]:
    if reading is None:
        return []
    found = []
    known = {s.column: s for s in facts.sought if s.first}
    for column in dict.fromkeys(p.column for p in reading.periods if p.since or p.until):
        sought = known.get(column)
        how = looked_for.lies(sought, reading, today) if sought else ""
        if sought is None or sought.first is None or sought.last is None or not how:
            found.append(Reason("The dates of the data could not be looked up.", None))
            continue
        days = f"{formats.day(sought.first)} to {formats.day(sought.last)}"
        if how == "outside":
            found.append(Reason(f"The dates asked for lie outside of the data, {days}.", False))
        elif how == "part":
            found.append(Reason(f"The data covers only a part of the dates, {days}.", None))
        else:
            found.append(Reason(f"The dates lie inside of the data, {days}."))
    return found


def _result(facts: Facts) -> list[Reason]:
    if facts.empty:
        return [Reason("The result has no values.", None)]
    if facts.truncated and facts.whole_rows is None:
        return [Reason(f"Only the first {facts.row_count:,} rows were looked at.", None)]
    return []


def _draft(draft: Draft, score: float | None) -> list[Reason]:
    found = [Reason(a, None) for a in draft.assumptions if a.startswith("I read “")]
    if score is not None and score < LEAST_SCORE:
        found.append(Reason("The question could be read in several ways.", False))
    return found
