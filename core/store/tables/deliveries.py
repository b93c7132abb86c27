"""Where people are told things outside of the app, and each message on its way there."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Keyed, Owned, Timed, choice, creator_key, org_key


class Destination(Keyed, Timed, Owned, Base):
    """A place of the organization that messages can go to: a Slack channel, a webhook, a mailbox.

    Its address and secret are sealed: a webhook's address is a secret itself.
    """

    __tablename__ = "destinations"
    __table_args__ = (sa.UniqueConstraint("org_id", "name"),)

    org_id: Mapped[UUID] = org_key()
    created_by_id: Mapped[UUID | None] = creator_key()
    name: Mapped[str] = mapped_column(sa.String(255))
    kind: Mapped[str] = mapped_column(sa.String(20))
    config_encrypted: Mapped[str] = mapped_column(sa.Text)
    hint: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    last_error: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    last_sent_at: Mapped[datetime | None]


class Delivery(Keyed, Timed, Owned, Base):
    """One message to one place: written with the event, sent after, tried again while it fails.

    `notice` is the message as data. `key` tells a repetition from another message: the same
    event never goes to the same place under two keys.
    """

    __tablename__ = "deliveries"

    org_id: Mapped[UUID] = org_key()
    event_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("alert_events.id", ondelete="CASCADE"), index=True
    )
    destination_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("destinations.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(sa.String(20))
    target: Mapped[str] = mapped_column(sa.String(320), default="", server_default="")
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    notice: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(
        choice("delivery_state", "waiting", "sending", "sent", "dead"),
        default="waiting",
        server_default="waiting",
        index=True,
    )
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
