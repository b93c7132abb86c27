"""Random texts that let somebody in, of which only a digest is kept."""

import hashlib
import secrets


def new() -> str:
    """A token of 256 random bits that fits into an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored and looked up; a fast hash is enough for what cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
