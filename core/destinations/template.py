"""A person's own words for messages: text with fields in braces. Nothing in it is run."""

import re
from typing import Final

from core.destinations.base import Message
from core.errors import BadInput

FACTS: Final = ("alert", "group", "state", "value", "threshold", "reason", "since", "connection")
FIELDS: Final = ("title", "text", "link", *FACTS)
HELP: Final = "Leave empty for the usual words. Fields: " + ", ".join(f"{{{f}}}" for f in FIELDS)
LONGEST: Final = 2_000

_FIELD: Final = re.compile(r"\{([^{}]*)\}")


def check(words: str) -> None:
    """Refuse words that are too long or name a field that there is not. Raises BadInput."""
    if len(words) > LONGEST:
        raise BadInput(f"These words are longer than {LONGEST:,} characters.", "Shorten them.")
    for name in _FIELD.findall(words):
        if name not in FIELDS:
            raise BadInput(
                f"There is no field {{{name[:40]}}}.", "The fields are " + ", ".join(FIELDS) + "."
            )


def fill(words: str, message: Message) -> str:
    """The words with their fields; empty when there are none."""
    known = {"title": message.title, "text": message.text, "link": message.link, **message.facts}
    return _FIELD.sub(lambda found: known.get(found[1], ""), words).strip()
