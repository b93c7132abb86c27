"""The job that deletes an organization."""

from uuid import UUID

from core import jobs, privacy
from core.datamind import DataMind

KIND = jobs.DELETE_ORGANIZATION
QUEUE = "privacy"
PRIORITY = 40


def perform(dm: DataMind, job_id: UUID) -> None:
    """Do it; begun again where it was killed."""
    privacy.perform_organization(dm, job_id)
