"""How core wakes a worker. The workers bring the broker; core knows only this."""

from typing import Protocol
from uuid import UUID


class Queue(Protocol):
    """A wake-up call for a job whose row is already committed. May be lost: a sweep re-sends."""

    def send(self, kind: str, job_id: UUID, *, urgent: bool = False) -> None:
        """Wake whoever does this kind of work, before others where a person waits (`urgent`)."""


class SilentQueue:
    """Wakes nobody: for tools and tests that do the work themselves."""

    def send(self, kind: str, job_id: UUID, *, urgent: bool = False) -> None:
        """Do nothing."""
