"""What a second sentence asks to be shown: "... Return their first name and total revenue."

The first sentence tells which rows and in what order, the second which columns; a figure in it
is read as a small question of its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.analyst.local import metrics, words
from core.analyst.local.grounding import Grounded, NotGrounded
from core.analyst.local.lexicon import Lexicon, Meaning, spoken
from core.analyst.local.plan import Function, Group, Measure, Order, Plan
from core.analyst.local.roles import Role

Read = Callable[[str], Grounded | None]

_SECOND = re.compile(
    r"""^(?P<main>.+?)(?:[.?!]\s+(?:please\s+)?(?:return|show|list|give|display|include|report)
    (?:\s+(?:me|us))?|,\s+(?:showing|returning|listing|including|along\s+with|together\s+with))\s+
    (?P<shown>[^.?!]+)[.?!]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FIGURES_LAST = re.compile(
    r"""^(?P<main>\w+(?:\s+\w+)?\s+(?:by|per)\s+\w+(?:\s+\w+){0,4}),\s+
    (?P<shown>(?:(?:the\s+)?(?:number|count|total|sum|average)(?:\s+[\w]+){0,2}(?:,\s*|\s+and\s+)?){2,})[.?]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FILLER = re.compile(
    r"""\b(?:only|just|both|the|their|its|his|her|each(?:\s+\w+)?'s|respective|also|as\s+well
    |(?:for|of|per)\s+each(?:\s+of\s+them|\s+one|\s+\w+)?)\b|\([^)]*\)""",
    re.IGNORECASE | re.VERBOSE,
)
_ORDERED = re.compile(
    r",?\s*\b(?:and\s+)?(?:order|sort)(?:ed)?\b.*$|,?\s*starting from the top\b.*$", re.I
)
_PARTS = re.compile(r"\s*(?:,\s*and\s+|,\s*|\s+and\s+|\s*&\s*|\s+along\s+with\s+(?:the\s+)?)", re.I)
_FIGURE = {"total", "number", "count", "average", "avg", "sum", "mean", "maximum", "minimum",
           "highest", "lowest", "revenue", "profit", "amount"}  # fmt: skip
_FUNCTIONS: dict[str, Function] = {
    "total": "sum", "sum": "sum", "average": "avg", "avg": "avg", "mean": "avg",
    "maximum": "max", "highest": "max", "minimum": "min", "lowest": "min",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A question without its list of outputs, and that list, cut in parts."""

    main: str
    parts: tuple[str, ...]
    ordering: str = ""


def find(text: str) -> Shown | None:
    """The outputs that a second sentence lists, or None when there is none."""
    plain = " ".join(text.split())
    tail = _FIGURES_LAST.match(plain)
    if tail:
        return Shown(tail["main"], tuple(p.strip() for p in _PARTS.split(tail["shown"])))
    found = _SECOND.match(plain)
    if not found or len(found["main"].split()) < 4:
        return None
    ordering = _ORDERED.search(found["shown"])
    listed = _ORDERED.sub("", found["shown"])
    if re.search(r"\b(?:only if|where|whose|who|that have|all)\b", listed, re.IGNORECASE):
        return None
    listed = " ".join(_FILLER.sub(" ", listed).split())
    listed = re.sub(r"\b(first|last) and (first|last) names?\b", r"\1 name, \2 name", listed)
    parts = tuple(p.strip() for p in _PARTS.split(listed) if p.strip())
    if not parts or any(len(p.split()) > 6 for p in parts):
        return None
    return Shown(found["main"], parts, ordering.group().strip(" ,") if ordering else "")


