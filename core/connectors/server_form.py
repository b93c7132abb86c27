"""The fields that the form of every database server has."""

from typing import Final

from core.connectors.base import FormField

TLS_MODES: Final = ("prefer", "require", "verify-ca", "verify-full", "disable")


def fields(port: int) -> tuple[FormField, ...]:
    """Where the server is and how to get in; `port` is the usual one of its kind."""
    return (
        FormField("host", "Host", help="A name or an address, for example db.example.com."),
        FormField("port", "Port", "number", default=str(port)),
        FormField("database", "Database"),
        FormField(
            "username", "User", help="Best an account that can only read; the doctor shows how."
        ),
        FormField("password", "Password", "password", required=False),
        FormField(
            "ssl_mode",
            "Encryption",
            "choice",
            default="prefer",
            choices=TLS_MODES,
            help="prefer: encrypted where the server offers it. require: only encrypted. "
            "verify-full: encrypted, and the certificate must be this host's.",
        ),
    )
