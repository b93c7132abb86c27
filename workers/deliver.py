"""One message on its way. Its own row counts attempts, so there is no job row."""

from uuid import UUID

from core import deliveries, jobs
from core.datamind import DataMind

KIND = jobs.DELIVER
QUEUE = "deliveries"
PRIORITY = 10


def perform(dm: DataMind, delivery_id: UUID) -> None:
    """Send it if it is due and nobody else has it."""
    deliveries.perform(dm, delivery_id)
