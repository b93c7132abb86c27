"""The job that deletes an account."""

from uuid import UUID

from core import jobs, privacy
from core.datamind import DataMind

KIND = jobs.DELETE_ACCOUNT
QUEUE = "privacy"
PRIORITY = 40


def perform(dm: DataMind, job_id: UUID) -> None:
    """Do it; begun again where it was killed."""
    privacy.perform_account(dm, job_id)
