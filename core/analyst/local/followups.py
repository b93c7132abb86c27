"""Follow-ups: a short question that edits the plan of the turn before."""

from dataclasses import dataclass, replace
from datetime import date

from core.analyst.local import dates, grounding, periods
from core.analyst.local.intent import Intent, Superlative, Wanted
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import Compare, Condition, Field, Group, Order, Plan, Window
from core.analyst.local.spans import Reading, Span

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
LINKING = frozenset({"instead", "rather", "too", "also", "again", "then", "though", "same",
                     "before", "else", "ones", "alone", "please", "ok", "okay"})  # fmt: skip
"""Words that tie a follow-up to the question before, and say nothing of their own."""
_BACK = {"that", "those", "these", "them", "it", "their", "ones", "same", "instead"}


@dataclass(frozen=True)
class Edited:
    """The plan before with the follow-up worked in."""

    plan: Plan
    assumptions: tuple[str, ...]


def looks_like_one(text: str, intent: Intent, reading: Reading, before: Plan) -> bool:
    """Whether a question leans on the one before: it opens so, or names no subject of its own."""
    plain = text.strip().lower().rstrip("?.! ")
    opens = any(plain == o or plain.startswith(o + " ") for o in _OPENERS)
    subject = bool(intent.entities) or bool(intent.wanted)
    if intent.metrics and before.measures and len(reading.tokens) <= 2:
        return True
    back = bool(_BACK & {t.lemma for t in reading.tokens})
    if intent.superlative and intent.superlative.target and intent.superlative.entity:
        return False
    if back and len(reading.tokens) <= 12:
        return True
    sup = intent.superlative
    short = before.groups and before.measures and len(reading.tokens) <= 8
    if sup and short and not intent.times and _names_groups(sup, intent, before):
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


def edit(  # noqa: PLR0912, PLR0915 - one branch per thing that can be changed
    before: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date
) -> Edited | None:
    """The edited plan, or None when the follow-up changes nothing that is understood."""
    _stored_values(intent, reading, before)
    binder = grounding.editor(before, intent, reading, lexicon, today)
    plan = replace(before, chart=intent.chart or before.chart)
    changed = bool(intent.chart)
    if before.limit and before.measures and _by_number(reading):
        intent.wanted += [Wanted(span, count=True) for span in intent.groups]
        intent.groups = []
    groups = _new_groups(binder, intent, plan, lexicon)
    if groups:
        plan = replace(_regroup(plan, groups, intent), chart=intent.chart)
        changed = True
    timed = _retime(plan, intent, reading, lexicon, today)
    if timed is not None:
        plan, changed = timed, True
    conditions = binder.conditions_only(plan)
    if conditions:
        beside = _beside(plan, conditions, reading, lexicon)
        merged = replace(plan, conditions=_merged(plan.conditions, conditions))
        plan, changed = beside or _told_apart(merged, conditions, lexicon), True
    if _names_another_figure(intent, reading, plan, bool(groups) or changed):
        intent.wanted.append(Wanted(intent.entities[0], count=True))
    measured = None if intent.share else binder.measures_only(plan)
    if measured and not groups:
        plan, changed = measured, True
    sup = intent.superlative
    if sup and plan.groups and plan.measures and _names_groups(sup, intent, plan):
        order = Order(sup.descending, output=len(plan.groups) + len(plan.measures) - 1)
        plan, changed = replace(before, order=(order,), limit=sup.n or 1), True
    elif sup and sup.target is None and plan.groups:
        n = sup.n or plan.limit or 1
        orders = plan.order or (Order(True, output=len(plan.groups)),)
        first = replace(orders[0], descending=sup.descending)
        plan, changed = replace(plan, limit=n, order=(first, *orders[1:])), True
    if intent.share and plan.measures and plan.groups:
        plan, changed = replace(plan, share=True), True
    if intent.change and plan.grain:
        plan, changed = replace(plan, change=True), True
    elif intent.change and plan.window and not plan.versus and plan.measures:
        window = plan.window
        now = periods.Period(window.start, window.end, window.phrase, window.unit)
        plan, changed = _compared(plan, window.field, now, periods.previous(now), today), True
    if intent.order and plan.groups:
        what, descending = intent.order[0]
        if isinstance(what, Span):
            fields = {m.field for m in what.meanings if m.column}
            place = next((i for i, g in enumerate(plan.groups) if g.field in fields), None)
            if place is None and "name" in what.text.lower():
                place = 0
            if place is not None:
                plan, changed = replace(plan, order=(Order(descending, output=place),)), True
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


