"""Calls of models: what each used and what it cost."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Keyed, Owned, creator_key, org_key


class ModelCallRow(Keyed, Owned, Base):
    """One call of a model for a person. `cost` is in US dollars, None where no price is known."""

    __tablename__ = "model_calls"

    org_id: Mapped[UUID] = org_key()
    user_id: Mapped[UUID | None] = creator_key()
    made_at: Mapped[datetime] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    model: Mapped[str] = mapped_column(sa.String(100))
    input: Mapped[int]
    output: Mapped[int]
    cache_read: Mapped[int]
    cache_write: Mapped[int]
    cost: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 8))
    seconds: Mapped[float]
    request_id: Mapped[str | None] = mapped_column(sa.String(100))
