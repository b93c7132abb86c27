"""People's passwords: their rules and their bcrypt hashes."""

import base64
import hashlib

import bcrypt

from core.errors import BadInput

SHORTEST, LONGEST = 8, 128
COST = 12
"""The base-2 logarithm of bcrypt's rounds: about a quarter of a second each."""


def check_rules(password: str) -> None:
    """Raise BadInput with a sentence unless the password may be used."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters.", "Choose another password."
        )
    if password != password.strip():
        raise BadInput("A password cannot begin or end with a space.", "Leave the space out.")


def hash_password(password: str) -> str:
    """A salted bcrypt hash."""
    return bcrypt.hashpw(_digest(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash.

    With no hash (nobody has this email) the same work is done and the answer is no, so that
    the time it takes does not tell whether an account exists.
    """
    equal = bcrypt.checkpw(_digest(password), (password_hash or _NOBODY).encode())
    return equal and password_hash is not None


def _digest(password: str) -> bytes:
    """bcrypt reads 72 bytes only, so it is given a digest of fixed length."""
    return base64.b64encode(hashlib.sha256(password.encode()).digest())


_NOBODY = "$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZQ5UjXqf6oU7vVb1QG1Jr2k2m5dU8i"
