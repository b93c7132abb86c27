"""Who was seen at work, and who alone may do something for a while."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base


class Sighting(Base):
    """A process that works or keeps the time, and when it last said so."""

    __tablename__ = "sightings"

    role: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    seen_at: Mapped[datetime]


class Lease(Base):
    """What one process holds until a moment, unless it says again that it is alive."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(sa.String(50), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(100))
    until: Mapped[datetime]
