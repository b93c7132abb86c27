"""What is not a question about the data: greetings, thanks, help, other tongues, mischief."""

import re
from collections.abc import Sequence

from core.analyst.local import lexicon as lexicons
from core.analyst.local.lexicon import Lexicon, spoken
from core.types import Cannot, Reply

_GREETINGS = {"hello", "hi", "hey", "good morning", "good afternoon", "good evening", "hi there",
              "hello there", "greetings", "moin", "howdy", "hey there"}  # fmt: skip
_THANKS = re.compile(
    r"^(ok |okay |great |perfect )?(thanks|thank you|thx|cheers|many thanks)\b", re.I
)
_PRAISE = re.compile(
    r"^(great|perfect|awesome|nice|cool|ok|okay|good job|well done|bye|goodbye)\W*$", re.I
)
_HELP = re.compile(
    r"^(help( me)?|what can (i|you) (ask|do)|what (do|can) you (know|do)|who are you"
    r"|how does this work"
    r"|what (data|tables?|information)( do (you|we) have| is there| are there|$)"
    r"|what('s| is) in (this|the) (data|database)|which (data|tables) (do (you|we) have|are there)"
    r"|what questions can i ask|what can i ask( you)?( here)?"
    r"|show( me)? (the |all )?(tables|schema))\W*",
    re.I,
)
_SQL = re.compile(
    r"^\W*(sql\s+)?(select\s+(?!the\b|all\b|every\b|each\b|an?\b|only\b|me\b|those\b).+\bfrom\b"
    r"|select\s+[\d*'\"]|with\s+\w+\s+as\s*\(|insert\s+into\b"
    r"|update\s+\w+\s+set\b|delete\s+from\b|drop\s+(table|database|view|schema|index)\b"
    r"|alter\s+table\b|create\s+(table|view)\s+\w+\s*(\(|as\b)|truncate\b|grant\s+\w+\s+on\b"
    r"|pragma\b|explain\s+(analyze\s+)?select\b|show\s+(databases|tables\s+from)\b)"
    r"|;\s*(drop|delete|insert|update|alter|truncate|select|create)\b"
    r"|\bunion\s+(all\s+)?select\b|\bor\s+1\s*=\s*1\b",
    re.I | re.S,
)
_ASKED = (
    r"^\s*(please\s+|can\s+you\s+|could\s+you\s+|go\s+ahead\s+and\s+|now\s+"
    r"|i\s+(want|need|would\s+like)\s+(you\s+)?to\s+|i'd\s+like\s+(you\s+)?to\s+)*"
)
_WRITES = re.compile(
    _ASKED + r"(cancel|delete|remove|update|insert|drop|create|change|set|send|email|mail|call"
    r"|text|write|book|order|buy|pay|refund|truncate|rename|add|erase|wipe|increase|raise|reduce"
    r"|lower|double|halve|mark|move|assign|archive)\s+"
    r"(an?|the|all|my|our|this|me|us|table|every|each|[A-Z]\w*)\b",
)
_SORTS = re.compile(r"^\s*(please\s+)?order\b.*\bby\b", re.I | re.S)
_FORECASTS = re.compile(
    r"^\s*(please\s+)?(forecast|predict|extrapolate)\b|^\s*what\s+will\s+(the|our|my)\b.*\bbe\b",
    re.I | re.S,
)
_INJECTION = re.compile(
    r"\b(ignore|disregard|forget)\s+(all\s+|any\s+|your\s+|the\s+|my\s+)*"
    r"(previous|prior|above|earlier|your)?\s*(instructions|rules|prompt|above)\b"
    r"|\b(system|your)\s+(prompt|instructions)\b|\bjailbreak\b|\byou\s+are\s+now\b"
    r"|\bpretend\s+(you|to\s+be)\b|^\s*act\s+as\s+an?\b|^\W*(system|assistant)\s*:"
    r"|</?\w+>\s*(system|assistant|user)\s*:",
    re.I,
)


def answer(  # noqa: PLR0911 - one line per kind of talk
    text: str, lexicon: Lexicon, suggestions: Sequence[str]
) -> Reply | Cannot | None:
    """A reply when the text is no question about the data, else None."""
    plain = text.strip().lower().rstrip("!?. ")
    few = tuple(suggestions[:4])
    if not any(c.isalpha() for c in plain):
        return Reply("Ask me a question about your data, in plain words.", few)
    if plain in _GREETINGS:
        return Reply("Hello! Ask me about your data, for example one of these.", few)
    if _THANKS.match(plain) or _PRAISE.match(plain):
        return Reply("You are welcome. What else would you like to know?", few)
    if _HELP.match(plain):
        return Reply(contents(lexicon), tuple(suggestions[:6]))
    if _INJECTION.search(text):
        return Cannot("I only answer questions about this data, and I only read it.", few)
    if _SQL.search(text):
        reads = re.match(r"\W*(sql\s+)?(select|with|explain)\b", text, re.I)
        where = "SQL is run on the Explore screen." if reads else "Nothing here changes data."
        return Cannot(f"This looks like SQL, and I take questions in plain words. {where}", few)
    start = text.strip()[:1].lower() + text.strip()[1:]
    if _WRITES.match(start) and not _SORTS.match(text):
        return Cannot("I can only read data and answer questions about it, not act on it.", few)
    if _FORECASTS.match(text):
        return Cannot("I tell what this data holds and do not forecast. Ask about the past.", few)
    if _foreign(plain):
        return Cannot("I understand questions in English only. Please ask in English.", few)
    return None


def _foreign(plain: str) -> bool:
    """Whether a text is in another language, by its script or by its commonest words."""
    if "¿" in plain or sum(c.isascii() for c in plain) < len(plain) * 0.6:
        return True
    found = re.findall(r"[^\W\d_]+", plain)
    known = lexicons.vocabulary("languages")
    others = {word for listed in known["others"].values() for word in listed}
    foreign = sum(word in others for word in found)
    english = sum(word in known["english"] for word in found)
    return foreign >= max(2, len(found) // 3) and foreign > english


def contents(lexicon: Lexicon) -> str:
    """The tables in words, with their sizes: what there is to ask about."""
    parts = []
    for table in lexicon.schema.tables[:12]:
        named = " ".join(spoken(table.name)) or table.name
        rows = f" ({table.row_count:,} rows)" if table.row_count is not None else ""
        parts.append(
            f"- **{named}**{rows}" + (f": {table.description}" if table.description else "")
        )
    more = len(lexicon.schema.tables) - 12
    if more > 0:
        parts.append(f"- and {more} more tables")
    return (
        "This data holds:\n\n"
        + "\n".join(parts)
        + ("\n\nAsk for counts, sums, averages, rankings, trends or comparisons of any of it.")
    )
