"""The job that puts a person's own data together."""

from uuid import UUID

from core import jobs, own_data
from core.datamind import DataMind

KIND = jobs.EXPORT_OWN_DATA
QUEUE = "privacy"
PRIORITY = 40


def perform(dm: DataMind, job_id: UUID) -> None:
    """Do it; begun again where it was killed."""
    own_data.perform(dm, job_id)
