"""A webhook: the message as JSON, signed so that the receiver knows who sent it."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from core.destinations import http
from core.destinations.base import FormField, Message, Outside
from core.errors import BadInput

KIND = "webhook"
LABEL = "Webhook"
ICON = ":material/webhook:"
SHORTEST_SECRET = 16
FIELDS = (
    FormField("url", "Address", "https://host/path: messages are posted there", secret=True),
    FormField(
        "secret",
        "Signing secret",
        "At least 16 characters. The header X-DataMind-Signature holds sha256=HMAC of the body",
        secret=True,
    ),
)


def check(config: Mapping[str, str], outside: Outside) -> str:
    """Refuse an address that may not be reached, or a short secret; returns the host."""
    if len(config.get("secret", "")) < SHORTEST_SECRET:
        raise BadInput(
            f"The signing secret is too short: it needs {SHORTEST_SECRET} characters.",
            "Use a random one, and give it to the receiver.",
        )
    return http.checked(config.get("url", ""), outside)


def send(config: Mapping[str, str], message: Message, outside: Outside) -> None:
    """Post the message. Raises Undelivered."""
    told = {
        "key": message.key,
        "title": message.title,
        "text": message.text,
        "link": message.link,
        **{name: value for name, value in message.facts.items() if name not in _OURS},
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    http.post(
        config["url"],
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": "DataMind",
            "X-DataMind-Key": message.key,
            "X-DataMind-Signature": signature(config["secret"], body),
        },
        outside,
    )


def signature(secret: str, body: bytes) -> str:
    """What the receiver computes over the body that it got."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


_OURS = ("key", "title", "text", "link")
