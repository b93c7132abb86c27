"""Ways to reach people outside of the app. A new one is a file with its names, and a line here."""

from core.destinations import email, slack, webhook
from core.destinations.base import Attachment, Channel, Message, Outside, Undelivered
from core.errors import NotFound

KINDS: dict[str, Channel] = {module.KIND: module for module in (email, slack, webhook)}

__all__ = ["KINDS", "Attachment", "Channel", "Message", "Outside", "Undelivered", "kind"]


def kind(name: str) -> Channel:
    """The channel of this name. Raises NotFound."""
    if name not in KINDS:
        raise NotFound("There is no such way to tell people.", "Choose another one.")
    return KINDS[name]
