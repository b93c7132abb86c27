"""What every way to reach people outside of the app is: one small class and its declared fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.config import Settings


@dataclass(frozen=True)
class Attachment:
    """A file that goes along, where the channel carries files."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """What is told. `text` is whole sentences, `link` and `actions` are whole addresses.

    `key` is the same whenever the same message is sent again: receivers can tell repetitions.
    `facts` are the fields that templates may name.
    """

    key: str
    title: str
    text: str
    link: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    picture: bytes | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Outside:
    """What senders know of the installation: its mail server, and where it may connect to."""

    settings: Settings
    allowed: Sequence[str] = ()


@dataclass(frozen=True)
class FormField:
    """One field of a destination's form. A secret is never shown again."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    long: bool = False


class Undelivered(Exception):
    """A message that did not get there. `lasting`: trying again would change nothing."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.lasting = reason, lasting


class Channel(Protocol):
    """A kind of destination: a module with these names, and a line in KINDS."""

    KIND: str
    LABEL: str
    ICON: str
    FIELDS: tuple[FormField, ...]

    def check(self, config: Mapping[str, str], outside: Outside) -> str:
        """Refuse a wrong form with BadInput or NotAllowed; returns how it is named in lists."""

    def send(self, config: Mapping[str, str], message: Message, outside: Outside) -> None:
        """Bring the message there. Raises Undelivered."""
