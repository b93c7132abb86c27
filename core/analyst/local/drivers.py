"""Why a figure changed, in words: the change as a whole, then the groups that changed most.

Only arithmetic: a group "accounts for" a change by its own difference, nothing is claimed
about causes.
"""

from typing import Any

from core import formats
from core.types import Facts

_NAMED_PER_SPLIT = 2


def sentences(facts: Facts, *, falling: bool) -> list[str]:
    """Sentences over the rows split_by, part, figure, figure before, change.

    `falling` is what the question takes for granted (a drop); when the figure went the other
    way the first sentence says so.
    """
    rows = [row for row in facts.sample if len(row) == 5]
    names = [c.name for c in facts.columns]
    if len(names) != 5 or not rows or rows[0][0] != "total":
        return ["There is nothing to compare."]
    figure = names[2]
    _, _, now, before, change = rows[0]
    if now is None or before is None or change is None:
        return ["One of the two periods holds no value, so that there is nothing to compare."]
    told = [_whole(figure, now, before, change, falling)]
    same_way = (change < 0) == falling
    kept = [row for row in rows[1:] if row[4] is not None and row[4] and (row[4] < 0) == falling]
    if not kept:
        return [*told, f"No group {'fell' if falling else 'rose'}."]
    word = "falls" if falling else "rises"
    lead = f"The largest {word}" if same_way else f"These {word} are hidden in it"
    splits: dict[str, list[str]] = {}
    for split, part, _, _, by in kept:
        listed = splits.setdefault(str(split), [])
        if len(listed) < _NAMED_PER_SPLIT:
            listed.append(f"{part} ({_signed(by, figure)})")
    parts = "; ".join(f"by {split}: {', '.join(listed)}" for split, listed in splits.items())
    return [*told, f"{lead} {parts}."]


def _whole(figure: str, now: Any, before: Any, change: Any, falling: bool) -> str:
    named = figure.replace("_", " ")
    named = named[:1].upper() + named[1:]
    old, new = formats.cell(before, figure), formats.cell(now, figure)
    if not change:
        return f"{named} did not change: **{new}** in both periods."
    went = "fell" if change < 0 else "rose"
    if (change < 0) != falling:
        expected = "fall" if falling else "rise"
        return f"{named} did not {expected}: it {went} from {old} to **{new}**."
    return f"{named} {went} from {old} to **{new}** ({_signed(change, figure)})."


def _signed(change: Any, figure: str) -> str:
    shown = formats.cell(change, figure)
    return shown if change < 0 else f"+{shown}"
