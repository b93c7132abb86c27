"""Wordings that mean a plainer one, put so before anything else is read."""

import re
from functools import lru_cache

from core.analyst.local import lexicon


@lru_cache(maxsize=1)
def _listed() -> tuple[tuple[re.Pattern[str], str], ...]:
    listed = lexicon.vocabulary("paraphrases")["paraphrase"]
    return tuple(
        (re.compile(rf"\b(?:{entry['said']})(?!\w)", re.IGNORECASE), entry["means"])
        for entry in listed
    )


def plainer(text: str) -> str:
    """The same question in plainer words; text in quotes stays as it is."""
    if not text or "'" in text or '"' in text:
        return text
    for pattern, means in _listed():
        text = pattern.sub(means, text)
    return text
