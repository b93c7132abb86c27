"""People's passwords: their rules and their bcrypt hashes."""

import base64
import hashlib
from functools import cache
from itertools import pairwise
from pathlib import Path

import bcrypt

from core.errors import BadInput

SHORTEST, LONGEST = 8, 128
COST = 12
"""The base-2 logarithm of bcrypt's rounds: about a quarter of a second each."""


def check_rules(password: str, email: str = "") -> None:
    """Raise BadInput with a sentence unless the password may be used.

    Length decides, not kinds of letters; refused is what everybody tries first: common passwords,
    also with digits behind, the person's own email, rows of one or the next sign.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters.", "Choose another password."
        )
    if password != password.strip():
        raise BadInput("A password cannot begin or end with a space.", "Leave the space out.")
    if _is_common(password, email):
        raise BadInput(
            "That password is one of those that are tried first.",
            "Take three or four words that have nothing to do with each other.",
        )


def _is_common(password: str, email: str) -> bool:
    lowered = password.lower()
    mailbox = email.lower().partition("@")[0]
    bare = lowered.strip(_BEHIND)
    cores = {lowered, bare, lowered.translate(_LEET), bare.translate(_LEET)}
    if cores & common() or lowered == email.lower() or (mailbox and mailbox in cores):
        return True
    half = len(password) // 2
    return _is_a_row(lowered) or (lowered[:half] * 2 == lowered and lowered[:half] in common())


def _is_a_row(text: str) -> bool:
    """One sign again and again, or each the next of the one before (12345678, hgfedcba)."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


@cache
def common() -> frozenset[str]:
    """What people choose most: words, names, keys side by side; core/security/common.txt."""
    text = Path(__file__).with_name("common.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(" ".join(lines).split())


_BEHIND = "0123456789!?.,-_*#$@+& "
_LEET = str.maketrans("@4831057$!", "aabeiostsi")


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
