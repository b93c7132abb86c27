"""The wordings of frames, as patterns: how people ask why, for the top of each group, for ranks.

Written for `re.VERBOSE | re.IGNORECASE`: a space in a wording is written \\s.
"""

import re

_FLAGS = re.VERBOSE | re.IGNORECASE

DOWN = r"""(?:drop(?:ped|s)?|fell|fall(?:en|s)?|decline[ds]?|decrease[ds]?|go(?:ne|es)?\sdown
    |went\sdown|going\sdown|shr[aiu]nk|lower|low|down|worse|lost|lose|dip(?:ped)?|slump(?:ed)?
    |less|loss)"""
UP = r"""(?:rise[ns]?|rose|increase[ds]?|gr[eo]w(?:n|s)?|growth|go(?:ne|es)?\sup|went\sup|going\sup
    |jump(?:ed)?|spike[ds]?|higher|high|up|better|gain(?:ed)?|improve[ds]?|climb(?:ed)?|more)"""
_CHANGE = rf"(?:{DOWN}|{UP}|changed?|differ(?:ent)?)"
_PERIOD = r"""(?:same|last|this|past|previous|prior|current|month|quarter|year|week|20\d\d|q[1-4]
    |jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"""
_EACH = r"(?:per|for\s(?:each|every)|(?:in|within|of|by)\seach|in\severy|each)"
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_BEST = rf"""(?P<lead>.*?)\b(?P<best>top|best|bottom|worst|leading|highest|lowest)
    (?:[-\s]?(?:selling|performing|earning))?(?:\s(?P<n>{_NUMBER}))?\s(?P<what>[\w\s]+?)"""
_TAIL = r"(?P<tail>(?:\s(?:in|for|this|last|during|since|of)\b.*)?)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, _FLAGS)


