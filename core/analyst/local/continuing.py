"""A sentence that leans on the one before: who "they" are, and what held for them still holds.

The pronoun is put in words (their ages: the ages of the students), the sentence is read like
any other, and its rows are those of the plan before.
"""

import re
from dataclasses import replace
from typing import Literal

from core.analyst.local import words
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import (
    Compare,
    Condition,
    Field,
    Group,
    Order,
    Plan,
    Window,
    Within,
    fields_of,
)
from core.analyst.local.render import tables_of

Joined = Literal["intersect", "except", "union"]
_THOSE = (
    r"(?:each|all|any|some|every one|which|one) of (?:them|those|these)(?: ones)?"
    r"|each one|each of these"
    r"|(?:those|these|that|this)(?: ones?| same ones| two| results?| people)?"
    r"(?=\s*(?:[?.,!;]|$|have|has|had|are|is|do|does|did|was|were|who|that|which|whose|with|in"
    r"|from|by|correspond|belong|\w+ing))"
    r"|the ones|them|they|it"
)
_OF_THOSE = re.compile(
    r"^\s*(?:and\s+)?(?:out )?(?:of|from|among|for|in) (?:all (?:of )?)?(?:those|these|them|that)"
    r"(?: [\w ]{1,30}?)?\s*,\s*(?:show me |give me |list |tell me )?"
    r"(?P<asked>(?:which|who|whose|what|how many|list|show|only)?(?: (?:ones?|of them))?)",
    re.IGNORECASE,
)
_WHICH_OF = re.compile(
    r"\b(?:which|what|who|how many)(?: ones)? of (?:them|those|these)(?: ones)?\b", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:their|its|his|her)\b(?: (?:own|corresponding))?", re.IGNORECASE)
_POINTING = re.compile(rf"\b(?:{_THOSE})\b", re.IGNORECASE)
_ALSO = re.compile(
    r"^\s*(?:also|and also|additionally|in addition)\b[, ]*|,? \balso\b(?= show| list| give)"
    r"|(?<=show) also\b|\b(?:as well|too)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"^\s*(?:and\s+)?for each of (?:those|these|them)(?: \w+){0,2}\s*,\s*"
    r"(?=what|how|show|give|list)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\bhow much (?:do|does|did) (?P<who>the [\w ]+?|each \w+) (?P<verb>weigh|cost)s?\b",
    re.IGNORECASE,
)
_THOSE_WORD = re.compile(r"\b(?:those|these|that one|the ones)\b", re.IGNORECASE)
_ONLY_THOSE = re.compile(
    r"\b(?:those|the ones|ones) (?:that|who|which|whose|with|where|in|from)\b", re.IGNORECASE
)
_ASKING = {"what", "which", "who", "whose", "how", "where", "when", "list", "show", "give", "find",
           "tell", "of", "out", "from", "for", "are", "is", "do", "does", "return", "display",
           "what's", "among", "can", "could", "please"}  # fmt: skip
_BEYOND = re.compile(
    r"\b(?:others?|the rest|both|combined?|intersect(?:ion)?|union|one another)\b", re.IGNORECASE
)
_ENDS = re.compile(r"[\s?.!]*$")


def leans(text: str, lexicon: Lexicon) -> bool:
    """Whether a sentence speaks of what was found before.

    Their and them can also be of the sentence itself: employees and their salaries.
    """
    if _OF_THOSE.match(text) or _THOSE_WORD.search(text):
        return bool(_POINTING.search(text) or _OF_THOSE.match(text))
    found = _OWN.search(text) or _POINTING.search(text)
    return found is not None and not _names_a_thing(text[: found.start()], lexicon)


def _names_a_thing(text: str, lexicon: Lexicon) -> bool:
    return any(
        m.kind == "table" and m.score > 0.9
        for token in words.tokens(text)
        for m in lexicon.meanings((token.lemma,))
    )


def is_sentence(text: str, before: Plan) -> bool:
    """Whether it asks by itself, rather than tells what to change: make it the top 10."""
    said = _ALSO.sub("", text).split()
    first = said[0].lower().strip(",") if said else ""
    return first in _ASKING or (
        first in ("only", "just") and not before.measures and bool(_ONLY_THOSE.search(text))
    )


def adds(text: str) -> bool:
    """Whether what it asks is to be shown beside what was shown."""
    return bool(_ALSO.search(text))


def subject(before: Plan, lexicon: Lexicon) -> str:
    """The table of the things that a plan lists."""
    if before.groups:
        first = before.groups[0]
        owner = first.key.table if first.key else first.field.table
        if not before.measures or owner != before.base:
            target = lexicon.column(first.field).references
            found = lexicon.schema.table(target.rpartition(".")[0]) if target else None
            return found.name if found and len(before.groups) == 1 else owner
    return before.base


def put_in_words(text: str, before: Plan, table: str) -> str:
    """The sentence with the things of `table` named where it only pointed at them."""
    named = "the " + _plural(" ".join(spoken(table)))
    text = _measured(_pointed(_ALSO.sub(" ", text).strip(), before, named))
    return re.sub(r"^\s*(?:please,? )?(?:only|just) (?:show |return |list |give )?", "show ", text)


def _measured(text: str) -> str:
    """How much they weigh: their weight, one by one."""
    column = {"weigh": "weight", "cost": "price"}
    return _MEASURED.sub(lambda m: f"what is the {column[m['verb'].lower()]} of {m['who']}", text)


