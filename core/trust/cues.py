"""Words near a figure that say what it is: a total, an extreme, a change, a share."""

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


UP = _any(
    "rose", "risen", "rises?", "rising", "grew", "grow(?:s|th|n|ing)?", r"increas\w+",
    r"(?<!make )(?<!makes )(?<!made )up(?! to)", "more",
    "higher", r"gain\w*", r"climb\w*", r"jump\w*", r"exceed\w*", "ahead", "above", r"surg\w+",
    "larger", "bigger", "better",
)  # fmt: skip
DOWN = _any(
    "fell", "fall(?:s|en|ing)?", r"declin\w+", r"decreas\w+", r"drop\w*", "down", "lower", "less",
    "fewer", r"shr[aiu]nk\w*", "lost", "los[et]s?", r"slip\w*", "behind", "below", "smaller",
    "worse", r"plung\w*", r"reduc\w+",
)  # fmt: skip
CHANGE = _any(r"chang\w+", r"differ\w+", "gap", "moved?")
# A figure right after one of these is a change, not a level: "grew 500", "fell by 500".
MOVED_BY = re.compile(
    r"\b(?:rose|rises?|grew|grown|gained|climbed|jumped|surged|fell|fallen|dropped|declined|lost"
    r"|slipped|shrank|increased?|decreased?|improved|up|down)(?: by)?"
    r"(?: about| around| roughly| nearly| almost| over)? \W*$"
    r"|\b(?:increase|decrease|rise|fall|drop|decline|gain|growth) of \W*$"
)
MOST = re.compile(
    r"\b(?:highest|largest|biggest|best|strongest|peak(?:ed)?"
    r"|(?<!at )most(?! of| recent| down| negative))\b"
)
LEAST = re.compile(r"\b(?:lowest|smallest|fewest|worst|weakest|(?<!at )least)\b")
NOT_THE_MOST = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|one of the"
    r"|among the|two|three|four|five|six|seven|eight|nine|ten|\d+|next|of the)[ -]+$"
)
SAYS = {
    "total": _any(
        r"total\w*", "sum", "altogether", "overall", "in all", "combined", "together", "comes? to",
        "came to", r"all (?:of )?(?:the|\d)", "whole",
    ),
    "mean": _any(r"averag\w+", "mean", r"typical\w*"),
    "median": _any("median", "middle", r"typical\w*"),
    "high": _any(
        r"high\w*", "most", "largest", "biggest", "best", r"top\w*", r"peak\w*", r"max\w*",
        r"lead\w*", "strongest",
    ),
    "low": _any(
        r"low\w*", "least", "smallest", "fewest", "worst", "bottom", r"min\w*", "weakest"
    ),
    "range": _any("between", r"rang\w+", "from", r"spread\w*"),
    "same": _any("same", "equal", "each", "every", "all"),
    "empty": _any(
        "empty", "missing", r"null\w*", "blank", "without", "no value", "unknown",
        "not (?:set|filled|given)",
    ),
    "some": _any("first", "shown", "at hand", "these", "listed", "sample"),
    "loss": _any(r"loss\w*", "negative", "minus", "deficit", "below zero", "in the red"),
    "year": _any("year", "yoy", r"annual\w*"),
    "before": _any(
        "before", "previous", "prior", "preceding", "last", "latest", "mom", "wow", "qoq",
        "(?:month|week|quarter|day)[ -](?:over|on|to)[ -](?:month|week|quarter|day)",
    ),
    "share": _any(
        r"shares?", "of the", "of all", "of total", r"account\w*", "makes? up", "made up",
        r"contribut\w+", "portion", "comes? from", "came from", "brings?", "brought",
    ),
    "back": _any("it", "its", "they", "their", "them", "this", "that", "these", "those", "both"),
    "example": _any("for example"),
    "bound": _any(
        "over", "above", "more than", "at least", "under", "below", "less than", "at most",
        "between", r"exceed\w*", r"limit\w*", "up to", "fewer than",
    ),
    "running": _any(
        "not over", "running", "so far", "to date", "incomplete", "partial", "as of", "today",
        "still", "not (?:yet )?complete",
    ),
    "part": _any("with", "without", "had", "have", "has", "where", "that", "which"),
}  # fmt: skip