FALLING = _pattern(rf"\b{DOWN}\b")
RISING = _pattern(rf"\b{UP}\b")
CHANGING = _pattern(rf"\b{_CHANGE}\b")
CHANGE_PHRASE = _pattern(rf"\b(?:so\s)?(?:much\s)?{_CHANGE}\b(?:\s(?:so|that)\smuch|\sa\slot)?")
COMPARATIVE = _pattern(r"\b(?:lower|less|higher|more|worse|better)\sthan\b")
HELPING = _pattern(r"\b(?:did|do|does|has|have|had|is|are|was|were|been|so|the|our)\b")
WHY = _pattern(
    r"""(?:(?:and|so|but|ok|please)\s)*(?:can\syou\s|could\syou\s)?
    (?:tell\sme\s|explain\s|show\sme\s)?
    (?P<asked>why|how\scome|explain|what's\sbehind|what\s(?:has\s|have\s)?(?:caused?|drove|drives
    |explains?|led\sto|contributed\sto|is\sbehind|was\sbehind|made|happened\s(?:to|with)
    |changed\sin|are\sthe\s(?:main\s)?(?:drivers|reasons|causes)\s(?:of|for|behind))
    |(?:the\s)?(?:reasons?|drivers?|contributors?)\s(?:for|of|to|behind))\b(?P<rest>.*)"""
)
ASKS_WHY = _pattern(r"why|how\scome|what\shappened.*|what\schanged.*")
MOVED = _pattern(
    rf"""(?:which|what|show\sme\s(?:which|the)|list(?:\sthe)?)\s(?P<who>\w+(?:\s\w+)?)\s
    (?:have\s|has\s|that\s)?(?P<way>{DOWN}|{UP}|changed)(?:\sthe)?
    (?P<most>\s(?:most|fastest|least|best))?
    (?:\s(?:in|by|their|its)(?!\s(?:the\s)?{_PERIOD}))?(?P<rest>.*)"""
)
NOT_A_VERB = _pattern(r"less|more|high|low|up|down|lower|higher|better|worse|loss|growth")
TWO_PERIODS = _pattern(r"\b(?:vs|than|compared|from|since|last|this)\b")
MADE_LESS = _pattern(
    r"""(?:which|what|show(?:\sme)?(?:\sthe|\sall)?|list(?:\sthe|\sall)?)\s(?P<who>\w+(?:\s\w+)?)\s
    (?:that\s|who\s|which\s)?(?:made|had|have|has|with|sold|placed|did|brought|earned|got|won|lost|closed|created
    |spent|generated|booked|opened)\s
    (?P<way>less|fewer|lower|more|higher)\s(?P<rest>.+?)\sthan\s(?P<other>(?!\d).+)"""
)
ONLY_TIME = _pattern(
    rf"""\s*(?:(?:in|during|over|for|from|since|between|vs|compared)\s)?(?:the\s|a\s)?{_PERIOD}.*"""
)
FIRST_OF_EACH = (
    _pattern(rf"{_BEST}\sby\s(?P<by>.+?)\s{_EACH}\s(?P<each>\w+(?:\s\w+)?){_TAIL}"),
    _pattern(rf"{_BEST}\s{_EACH}\s(?P<each>\w+)\sby\s(?P<by>.+?)(?P<tail>)"),
    _pattern(rf"{_EACH}\s(?P<each>\w+),?\s{_BEST}\sby\s(?P<by>.+?)(?P<tail>)"),
    _pattern(rf"{_BEST}\s{_EACH}\s(?P<each>\w+)(?P<by>){_TAIL}"),
)
NOT_RANKED = _pattern(
    r"\b(?:and|with|of|who|that|average|total|sum|number|(?:day|week|month|quarter|year)s?)\b"
)
RANK = _pattern(
    r"""(?:please\s|can\syou\s|(?:show|give)\sme\s(?:a\s|the\s)?)?
    (?:rank(?:ing)?(?:\sof)?|league\stable\sof)\s(?:(?:the|all|our|each|every)\s)*
    (?P<what>(?!by\b|of\b)\w+(?:\s\w+)?)\s(?:by|on|according\sto)\s(?P<by>.+)"""
)
RANK_THEM = _pattern(r"(?:and\s|now\s|please\s)*rank(?:\s(?:them|it|these|those|that))?")
PEAK = _pattern(
    r"""(?:and\s)?(?:(?:which|what)\s(?:(?:is|was|are|were)\s)?)?(?:(?:our|the)\s)?
    (?:(?P<best>best|worst|strongest|weakest|busiest|top|highest|slowest)\s)?
    (?P<figure>(?!month|day|week|quarter|year|weekday)\w+\s)?
    (?P<unit>month|day|week|quarter|year|weekday|day\sof\sthe\sweek|hour)s?\b
    (?:\sever|\sof\sall\stime)?
    (?:\s(?:had|has|have|with|is|was|saw|brought|did|do|for|by|in\sterms\sof)
    (?:\swe)?(?:\s(?:have|sell|get|make))?)?
    (?:\s(?:the|our))?(?:\s(?P<most>highest|most|best|largest|biggest|lowest|least|fewest|worst
    |smallest|strongest|weakest))?
    (?P<rest>(?:\s.*)?)"""
)
TYPICAL = _pattern(
    r"""(?:what\s(?:is|was|were|are)\s(?:the|our)\s|show\s(?:me\s)?)?(?:average|avg|mean|typical)\s
    (?:(?:number|amount)\sof\s)?
    (?:(?P<every>daily|weekly|monthly|quarterly|yearly|annual)\s(?P<figure>[\w ]+?)
    |(?P<what>[\w ]+?)\s(?:per|a|each)\s(?P<per>day|week|month|quarter|year))
    (?P<tail>(?:\s(?:in|for|this|last|during|since|over|past)\b.*)?)"""
)
LOWEST = _pattern(r"worst|weakest|slowest|lowest|least|fewest|smallest")
RUNNING = _pattern(
    r"""(?:\b(?:what\sis|show\sme|show|give\sme)?\s?\bthe\s)?
    \b(?:cumulative(?:ly)?|accumulated|running\s(?:totals?|sums?)(?:\sof)?)\b(?:\stotal)?"""
)
