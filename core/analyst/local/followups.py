"""Follow-ups: a short question that edits the plan of the turn before."""

from dataclasses import dataclass, replace
from datetime import date

from core.analyst.local import dates, grounding, periods
from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import Compare, Condition, Field, Group, Order, Plan, Window
from core.analyst.local.spans import Reading

_OPENERS = (
    "and",
    "only",
    "just",
    "but",
    "now",
    "also",
    "same",
    "instead",
    "what about",
    "how about",
    "make it",
    "as a",
    "as",
    "by",
    "per",
    "without",
    "excluding",
    "sort",
    "order them",
    "top",
    "for",
    "in",
    "split",
    "break",
    "those",
    "of those",
    "of these",
    "of them",
    "show it",
    "show them",
    "show that",
    "and the",
    "them",
    "then",
    "per day",
    "daily",
    "weekly",
    "monthly",
    "not",
    "since",
    "last",
    "this",
    "which of",
)
_PLACES = ("continent", "region", "country", "state", "province", "county", "city", "store")
_BACK = {"that", "those", "these", "them", "it", "their", "ones", "same", "instead"}


@dataclass(frozen=True)
class Edited:
    """The plan before with the follow-up worked in."""

    plan: Plan
    assumptions: tuple[str, ...]


def looks_like_one(text: str, intent: Intent, reading: Reading) -> bool:
    """Whether a question leans on the one before: it opens so, or names no subject of its own."""
    plain = text.strip().lower().rstrip("?.! ")
    opens = any(plain == o or plain.startswith(o + " ") for o in _OPENERS)
    subject = bool(intent.entities) or bool(intent.wanted)
    back = bool(_BACK & {t.lemma for t in reading.tokens})
    if intent.superlative and intent.superlative.target and intent.superlative.entity:
        return False
    if back and len(reading.tokens) <= 12:
        return True
    if not subject:
        return True
    return (
        opens
        and len(reading.tokens) <= 7
        and not (
            intent.asks_count or (plain.startswith(("top", "which", "this", "last")) and subject)
        )
    )


def edit(
    before: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date
) -> Edited | None:
    """The edited plan, or None when the follow-up changes nothing that is understood."""
    binder = grounding.editor(before, intent, reading, lexicon, today)
    plan = replace(before, chart=intent.chart or before.chart)
    changed = bool(intent.chart)
    groups = _new_groups(binder, intent, plan, lexicon)
    if groups:
        plan = replace(_regroup(plan, groups, intent), chart=intent.chart)
        changed = True
    timed = _retime(plan, intent, reading, lexicon, today)
    if timed is not None:
        plan, changed = timed, True
    conditions = binder.conditions_only(plan)
    if conditions:
        plan = replace(plan, conditions=_merged(plan.conditions, conditions))
        plan, changed = _told_apart(plan, conditions, lexicon), True
    measured = binder.measures_only(plan)
    if measured and not groups:
        plan, changed = measured, True
    sup = intent.superlative
    if sup and sup.target is None and plan.groups:
        n = sup.n or plan.limit or 1
        order = plan.order or (Order(True, output=len(plan.groups)),)
        first = replace(order[0], descending=sup.descending)
        plan, changed = replace(plan, limit=n, order=(first, *order[1:])), True
    if intent.share and plan.measures and plan.groups:
        plan, changed = replace(plan, share=True), True
    if intent.change and plan.grain:
        plan, changed = replace(plan, change=True), True
    if intent.order and plan.groups:
        what, descending = intent.order[0]
        if what == "output" and plan.order:
            first = replace(plan.order[0], descending=descending)
            plan, changed = replace(plan, order=(first, *plan.order[1:])), True
    if intent.asks_count and not plan.measures and not groups:
        plan, changed = binder.counted(plan), True
    shown = range(len(plan.groups) + len(plan.measures))
    plan = replace(
        plan, order=tuple(o for o in plan.order if o.output is None or o.output in shown)
    )
    return Edited(plan, tuple(binder.out.assumptions)) if changed else None