def apply(shown: Shown, grounded: Grounded, lexicon: Lexicon, read: Read) -> Grounded:
    """The plan with exactly the listed outputs. Raises NotGrounded when one is not found."""
    plan = grounded.plan
    if plan.then or plan.versus or plan.change or plan.share or plan.average:
        raise NotGrounded("I can not show other columns of this.")
    groups: list[Group] = []
    measures: list[Measure] = []
    told = list(grounded.assumptions)
    for part in shown.parts:
        timed = next((g for g in plan.groups if g.grain and g.grain in part.lower()), None)
        if timed:
            groups.append(timed)
            continue
        measure = _figure(part, plan, lexicon, read, told)
        if measure:
            measures.append(measure)
        else:
            groups += _column(part, plan, lexicon)
    if not groups and plan.groups and (plan.measures or any(o.measure for o in plan.order)):
        groups = list(plan.groups)
    plan = _ordered(_shown(plan, groups, measures), shown.ordering)
    return replace(grounded, plan=plan, assumptions=told)


def _ordered(plan: Plan, ordering: str) -> Plan:
    """The order that the second sentence tells, when it only tells a direction."""
    if not ordering or not plan.measures:
        return plan
    said = ordering.lower()
    down = re.search(r"descending|from (?:the )?(?:most|high|large|big|top)|from the top", said)
    up = re.search(r"ascending|from (?:the )?(?:least|low|small)", said)
    if not down and not up:
        return plan
    by = len(plan.groups) + len(plan.measures) - 1
    named = [i for i, m in enumerate(plan.measures) if m.label.replace("_", " ") in said]
    named_group = [
        i for i, g in enumerate(plan.groups) if (g.grain or g.label.replace("_", " ")) in said
    ]
    place = len(plan.groups) + named[0] if named else named_group[0] if named_group else by
    return replace(plan, order=(Order(bool(down), output=place),))


def _figure(part: str, plan: Plan, lexicon: Lexicon, read: Read, told: list[str]) -> Measure | None:
    """The figure that a part names: one that the plan has, or one read as a question."""
    said = {t.lemma for t in words.tokens(part)}
    ranked = [*plan.measures, *(o.measure for o in plan.order if o.measure)]
    named = next((m for m in ranked if m.label.replace("_", " ") == part.lower()), None)
    if named:
        return named
    if not said & _FIGURE or _named_column(part, plan, lexicon):
        return None
    own = _counted_base(said, plan, lexicon) or _of_base(part, plan, lexicon)
    if own:
        return next((m for m in ranked if _alike(m, own)), own)
    understood = read(part)
    inner = understood.plan if understood else None
    if inner and len(inner.measures) == 1 and not inner.groups and not inner.conditions:
        measure = inner.measures[0]
        same = next((m for m in ranked if _alike(m, measure)), None)
        if same:
            return same
        path = lexicon.joins.path(measure.table, plan.base)
        if path is not None:
            told += understood.assumptions if understood else []
            return measure
    only = [m for m in ranked if m.function == ("count" if "number" in said else "sum")]
    if len(only) == 1 and said <= _FIGURE:
        return only[0]
    raise NotGrounded("", (part,))


def _counted_base(said: set[str], plan: Plan, lexicon: Lexicon) -> Measure | None:
    """The number of the rows that the plan is about, when a part names just those."""
    if not {"number", "count"} & said or {"unique", "distinct", "different"} & said:
        return None
    nouns = tuple(w for w in said if w not in _FIGURE and w not in ("of", "made", "the"))
    table = plan.measures[0].table if plan.measures else plan.base
    if not nouns:
        return Measure("count", table, None, "number")
    if len(nouns) != 1:
        return None
    named = [m for m in lexicon.meanings(nouns) if m.kind == "table"]
    best = max((m.score for m in named), default=0.0)
    if not any(m.table == table and m.score >= best - 0.02 for m in named):
        return None
    return Measure("count", table, None, nouns[0] + "s")


def _of_base(part: str, plan: Plan, lexicon: Lexicon) -> Measure | None:
    """Total amount, average fee: of a number that the plan's own rows hold."""
    first, *rest = (t.lemma for t in words.tokens(part) if not t.stop)
    function = _FUNCTIONS.get(first)
    table = plan.measures[0].table if plan.measures else plan.base
    if not function or not rest:
        return None
    meant = [m for m in lexicon.meanings(tuple(rest)) if m.table == table and m.column]
    numbers = [m for m in meant if lexicon.role(m.field) is Role.NUMBER and m.score >= 0.5]
    if not numbers:
        return None
    at = max(numbers, key=lambda m: m.score).field
    return Measure(function, table, metrics.of_field(at), "_".join((first, *rest)))


