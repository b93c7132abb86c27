"""Links that act for a person who is not signed in: signed, for one purpose, for a while."""

from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from core.errors import NotAllowed


def sign(secret: str, purpose: str, told: dict[str, Any]) -> str:
    """A token that says `told`, good for this purpose alone."""
    return str(URLSafeTimedSerializer(secret, salt=purpose).dumps(told))


def read(secret: str, purpose: str, token: str, *, seconds: int) -> dict[str, Any]:
    """What a token says. Raises NotAllowed when it is forged, or older than so many seconds."""
    try:
        told = URLSafeTimedSerializer(secret, salt=purpose).loads(token, max_age=seconds)
    except SignatureExpired as error:
        raise NotAllowed("This link has expired.", "Open DataMind and do it there.") from error
    except BadSignature as error:
        raise NotAllowed(
            "This link is not valid.", "Copy the whole link, or open DataMind itself."
        ) from error
    return dict(told)
