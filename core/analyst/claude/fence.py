"""Keeps hostile text inside its fence: what comes from data can be read, never obeyed.

Names, comments, values and messages of a customer's database may hold anything, a sentence
that looks like an instruction among it. They enter a prompt only through here: on one line,
in quotes, capped, and without a character that could close the fence around them.
"""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 128
LONGEST_TYPE: Final = 60
LONGEST_SAMPLE: Final = 60
LONGEST_VALUE: Final = 120
LONGEST_NOTE: Final = 300
LONGEST_ERROR: Final = 600

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTATION: Final = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|`[^`]*`")
_TAG_START: Final = re.compile(r"<(?=\s*[/!?A-Za-z])")
_INVISIBLE: Final = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_SPECIAL: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(text: object, longest: int) -> str:
    """The text as a JSON string on one line, at most `longest` characters of it.

    Angle brackets and invisible characters (controls, direction marks, line separators) become
    escapes, so nothing is lost that a model would need to compare with a value.
    """
    whole = str(text)
    cut = whole if len(whole) <= longest else whole[: longest - 1] + "…"
    return '"' + "".join(_escaped(character) for character in cut) + '"'


def name(text: str) -> str:
    """An identifier: as it is when it is plain, in quotes when it holds anything else."""
    if len(text) <= LONGEST_NAME and _PLAIN_NAME.fullmatch(text):
        return text
    return quoted(text, LONGEST_NAME)


def block(tag: str, text: str) -> str:
    """Text of several lines between tags that nothing in it can open or close."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE)
    return f"<{tag}>\n{_TAG_START.sub('‹', kept).strip()}\n</{tag}>"


def without_values(message: str) -> str:
    """A message of a database without what it quotes: that may be a value of the data."""
    return _QUOTATION.sub("…", message)


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in "<>" or unicodedata.category(character) in _INVISIBLE:
        number = ord(character)
        return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
    return character
