"""Dates that move along with time, in tiles and saved queries."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("widgets", "saved_queries"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("dates_held_on", sa.Date(), nullable=True))


def downgrade() -> None:
    for table in ("saved_queries", "widgets"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("dates_held_on")
