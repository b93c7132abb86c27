"""Safe, unique names for tables and columns; the original stays as the label."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 60
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l",
     "%": " percent ", "€": " eur ", "$": " usd ", "£": " gbp ", "#": " number ", "&": " and "}
)  # fmt: skip

# DuckDB's reserved words: they would need quotes in every query.
RESERVED = frozenset(
    """all analyse analyze and any array as asc asymmetric both case cast check collate column
    constraint create default deferrable desc describe distinct do else end except false fetch
    for foreign from group having in initially intersect into lambda lateral leading limit not
    null offset on only or order pivot pivot_longer pivot_wider placing primary qualify
    references returning select show some summarize symmetric table then to trailing true union
    unique unpivot using variadic when where window with""".split()  # noqa: SIM905
)


def safe(label: str, fallback: str) -> str:
    """The label in snake_case: letters, digits and underscores, starting with a letter."""
    text = unicodedata.normalize("NFC", label)
    text = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ][a-zà-ÿ])", "_", text)
    text = unicodedata.normalize("NFKD", text.lower().translate(_SPELLED_OUT))
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[\W_]+", "_", text).strip("_")[:LONGEST].strip("_")
    if not text:
        return fallback
    if text[0].isdigit():
        text = f"{fallback.split('_', maxsplit=1)[0]}_{text}"
    return f"{text}_" if text in RESERVED else text


def all_safe(labels: Iterable[str], fallback: str) -> list[str]:
    """Safe names for all labels, each once; an empty one is named by its place."""
    names: list[str] = []
    taken: set[str] = set()
    for place, label in enumerate(labels, start=1):
        name = base = safe(label, f"{fallback}_{place}")
        number = 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return names
