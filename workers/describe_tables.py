"""The job that has the model describe tables that nobody has described yet."""

from uuid import UUID

from core import enrichment, jobs
from core.datamind import DataMind

KIND = jobs.DESCRIBE_TABLES
QUEUE = "refresh"
PRIORITY = 60


def perform(dm: DataMind, job_id: UUID) -> None:
    """Draft descriptions as the person whose refresh found the tables."""
    enrichment.perform(dm, job_id)
