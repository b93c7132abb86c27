"""A connection's stamp is another one whenever what is known of its tables changes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("connections") as table:
        table.add_column(
            sa.Column("schema_stamp", sa.String(32), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("connections") as table:
        table.drop_column("schema_stamp")
