"""Who may found an organization here: anybody, whoever reads the server's log first, or nobody.

Where registration is by invitation, the first organization is founded with a code that the
server prints when it starts. The code is derived from the signing secret: all replicas print the
same one, nothing is stored, and it is worth nothing once there is an organization.
"""

import base64
import hashlib
import hmac
from typing import Final, Literal

import sqlalchemy as sa

from core import limits
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.store.tables import Organization

DEMO: Final = "demo"
Mode = Literal["open", "code", "invited"]


def mode(dm: DataMind) -> Mode:
    """How an organization comes into being here: openly, with the server's code, or not at all."""
    if dm.settings.registers_openly:
        return "open"
    with dm.sessions.read() as db:
        others = sa.select(sa.func.count()).where(Organization.slug != DEMO)
        return "invited" if db.scalar(others.select_from(Organization)) else "code"


def code(dm: DataMind) -> str:
    """The code for the first admin, as the server prints it."""
    secret = dm.settings.signing_secret.get_secret_value().encode()
    digest = hmac.new(secret, b"datamind first admin v1", hashlib.sha256).digest()
    text = base64.b32encode(digest)[:20].decode()
    return "-".join(text[i : i + 5] for i in range(0, 20, 5))


def check(dm: DataMind, given: str, address: str) -> None:
    """Raise unless an organization may be founded now.

    NotAllowed where people are invited, BadInput for a wrong code, LimitReached for too many.
    """
    now = mode(dm)
    if now == "invited":
        raise NotAllowed(
            "New organizations cannot be made here: people are invited.",
            "Ask an admin of your organization for an invitation.",
        )
    if address:
        limits.count(dm, limits.REGISTER_FROM, address)
    if now == "code" and not hmac.compare_digest(_plain(given), _plain(code(dm))):
        raise BadInput(
            "That is not the code of this server.",
            "It is printed where the server was started, under “first admin”.",
        )


def _plain(text: str) -> bytes:
    return "".join(text.split()).replace("-", "").upper().encode()
