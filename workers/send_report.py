"""The job that makes a report and has it sent."""

from uuid import UUID

from core import jobs
from core.datamind import DataMind
from core.reports import making

KIND = jobs.SEND_REPORT
QUEUE = "reports"
PRIORITY = 30


def perform(dm: DataMind, job_id: UUID) -> None:
    """Make it as its owner."""
    making.perform(dm, job_id)