def _told_apart(plan: Plan, conditions: list[Condition], lexicon: Lexicon) -> Plan:
    """Only Germany, after a figure by region: the figure is Germany's and told by country."""
    chosen = [c for c in conditions if isinstance(c, Compare) and c.operator == "=" and c.values]
    named = [g for g in plan.groups if not g.grain]
    if len(chosen) != 1 or len(named) != 1 or not plan.measures:
        return plan
    [group], at = named, chosen[0].field
    if group.key or at.table != group.field.table or not _lies_in(at, group.field):
        return plan
    finer = Group(at, lexicon.label(at))
    return replace(plan, groups=tuple(finer if g is group else g for g in plan.groups))


def _lies_in(at: Field, wider: Field) -> bool:
    """Whether places of one column lie in those of another: countries in regions."""
    inner, outer = spoken(at.column)[-1], spoken(wider.column)[-1]
    places = _PLACES
    return inner in places and outer in places and places.index(inner) > places.index(outer)


def _new_groups(
    binder: "grounding.Editor", intent: Intent, plan: Plan, lexicon: Lexicon
) -> list[Group]:
    if not plan.measures:
        return binder.shown() if intent.wanted else []
    groups = [g for span in intent.groups for g in binder.dimension(span)]
    grains = list(intent.grains) or (["month"] if intent.trend and not plan.grain else [])
    window = plan.window
    table = plan.measures[0].table
    at = window.field if window else dates.choose(table, lexicon)
    if at:
        groups = [Group(at, g, g) for g in grains] + groups
    return groups


def _regroup(plan: Plan, groups: list[Group], intent: Intent) -> Plan:
    also = bool({"also", "too"} & set(intent.open_words))
    if not plan.measures:
        kept = tuple(g for g in plan.groups if all(g.field != n.field for n in groups))
        return replace(plan, groups=(*kept, *groups), everything=False)
    timed_before = tuple(g for g in plan.groups if g.grain)
    timed_now = [g for g in groups if g.grain]
    if timed_now:
        kept = tuple(g for g in plan.groups if not g.grain)
        combined = (*timed_now, *kept) if kept and len(kept) <= 2 and not also else tuple(groups)
        limit = None
    else:
        combined = (*timed_before, *groups)
        limit = None
    last = len(combined) + len(plan.measures) - 1
    order = Order(False, output=0) if any(g.grain for g in combined) else Order(True, output=last)
    return replace(plan, groups=combined, order=(order,), limit=limit)


def _retime(
    plan: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date
) -> Plan | None:
    spans = [s for s in intent.times if s.period or s.against]
    if not spans:
        return None
    window = plan.window
    table = plan.measures[0].table if plan.measures else plan.base
    said = tuple(t.lemma for t in reading.tokens)
    at = window.field if window else dates.choose(table, lexicon, said)
    if not at:
        return None
    span = spans[0]
    if span.against and window:
        period = periods.Period(window.start, window.end, window.phrase, window.unit)
        other = span.period or (
            periods.year_earlier(period) if span.against == "year" else periods.previous(period)
        )
        versus = Window(at, other.start, other.end, other.phrase, other.unit)
        return replace(plan, versus=versus)
    period = span.period or periods.unit_around("year", today, -1, "last year")
    same = "same" in said and window is not None and window.start and window.end
    if same and window and period.unit == "year" and window.unit != "year" and period.start:
        asked = periods.Period(window.start, window.end, "", window.unit)
        years = period.start.year - (window.start or today).year
        for _ in range(abs(years)):
            asked = periods.year_earlier(asked)
        period = asked
    moved = Window(at, period.start, period.end, period.phrase, period.unit)
    rest = tuple(c for c in plan.conditions if not isinstance(c, Window))
    beside = Window(at, *_before(period)) if plan.versus else None
    return replace(plan, conditions=(*rest, moved), versus=beside)


def _before(period: periods.Period) -> tuple[date | None, date | None]:
    earlier = periods.previous(period)
    return earlier.start, earlier.end


def _merged(old: tuple[Condition, ...], new: list[Condition]) -> tuple[Condition, ...]:
    """New conditions replace old ones on the same column."""
    replaced = {c.field for c in new if isinstance(c, Compare)}
    kept = tuple(c for c in old if not (isinstance(c, Compare) and c.field in replaced))
    return (*kept, *new)
