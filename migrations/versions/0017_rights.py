"""Who may ask a connection, and which of its columns are private."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("connections") as table:
        table.add_column(sa.Column("rights", JSON, server_default="{}", nullable=False))
        table.add_column(sa.Column("private_columns", JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("connections") as table:
        table.drop_column("private_columns")
        table.drop_column("rights")
