"""How long something takes: the days between two dates that a row holds."""

import re
from dataclasses import dataclass

from core.analyst.local import words
from core.analyst.local.lexicon import Lexicon, said, spoken
from core.analyst.local.plan import Field
from core.analyst.local.roles import Role

_FLAGS = re.VERBOSE | re.IGNORECASE
_TAIL = r"(?P<tail>(?:\s(?:by|per|for|in|last|this|of|over|since|during|each)\b.*)?)"
_HOW = r"(?P<how>average|avg|mean|typical|longest|shortest|maximum|minimum|max|min|median)"
_LONG = r"(?:number\sof\s)?(?:days?|time|duration|length\sof\stime)(?:\sit\stakes)?"
_PATTERNS = (
    re.compile(
        rf"""(?:.*?\b)?{_HOW}\s{_LONG}\s(?:from|between)\s(?:the\s)?(?P<begun>[\w ]+?)\s
        (?:to|and|until)\s(?:the\s)?(?P<done>\w+(?:\s(?:date|day))?){_TAIL}""",
        _FLAGS,
    ),
    re.compile(
        rf"""(?:.*?\b)?{_HOW}\s{_LONG}\s(?:to|until|before)\s(?P<done>\w+)
        (?:\s(?:an?|the|our)?\s*(?P<what>(?!by\b|per\b|for\b|in\b|last\b|this\b|over\b)\w+))?{_TAIL}""",
        _FLAGS,
    ),
    re.compile(
        rf"""(?:.*?\b)?(?:{_HOW}\s)?(?P<done>resolution|delivery|shipping|closing|payment
        |completion|processing|sales?\scycle|fulfil+ment|turnaround)\s(?:time|length|duration)
        {_TAIL}""",
        _FLAGS,
    ),
    re.compile(
        rf"""how\s(?:long|many\sdays)\s(?:does|did|do)\s(?:it\s)?(?:usually\s|typically\s)?take\s
        (?:us\s)?(?:on\saverage\s)?to\s(?P<done>\w+)(?:\s(?:an?|the|our)?\s*
        (?P<what>(?!by\b|per\b|for\b|in\b|last\b|this\b|over\b|on\b)\w+))?
        (?:\son\saverage)?{_TAIL}""",
        _FLAGS,
    ),
)
_SAME = {
    "creation": {"created", "opened", "started"}, "close": {"closed", "close", "resolved"},
    "pay": {"paid"}, "payment": {"paid", "payment"}, "resolve": {"resolved", "closed"},
    "resolution": {"resolved", "closed"}, "delivery": {"delivered", "delivery", "arrived"},
    "deliver": {"delivered"}, "shipping": {"shipped", "ship"}, "ship": {"shipped", "ship"},
    "closing": {"closed", "close"}, "completion": {"completed", "finished", "ended", "done"},
    "complete": {"completed", "finished"}, "processing": {"processed", "shipped", "completed"},
    "sales cycle": {"closed", "close", "won"}, "sale cycle": {"closed", "close", "won"},
    "fulfilment": {"shipped", "delivered", "fulfilled"}, "cancel": {"cancelled"},
    "fulfillment": {"shipped", "delivered", "fulfilled"}, "win": {"won", "closed"},
    "turnaround": {"completed", "closed", "finished"}, "fired": {"terminated", "termination"},
    "hired": {"hire"}, "opening": {"opened"}, "order": {"ordered", "order"},
    "convert": {"converted"}, "churn": {"cancelled", "churned", "ended"},
}  # fmt: skip
_BEGAN = {"created", "opened", "started", "start", "ordered", "order", "issued", "placed", "booked",
          "submitted", "received", "hire", "signed", "begin", "invoice", "registered"}  # fmt: skip


@dataclass(frozen=True)
class Duration:
    """Days from one date of a table's rows to another, and the question about those rows."""

    start: Field
    end: Field
    function: str
    rest: str


def find(text: str, lexicon: Lexicon) -> Duration | None:
    """The duration that a question asks for, or None when it asks for none that is kept."""
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return _bound(found.groupdict(), lexicon)
    return None


def _bound(asked: dict[str, str | None], lexicon: Lexicon) -> Duration | None:
    how = (asked.get("how") or "average").lower()
    function = {"longest": "max", "maximum": "max", "max": "max", "shortest": "min",
                "minimum": "min", "min": "min"}.get(how, "avg")  # fmt: skip
    if how == "median":
        return None
    owners = _owners(asked.get("what"), lexicon)
    pairs = []
    for table in owners:
        dates = lexicon.columns(table, Role.TIME)
        for end in (d for d in dates if _tells(asked["done"] or "", d)):
            begun = asked.get("begun")
            starts = [d for d in dates if d != end and (_tells(begun, d) if begun else _begins(d))]
            pairs += [(start, end) for start in starts[:1]]
    if len({end.table for _, end in pairs}) != 1:
        return None
    start, end = pairs[0]
    rest = f"number of {said(end.table)}s {asked.get('tail') or ''}"
    return Duration(start, end, function, " ".join(rest.split()))


def _owners(what: str | None, lexicon: Lexicon) -> list[str]:
    named = lexicon.meanings((words.lemma(what),)) if what else []
    tables = [m.table for m in named if m.kind == "table" and m.score > 0.7]
    return tables or [t.name for t in lexicon.schema.tables]


def _tells(phrase: str, at: Field) -> bool:
    """Whether a date column tells when that happened."""
    phrase = re.sub(r"\s+(?:date|day|time)$", "", phrase.lower().strip())
    column = set(spoken(at.column))
    if _SAME.get(phrase, set()) & column:
        return True
    last = phrase.split()[-1] if phrase else ""
    stems = {words.stem(w) for w in column if w not in ("date", "time", "day")}
    whole = {words.stem(words.lemma(w)) for w in phrase.split()}
    return bool(stems) and (words.stem(last) in stems or stems <= whole)


def _begins(at: Field) -> bool:
    return bool(_BEGAN & set(spoken(at.column)))
