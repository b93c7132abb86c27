"""How often something was done lately: one row for each thing that is counted."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base


class Rate(Base):
    """Counts within a window of time. `name` is a digest: no address or email is kept."""

    __tablename__ = "rates"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(default=0, server_default="0")
