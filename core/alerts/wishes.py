"""Alerts as people ask for them in the chat: "alert me if it drops below 1,000"."""

import re
from dataclasses import dataclass
from typing import Final

from core.alerts.rules import Direction, Rule


@dataclass(frozen=True)
class WishedAlert:
    """What somebody wants to be told of. `subject` is empty where he means the last answer."""

    rule: Rule
    subject: str = ""


_CALL: Final = re.compile(
    r"^\s*(?:please\s+)?(?:can you\s+)?(?:alert|notify|tell|warn|ping|mail|email|message|remind)\s+"
    r"(?:me|us)\s+(?:if|when|whenever|once|as soon as)\s+(?P<rest>.+?)\s*[.!?]*\s*$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER: Final = r"[€$£]?\s*(?P<n>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>k|m|thousand|million|%|percent)?"
_MOVES: Final = (
    r"(?:drops?|falls?|goes|go|is|are|gets?|sinks?|dips?|rises?|climbs?|grows?|jumps?|comes?|"
    r"stays?)"
)
_LIMIT: Final = re.compile(
    rf"^(?P<subject>.*?)\s*\b(?:{_MOVES}\s+)?(?:ever\s+)?"
    r"(?P<side>below|under|beneath|less than|lower than|fewer than|above|over|more than|"
    rf"higher than|greater than|exceeds?)\s+{_NUMBER}\b.*$",
    re.IGNORECASE,
)
_CHANGE: Final = re.compile(
    r"^(?P<subject>.*?)\s*\b(?P<way>drops?|falls?|decreases?|sinks?|shrinks?|declines?|rises?|"
    r"grows?|increases?|jumps?|climbs?|changes?|moves?)\s+"
    r"(?:by\s+)?(?:more than\s+|at least\s+|over\s+)?"
    r"(?P<n>\d+(?:\.\d+)?)\s*(?:%|percent)(?!\w).*$",
    re.IGNORECASE,
)
_ODD: Final = re.compile(
    r"^(?P<subject>.*?)\s*\b(?:is|are|looks?|gets?|becomes?)\s+(?:unusual|odd|strange|abnormal|"
    r"an anomaly|anomalous|out of the ordinary)\b.*$",
    re.IGNORECASE,
)
_LESS: Final = ("below", "under", "beneath", "less than", "lower than", "fewer than")
_IT: Final = ("", "it", "this", "that", "the figure", "the number", "the value", "they", "these")
_TIMES: Final = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}


def read(text: str) -> WishedAlert | None:
    """What a sentence wants to be told of; None when it asks for something else."""
    called = _CALL.match(text)
    if called is None:
        return None
    rest = " ".join(called["rest"].split())
    if found := _CHANGE.match(rest):
        rule = Rule("change_pct", float(found["n"]), direction=_direction(found["way"]))
        return WishedAlert(rule, _subject(found["subject"]))
    if found := _LIMIT.match(rest):
        limit = float(found["n"].replace(",", "")) * _TIMES.get((found["unit"] or "").lower(), 1)
        kind = "below" if found["side"].lower() in _LESS else "above"
        return WishedAlert(Rule(kind, limit), _subject(found["subject"]))  # type: ignore[arg-type]
    if found := _ODD.match(rest):
        return WishedAlert(Rule("anomaly", 2.0, robust=True), _subject(found["subject"]))
    return None


def _direction(way: str) -> Direction:
    word = way.lower().rstrip("s")
    if word in ("change", "move"):
        return "both"
    return "up" if word in ("rise", "grow", "increase", "jump", "climb") else "down"


def _subject(text: str) -> str:
    text = re.sub(rf"\b{_MOVES}$", "", text.strip(), flags=re.IGNORECASE).strip()
    return "" if text.lower() in _IT else text
