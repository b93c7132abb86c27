"""Encryption of what must be kept but not read: the passwords of customers' databases."""

import base64
import hashlib
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import BadSettings, CannotConnect

_CONTEXT: Final = b"datamind vault v1"


class Vault:
    """Fernet over keys derived from any strong strings; the first encrypts, all decrypt.

    Several keys, separated by commas, let a key be rotated without losing anything.
    """

    def __init__(self, keys: str) -> None:
        parts = [part.strip() for part in keys.split(",") if part.strip()]
        if not parts:
            raise BadSettings(
                "There is no ENCRYPTION_KEY.",
                "Set it, or start once with `make run`, which makes one.",
            )
        self._fernet = MultiFernet([Fernet(_derive(part)) for part in parts])

    def __repr__(self) -> str:
        return "Vault(…)"

    def seal(self, secret: str) -> str:
        """Encrypt a text for storage."""
        return self._fernet.encrypt(secret.encode()).decode()

    def rotate(self, sealed: str) -> str:
        """Seal what any of the keys opens with the first of them. Raises CannotConnect."""
        return self.seal(self.open(sealed))

    def open(self, sealed: str) -> str:
        """Decrypt a stored text.

        Raises CannotConnect when no key fits: the only things kept sealed are passwords of
        connections, and entering one again is the way out.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise CannotConnect(
                "The stored password of this connection can no longer be read: "
                "the encryption key has changed.",
                "Enter the password of the connection again.",
            ) from error


def _derive(secret: str) -> bytes:
    """A Fernet key (32 bytes, base64) from a high-entropy string.

    A plain keyed hash is enough because the strings are random and long, not human passwords.
    """
    return base64.urlsafe_b64encode(
        hashlib.blake2b(secret.encode(), key=_CONTEXT, digest_size=32).digest()
    )
