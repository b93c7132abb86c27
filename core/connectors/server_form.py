"""The form of every database server: its fields, and what can be accepted in them."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from core.connectors.base import FormField
from core.errors import BadInput

TLS_MODES: Final = ("prefer", "require", "verify-ca", "verify-full", "disable")
MOST_CHARACTERS: Final = 255
MOST_IN_PASSWORD: Final = 1000
LAST_PORT: Final = 65_535

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def fields(port: int) -> tuple[FormField, ...]:
    """Where the server is and how to get in; `port` is the usual one of its kind."""
    return (
        FormField("host", "Host", help="A name or an address, for example db.example.com."),
        FormField("port", "Port", "number", default=str(port)),
        FormField("database", "Database"),
        FormField(
            "username",
            "User",
            help="Best an account that can only read; “Check rights” shows how to make one.",
        ),
        FormField("password", "Password", "password", required=False),
        FormField(
            "ssl_mode",
            "Encryption",
            "choice",
            default="prefer",
            choices=TLS_MODES,
            help="prefer: encrypted where the server offers it. require: only encrypted. "
            "verify-ca: encrypted, and the certificate must be of a known authority. "
            "verify-full: it must also be this host's. disable: never encrypted.",
        ),
    )


LEFT_OUT: Final = FormField(
    "left_out",
    "Schemas to leave out",
    required=False,
    help="Names as they are spelled there, separated by commas. Their tables are not known here.",
)


def checked(declared: Iterable[FormField], given: Mapping[str, str]) -> dict[str, str]:
    """What was entered in the declared fields, and nothing else; what is not given has its default.

    Spaces around are taken off, but for passwords. Raises BadInput with a sentence for the first
    field that cannot be accepted.
    """
    return {field.name: value(field, given.get(field.name, field.default)) for field in declared}


def value(field: FormField, given: str) -> str:
    """What was entered in one field. Raises BadInput."""
    if field.kind == "password":
        return _text(field, given, MOST_IN_PASSWORD)
    text = _text(field, given.strip(), MOST_CHARACTERS)
    if not text:
        if field.required:
            raise BadInput(f"“{field.label}” is empty.", "Fill it in.")
    elif field.kind == "number":
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_PORT):
            raise BadInput(
                f"“{field.label}” must be a whole number from 1 to {LAST_PORT}.",
                f"It usually is {field.default}." if field.default else "",
            )
        return str(int(text))
    elif field.kind == "choice" and text not in field.choices:
        raise BadInput(
            f"“{field.label}” cannot be “{text}”.", f"Choose one of: {', '.join(field.choices)}."
        )
    return text


def _text(field: FormField, given: str, most: int) -> str:
    if len(given) > most:
        raise BadInput(f"“{field.label}” is longer than {most} characters.", "Shorten it.")
    if any(unicodedata.category(character) in _INVISIBLE for character in given):
        raise BadInput(
            f"“{field.label}” holds a character that cannot be seen.",
            "Type it instead of pasting it.",
        )
    return given
