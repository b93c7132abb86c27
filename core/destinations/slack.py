"""Slack, by an incoming webhook of the channel."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from core.destinations import http, template
from core.destinations.base import FormField, Message, Outside

KIND = "slack"
LABEL = "Slack"
ICON = ":material/tag:"
FIELDS = (
    FormField(
        "url", "Webhook address", "From Slack: Apps, Incoming webhooks, Add to channel", secret=True
    ),
    FormField("template", "Words", template.HELP, required=False, long=True),
)


def check(config: Mapping[str, str], outside: Outside) -> str:
    """Refuse an address that may not be reached, or words that name no field."""
    template.check(config.get("template", ""))
    host = http.checked(config.get("url", ""), outside)
    return f"{host}/…{urlsplit(config['url']).path[-4:]}"


def send(config: Mapping[str, str], message: Message, outside: Outside) -> None:
    """Post the message. Raises Undelivered."""
    words = template.fill(config.get("template", ""), message) or _plain(message)
    body = json.dumps({"text": words}, ensure_ascii=False).encode()
    http.post(config["url"], body, {"Content-Type": "application/json"}, outside)


def _plain(message: Message) -> str:
    lines = [f"*{escaped(message.title)}*", escaped(message.text)]
    links = [("Open in DataMind", message.link), *message.actions]
    lines.append(" · ".join(f"<{url}|{escaped(label)}>" for label, url in links if url))
    return "\n".join(filter(None, lines))


def escaped(text: str) -> str:
    """Text that Slack shows as it is: nobody is mentioned by a name in the data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
