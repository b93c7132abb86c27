"""Which frame a question has, by its wording, and what remains without it."""

import re
from dataclasses import dataclass
from typing import Literal

from core.analyst.local.frames import durations, wording
from core.analyst.local.frames.durations import Duration
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.roles import Role

Kind = Literal["duration", "running", "ranked", "per_group", "drivers", "movers", "peak", "typical"]

_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LONGEST_LEAD = 6
_UNIT = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
         "yearly": "year", "annual": "year"}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What is done with the figure of `rest`; `n` rows, downwards when `falling`.

    `strict`: only what rose or fell is wanted, not the most of it.
    """

    kind: Kind
    rest: str
    n: int | None = None
    falling: bool | None = None
    strict: bool = False
    entity: str = ""
    duration: Duration | None = None


def find(text: str, lexicon: Lexicon) -> Frame | None:
    """The frame of a question, or None when it is a plain one."""
    plain = " ".join(text.strip().rstrip("?!. ").split())
    duration = durations.find(plain, lexicon)
    if duration:
        return Frame("duration", duration.rest, duration=duration)
    peak = _peak(plain, lexicon)
    if peak:
        return peak
    for read in (_typical, _why, _moved, _made_less, _first_of_each, _ranked, _running):
        frame = read(plain)
        if frame:
            return frame
    return None


def _why(text: str) -> Frame | None:
    found = wording.WHY.fullmatch(text)
    if not found:
        return None
    rest = found["rest"]
    if not wording.CHANGING.search(rest) and not wording.ASKS_WHY.fullmatch(found["asked"]):
        return None
    falling = _falling(rest)
    rest = wording.CHANGE_PHRASE.sub(" ", wording.COMPARATIVE.sub("vs", rest))
    rest = _tidy(wording.HELPING.sub(" ", rest))
    return Frame("drivers", re.sub(r"^(?:in|of|for)\b", "", rest).strip(), falling=falling)


def _falling(text: str) -> bool | None:
    down, up = wording.FALLING.search(text), wording.RISING.search(text)
    return bool(down) if bool(down) != bool(up) else None


def _moved(text: str) -> Frame | None:
    found = wording.MOVED.fullmatch(text)
    if not found or wording.NOT_A_VERB.fullmatch(found["way"]):
        return None
    if not found["most"] and not wording.TWO_PERIODS.search(found["rest"]):
        return None
    figure = re.sub(r"^\s*(?:the )?", "", found["rest"])
    if not figure[:1].isalpha() or wording.ONLY_TIME.fullmatch(figure):
        figure = f"revenue {figure}"
    return Frame(
        "movers",
        _tidy(f"{figure} by {found['who']}"),
        falling=_falling(found["way"]),
        strict=not found["most"],
        entity=found["who"],
    )


def _made_less(text: str) -> Frame | None:
    found = wording.MADE_LESS.fullmatch(text)
    if not found or not wording.ONLY_TIME.fullmatch(found["other"]):
        return None
    other = re.sub(r"^(?:in|during|for) (?:the )?", "", found["other"])
    return Frame(
        "movers",
        _tidy(f"{_happened(found[0])} {found['rest']} by {found['who']} vs {other}"),
        falling=found["way"].lower() in ("less", "fewer", "lower"),
        strict=True,
        entity=found["who"],
    )


def _happened(text: str) -> str:
    """Won and lost tell which rows are meant; made and had do not."""
    verb = re.search(r"\b(won|lost|closed)\b", text, re.IGNORECASE)
    return verb.group() if verb else ""


def _first_of_each(text: str) -> Frame | None:
    for pattern in wording.FIRST_OF_EACH:
        found = pattern.fullmatch(text)
        if not found:
            continue
        what, best = found["what"].strip(), found["best"].lower()
        unnamed = not found["n"] and not found["by"] and best in ("highest", "lowest")
        if unnamed or wording.NOT_RANKED.search(what) or len(found["lead"].split()) > _LONGEST_LEAD:
            return None
        figure = found["by"] or "revenue"
        return Frame(
            "per_group",
            _tidy(f"{figure} by {found['each']} and {what} {found['tail']}"),
            n=_count(found["n"]),
            falling=best in ("bottom", "worst", "lowest"),
            entity=what,
        )
    return None


def _count(text: str | None) -> int:
    if not text:
        return 1
    return int(text) if text.isdigit() else _NUMBERS.index(text.lower())


def _ranked(text: str) -> Frame | None:
    if wording.RANK_THEM.fullmatch(text):
        return Frame("ranked", "", falling=False)
    found = wording.RANK.fullmatch(text)
    if not found:
        return None
    return Frame("ranked", _tidy(f"{found['by']} by {found['what']}"), falling=False)


def _peak(text: str, lexicon: Lexicon) -> Frame | None:
    """The best month, the weekday with the most orders."""
    found = wording.PEAK.fullmatch(text)
    if not found or not (found["best"] or found["most"]):
        return None
    named = [m for m in lexicon.meanings((found["unit"],)) if m.column and m.score > 0.9]
    if any(lexicon.role(m.field) is not Role.TIME for m in named):
        return None  # a column of that name, not the calendar
    unit = "weekday" if "of" in found["unit"] else found["unit"]
    figure, rest = (found["figure"] or "").strip(), found["rest"].strip()
    if re.match(r"(?:in|of|by|per)\b", rest) and figure == "":
        figure = "revenue"
    if not figure and (not rest or wording.ONLY_TIME.fullmatch(rest)):
        figure = "revenue"
    lowest = bool(wording.LOWEST.fullmatch(found["best"] or found["most"]))
    return Frame("peak", _tidy(f"{figure} {rest} by {unit}"), n=1, falling=lowest)


def _typical(text: str) -> Frame | None:
    """Orders per day on average: of the sums of each day."""
    found = wording.TYPICAL.fullmatch(text)
    if not found:
        return None
    unit = found["per"] or found["every"]
    figure = found["figure"] or found["what"]
    if re.search(r"\b(?:order value|users?|price|salary|by|per)\b", figure):
        return None
    return Frame("typical", _tidy(f"{figure} {found['tail']} by {_UNIT.get(unit, unit)}"))


def _running(text: str) -> Frame | None:
    if not wording.RUNNING.search(text):
        return None
    return Frame("running", _tidy(wording.RUNNING.sub(" ", text)))


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,.?")
