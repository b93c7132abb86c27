"""What is not a question about the data: greetings, thanks, help, other tongues, mischief."""

import re
from collections.abc import Sequence

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
    r"^\s*(select\b.+\bfrom\b|with\s+\w+\s+as\s*\(|insert\s+into\b|update\s+\w+\s+set\b|delete\s+from\b"
    r"|drop\s+(table|database|view)\b|alter\s+table\b|create\s+(table|view)\b|truncate\b|grant\b)",
    re.I | re.S,
)
_WRITES = re.compile(
    r"^\s*(please\s+|can you\s+|could you\s+)?(cancel|delete|remove|update|insert|drop|create"
    r"|change|set"
    r"|send|email|mail|call|text|write|book|order|buy|pay|refund|truncate|rename|add|erase|wipe)\s+"
    r"(an?|the|all|my|our|this|me|us|table|every|[A-Z]\w*)\b",
)
_INJECTION = re.compile(
    r"(ignore|disregard|forget)\s+(all\s+|any\s+|your\s+|the\s+)*(previous|prior|above|earlier|your)?\s*"
    r"(instructions|rules|prompt)|system prompt|jailbreak|you are now",
    re.I,
)
_FOREIGN = {"wie", "viele", "zeige", "und", "der", "die", "das", "ist", "welche", "haben", "umsatz",
            "kunden", "wir", "uns", "im", "letzten", "nach", "combien", "les", "des", "quel",
            "quels", "quelle", "est", "cuantos", "cuántos", "cuál", "los", "las", "el", "por",
            "quanti", "qual", "sono", "gli", "nous", "avons", "pour", "sind", "ein", "eine",
            "pro", "mes", "ventas", "clientes", "mois", "monat", "jahr", "je", "vom",
            "von"}  # fmt: skip


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
    if _SQL.match(text):
        reads = text.lstrip().lower().startswith(("select", "with"))
        where = "SQL is run on the Explore screen." if reads else "Nothing here changes data."
        return Cannot(f"This looks like SQL, and I take questions in plain words. {where}", few)
    if _WRITES.match(text.strip()[:1].lower() + text.strip()[1:]):
        return Cannot("I can only read data and answer questions about it, not act on it.", few)
    found = list(re.findall(r"[^\W\d_]+", plain))
    if len(found) >= 3 and sum(w in _FOREIGN for w in found) >= max(2, len(found) // 3):
        return Cannot("I understand questions in English only. Please ask in English.", few)
    if plain and sum(c.isascii() for c in plain) < len(plain) * 0.6:
        return Cannot("I understand questions in English only. Please ask in English.", few)
    return None


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
