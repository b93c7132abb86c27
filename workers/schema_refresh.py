"""The job that reads a connection's schema anew."""

from uuid import UUID

from core import drift, jobs, refreshes
from core.datamind import DataMind

KIND = jobs.REFRESH_SCHEMA
QUEUE = "refresh"
PRIORITY = 40


def perform(dm: DataMind, job_id: UUID) -> None:
    """Refresh the schema as the person who asked for it, and tell what that breaks."""
    refreshes.perform(dm, job_id, drift.refresh)
