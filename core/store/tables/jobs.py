"""Long work as rows, and when regular work is due next."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Keyed, Owned, Timed, choice


class Job(Keyed, Timed, Owned, Base):
    """A piece of long work: a question, a schema refresh. The broker only wakes; this is it.

    `org_id` is empty for the installation's own work. `runs_as_id` is the person whose
    rights are checked again when it runs.
    """

    __tablename__ = "jobs"

    org_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    runs_as_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(50), index=True)
    subject: Mapped[str] = mapped_column(sa.String(100), default="", server_default="", index=True)
    args: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(
        choice("job_state", "queued", "running", "done", "failed", "cancelled", "interrupted"),
        default="queued",
        server_default="queued",
        index=True,
    )
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(sa.Text)
    hint: Mapped[str | None] = mapped_column(sa.Text)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    cancel_requested: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    woken_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Schedule(Base):
    """Regular work of the installation; `next_run_at` is moved by compare-and-set."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(sa.String(50), primary_key=True)
    next_run_at: Mapped[datetime]
