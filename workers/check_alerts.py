"""The job that checks a batch of due alerts."""

from uuid import UUID

from core import jobs
from core.alerts import checking
from core.datamind import DataMind

KIND = jobs.CHECK_ALERTS
QUEUE = "alerts"
PRIORITY = 20


def perform(dm: DataMind, job_id: UUID) -> None:
    """Check them, each as its owner."""
    checking.perform(dm, job_id)