def _pointed(text: str, before: Plan, named: str) -> str:
    if before.groups and len(before.groups) == 1 and _EACH.match(text):
        by = " ".join(spoken(before.groups[0].field.column))
        return _EACH.sub(f"for each {by}, ", text)
    opened = _OF_THOSE.match(text)
    if opened:
        asked = opened["asked"].lower().split()
        first = asked[0] if asked else ""
        word = {"who": "which", "": "which", "only": "which", "whose": "which"}.get(first, first)
        tail = " whose" if first == "whose" else ""
        rest = text[opened.end() :].strip()
        if first in ("what", "list", "show") or (not asked and not rest.startswith(("ha", "do"))):
            text = f"{word} {rest}"
            return _with_owner(text, named)
        text = f"{word} {named[4:]}{tail} {rest}"
        return text
    text = _WHICH_OF.sub(lambda m: f"{_asker(m[0])} {named[4:]}", text)
    if _OWN.search(text):
        whole = _POINTING.search(text)
        text = _OWN.sub("the", text)
        text = _POINTING.sub(named, text)
        return text if whole else _with_owner(text, named)
    return _POINTING.sub(named, text)


def goes_on(before: Plan, now: Plan) -> bool:
    """Whether a plan asks for more of the rows before: other columns of the same tables."""
    if before.measures or now.everything or not (before.conditions or before.joined):
        return False
    if now.conditions or now.having or now.then or now.limit:
        return False
    return set(tables_of(now)) <= set(tables_of(before))


def carried(before: Plan, now: Plan, table: str, lexicon: Lexicon, also: bool) -> Plan:
    """What is asked now, of the rows that were found before."""
    names = lexicon.names(table)
    bare = now.everything or tuple(g.field for g in now.groups) == names
    if bare and not (now.measures or before.measures):
        now = replace(now, groups=before.groups, everything=before.everything)
    key = lexicon.key(table)
    ranked = before.limit is not None
    listing = not now.measures and not now.limit
    plain = not (before.then or before.having or before.measures) and (not ranked or listing)
    if plain:
        now = replace(
            now,
            conditions=_together(before.conditions, now.conditions, also),
            joined=tuple(dict.fromkeys((*now.joined, *_shared(before, now, lexicon)))),
        )
        if ranked and listing:
            now = replace(now, order=_order_of(before), limit=before.limit)
        elif before.order and listing and not now.order and not before.limit:
            now = replace(now, order=_order_of(before))
    elif key is not None:
        now = replace(now, conditions=(*now.conditions, _among(before, key)))
    if also and not now.measures and not before.measures and not now.everything:
        kept = tuple(g for g in before.groups if all(g.field != n.field for n in now.groups))
        shift = len(now.groups)
        groups = (*kept, *now.groups)
        order = tuple(
            replace(o, output=None, field=now.groups[o.output].field)
            if o.output is not None and o.output < shift
            else o
            for o in now.order
        )
        now = replace(now, groups=groups, order=order, distinct=before.distinct or now.distinct)
    return now


def _order_of(before: Plan) -> tuple[Order, ...]:
    return tuple(
        replace(o, output=None, field=before.groups[o.output].field)
        if o.output is not None and o.output < len(before.groups)
        else o
        for o in before.order
    )


def _among(before: Plan, key: Field) -> Within:
    shown = replace(
        before, groups=(Group(key, key.column.lower()),), everything=False, distinct=False,
        measures=(), order=_order_of(before), then=before.then and _keyed(before.then, key),
    )  # fmt: skip
    order = tuple(
        replace(o, output=None, measure=before.measures[o.output - len(before.groups)])
        if o.output is not None
        else o
        for o in shown.order
    )
    return Within(key, "in", replace(shown, order=order))


def _keyed(then: tuple[Joined, Plan], key: Field) -> tuple[Joined, Plan]:
    how, plan = then
    return how, replace(plan, groups=(Group(key, key.column.lower()),), everything=False)


def beyond(text: str) -> bool:
    """Whether it asks for what a plan cannot be edited to: the others, both, one and the other."""
    return bool(_BEYOND.search(text))


def _together(
    old: tuple[Condition, ...], new: tuple[Condition, ...], also: bool
) -> tuple[Condition, ...]:
    """All of them. Of one column, a value asked for now takes the place of the one before.

    Or stands beside it: also those of 2015.
    """
    said = {c.field: c for c in new if isinstance(c, Compare) and c.operator == "="}
    timed = any(isinstance(c, Window) for c in new)
    kept: list[Condition] = []
    for condition in old:
        same = said.get(condition.field) if isinstance(condition, Compare) else None
        if same and isinstance(condition, Compare) and condition.operator == "=":
            if also and same != condition:
                kept.append(replace(same, operator="in", values=condition.values + same.values))
                new = tuple(c for c in new if c != same)
        elif condition not in new and not (isinstance(condition, Window) and timed):
            kept.append(condition)
    return (*kept, *new)


def _shared(before: Plan, now: Plan, lexicon: Lexicon) -> list[str]:
    """Tables that rows had to have a partner in, and still must."""
    told = {f.table for c in before.conditions for f in fields_of(c)}
    return [t for t in before.joined if t != now.base and t not in told]


def _asker(opening: str) -> str:
    """Who of them: which doctors; how many of them: how many doctors."""
    first = opening.lower().split()[0]
    return {"how": "how many", "who": "which"}.get(first, first)


def _with_owner(text: str, named: str) -> str:
    return _ENDS.sub("", text) + f" of {named}"


def _plural(name: str) -> str:
    if name.endswith("s"):
        return name
    return name[:-1] + "ies" if name.endswith("y") and name[-2:-1] not in "aeiou" else name + "s"