def _by_number(reading: Reading) -> bool:
    """And by number of orders: ranked by another figure, not split."""
    kinds = [s.kind for s in reading.spans if s.kind not in ("join", "stop")]
    return kinds[:2] == ["group", "count"]


def _names_groups(sup: Superlative, intent: Intent, plan: Plan) -> bool:
    """Which category had the most: the groups shown are ranked by their own figure."""
    shown = {g.field for g in plan.groups if not g.grain}
    spans = [sup.entity, *(w.span for w in intent.wanted), *intent.entities, *intent.groups]
    named = [s for s in spans if s]
    meant = {m.field for s in named for m in s.meanings if m.column}
    tables = {m.table for s in named for m in s.meanings if m.kind == "table" and m.score > 0.8}
    fits = bool(meant & shown) or any(f.table in tables for f in shown)
    return fits and sup.target is None and not intent.metrics


def _names_another_figure(intent: Intent, reading: Reading, plan: Plan, changed: bool) -> bool:
    """What about orders: their number instead of the figure before."""
    opens = reading.tokens[0].lemma in ("what", "how", "and") if reading.tokens else False
    alone = len(intent.entities) == 1 and not intent.wanted and not intent.values
    return opens and alone and not changed and bool(plan.measures)


def _stored_values(intent: Intent, reading: Reading, plan: Plan) -> None:
    """Only cancelled ones: a value of the rows in question, though a column is named alike."""
    tables = {plan.base, *(m.table for m in plan.measures), *(g.field.table for g in plan.groups)}
    known = {id(span) for span, _ in intent.values}
    for span in reading.spans:
        own = tuple(m for m in span.meanings if m.kind == "value" and m.table in tables)
        if own and id(span) not in known and not span.best("table"):
            wanted = [w for w in intent.wanted if w.span is span]
            if wanted and reading.tokens[0].lemma in ("only", "just"):
                intent.wanted = [w for w in intent.wanted if w.span is not span]
                intent.values.append((replace(span, meanings=own), False))


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
    if span.earlier and window and window.start and window.end and not plan.versus:
        start = periods.shift(span.earlier, window.start, -1)
        whole = periods.Period(window.start, window.end, "", window.unit)
        moved_to = periods.previous(whole) if window.unit == span.earlier else None
        end = periods.shift(span.earlier, window.end, -1)
        period = moved_to or periods.Period(start, end, "", window.unit)
        rest = tuple(c for c in plan.conditions if not isinstance(c, Window))
        moved = Window(at, period.start, period.end, period.phrase, period.unit)
        return replace(plan, conditions=(*rest, moved))
    if span.against and window:
        period = periods.Period(window.start, window.end, window.phrase, window.unit)
        other = span.period or (
            periods.year_earlier(period) if span.against == "year" else periods.previous(period)
        )
        return _compared(plan, at, period, other, today)
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


def _compared(
    plan: Plan, at: Field, period: periods.Period, other: periods.Period, today: date
) -> Plan:
    """The plan with two periods beside each other."""
    period, other = periods.beside(period, other, today)
    rest = tuple(c for c in plan.conditions if not isinstance(c, Window))
    now = Window(at, period.start, period.end, period.phrase, period.unit)
    versus = Window(at, other.start, other.end, other.phrase, other.unit)
    return replace(plan, conditions=(*rest, now), versus=versus)


def _before(period: periods.Period) -> tuple[date | None, date | None]:
    earlier = periods.previous(period)
    return earlier.start, earlier.end


def _beside(
    plan: Plan, conditions: list[Condition], reading: Reading, lexicon: Lexicon
) -> Plan | None:
    """Another value beside the one held so far, when the two are to be compared."""
    said = {t.lemma for t in reading.tokens}
    if not plan.measures or not said & {"compared", "compare", "vs", "versus", "against"}:
        return None
    for new in conditions:
        for old in plan.conditions:
            if not (isinstance(new, Compare) and isinstance(old, Compare)):
                continue
            if new.field != old.field or new.operator != "=" or old.operator != "=":
                continue
            merged = replace(old, operator="in", values=(*old.values, *new.values))
            kept = tuple(merged if c == old else c for c in plan.conditions)
            group = Group(new.field, lexicon.label(new.field))
            groups = plan.groups if group in plan.groups else (*plan.groups, group)
            return replace(plan, conditions=kept, groups=groups)
    return None


def _merged(old: tuple[Condition, ...], new: list[Condition]) -> tuple[Condition, ...]:
    """New conditions replace old ones on the same column."""
    replaced = {c.field for c in new if isinstance(c, Compare)}
    kept = tuple(c for c in old if not (isinstance(c, Compare) and c.field in replaced))
    return (*kept, *new)