def _alike(one: Measure, other: Measure) -> bool:
    return replace(one, label="") == replace(other, label="")


def _named_column(part: str, plan: Plan, lexicon: Lexicon) -> bool:
    """Whether a part such as "payment amount" is a column's very name, to be listed."""
    if plan.measures or any(o.measure for o in plan.order):
        return False
    phrase = tuple(t.lemma for t in words.tokens(part))
    return any(m.column and m.score > 0.9 for m in lexicon.meanings(phrase))


def _column(part: str, plan: Plan, lexicon: Lexicon) -> list[Group]:
    phrase = tuple(t.lemma for t in words.tokens(part) if not t.stop)
    near = [g.field.table for g in plan.groups] + [plan.base, *(m.table for m in plan.measures)]
    near = list(dict.fromkeys(near))
    if phrase in (("name",), ("full", "name")):
        return [Group(at, lexicon.label(at)) for at in lexicon.names(near[0])]
    if phrase in (("id",), ("identifier",)):
        key = lexicon.key(near[0])
        if key:
            return [Group(key, lexicon.label(key))]
    options: list[tuple[float, Meaning]] = []
    for meaning in lexicon.meanings(phrase):
        distance = min(
            lexicon.joins.distance(table, meaning.table) + 0.3 * i for i, table in enumerate(near)
        )
        if distance < 50:
            options.append((meaning.score - 0.15 * distance, meaning))
    if not options:
        options = [(1.0, m) for m in _by_stems(phrase, near, lexicon)]
    if not options:
        raise NotGrounded("", (part,))
    _, best = max(options, key=lambda o: (o[0], o[1].column is not None))
    fields = (best.field,) if best.column else lexicon.names(best.table)
    return [Group(at, lexicon.label(at)) for at in fields]


def _by_stems(phrase: tuple[str, ...], near: list[str], lexicon: Lexicon) -> list[Meaning]:
    """Columns of the tables in question whose words have the same stems: year of opening."""
    wanted = {words.stem(w) for w in phrase if w not in ("of", "the")}
    return [
        Meaning(at.table, at.column)
        for table in near
        for at in lexicon.columns(table)
        if {words.stem(w) for w in spoken(at.column)} == wanted
    ]


def _shown(plan: Plan, groups: list[Group], measures: list[Measure]) -> Plan:
    keys = {g.key.table: g.key for g in plan.groups if g.key}
    named = [replace(g, key=keys.get(g.field.table)) if g.field != keys.get(g.field.table) else g
             for g in groups]  # fmt: skip
    aggregated = bool(plan.measures) or any(o.measure for o in plan.order)
    if not measures and not aggregated:
        named = [replace(g, key=None) for g in named]
    missing = [g for g in plan.groups if g.grain and g not in named]
    order = tuple(_moved(o, plan, [*missing, *named], measures) for o in plan.order)
    base = measures[0].table if measures and not plan.measures else plan.base
    return replace(
        plan, base=base, groups=(*missing, *named), measures=tuple(measures), order=order,
        everything=False,
    )  # fmt: skip


def _moved(order: Order, plan: Plan, groups: list[Group], measures: list[Measure]) -> Order:
    """The same order, where what it orders by now stands."""
    if order.output is None:
        if order.measure:
            at = next((i for i, m in enumerate(measures) if _alike(m, order.measure)), None)
            return order if at is None else Order(order.descending, output=len(groups) + at)
        return order
    if order.output >= len(plan.groups):
        measure = plan.measures[order.output - len(plan.groups)]
        at = next((i for i, m in enumerate(measures) if _alike(m, measure)), None)
        if at is None:
            return Order(order.descending, measure=measure)
        return Order(order.descending, output=len(groups) + at)
    group = plan.groups[order.output]
    place = next((i for i, g in enumerate(groups) if g.field == group.field), None)
    if place is not None:
        return Order(order.descending, output=place)
    return Order(order.descending, field=group.field)


__all__ = ["Shown", "apply", "find"]
